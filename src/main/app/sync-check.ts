import { toAppError } from '../../shared/errors.ts'
import type { FileRow } from '../../shared/model.ts'
import type { Endpoint } from '../client/types.ts'
import type { StoreClient } from '../cluster/types.ts'
import type { FileCatalogue } from '../library/types.ts'
import type { Clock } from '../transfer/clock.ts'
import { mapLimited } from './concurrently.ts'

/**
 * Finds out in the background when a stored file has reached every storage of its group, and turns its state from `syncing` to
 * `present`. Asks for sizes only: the content was verified at the source, and a replica copies whole files.
 */
export interface SyncCheck {
  /** Files of this profile may be waiting: look now. Only one profile, the active one, is looked after. */
  poke(profileId: string): void
  close(): Promise<void>
}

export interface SyncCheckOptions {
  files: Pick<FileCatalogue, 'page' | 'setState'>
  client(profileId: string): Promise<Pick<StoreClient, 'replicas' | 'info'>>
  clock: Clock
  /** States of files changed. */
  changed(profileId: string): void
}

/** Files per round, and questions at a time: background work must not be felt by transfers. */
const PER_ROUND = 200
const PARALLEL = 4
/** Pause after a round that found something, and limits of the growing pause after rounds that did not. */
const QUICK_MS = 500
const SLOW_MS = 2_000
const SLOWEST_MS = 60_000

export function createSyncCheck(options: SyncCheckOptions): SyncCheck {
  const { files, clock } = options
  let profile: string | null = null
  let cursor: string | null = null
  let pauseMs = QUICK_MS
  let cancelTimer: (() => void) | null = null
  let dueAt = 0
  let running: Promise<void> | null = null
  let closed = false

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
  /** How many files are settled now. */
  const check = async (profileId: string, rows: readonly FileRow[]): Promise<number> => {
    const client = await options.client(profileId)
    const replicas = new Map<string, Promise<Endpoint[]>>()
    const verdicts = await mapLimited(rows, PARALLEL, async (row) => {
      if (closed || profile !== profileId) return null
      const known = replicas.get(row.group) ?? client.replicas(row.group)
      replicas.set(row.group, known)
      return verdict(client, row, await known.catch(() => []))
    })
    let settled = 0
    for (const state of ['present', 'missing'] as const) {
      const fileIds = rows.filter((_, index) => verdicts[index] === state).map((row) => row.fileId)
      if (fileIds.length === 0 || closed) continue
      files.setState(profileId, fileIds, state)
      settled += fileIds.length
    }
    if (settled > 0) options.changed(profileId)
    return settled
  }

  return {
    poke(profileId) {
      if (closed) return
      if (profile !== profileId) cursor = null
      profile = profileId
      pauseMs = QUICK_MS
      later(QUICK_MS)
    },
    async close() {
      closed = true
      cancelTimer?.()
      await running
    }
  }
}

/** present: whole on every storage. missing: on none. null: not yet, or not to be found out now. */
async function verdict(
  client: Pick<StoreClient, 'info'>,
  row: FileRow,
  replicas: readonly Endpoint[]
): Promise<'present' | 'missing' | null> {
  let whole = 0
  let absent = 0
  for (const endpoint of replicas) {
    try {
      const { sizeBytes } = await client.info(row.fileId, { endpoint, skipCrc: true })
      if (row.sizeBytes === null || sizeBytes === row.sizeBytes) whole += 1
    } catch (error) {
      if (toAppError(error).code !== 'NOT_FOUND') return null
      absent += 1
    }
  }
  if (replicas.length === 0) return null
  return whole === replicas.length ? 'present' : absent === replicas.length ? 'missing' : null
}
