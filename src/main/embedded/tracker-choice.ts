import { ERRNO } from '../protocol/status.ts'
import { readName } from './names.ts'
import type { StorageNode } from './storage-node.ts'

/** A group as the tracker sees it. Round robin goes on from question to question, over all clients. */
export interface TrackedGroup {
  readonly name: string
  readonly storages: readonly StorageNode[]
  nextStore: number
  nextFetch: number
  nextPath: number
}

/** storage_sync_file_max_delay and storage_sync_file_max_time of the real trackers, in seconds. */
const SURELY_SYNCED_AFTER = 86_400
const MAYBE_LAGGING_FOR = 300
/** Names shorter than this carry no timestamp and count as old. */
const DATED_NAME_BYTES = 39

/** The storages of a group that may take an upload; ENOENT when none is writable, ENOSPC when none has room. */
export function storeCandidates(group: TrackedGroup): readonly StorageNode[] | number {
  const writable = group.storages.filter((s) => s.writable)
  if (writable.length === 0) return ERRNO.ENOENT
  const roomy = writable.filter((s) => s.hasSpace)
  return roomy.length === 0 ? ERRNO.ENOSPC : roomy
}

/** Round robin over the groups that can take an upload (store_lookup 0). `turn` says where to begin. */
export function storeGroup(groups: readonly TrackedGroup[], turn: number): TrackedGroup | number {
  let status: number = ERRNO.ENOENT
  for (let i = 0; i < groups.length; i++) {
    const group = groups[(turn + i) % groups.length]!
    const candidates = storeCandidates(group)
    if (typeof candidates !== 'number') return group
    if (candidates === ERRNO.ENOSPC) status = ERRNO.ENOSPC
  }
  return status
}

/**
 * The storages that may be read for a file, its source first (section 9). A replica is offered when the file is so old that
 * it must have it, or when it is known to have got a later change of the same source. Appenders and slaves: the source only,
 * for they change after their timestamp. When nobody qualifies: the group's present write server. Empty = ENOENT.
 */
export function fetchCandidates(group: TrackedGroup, remoteName: string, nowSeconds: number): StorageNode[] {
  const facts = factsOf(remoteName)
  const readable = group.storages.filter((s) => s.readable)
  const source = readable.find((s) => s.sourceKey === facts?.source)
  const old = facts === null || remoteName.length < DATED_NAME_BYTES
  const candidates = readable.filter((s) => {
    if (s === source || old) return true
    if (facts.changes) return false
    const synced = s.syncedFrom.get(facts.source) ?? 0
    const age = nowSeconds - facts.seconds
    return age > SURELY_SYNCED_AFTER || synced > facts.seconds || (synced + 1 >= facts.seconds && age > MAYBE_LAGGING_FOR)
  })
  if (candidates.length === 0) return writeServer(group)
  return source === undefined ? candidates : [source, ...candidates.filter((s) => s !== source)]
}

/** The storage that must take a change: the source if it is writable, else another one. */
export function updateServer(group: TrackedGroup, remoteName: string): StorageNode | null {
  const facts = factsOf(remoteName)
  const writable = group.storages.filter((s) => s.writable)
  return writable.find((s) => s.sourceKey === facts?.source) ?? writable[0] ?? null
}

function writeServer(group: TrackedGroup): StorageNode[] {
  const active = group.storages.filter((s) => s.writable)
  return active.slice(0, 1)
}

interface FileFacts {
  source: string
  seconds: number
  changes: boolean
}

/** null for names that hold no facts (they count as old). */
function factsOf(remoteName: string): FileFacts | null {
  const base = remoteName.slice(remoteName.lastIndexOf('/') + 1)
  const facts = readName(base, remoteName.length)
  return facts === null ? null : { source: String(facts.source), seconds: facts.timestampSeconds, changes: facts.kind !== 'normal' }
}
