import { describe, expect, it } from 'vitest'
import { changesSince, isSeen, seenOf } from '../../../../src/renderer/features/cluster/changes.ts'
import type { Seen } from '../../../../src/renderer/features/cluster/changes.ts'
import type { ClusterOverview, GroupInfo, StorageInfo, TrackerInfo } from '../../../../src/shared/model.ts'

const GB = 1024 ** 3

const storage = (id: string, some: Partial<StorageInfo> = {}) =>
  ({ id, host: `10.0.0.${id}`, port: 23_000, status: 'active', version: '6.16.1', ...some }) as StorageInfo
const group = (name: string, storages: StorageInfo[], freeBytes = 50 * GB) =>
  ({ name, totalBytes: 100 * GB, freeBytes, storages }) as GroupInfo
const tracker = (address: string, some: Partial<TrackerInfo> = {}): TrackerInfo => ({
  address,
  reachable: true,
  leader: false,
  latencyMs: 1,
  error: null,
  ...some
})
const picture = (trackers: TrackerInfo[], groups: GroupInfo[], some: Partial<ClusterOverview> = {}): ClusterOverview => ({
  revision: 1,
  profileId: 'p',
  takenAt: 1_000,
  trackers,
  groups,
  error: null,
  ...some
})

const before = seenOf(
  picture([tracker('t1', { leader: true }), tracker('t2')], [group('g1', [storage('1'), storage('2')]), group('g2', [])])
) as Seen

describe('what changed since the last look', () => {
  it('is nothing where nothing did, and where the cluster cannot be asked', () => {
    const same = picture([tracker('t1', { leader: true }), tracker('t2')], [group('g1', [storage('1'), storage('2')]), group('g2', [])])
    expect(changesSince(before, same)).toEqual([])
    expect(changesSince(before, picture([], [], { error: { code: 'TIMEOUT', message: '' } }))).toEqual([])
  })

  it('is what came, went and is otherwise now, servers that fail first', () => {
    const now = picture(
      [tracker('t1', { reachable: false, leader: null }), tracker('t2', { leader: true }), tracker('t3')],
      [
        group('g1', [storage('1', { status: 'offline' }), storage('3'), storage('2', { version: '6.17' })], 48.5 * GB),
        group('g3', [storage('9')])
      ]
    )
    expect(changesSince(before, now)).toEqual([
      { tag: 'trackerDown', address: 't1' },
      { tag: 'status', group: 'g1', address: '10.0.0.1:23000', from: 'active', to: 'offline' },
      { tag: 'groupGone', group: 'g2' },
      { tag: 'leader', address: 't2' },
      { tag: 'version', group: 'g1', address: '10.0.0.2:23000', from: '6.16.1', to: '6.17' },
      { tag: 'storageNew', group: 'g1', address: '10.0.0.3:23000' },
      { tag: 'space', group: 'g1', bytes: -1.5 * GB },
      { tag: 'groupNew', group: 'g3' }
    ])
  })

  it('survives being remembered, and what is remembered of another time', () => {
    expect(isSeen(JSON.parse(JSON.stringify(before)))).toBe(true)
    for (const junk of [null, 1, {}, { at: 1, trackers: {}, groups: { g: null } }, { at: 1, trackers: {}, groups: { g: {} } }])
      expect(isSeen(junk)).toBe(false)
    const empty: Seen = { at: 0, trackers: {}, groups: {} }
    expect(changesSince(empty, picture([tracker('constructor')], [])).length).toBe(0)
  })
})
