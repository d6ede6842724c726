/** What a picture of the cluster means: one colour for the sidebar, and the sentences behind it. */
import type { Settings } from '../../../shared/contract.ts'
import type { ClusterOverview, GroupInfo, StorageInfo } from '../../../shared/model.ts'

export type Health = 'unknown' | 'good' | 'warning' | 'bad'

export type Alert =
  | { tag: 'unreachable' }
  | { tag: 'stale'; takenAt: number }
  | { tag: 'trackerDown'; address: string }
  | { tag: 'noGroups' }
  | { tag: 'notReadable'; group: string }
  | { tag: 'notWritable'; group: string }
  | { tag: 'fewWritable'; group: string; count: number; wanted: number }
  | { tag: 'noLeader'; since: number }
  | { tag: 'storageAway'; group: string; address: string; status: StorageInfo['status'] }
  | { tag: 'nearlyFull'; group: string; availableBytes: number }
  | { tag: 'syncLag'; group: string; address: string; seconds: number }
  /** In place of one for each storage. seconds: of the one that is farthest behind. */
  | { tag: 'manyAway'; group: string; count: number; total: number }
  | { tag: 'manyLag'; group: string; count: number; seconds: number }

/** From when on somebody should know (see the settings of the same names). */
export type Thresholds = Pick<
  Settings,
  'alertFullPercent' | 'alertLagSeconds' | 'alertOfflineSeconds' | 'alertWritable' | 'alertLeaderSeconds'
>

/** More storages of a group in the same trouble are one sentence; which they are is seen in the group. */
const MANY = 4

const BAD: readonly Alert['tag'][] = ['unreachable', 'notReadable', 'notWritable']

export function storageAddress(storage: Pick<StorageInfo, 'host' | 'port'>): string {
  return storage.host.includes(':') ? `[${storage.host}]:${storage.port}` : `${storage.host}:${storage.port}`
}

/** What can still be filled: newer versions count the reserved part as free, but do not give it out. */
export function availableBytes(space: { freeBytes: number; reservedBytes: number | null }): number {
  return Math.max(0, space.freeBytes - (space.reservedBytes ?? 0))
}

/** A replica that has applied nothing for so long has nothing more to apply: records of others arrive within a second or two. */
const QUIET_SECONDS = 60

export type Sync = { tag: 'alone' | 'unknown' } | { tag: 'behind' | 'quiet'; seconds: number }

/**
 * How far a storage is behind the others of its group, as `fdfs_monitor` counts it. alone: there is nobody to copy from. unknown:
 * others have changed files, and this one never reported what it has. quiet: it is behind by that count only. It applied records
 * after the last change of the others and none since, but storages do not report their progress to the end (seen on idle clusters of
 * every version: all is copied, and the count stands for ever).
 */
export function syncOf(storage: StorageInfo, group: GroupInfo): Sync {
  const others = group.storages.filter((each) => each !== storage && each.id !== storage.id)
  if (others.length === 0) return { tag: 'alone' }
  const changed = Math.max(0, ...others.map((each) => each.stats['last_source_update'] ?? 0))
  if (changed === 0) return { tag: 'behind', seconds: 0 }
  const synced = Math.floor(storage.lastSyncedAt / 1000)
  if (synced <= 0) return { tag: 'unknown' }
  const seconds = Math.max(0, changed - synced)
  const applied = storage.stats['last_sync_update'] ?? 0
  const now = Math.floor(Math.max(...group.storages.map(({ lastHeartbeatAt }) => lastHeartbeatAt)) / 1000)
  return { tag: seconds > 0 && applied >= changed && now - applied >= QUIET_SECONDS ? 'quiet' : 'behind', seconds }
}

/** Storages that are not in service first; the others as they came. */
export function byNeed(storages: readonly StorageInfo[]): StorageInfo[] {
  const calm = (storage: StorageInfo): number => (storage.status === 'active' ? 1 : storage.status === 'deleted' ? 2 : 0)
  return storages.toSorted((a, b) => calm(a) - calm(b))
}

/** What somebody should know, the worst first. */
export function alertsOf(overview: ClusterOverview, thresholds: Thresholds): Alert[] {
  const alerts: Alert[] = []
  if (overview.error !== null) {
    alerts.push(overview.groups.length === 0 ? { tag: 'unreachable' } : { tag: 'stale', takenAt: overview.takenAt })
  } else if (overview.groups.length === 0) alerts.push({ tag: 'noGroups' })
  for (const group of overview.groups) {
    if (group.readableCount === 0) alerts.push({ tag: 'notReadable', group: group.name })
    else if (group.writableCount === 0) alerts.push({ tag: 'notWritable', group: group.name })
    else if (group.writableCount < thresholds.alertWritable)
      alerts.push({ tag: 'fewWritable', group: group.name, count: group.writableCount, wanted: thresholds.alertWritable })
  }
  const { leaderlessSince: since, takenAt } = overview
  if (since !== undefined && takenAt - since >= thresholds.alertLeaderSeconds * 1000) alerts.push({ tag: 'noLeader', since })
  // Where none answers, that has been said already.
  const covered = overview.trackers.some((tracker) => tracker.reachable)
  for (const tracker of overview.trackers) if (covered && !tracker.reachable) alerts.push({ tag: 'trackerDown', address: tracker.address })
  // Heartbeats are told by the clock of the trackers: where that is ahead of ours, a storage would never seem to be away.
  const now = Math.max(takenAt, ...overview.groups.flatMap(({ storages }) => storages.map(({ lastHeartbeatAt }) => lastHeartbeatAt)))
  for (const group of overview.groups) {
    const away: Alert[] = []
    const lags: (Alert & { tag: 'syncLag' })[] = []
    for (const storage of group.storages) {
      const address = storageAddress(storage)
      // A deleted storage stays in the list for ever: that is no news.
      const awayMs = now - storage.lastHeartbeatAt
      const brief = storage.status === 'offline' && awayMs < thresholds.alertOfflineSeconds * 1000
      if (storage.status !== 'active' && storage.status !== 'deleted' && !brief)
        away.push({ tag: 'storageAway', group: group.name, address, status: storage.status })
      const sync = syncOf(storage, group)
      if (storage.status === 'active' && sync.tag === 'behind' && sync.seconds > thresholds.alertLagSeconds)
        lags.push({ tag: 'syncLag', group: group.name, address, seconds: sync.seconds })
    }
    if (away.length <= MANY) alerts.push(...away)
    else alerts.push({ tag: 'manyAway', group: group.name, count: away.length, total: group.storages.length })
    if (lags.length <= MANY) alerts.push(...lags)
    else alerts.push({ tag: 'manyLag', group: group.name, count: lags.length, seconds: Math.max(...lags.map(({ seconds }) => seconds)) })
    const available = availableBytes(group)
    if (group.totalBytes > 0 && available < (group.totalBytes * thresholds.alertFullPercent) / 100)
      alerts.push({ tag: 'nearlyFull', group: group.name, availableBytes: available })
  }
  return alerts
}

export function isBad(alert: Alert): boolean {
  return BAD.includes(alert.tag)
}

export function healthOf(overview: ClusterOverview | null, thresholds: Thresholds): Health {
  if (overview === null) return 'unknown'
  const alerts = alertsOf(overview, thresholds)
  if (alerts.some(isBad)) return 'bad'
  return alerts.length > 0 ? 'warning' : 'good'
}
