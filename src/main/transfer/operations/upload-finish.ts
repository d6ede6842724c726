import { AppError, toAppError } from '../../../shared/errors.ts'
import { parseFileId, tryParseFileId } from '../../../shared/file-id.ts'
import type { StorageStatus } from '../../../shared/model.ts'
import type { Endpoint } from '../../client/types.ts'
import { pause } from '../clock.ts'
import { rangeSource } from '../local-file.ts'
import type { LocalFile } from '../local-file.ts'
import { final } from '../operation.ts'
import type { UploadJob } from './upload-job.ts'

/** Replicas usually follow within a second or two; a file that takes longer keeps its appender ID for now. */
const REPLICA_WAIT_MS = 20_000
/** The pace at which a storage copies and checksums, as a lower bound. */
const BYTES_PER_MS = 50_000
const FIRST_LOOK_MS = 150
const LAST_LOOK_MS = 2_000
/** Storages that will never serve this file again do not count. */
const GONE: readonly StorageStatus[] = ['deleted', 'ip_changed', 'none']
/** Length of a name that is not in a trunk file and no slave. */
const NORMAL_NAME = 44
const TAIL = 7

/**
 * Waits until every storage of the group has the whole file, checked by size, then CRC-32. Half-way through the time limit the
 * last chunk is sent again: a replica that is behind because a record was lost then fetches the file whole.
 * false: not within the time limit, or some storage is away (it would be left with a short file by command 38).
 */
export async function isReplicated(job: UploadJob, file: LocalFile, source: Endpoint): Promise<boolean> {
  const { ctx, state } = job
  const { signal, clock, store } = ctx
  const appender = state.appender!
  const { group } = parseFileId(appender.fileId)
  const size = file.identity.sizeBytes
  const limit = REPLICA_WAIT_MS + size / BYTES_PER_MS
  const begun = clock.now()
  const whole = new Set<string>([keyOf(source)])
  let repaired = false
  ctx.yieldSlot()
  for (let wait = FIRST_LOOK_MS; ; wait = Math.min(LAST_LOOK_MS, wait * 2)) {
    const storages = (await store.storages(group, { signal })).filter((storage) => !GONE.includes(storage.status))
    if (storages.length <= 1) return true
    if (storages.some((storage) => storage.status !== 'active')) return false
    for (const replica of await store.replicas(group, { signal })) {
      if (!whole.has(keyOf(replica)) && (await holds(job, replica, size))) whole.add(keyOf(replica))
    }
    if (whole.size >= storages.length) return true
    const elapsed = clock.now() - begun
    if (elapsed > limit) return false
    if (elapsed > limit / 2 && !repaired) {
      repaired = true
      const offset = Math.max(0, size - Math.min(size, ctx.settings.chunkBytes))
      await store.modify(source, appender.fileId, offset, rangeSource(file, offset, size - offset, ctx.limits.up, signal), { signal })
    }
    await pause(clock, wait, signal)
    signal.throwIfAborted()
  }
}

/** Has this replica the whole file? The size is asked first, which is cheap. */
async function holds(job: UploadJob, replica: Endpoint, size: number): Promise<boolean> {
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

/**
 * Command 38: the appender becomes a normal file under a new ID. That it was sent is journalled first: when the answer is lost,
 * the next try finds the new name. null: this server cannot do it, the appender ID stays.
 */
export async function finish(job: UploadJob, source: Endpoint, size: number): Promise<string | null> {
  const { ctx, state } = job
  const appender = state.appender!
  ctx.step('finishing')
  if (appender.finishing && !(await exists(job, source))) return findFinished(job, source, size)
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
    if (code === 'NOT_FOUND') return findFinished(job, source, size)
    throw error
  }
}

async function exists(job: UploadJob, source: Endpoint): Promise<boolean> {
  try {
    await job.ctx.store.info(job.state.appender!.fileId, { endpoint: source, skipCrc: true }, { signal: job.ctx.signal })
    return true
  } catch (error) {
    if (toAppError(error).code === 'NOT_FOUND') return false
    throw error
  }
}

/** The new name is in the listing: same directory, same tail, and size and CRC-32 of what was sent. */
async function findFinished(job: UploadJob, source: Endpoint, size: number): Promise<string> {
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
  throw final(new AppError('NOT_FOUND', { detail: { fileId: appender.fileId, reason: 'finished-name-unknown' } }))
}

function keyOf(endpoint: Endpoint): string {
  return `${endpoint.host}:${endpoint.port}`
}
