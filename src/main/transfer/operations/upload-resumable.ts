import { AppError, toAppError } from '../../../shared/errors.ts'
import { parseFileId } from '../../../shared/file-id.ts'
import type { Endpoint } from '../../client/types.ts'
import { crc32Combine } from '../crc32-combine.ts'
import { crcOfStart, hasChanged, isSameFile, rangeSource } from '../local-file.ts'
import type { LocalFile } from '../local-file.ts'
import { finish, isFinishedEverywhere, isNameLost, isReplicated } from './upload-finish.ts'
import { changedError, discard, newFile, startOver } from './upload-job.ts'
import type { UploadJob } from './upload-job.ts'

/** Fits one receive buffer of the storage with its header: it is stored whole or not at all. */
const FIRST_BYTES = 64 * 1024

/**
 * Sends a large file as an appender: created with a small first piece, its ID journalled before anything else, then chunk after
 * chunk by MODIFY at explicit offsets, always on the source. A chunk may be sent again at any time without harm, so after any
 * doubt the next try simply does that. APPEND and TRUNCATE are never used: a half-open append later destroys acknowledged data.
 */
export async function sendResumable(job: UploadJob, file: LocalFile): Promise<void> {
  const { ctx, state } = job
  const size = file.identity.sizeBytes
  if (state.appender !== undefined) await checkIdentity(job, file)

  const source = state.appender === undefined ? await create(job, file) : await takeUp(job, file)
  ctx.step('sending')
  while (state.appender!.sentBytes < size) await sendChunk(job, file, source)
  if (hasChanged(file.identity, await file.look())) await abandon(job, changedError(file))

  ctx.step('checking')
  await verifySource(job, source, size)
  const replicated = await isReplicated(job, source, size)
  const wanted = ctx.settings.finishAppender === 'safe' && replicated
  await storedAs(job, wanted ? await finish(job, source, size) : null, size, replicated)
}

/** Goes on where command 38 had been sent: every byte is there and verified, only the new ID is missing. */
export async function finishOnly(job: UploadJob): Promise<void> {
  const { fileId, sentBytes } = job.state.appender!
  const source = await job.ctx.store.source(fileId, options(job))
  let finished: string | null
  try {
    finished = await finish(job, source, sentBytes)
  } catch (error) {
    if (!isNameLost(toAppError(error))) throw error
    // No other storage has it: what is left is to send it once more.
    job.state.possibleOrphans += 1
    return startOver(job, new AppError('CONNECTION_LOST', { cause: error, detail: { reason: 'finished-name-unknown' } }))
  }
  await storedAs(job, finished, sentBytes, true)
}

async function create(job: UploadJob, file: LocalFile): Promise<Endpoint> {
  const { ctx, state } = job
  ctx.step('sending')
  const length = Math.min(FIRST_BYTES, file.identity.sizeBytes)
  const result = await newFile(job, { appender: true }, rangeSource(file, 0, length, ctx.limits.up, ctx.signal))
  state.identity = file.identity
  state.appender = { fileId: result.fileId, sentBytes: length, crc32: result.crc32, finishing: false }
  await ctx.commit({ fileId: result.fileId, doneBytes: length, state })
  ctx.progress(length)
  return result.endpoint
}

/**
 * The source of an appender that exists. After a power cut the journal may be many chunks behind: what the source has beyond it
 * counts if its CRC-32 is that of as many local bytes.
 */
async function takeUp(job: UploadJob, file: LocalFile): Promise<Endpoint> {
  const { ctx, state } = job
  const appender = state.appender!
  const source = await ctx.store.source(appender.fileId, options(job))
  const { sizeBytes } = await ctx.store
    .info(appender.fileId, { endpoint: source, skipCrc: true }, options(job))
    .catch(() => ({ sizeBytes: 0 }))
  if (sizeBytes <= appender.sentBytes + ctx.settings.chunkBytes || sizeBytes > file.identity.sizeBytes) return source
  ctx.step('checking')
  const info = await ctx.store.info(appender.fileId, { endpoint: source, expectBytes: sizeBytes }, options(job))
  if (info.sizeBytes === sizeBytes && (await crcOfStart(file, sizeBytes, ctx.signal)) === info.crc32) {
    appender.sentBytes = sizeBytes
    appender.crc32 = info.crc32
    ctx.write({ doneBytes: sizeBytes, state })
    ctx.progress(sizeBytes)
  }
  return source
}

async function sendChunk(job: UploadJob, file: LocalFile, source: Endpoint): Promise<void> {
  const { ctx, state } = job
  const appender = state.appender!
  const offset = appender.sentBytes
  // Chunks end at multiples of their length, whatever the first piece was.
  const { chunkBytes } = ctx.settings
  const length = Math.min(chunkBytes - (offset % chunkBytes), file.identity.sizeBytes - offset)
  try {
    const result = await ctx.store.modify(source, appender.fileId, offset, rangeSource(file, offset, length, ctx.limits.up, ctx.signal), {
      signal: ctx.signal,
      onProgress: (bytes) => ctx.progress(offset + bytes)
    })
    appender.crc32 = crc32Combine(appender.crc32, result.crc32, length)
    appender.sentBytes = offset + length
    ctx.advanced()
    // Before the next chunk begins, so that never more than one is sent twice; a power cut may cost more of them.
    ctx.writeNow({ doneBytes: appender.sentBytes, state })
  } catch (error) {
    ctx.progress(offset)
    await afterRefusal(job, file, source, toAppError(error))
  }
}

/** The server may have lost bytes (it was killed before they reached its disk) or the whole file. Everything else: again later. */
async function afterRefusal(job: UploadJob, file: LocalFile, source: Endpoint, error: AppError): Promise<never> {
  const { ctx, state } = job
  const appender = state.appender!
  if (error.code === 'NOT_FOUND')
    return startOver(job, new AppError('CONNECTION_LOST', { cause: error, detail: { reason: 'appender-gone' } }))
  if (error.code !== 'REJECTED') throw error
  const { sizeBytes } = await ctx.store.info(appender.fileId, { endpoint: source, skipCrc: true }, options(job))
  if (sizeBytes < appender.sentBytes) {
    appender.sentBytes = sizeBytes - (sizeBytes % ctx.settings.chunkBytes)
    appender.crc32 = await crcOfStart(file, appender.sentBytes, ctx.signal)
    await ctx.commit({ doneBytes: appender.sentBytes, state })
    ctx.progress(appender.sentBytes)
  }
  // EINVAL closes the connection and says nothing more: the same chunk again, with the delay of a lost connection.
  throw new AppError('CONNECTION_LOST', { cause: error, detail: { ...error.detail, reason: 'chunk-refused' } })
}

/** Is it still the file whose beginning is on the server? Where anything but its size changed, reading it decides. */
async function checkIdentity(job: UploadJob, file: LocalFile): Promise<void> {
  const { ctx, state } = job
  const appender = state.appender!
  const { identity } = state
  if (identity !== undefined && isSameFile(identity, file.identity)) return
  ctx.step('checking')
  const sameSize = identity === undefined || identity.sizeBytes === file.identity.sizeBytes
  const same = sameSize && (await crcOfStart(file, appender.sentBytes, ctx.signal)) === appender.crc32
  if (!same) return abandon(job, changedError(file))
  state.identity = file.identity
}

/** Size and CRC-32 at the source: the server reads its own file for it. */
async function verifySource(job: UploadJob, source: Endpoint, size: number): Promise<void> {
  const { ctx, state } = job
  const appender = state.appender!
  const info = await ctx.store.info(appender.fileId, { endpoint: source, expectBytes: size }, options(job))
  if (info.sizeBytes === size && info.crc32 === appender.crc32) return
  const detail = { fileId: appender.fileId, expected: appender.crc32, actual: info.crc32 }
  await abandon(job, new AppError(info.sizeBytes === size ? 'CHECKSUM_MISMATCH' : 'SIZE_MISMATCH', { detail }))
}

async function abandon(job: UploadJob, error: AppError): Promise<never> {
  await discard(job, job.state.appender!.fileId)
  return startOver(job, error)
}

async function storedAs(job: UploadJob, finishedId: string | null, size: number, replicated: boolean): Promise<void> {
  const { ctx, state } = job
  const appender = state.appender!
  const fileId = finishedId ?? appender.fileId
  const facts = parseFileId(fileId)
  if (finishedId !== null && (facts.sizeBytes !== size || facts.crc32 !== appender.crc32)) {
    await discard(job, finishedId)
    await startOver(job, new AppError('CHECKSUM_MISMATCH', { detail: { fileId, expected: appender.crc32, actual: facts.crc32 ?? -1 } }))
  }
  state.stored = { fileId, crc32: appender.crc32, replicated: replicated && finishedId === null }
  delete state.appender
  await ctx.commit({ fileId, sizeBytes: size, doneBytes: size, state })
  if (finishedId === null) return
  state.stored.replicated = await isFinishedEverywhere(job, appender.fileId, finishedId)
}

function options(job: UploadJob): { signal: AbortSignal } {
  return { signal: job.ctx.signal }
}
