import type { AppError } from '../../shared/errors.ts'
import { toAppError } from '../../shared/errors.ts'
import type { FileRow, StorageInfo, StorageStatus } from '../../shared/model.ts'
import type { Endpoint } from '../client/types.ts'
import type { StoreClient } from '../cluster/types.ts'
import type { FileCatalogue } from '../library/types.ts'
import type { Clock } from '../transfer/clock.ts'
import { repairReplicas } from '../transfer/operations/repair.ts'
import type { RepairClient } from '../transfer/operations/repair.ts'
import { mapLimited } from './concurrently.ts'

/**
 * Finds out in the background when a stored file has reached every storage of its group, and turns its state from `syncing` to
 * `present`. Of normal files sizes are enough: the content was verified at the source, and a replica copies whole files. A replica
 * that never gets a file by itself is repaired (see `repairReplicas`).
 */
export interface SyncCheck {
  /** Files of this profile may be waiting: look now. Only one profile, the active one, is looked after. */
  poke(profileId: string): void
  close(): Promise<void>
}

export interface SyncCheckOptions {
  files: Pick<FileCatalogue, 'page' | 'setState'>
  client(profileId: string): Promise<SyncClient>
  clock: Clock
  /** false: a profile that must not be written to. */
  mayRepair(profileId: string): boolean
  /** States of files changed. */
  changed(profileId: string): void
  /** A file was given to replicas that missed it, or that failed. */
  repaired(profileId: string, row: FileRow, error: AppError | null): void
}

export type SyncClient = RepairClient & Pick<StoreClient, 'replicas' | 'storages'>

/** Files per round, and questions at a time: background work must not be felt by transfers. */
const PER_ROUND = 200
const PARALLEL = 4
/** Pause after a round that found something, and limits of the growing pause after rounds that did not. */
const QUICK_MS = 500
const SLOW_MS = 2_000
const SLOWEST_MS = 60_000
/** A replica that has passed the time of a file and does not have it will not get it; a moment of grace for what is under way. */
const PASSED_MS = 5_000
/** A replica that has copied nothing for so long, while the file was there to be copied, does not know of it. */
const STANDSTILL_MS = 45_000
/** Clocks of storages differ. */
const CLOCK_GRACE_MS = 3_000
/** What a storage copies to another in a millisecond, as a lower bound. */
const BYTES_PER_MS = 5_000
const MAX_REPAIRS = 50
/** Files that are watched at a time. */
const MAX_WAITING = 20_000
/** Storages that will never serve a file again do not count. */
const GONE: readonly StorageStatus[] = ['deleted', 'ip_changed', 'none']

/** A file that some replica does not have, since when it is known, and how far that replica was then. */
interface Behind {
  since: number
  syncedAt: number
}

interface Group {
  active: Endpoint[]
  storages: StorageInfo[]
}

interface Verdict {
  state: 'present' | 'missing' | null
  /** Storages that are there and do not have it whole. */
  behind: Endpoint[]
  /** Storages that have it, but not its metadata. */
  undescribed: Endpoint[]
}

export function createSyncCheck(options: SyncCheckOptions): SyncCheck {
  const { files, clock } = options
  let profile: string | null = null
  let cursor: string | null = null
  let pauseMs = QUICK_MS
  let cancelTimer: (() => void) | null = null
  let dueAt = 0
  let running: Promise<void> | null = null
  let closed = false
  const waiting = new Map<string, Behind>()
  const stop = new AbortController()

  /** An earlier time that was set already stays: uploads that end one after the other must not put it off for ever. */
  const later = (ms: number) => {
    const at = clock.now() + ms
    if (cancelTimer !== null && at >= dueAt) return
    cancelTimer?.()
    dueAt = at
    cancelTimer = clock.after(ms, () => {
      cancelTimer = null
      run()
    })
  }
  const run = () => {
    if (running !== null || profile === null) return
    running = round(profile).finally(() => {
      running = null
    })
  }
  const round = async (profileId: string) => {
    const { rows, cursor: next } = files.page(profileId, { state: 'syncing' }, { key: 'addedAt', descending: false }, PER_ROUND, cursor)
    const fromStart = cursor === null
    cursor = next
    if (rows.length > 0) {
      const settled = await check(profileId, rows).catch(() => 0)
      pauseMs = settled > 0 ? QUICK_MS : Math.min(SLOWEST_MS, Math.max(SLOW_MS, pauseMs * 2))
    }
    // Nothing at all is waiting: only the next upload wakes this again.
    const done = rows.length === 0 && fromStart
    if (!closed && !done && profile !== null) later(pauseMs)
  }
  /** How many files are settled or repaired now. */
  const check = async (profileId: string, rows: readonly FileRow[]): Promise<number> => {
    const client = await options.client(profileId)
    const groups = new Map<string, Promise<Group>>()
    const verdicts = await mapLimited(rows, PARALLEL, async (row) => {
      if (closed || profile !== profileId) return null
      const known = groups.get(row.group) ?? lookAtGroup(client, row.group)
      groups.set(row.group, known)
      const group = await known.catch(() => null)
      return group === null ? null : verdict(client, row, group)
    })
    let settled = 0
    for (const state of ['present', 'missing'] as const) {
      const fileIds = rows.filter((_, index) => verdicts[index]?.state === state).map((row) => row.fileId)
      if (fileIds.length === 0 || closed) continue
      files.setState(profileId, fileIds, state)
      for (const fileId of fileIds) waiting.delete(fileId)
      settled += fileIds.length
    }
    if (settled > 0) options.changed(profileId)
    let tried = 0
    let repaired = 0
    for (const [index, row] of rows.entries()) {
      const found = verdicts[index]
      if (closed || profile !== profileId || tried >= MAX_REPAIRS) break
      if (!found || found.state !== null || !options.mayRepair(profileId)) continue
      const late = [...found.behind, ...found.undescribed]
      const { storages } = await groups.get(row.group)!
      if (late.length === 0 || !isLost(row, late, storages)) continue
      tried += 1
      // Again after the next wait, whatever comes of it now.
      waiting.delete(row.fileId)
      const error = await repairReplicas(client, row.fileId, found.behind, stop.signal).then(() => null, toAppError)
      if (error?.code === 'ABORTED') continue
      options.repaired(profileId, row, error)
      if (error === null) repaired += 1
    }
    return settled + repaired
  }
  /** Will these replicas not get the file by themselves? A replica that is busy with older ones is left alone. */
  const isLost = (row: FileRow, behind: readonly Endpoint[], storages: readonly StorageInfo[]): boolean => {
    const now = clock.now()
    const late = storages.filter(({ host, port, status }) => status === 'active' && behind.some((e) => e.host === host && e.port === port))
    // Behind an address map the two cannot be told apart: all of the group are asked.
    const syncedAt = Math.min(...(late.length > 0 ? late : storages).map((storage) => storage.lastSyncedAt))
    const known = waiting.get(row.fileId)
    if (known === undefined) {
      if (waiting.size < MAX_WAITING) waiting.set(row.fileId, { since: now, syncedAt })
      return false
    }
    const elapsed = now - known.since
    if (syncedAt > row.createdAt + CLOCK_GRACE_MS) return elapsed >= PASSED_MS
    if (syncedAt !== known.syncedAt) {
      waiting.set(row.fileId, { since: now, syncedAt })
      return false
    }
    return elapsed >= STANDSTILL_MS + (row.sizeBytes ?? 0) / BYTES_PER_MS
  }

  return {
    poke(profileId) {
      if (closed) return
      if (profile !== profileId) {
        cursor = null
        waiting.clear()
      }
      profile = profileId
      pauseMs = QUICK_MS
      later(QUICK_MS)
    },
    async close() {
      closed = true
      stop.abort()
      cancelTimer?.()
      await running
    }
  }
}

async function lookAtGroup(client: SyncClient, group: string): Promise<Group> {
  const storages = (await client.storages(group)).filter(({ status }) => !GONE.includes(status))
  return { active: await client.replicas(group), storages }
}

/**
 * present: whole on every storage of the group, the ones that are away included, with its metadata. missing: on none. null: not yet,
 * or not to be found out now.
 */
async function verdict(client: Pick<StoreClient, 'info' | 'getMetadata'>, row: FileRow, { active, storages }: Group): Promise<Verdict> {
  const behind: Endpoint[] = []
  const undescribed: Endpoint[] = []
  const hasMetadata = row.metadata !== null && Object.keys(row.metadata).length > 0
  let absent = 0
  for (const endpoint of active) {
    try {
      if (!(await isWhole(client, row, endpoint))) behind.push(endpoint)
      // A record of its own, which can be lost like that of the file.
      else if (hasMetadata && Object.keys(await client.getMetadata(row.fileId, { endpoint })).length === 0) undescribed.push(endpoint)
    } catch (error) {
      if (toAppError(error).code !== 'NOT_FOUND') return { state: null, behind: [], undescribed: [] }
      absent += 1
      behind.push(endpoint)
    }
  }
  const late = behind.length + undescribed.length
  if (active.length === 0 || active.length < storages.length) return { state: null, behind, undescribed }
  if (late === 0) return { state: 'present', behind, undescribed }
  return { state: absent === active.length ? 'missing' : null, behind, undescribed }
}

/** By size; an appender, which arrived in pieces, also by its CRC-32, for which the server reads it. */
async function isWhole(client: Pick<StoreClient, 'info'>, row: FileRow, endpoint: Endpoint): Promise<boolean> {
  const { sizeBytes } = await client.info(row.fileId, { endpoint, skipCrc: true })
  if (row.sizeBytes === null || sizeBytes !== row.sizeBytes) return row.sizeBytes === null
  if (row.kind !== 'appender' || row.crc32 === null) return true
  return (await client.info(row.fileId, { endpoint, expectBytes: sizeBytes })).crc32 === row.crc32
}
