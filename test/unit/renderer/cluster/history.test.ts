import { describe, expect, it } from 'vitest'
import type { History } from '../../../../src/renderer/features/cluster/history.ts'
import { addPicture, rateOf, seriesOf } from '../../../../src/renderer/features/cluster/history.ts'
import type { ClusterOverview, GroupInfo, StorageInfo } from '../../../../src/shared/model.ts'

/** A picture with one group; by storage: bytes in and out since it started. */
function picture(seconds: number, storages: Record<string, [number, number]>, some: Partial<ClusterOverview> = {}): ClusterOverview {
  const infos = Object.entries(storages).map(
    ([id, [bytesIn, bytesOut]]) =>
      ({ id, stats: { success_upload_bytes: bytesIn, success_download_bytes: bytesOut } }) as unknown as StorageInfo
  )
  const group = { name: 'group1', storages: infos } as unknown as GroupInfo
  return { revision: seconds, profileId: 'p', takenAt: seconds * 1000, trackers: [], groups: [group], error: null, ...some }
}
const after = (...pictures: ClusterOverview[]) => pictures.reduce<History | null>(addPicture, null)

describe('traffic of a group', () => {
  it('is the difference of what its storages count, over the last minutes', () => {
    const history = after(picture(0, { a: [1000, 0], b: [0, 50] }), picture(20, { a: [3000, 0], b: [0, 450] }))
    expect(rateOf(history, 'group1')).toEqual({ inBytes: 100, outBytes: 20 })
    const later = after(picture(0, { a: [0, 0] }), picture(400, { a: [9000, 0] }), picture(500, { a: [9000, 0] }))
    expect(rateOf(later, 'group1')).toEqual({ inBytes: 0, outBytes: 0 })
  })

  it('is unknown until two pictures lie apart, for other groups, and for another connection', () => {
    expect(rateOf(null, 'group1')).toBeNull()
    expect(rateOf(after(picture(0, { a: [0, 0] }), picture(5, { a: [9, 9] })), 'group1')).toBeNull()
    const history = after(picture(0, { a: [0, 0] }), picture(60, { a: [9, 9] }))
    expect(rateOf(history, 'group2')).toBeNull()
    expect(rateOf(addPicture(history, picture(120, { a: [99, 9] }, { profileId: 'q' })), 'group1')).toBeNull()
  })

  it('is not falsified by storages that restart, join or leave', () => {
    const history = after(
      picture(0, { a: [5000, 0], b: [100, 0] }),
      picture(10, { a: [0, 0], b: [200, 0], c: [70_000, 0] }),
      picture(20, { a: [500, 0], c: [70_300, 0] })
    )
    expect(rateOf(history, 'group1')).toEqual({ inBytes: (100 + 500 + 300) / 20, outBytes: 0 })
  })

  it('takes nothing from pictures that are old or stale', () => {
    const history = after(picture(0, { a: [0, 0] }), picture(60, { a: [60, 0] }))
    expect(addPicture(history, picture(30, { a: [9000, 0] }))).toBe(history)
    expect(addPicture(history, picture(90, { a: [9000, 0] }, { error: { code: 'TIMEOUT', message: '' } }))).toBe(history)
  })

  it('is drawn from begin to end, and remembered for hours, not for ever', () => {
    const history = after(...Array.from({ length: 101 }, (_, index) => picture(index * 10, { a: [index < 50 ? 0 : (index - 49) * 10, 0] })))
    const series = seriesOf(history, 'group1', 4)
    expect(series.slice(0, 2).every((bytes) => bytes <= 10)).toBe(true)
    expect(series.reduce((sum, bytes) => sum + bytes, 0)).toBe(510)
    expect(seriesOf(after(picture(0, { a: [0, 0] })), 'group1', 4)).toEqual([])
    const long = after(...Array.from({ length: 3000 }, (_, index) => picture(index, { a: [index, 0] })))
    expect(long?.samples).toHaveLength(2160)
  })
})
