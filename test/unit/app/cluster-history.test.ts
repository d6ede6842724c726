import { describe, expect, it } from 'vitest'
import type { History } from '../../../src/main/app/cluster-history.ts'
import { COUNTERS, addPicture, historyOf, storageHistoryOf } from '../../../src/main/app/cluster-history.ts'
import { STORAGE_STAT_NAMES } from '../../../src/main/protocol/index.ts'
import type { ClusterOverview, GroupInfo, StorageInfo } from '../../../src/shared/model.ts'

/** A picture with one group; by storage: bytes in and out since it started, and uploads. */
function picture(
  seconds: number,
  storages: Record<string, [number, number, number?]>,
  some: Partial<ClusterOverview> = {}
): ClusterOverview {
  const infos = Object.entries(storages).map(
    ([id, [bytesIn, bytesOut, uploads = 0]]) =>
      ({
        id,
        stats: { success_upload_bytes: bytesIn, success_download_bytes: bytesOut, success_upload_count: uploads }
      }) as unknown as StorageInfo
  )
  const group = { name: 'group1', storages: infos } as unknown as GroupInfo
  return { revision: seconds, profileId: 'p', takenAt: seconds * 1000, trackers: [], groups: [group], error: null, ...some }
}
const after = (...pictures: ClusterOverview[]) => pictures.reduce<History | null>(addPicture, null)
const rateOf = (history: History | null) => historyOf(history, 4).groups['group1']?.rate

describe('traffic of a group', () => {
  it('is the difference of what its storages count, over the last minutes', () => {
    const history = after(picture(0, { a: [1000, 0, 5], b: [0, 50] }), picture(20, { a: [3000, 0, 45], b: [0, 450] }))
    expect(rateOf(history)).toEqual({ inBytes: 100, outBytes: 20, uploads: 2, downloads: 0, deletes: 0, syncBytes: 0 })
    const later = after(picture(0, { a: [0, 0] }), picture(400, { a: [9000, 0] }), picture(500, { a: [9000, 0] }))
    expect(rateOf(later)).toMatchObject({ inBytes: 0, outBytes: 0 })
  })

  it('counts large files, which arrive as changes of a file that exists, by counters that the storages have', () => {
    const stats = (bytes: number) => ({
      success_upload_bytes: 1,
      success_append_bytes: bytes,
      success_modify_bytes: 2 * bytes,
      success_sync_in_bytes: 3 * bytes
    })
    const with_ = (seconds: number, bytes: number) => {
      const taken = picture(seconds, { a: [0, 0] })
      const [group] = taken.groups
      const [storage] = group?.storages ?? []
      return { ...taken, groups: [{ ...group!, storages: [{ ...storage!, stats: stats(bytes) }] }] }
    }
    expect(rateOf(after(with_(0, 0), with_(20, 200)))).toMatchObject({ inBytes: 30, syncBytes: 30, uploads: 0 })
    expect(STORAGE_STAT_NAMES).toEqual(expect.arrayContaining(Object.values(COUNTERS).flat()))
  })

  it('is known of each of its storages as well, which together are the group', () => {
    const history = after(...Array.from({ length: 20 }, (_, index) => picture(index * 20, { a: [index * 200, 0], b: [0, index * 40] })))
    const { storages, rate } = historyOf(history, 4).groups['group1'] ?? {}
    expect([rate?.inBytes, rate?.outBytes]).toEqual([10, 2])
    expect([storages?.['a']?.inBytes, storages?.['a']?.outBytes, storages?.['b']?.outBytes]).toEqual([10, 0, 2])
    const own = storageHistoryOf(history, 'group1', 'b', 4)
    expect([own.from, own.to, own.rate?.outBytes, own.series.length]).toEqual([0, 380_000, 2, 4])
    expect(own.series.reduce((sum, { outBytes }) => sum + outBytes * 95, 0)).toBeCloseTo(760)
    expect(storageHistoryOf(history, 'group1', 'gone', 4)).toMatchObject({ rate: null })
    expect(storageHistoryOf(null, 'group1', 'b', 4)).toEqual({ from: 0, to: 0, rate: null, series: [] })
  })

  it('of thousands of storages is remembered for a shorter time', () => {
    const many = (seconds: number) =>
      picture(seconds, Object.fromEntries(Array.from({ length: 20_000 }, (_, id) => [`s${id}`, [seconds, 0]])))
    expect(after(...Array.from({ length: 10 }, (_, index) => many(index * 20)))?.samples).toHaveLength(9)
  })

  it('is unknown until two pictures lie apart, and for another connection', () => {
    expect(historyOf(null, 4)).toEqual({ from: 0, to: 0, groups: {} })
    expect(rateOf(after(picture(0, { a: [0, 0] }), picture(5, { a: [9, 9] })))).toBeNull()
    const history = after(picture(0, { a: [0, 0] }), picture(60, { a: [9, 9] }))
    expect(rateOf(addPicture(history, picture(120, { a: [99, 9] }, { profileId: 'q' })))).toBeNull()
  })

  it('is not falsified by storages that restart, join or leave', () => {
    const history = after(
      picture(0, { a: [5000, 0], b: [100, 0] }),
      picture(10, { a: [0, 0], b: [200, 0], c: [70_000, 0] }),
      picture(20, { a: [500, 0], c: [70_300, 0] })
    )
    expect(rateOf(history)).toMatchObject({ inBytes: (100 + 500 + 300) / 20, outBytes: 0 })
  })

  it('takes nothing from pictures that are old or stale', () => {
    const history = after(picture(0, { a: [0, 0] }), picture(60, { a: [60, 0] }))
    expect(addPicture(history, picture(30, { a: [9000, 0] }))).toBe(history)
    expect(addPicture(history, picture(90, { a: [9000, 0] }, { error: { code: 'TIMEOUT', message: '' } }))).toBe(history)
  })

  it('is drawn from begin to end, every byte in its time, and remembered for hours, not for ever', () => {
    const history = after(...Array.from({ length: 101 }, (_, index) => picture(index * 10, { a: [index < 50 ? 0 : (index - 49) * 10, 0] })))
    const { from, to, groups } = historyOf(history, 4)
    const series = groups['group1']?.series ?? []
    expect([from, to, series.length]).toEqual([0, 1_000_000, 4])
    expect(series[0]?.inBytes).toBe(0)
    expect(series.reduce((sum, { inBytes }) => sum + inBytes * 250, 0)).toBeCloseTo(510)
    expect(historyOf(after(picture(0, { a: [0, 0] })), 4).groups['group1']?.series).toEqual([])
    const long = after(...Array.from({ length: 3000 }, (_, index) => picture(index * 20, { a: [index, 0] })))
    expect(long?.samples).toHaveLength(2880)
    // Pictures that follow each other closely do not crowd the hours before out.
    expect(after(...Array.from({ length: 3000 }, (_, index) => picture(index, { a: [index, 0] })))?.samples.length).toBeLessThan(250)
  })
})
