/** What became of a cluster since somebody last looked at it. Pure. */
import type { ClusterOverview, StorageStatus } from '../../../shared/model.ts'
import { storageAddress } from './health.ts'

interface SeenStorage {
  address: string
  status: StorageStatus
  version: string
}

/** What is remembered of a picture. */
export interface Seen {
  /** Unix ms. */
  at: number
  /** Address → whether it answered, and whether it was the leader. */
  trackers: Record<string, { up: boolean; leader: boolean }>
  groups: Record<string, { freeBytes: number; storages: Record<string, SeenStorage> }>
}

export type Change =
  | { tag: 'trackerDown' | 'trackerBack' | 'leader'; address: string }
  | { tag: 'groupNew' | 'groupGone'; group: string }
  | { tag: 'storageNew' | 'storageGone'; group: string; address: string }
  | { tag: 'status'; group: string; address: string; from: StorageStatus; to: StorageStatus }
  | { tag: 'version'; group: string; address: string; from: string; to: string }
  /** bytes: more (above 0) or less space left. */
  | { tag: 'space'; group: string; bytes: number }

/** Less than this part of a group's space is everyday life. */
const SPACE_PART = 0.01

/** null for a picture that tells nothing new: the cluster was away. */
export function seenOf(overview: ClusterOverview): Seen | null {
  if (overview.error !== null) return null
  return {
    at: overview.takenAt,
    trackers: Object.fromEntries(
      overview.trackers.map(({ address, reachable, leader }) => [address, { up: reachable, leader: leader === true }])
    ),
    groups: Object.fromEntries(
      overview.groups.map(({ name, freeBytes, storages }) => [
        name,
        {
          freeBytes,
          storages: Object.fromEntries(
            storages.map((storage) => [storage.id, { address: storageAddress(storage), status: storage.status, version: storage.version }])
          )
        }
      ])
    )
  }
}

export function isSeen(value: unknown): value is Seen {
  if (typeof value !== 'object' || value === null) return false
  const { at, trackers, groups } = value as Partial<Seen>
  return (
    typeof at === 'number' &&
    isRecord(trackers) &&
    isRecord(groups) &&
    Object.values(groups).every((group) => isRecord(group) && isRecord(group['storages']))
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** Differences, what matters most first. A tracker or group that both know is compared; what one does not know came or went. */
export function changesSince(before: Seen, overview: ClusterOverview): Change[] {
  const now = seenOf(overview)
  if (now === null) return []
  const servers: Change[] = []
  const rest: Change[] = []
  for (const [address, { up, leader }] of Object.entries(now.trackers)) {
    const seen = own(before.trackers, address)
    if (!seen) continue
    if (seen.up !== up) servers.push({ tag: up ? 'trackerBack' : 'trackerDown', address })
    if (leader && !seen.leader) rest.push({ tag: 'leader', address })
  }
  for (const { name, totalBytes } of overview.groups) {
    const seen = own(before.groups, name)
    const { storages = {}, freeBytes = 0 } = now.groups[name] ?? {}
    if (!seen) {
      rest.push({ tag: 'groupNew', group: name })
      continue
    }
    for (const [id, { address, status, version }] of Object.entries(storages)) {
      const old = own(seen.storages, id)
      if (!old) rest.push({ tag: 'storageNew', group: name, address })
      else {
        if (old.status !== status) servers.push({ tag: 'status', group: name, address, from: old.status, to: status })
        if (old.version !== version && old.version !== '' && version !== '')
          rest.push({ tag: 'version', group: name, address, from: old.version, to: version })
      }
    }
    for (const [id, { address }] of Object.entries(seen.storages))
      if (!own(storages, id)) servers.push({ tag: 'storageGone', group: name, address })
    const bytes = freeBytes - seen.freeBytes
    if (totalBytes > 0 && Math.abs(bytes) >= totalBytes * SPACE_PART) rest.push({ tag: 'space', group: name, bytes })
  }
  for (const name of Object.keys(before.groups)) if (!own(now.groups, name)) servers.push({ tag: 'groupGone', group: name })
  return [...servers, ...rest]
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
