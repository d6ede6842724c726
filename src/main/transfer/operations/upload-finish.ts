import { AppError, toAppError } from '../../../shared/errors.ts'
import { parseFileId, tryParseFileId } from '../../../shared/file-id.ts'
import type { StorageStatus } from '../../../shared/model.ts'
import type { Endpoint } from '../../client/types.ts'
import { pause } from '../clock.ts'
import { copyBack, copyTo, rewriteFor } from './repair.ts'
import type { UploadJob } from './upload-job.ts'

type FinishJob = Pick<UploadJob, 'ctx' | 'state'>

/** Replicas usually follow within a second or two; a file that takes longer keeps its appender ID for now. */
const REPLICA_WAIT_MS = 20_000
/** The pace at which a storage copies and checksums, as a lower bound. */
const BYTES_PER_MS = 50_000
/** A storage that was only restarted is back by then. */
const AWAY_WAIT_MS = 8_000
/** The renaming of a finished file travels like any other change. */
const RENAME_WAIT_MS = 5_000
/** Beyond this a replica that missed the renaming is left to the check in the background. */
const MAX_COPY_BYTES = 256 * 1024 * 1024
/** A name that is in no log by then was lost. */
const LOG_WAIT_MS = 4_000
const LOST_NAME = 'finished-name-unknown'
const FIRST_LOOK_MS = 150
const LAST_LOOK_MS = 2_000
/** Storages that will never serve this file again do not count. */
const GONE: readonly StorageStatus[] = ['deleted', 'ip_changed', 'none']
/** Length of a name that is not in a trunk file and no slave. */
const NORMAL_NAME = 44
const TAIL = 7

/**
 * Waits until every storage of the group has the whole file, checked by size, then CRC-32. Half-way through the time limit the
 * last bytes (or all, where a replica has as many) are written again: a replica that is behind because a record was lost gets them then.
 * false: not within the time limit. A storage that is away is waited for a little, too: command 38 would leave it with a short
 * file for ever, and a record that was lost with it is made good only here.
 */
export async function isReplicated(job: FinishJob, source: Endpoint, size: number): Promise<boolean> {
  const { ctx, state } = job
  const { signal, clock, store } = ctx
  const appender = state.appender!
  const limit = REPLICA_WAIT_MS + size / BYTES_PER_MS
  const begun = clock.now()
  const whole = new Set<string>([keyOf(source)])
  let repaired = false
  ctx.yieldSlot()
  for (let wait = FIRST_LOOK_MS; ; wait = Math.min(LAST_LOOK_MS, wait * 2)) {
    const group = await lookAtGroup(job, appender.fileId)
    const behind: Endpoint[] = []
    for (const replica of group.replicas) {
      if (whole.has(keyOf(replica))) continue
      if (await holds(job, replica, size)) whole.add(keyOf(replica))
      else behind.push(replica)
    }
    if (whole.size >= group.storages) return true
    const elapsed = clock.now() - begun
    if (elapsed > (group.away > 0 ? AWAY_WAIT_MS : limit)) return false
    if (elapsed > limit / 2 && !repaired && group.away === 0) {
      repaired = true
      await rewriteFor(store, appender.fileId, behind, signal)
    }
    await pause(clock, wait, signal)
    signal.throwIfAborted()
  }
}

/**
 * Waits a little until every storage knows a finished file under its new name. The record of the renaming can be lost with a
 * source that is killed in that moment: such a replica is given the file by us, and freed of the one it has under the old name.
 * false: not yet; it is whole at the source, but must not be called replicated.
 */
export async function isFinishedEverywhere(job: FinishJob, formerId: string, fileId: string): Promise<boolean> {
  const { ctx } = job
  const { signal } = ctx
  const begun = ctx.clock.now()
  const size = parseFileId(fileId).sizeBytes ?? 0
  ctx.yieldSlot()
  for (let wait = FIRST_LOOK_MS; ; wait = Math.min(LAST_LOOK_MS, wait * 2)) {
    const group = await lookAtGroup(job, fileId)
    const behind: Endpoint[] = []
    for (const endpoint of group.replicas) {
      const info = await ctx.store.info(fileId, { endpoint, skipCrc: true }, { signal }).catch(() => null)
      if (info?.sizeBytes !== size) behind.push(endpoint)
    }
    if (group.replicas.length - behind.length >= group.storages) return true
    const elapsed = ctx.clock.now() - begun
    if (elapsed > (group.away > 0 ? AWAY_WAIT_MS : RENAME_WAIT_MS)) {
      if (group.away > 0 || size > MAX_COPY_BYTES) return false
      return hasCopies(job, formerId, fileId, behind)
    }
    await pause(ctx.clock, wait, signal)
    signal.throwIfAborted()
  }
}

async function hasCopies(job: FinishJob, formerId: string, fileId: string, behind: readonly Endpoint[]): Promise<boolean> {
  const { store, signal } = job.ctx
  try {
    for (const endpoint of behind) {
      await copyTo(store, fileId, endpoint, signal)
      await store.remove(formerId, { endpoint, signal }).catch(() => undefined)
    }
    return true
  } catch (error) {
    if (toAppError(error).code === 'ABORTED') throw error
    return false
  }
}

/** Has this replica the whole file? The size is asked first, which is cheap. */
async function holds(job: FinishJob, replica: Endpoint, size: number): Promise<boolean> {
  const { ctx, state } = job
  const { fileId, crc32 } = state.appender!
  try {
    const quick = await ctx.store.info(fileId, { endpoint: replica, skipCrc: true }, { signal: ctx.signal })
    if (quick.sizeBytes !== size) return false
    const full = await ctx.store.info(fileId, { endpoint: replica, expectBytes: size }, { signal: ctx.signal })
    return full.sizeBytes === size && full.crc32 === crc32
  } catch (error) {
    if (toAppError(error).code === 'ABORTED') throw error
    // Not there yet, or not reachable right now: both mean "not seen whole".
    return false
  }
}

/** How many storages a group has, how many of them are away, and where the others are. */
async function lookAtGroup(job: FinishJob, fileId: string): Promise<{ storages: number; away: number; replicas: Endpoint[] }> {
  const { store, signal } = job.ctx
  const { group } = parseFileId(fileId)
  const storages = (await store.storages(group, { signal })).filter((storage) => !GONE.includes(storage.status))
  return {
    storages: storages.length,
    away: storages.filter((storage) => storage.status !== 'active').length,
    replicas: await store.replicas(group, { signal })
  }
}

/**
 * Command 38: the appender becomes a normal file under a new ID. That it was sent is journalled first: when the answer is lost,
 * the next try finds the new name. null: this server cannot do it, the appender ID stays. Rejects with NOT_FOUND and the reason
 * LOST_NAME where the file has gone with its new name.
 */
export async function finish(job: FinishJob, source: Endpoint, size: number): Promise<string | null> {
  const { ctx, state } = job
  const appender = state.appender!
  ctx.step('finishing')
  if (appender.finishing && !(await exists(job, source))) {
    const found = await findFinished(job, source, size)
    if (found !== null) return found
    await bringBack(job, source, size)
  }
  appender.finishing = true
  await ctx.commit({ state })
  try {
    return await ctx.store.regenerate(source, appender.fileId, size, { signal: ctx.signal })
  } catch (error) {
    const { code } = toAppError(error)
    if ((code === 'REJECTED' || code === 'UNSUPPORTED') && (await exists(job, source))) {
      appender.finishing = false
      return null
    }
    // Gone: an earlier command 38 of ours, still at work when we asked, has got through meanwhile.
    if (code === 'NOT_FOUND') throw new AppError('CONNECTION_LOST', { cause: error, detail: { reason: 'finished-meanwhile' } })
    throw error
  }
}

/**
 * The source was killed before the new name was in its log: the file is there, but nobody will ever know under which name. The
 * replicas, which were seen whole, still have the appender: the source is given it back, and it can be finished again.
 */
async function bringBack(job: FinishJob, source: Endpoint, sizeBytes: number): Promise<void> {
  const { ctx, state } = job
  const { store, signal } = ctx
  const { fileId, crc32 } = state.appender!
  for (const from of await store.replicas(parseFileId(fileId).group, { signal })) {
    if (keyOf(from) === keyOf(source) || !(await holds(job, from, sizeBytes))) continue
    await copyBack(store, fileId, { from, to: source }, { sizeBytes, crc32 }, signal)
    state.possibleOrphans += 1
    await ctx.commit({ state })
    return
  }
  throw new AppError('NOT_FOUND', { detail: { fileId, reason: LOST_NAME } })
}

/** The file had been renamed, and no storage knows its name. */
export function isNameLost(error: AppError): boolean {
  return error.code === 'NOT_FOUND' && error.detail['reason'] === LOST_NAME
}

async function exists(job: FinishJob, source: Endpoint): Promise<boolean> {
  try {
    await job.ctx.store.info(job.state.appender!.fileId, { endpoint: source, skipCrc: true }, { signal: job.ctx.signal })
    return true
  } catch (error) {
    if (toAppError(error).code === 'NOT_FOUND') return false
    throw error
  }
}

/**
 * The new name is in the listing: same directory, same tail, and size and CRC-32 of what was sent. A storage writes its log about
 * once a second, so it is looked at for a while. null: it is not there.
 */
async function findFinished(job: FinishJob, source: Endpoint, size: number): Promise<string | null> {
  const { clock, signal } = job.ctx
  const until = clock.now() + LOG_WAIT_MS
  for (;;) {
    const found = await listedName(job, source, size)
    if (found !== null || clock.now() >= until) return found
    await pause(clock, LAST_LOOK_MS, signal)
    signal.throwIfAborted()
  }
}

async function listedName(job: FinishJob, source: Endpoint, size: number): Promise<string | null> {
  const { ctx, state } = job
  const appender = state.appender!
  const { group, remoteName, storePathIndex, createdAtSeconds } = parseFileId(appender.fileId)
  const directory = remoteName.slice(0, remoteName.lastIndexOf('/') + 1)
  const tail = remoteName.slice(-TAIL)
  for await (const lines of ctx.store.list(source, group, storePathIndex, { signal: ctx.signal })) {
    for (const { remoteName: name } of lines) {
      if (name.length !== NORMAL_NAME || !name.startsWith(directory) || !name.endsWith(tail)) continue
      const facts = tryParseFileId(`${group}/${name}`)
      if (facts === null || facts.sizeBytes !== size || facts.crc32 !== appender.crc32) continue
      // A minute of grace: the name carries the tick of the server's clock.
      if (facts.createdAtSeconds >= createdAtSeconds - 60) return facts.fileId
    }
  }
  return null
}

function keyOf(endpoint: Endpoint): string {
  return `${endpoint.host}:${endpoint.port}`
}
