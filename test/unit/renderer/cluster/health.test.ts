import { describe, expect, it } from 'vitest'
import * as health from '../../../../src/renderer/features/cluster/health.ts'
import { SettingsSchema } from '../../../../src/shared/contract.ts'
import type { ClusterOverview, GroupInfo, StorageInfo } from '../../../../src/shared/model.ts'

const { availableBytes, storageAddress, syncOf } = health
const usual = SettingsSchema.parse({})
const alertsOf = (picture: ClusterOverview, thresholds = usual) => health.alertsOf(picture, thresholds)
const healthOf = (picture: ClusterOverview | null) => health.healthOf(picture, usual)

const GB = 1024 ** 3

function storage(host: string, some: Partial<StorageInfo> = {}): StorageInfo {
  return {
    id: host,
    group: 'group1',
    host,
    port: 23_000,
    status: 'active',
    version: '6.16.1',
    totalBytes: 100 * GB,
    freeBytes: 50 * GB,
    reservedBytes: 10 * GB,
    readable: true,
    writable: true,
    connections: 1,
    maxConnections: 256,
    joinedAt: 1,
    upSince: 1,
    lastHeartbeatAt: 1,
    lastSyncedAt: 0,
    sourceId: '',
    storePathCount: 1,
    isTrunkServer: false,
    stats: { last_source_update: 0 },
    ...some
  }
}

function group(storages: StorageInfo[], some: Partial<GroupInfo> = {}): GroupInfo {
  return {
    name: 'group1',
    totalBytes: 100 * GB,
    freeBytes: 50 * GB,
    reservedBytes: 10 * GB,
    storageCount: storages.length,
    readableCount: storages.filter((each) => each.readable).length,
    writableCount: storages.filter((each) => each.writable).length,
    storePathCount: 1,
    storages,
    ...some
  }
}

function overview(groups: GroupInfo[], some: Partial<ClusterOverview> = {}): ClusterOverview {
  const tracker = { address: 't1:22122', reachable: true, leader: true, latencyMs: 1, error: null }
  return { revision: 1, profileId: 'p', takenAt: 500_000, trackers: [tracker], groups, error: null, ...some }
}
const error = { code: 'TRACKER_UNREACHABLE', message: '' } as const
const dead = { address: 't2:22122', reachable: false, leader: null, latencyMs: null, error }

describe('the sync delay of a storage', () => {
  const at = (seconds: number, synced = 0) => ({ stats: { last_source_update: seconds }, lastSyncedAt: synced * 1_000 })
  it('is how far it is behind the last change of any other of its group', () => {
    const [a, b, c] = [storage('a', at(500, 90)), storage('b', at(100)), storage('c', at(0, 500))]
    const three = group([a, b, c])
    expect(syncOf(c, three)).toEqual({ tag: 'behind', seconds: 0 })
    expect(syncOf(a, three)).toEqual({ tag: 'behind', seconds: 10 })
    // The others changed files, and this one never said what it has.
    expect(syncOf(b, three)).toEqual({ tag: 'unknown' })
  })

  it('is only counted, and no reason for an alert, where a storage has copied everything and has nothing more to copy', () => {
    // As real servers of both generations tell it when they are idle.
    const idle = (source: number, applied: number, synced: number, heartbeat = 10_000): Partial<StorageInfo> => ({
      stats: { last_source_update: source, last_sync_update: applied },
      lastSyncedAt: synced * 1000,
      lastHeartbeatAt: heartbeat * 1000
    })
    const pair = (b: Partial<StorageInfo>) => group([storage('a', idle(9000, 8999, 9000)), storage('b', b)])
    const tell = (b: Partial<StorageInfo>) => syncOf(pair(b).storages[1]!, pair(b))
    expect(tell(idle(8999, 9004, 1195))).toEqual({ tag: 'quiet', seconds: 7805 })
    expect(alertsOf(overview([pair(idle(8999, 9004, 1195))]))).toEqual([])
    // Still at it, or never come to the last change: that is a delay.
    expect(tell(idle(8999, 9990, 1195))).toEqual({ tag: 'behind', seconds: 7805 })
    expect(tell(idle(8999, 8990, 1195))).toEqual({ tag: 'behind', seconds: 7805 })
    expect(alertsOf(overview([pair(idle(8999, 8990, 1195))])).map(({ tag }) => tag)).toEqual(['syncLag'])
  })

  it('does not exist for a storage that is alone, and is none where nothing was ever changed', () => {
    const alone = storage('a', at(500))
    expect(syncOf(alone, group([alone]))).toEqual({ tag: 'alone' })
    const fresh = [storage('a', at(0)), storage('b', at(0))] as const
    expect(syncOf(fresh[0], group([...fresh]))).toEqual({ tag: 'behind', seconds: 0 })
  })
})

describe('the health of a cluster', () => {
  it('is good when there is nothing to say', () => {
    const picture = overview([group([storage('a'), storage('b')])])
    expect(alertsOf(picture)).toEqual([])
    expect(healthOf(picture)).toBe('good')
    expect(healthOf(null)).toBe('unknown')
  })

  it('is bad when nobody answers, and only a warning while the last picture is still shown', () => {
    expect(healthOf(overview([], { error, trackers: [dead] }))).toBe('bad')
    const stale = overview([group([storage('a')])], { error, trackers: [dead] })
    expect(alertsOf(stale)).toEqual([{ tag: 'stale', takenAt: 500_000 }])
    expect(healthOf(stale)).toBe('warning')
  })

  it('is bad when a group cannot be read or written, said once', () => {
    const away = storage('a', { status: 'offline', readable: false, writable: false })
    expect(alertsOf(overview([group([away])])).map((alert) => alert.tag)).toEqual(['notReadable', 'storageAway'])
    const full = storage('a', { writable: false })
    expect(alertsOf(overview([group([full])]))).toEqual([{ tag: 'notWritable', group: 'group1' }])
    expect(healthOf(overview([group([full])]))).toBe('bad')
  })

  it('needs attention for a tracker, a storage, a lag or little space', () => {
    const behind = { stats: { last_source_update: 1_000 }, lastSyncedAt: 600_000 }
    const picture = overview(
      [
        group(
          [storage('a', behind), storage('b', behind), storage('2001:db8::1', { status: 'wait_sync', readable: false, writable: false })],
          {
            freeBytes: 13 * GB
          }
        )
      ],
      { trackers: [...overview([]).trackers, dead] }
    )
    expect(alertsOf(picture)).toEqual([
      { tag: 'trackerDown', address: 't2:22122' },
      { tag: 'storageAway', group: 'group1', address: '[2001:db8::1]:23000', status: 'wait_sync' },
      { tag: 'syncLag', group: 'group1', address: 'a:23000', seconds: 400 },
      { tag: 'syncLag', group: 'group1', address: 'b:23000', seconds: 400 },
      { tag: 'nearlyFull', group: 'group1', availableBytes: 3 * GB }
    ])
    expect(healthOf(picture)).toBe('warning')
  })

  it('needs attention for a storage that is away also where the clocks of the servers are ahead', () => {
    const ahead = 500_000 + 3_600_000
    const away = storage('a', { status: 'offline', readable: false, writable: false, lastHeartbeatAt: ahead - 90_000 })
    const picture = overview([group([away, storage('b', { lastHeartbeatAt: ahead })])])
    expect(alertsOf(picture).map((alert) => alert.tag)).toEqual(['storageAway'])
  })

  it('says in one sentence what is wrong with many storages of a group', () => {
    const off = (index: number) => storage(`off${index}`, { status: 'offline', readable: false, writable: false, lastHeartbeatAt: 1 })
    const late = (index: number) => storage(`late${index}`, { stats: { last_source_update: 1000 }, lastSyncedAt: (500 - index) * 1000 })
    const some = [...Array.from({ length: 12 }, (_, index) => off(index)), ...Array.from({ length: 6 }, (_, index) => late(index))]
    expect(alertsOf(overview([group(some)]))).toEqual([
      { tag: 'manyAway', group: 'group1', count: 12, total: 18 },
      { tag: 'manyLag', group: 'group1', count: 6, seconds: 505 }
    ])
    expect(alertsOf(overview([group([...some.slice(10, 12), ...some.slice(12, 14)])])).map(({ tag }) => tag)).toEqual([
      'storageAway',
      'storageAway',
      'syncLag',
      'syncLag'
    ])
  })

  it('shows those first that are not in service, and those that were deleted last', () => {
    const some = [storage('gone', { status: 'deleted' }), storage('a'), storage('off', { status: 'offline' }), storage('b')]
    expect(health.byNeed(some).map(({ id }) => id)).toEqual(['off', 'a', 'b', 'gone'])
  })

  it('is not troubled by a storage that was deleted', () => {
    const gone = storage('b', { status: 'deleted', readable: false, writable: false })
    expect(alertsOf(overview([group([storage('a'), gone])]))).toEqual([])
  })

  it('needs attention when no storage has joined', () => {
    expect(alertsOf(overview([]))).toEqual([{ tag: 'noGroups' }])
  })
})

describe('space and addresses', () => {
  it('take the reserved part off what is free, never below nothing', () => {
    expect(availableBytes({ freeBytes: 5, reservedBytes: null })).toBe(5)
    expect(availableBytes({ freeBytes: 5, reservedBytes: 9 })).toBe(0)
  })

  it('write an IPv6 address in brackets', () => {
    expect(storageAddress({ host: '::1', port: 1 })).toBe('[::1]:1')
    expect(storageAddress({ host: '10.0.0.1', port: 1 })).toBe('10.0.0.1:1')
  })

  it('warns from the thresholds of the settings on', () => {
    const picture = overview([
      group([storage('a', { lastSyncedAt: 40_000 }), storage('b', { lastSyncedAt: 100_000, stats: { last_source_update: 100 } })], {
        totalBytes: 100 * GB,
        freeBytes: 20 * GB,
        reservedBytes: 0
      })
    ])
    expect(alertsOf(picture)).toEqual([])
    expect(alertsOf(picture, { ...usual, alertFullPercent: 21 }).map(({ tag }) => tag)).toEqual(['nearlyFull'])
    expect(alertsOf(picture, { ...usual, alertFullPercent: 20, alertLagSeconds: 59 }).map(({ tag }) => tag)).toEqual(['syncLag'])
    expect(alertsOf(picture, { ...usual, alertLagSeconds: 60 })).toEqual([])
  })
})

describe('thresholds', () => {
  const tags = (picture: ClusterOverview, some: Partial<typeof usual>) => alertsOf(picture, { ...usual, ...some }).map(({ tag }) => tag)

  it('let a storage be silent for a while, and no longer', () => {
    const away = storage('a', { status: 'offline', readable: false, writable: false, lastHeartbeatAt: 440_000 })
    const picture = overview([group([away, storage('b')])])
    expect(tags(picture, { alertOfflineSeconds: 61 })).toEqual([])
    expect(tags(picture, { alertOfflineSeconds: 60 })).toEqual(['storageAway'])
    // Other states are no silence.
    expect(tags(overview([group([{ ...away, status: 'recovery' }, storage('b')])]), { alertOfflineSeconds: 600 })).toEqual(['storageAway'])
  })

  it('want so many storages that accept files, and a leader', () => {
    const picture = overview([group([storage('a'), storage('b', { writable: false })])])
    expect(tags(picture, {})).toEqual([])
    expect(tags(picture, { alertWritable: 2 })).toEqual(['fewWritable'])
    const leaderless = overview([group([storage('a')])], { leaderlessSince: 480_000 })
    expect(tags(leaderless, { alertLeaderSeconds: 21 })).toEqual([])
    expect(tags(leaderless, { alertLeaderSeconds: 20 })).toEqual(['noLeader'])
  })
})
