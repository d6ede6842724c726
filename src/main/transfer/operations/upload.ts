import { statSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { AppError } from '../../../shared/errors.ts'
import { parseFileId, sanitiseExt } from '../../../shared/file-id.ts'
import type { FileIdFacts } from '../../../shared/file-id.ts'
import type { Metadata } from '../../../shared/model.ts'
import { bufferSource } from '../../client/file-source.ts'
import type { ByteSource } from '../../client/types.ts'
import type { UploadResult } from '../../cluster/types.ts'
import { SMALL_BYTES, crcOfStart, hasChanged, limitSource, openLocal, rangeSource, readSmall } from '../local-file.ts'
import type { LocalFile } from '../local-file.ts'
import { metadataName } from '../names.ts'
import { final } from '../operation.ts'
import type { OperationContext, Outcome } from '../operation.ts'
import { onDiskSync } from '../on-disk.ts'
import { parseUploadState } from '../states.ts'
import type { UploadOptions, UploadState } from '../states.ts'
import { imageFacts } from './image-facts.ts'
import { changedError, discard, newFile, startOver } from './upload-job.ts'
import type { UploadJob } from './upload-job.ts'
import { finishOnly, sendResumable } from './upload-resumable.ts'

/**
 * One try of one upload: send, verify, describe. What was achieved is journalled as it happens, so that the next try, in this
 * process or after a crash, goes on from there and never stores the file twice knowingly.
 */
export async function upload(ctx: OperationContext, options: UploadOptions): Promise<Outcome> {
  const job: UploadJob = { ctx, options, state: parseUploadState(ctx.record.state), ext: sanitiseExt(ctx.record.name) }
  if (job.state.problem !== undefined && !isRegularFile(ctx.record.localPath ?? '')) throw problemError(job)
  if (job.state.stored === undefined) {
    const known = await send(job)
    if (known !== null)
      return { tag: 'skipped', fields: { fileId: known }, error: new AppError('EXISTS', { detail: { fileId: known } }).toData() }
  }
  return describe(job)
}

/** Returns the ID of a file with the same content, where the user wants such files to be left out; null = it was sent. */
async function send(job: UploadJob): Promise<string | null> {
  const { ctx, state } = job
  // Everything had arrived and was verified: the local file is not needed any more.
  if (state.appender?.finishing) {
    await finishOnly(job)
    return null
  }
  const path = ctx.record.localPath
  if (path === null) throw new AppError('INTERNAL', { message: 'INTERNAL: upload without a path' })
  const rawPath = state.rawPath === undefined ? null : Buffer.from(state.rawPath, 'base64')
  if (state.appender === undefined && ctx.record.sizeBytes <= SMALL_BYTES) {
    const small = readSmall(path, rawPath)
    if (small !== null) {
      const known = duplicateOf(job, small.length, () => crc32(small))
      if (known === null) await sendSmall(job, small)
      return known
    }
  }
  const file = await openLocal(path, rawPath)
  try {
    const size = file.identity.sizeBytes
    if (size !== ctx.record.sizeBytes) ctx.write({ sizeBytes: size })
    if (job.options.duplicates !== 'send' && state.appender === undefined) {
      const crc = await crcOfStart(file, size, ctx.signal)
      const known = duplicateOf(job, size, () => crc)
      if (known !== null) return known
    }
    if (state.appender === undefined && size < ctx.settings.resumableThresholdBytes) await sendPlain(job, file)
    else await sendResumable(job, file)
    return null
  } finally {
    await file.close()
  }
}

/** A file of the library with this size and CRC-32 that is still there, as far as the library knows. */
function duplicateOf(job: UploadJob, sizeBytes: number, crcOf: () => number): string | null {
  const { ctx, options } = job
  if (options.duplicates === 'send' || ctx.files === null) return null
  const there = ctx.files
    .sameContent(ctx.batch.profileId, sizeBytes, crcOf())
    .filter((row) => row.state === 'present' || row.state === 'syncing')
  const { name } = ctx.record
  const folder = joinFolders(options.folder, ctx.record.folder)
  const same = options.duplicates === 'skip' ? there : there.filter((row) => row.name === name && row.folder === folder)
  return same[0]?.fileId ?? null
}

async function sendSmall(job: UploadJob, bytes: Buffer): Promise<void> {
  if (bytes.length !== job.ctx.record.sizeBytes) job.ctx.write({ sizeBytes: bytes.length })
  const result = await uploadOnce(job, limitSource(bufferSource(bytes), job.ctx.limits.up, job.ctx.signal))
  await stored(job, result, bytes.length)
}

async function sendPlain(job: UploadJob, file: LocalFile): Promise<void> {
  const { ctx } = job
  const size = file.identity.sizeBytes
  const result = await uploadOnce(job, rangeSource(file, 0, size, ctx.limits.up, ctx.signal))
  // The bytes sent are the bytes stored; but a file that changed while it was read may be neither the old one nor the new.
  if (hasChanged(file.identity, await file.look())) {
    await discard(job, result.fileId)
    return startOver(job, changedError(file))
  }
  await stored(job, result, size)
}

/** One UPLOAD_FILE, verified by the size and CRC-32 that the storage wrote into the ID. */
async function uploadOnce(job: UploadJob, source: ByteSource): Promise<UploadResult> {
  job.ctx.step('sending')
  const result = await newFile(job, {}, source)
  const { sizeBytes, crc32: crc } = parseFileId(result.fileId)
  if (sizeBytes === source.size && crc === result.crc32) return result
  await discard(job, result.fileId)
  const code = sizeBytes === source.size ? 'CHECKSUM_MISMATCH' : 'SIZE_MISMATCH'
  return startOver(job, new AppError(code, { detail: { fileId: result.fileId, expected: result.crc32, actual: crc ?? -1 } }))
}

/** The ID reaches the disk before anything else happens with it. */
async function stored(job: UploadJob, result: UploadResult, size: number): Promise<void> {
  job.state.stored = { fileId: result.fileId, crc32: result.crc32, replicated: false }
  await job.ctx.commitStored({ fileId: result.fileId, sizeBytes: size, doneBytes: size, state: job.state })
}

/** Name and metadata belong to the upload: a crash before this leaves a transfer that goes on here. */
async function describe(job: UploadJob): Promise<Outcome> {
  const { ctx, options, state } = job
  const { fileId, crc32: crc, replicated } = state.stored!
  const { rawPath } = job.state
  const local = rawPath === undefined ? (ctx.record.localPath ?? '') : Buffer.from(rawPath, 'base64')
  // What the user wrote counts for more than what the picture says.
  const metadata: Metadata = { ...(ctx.settings.describeImages ? imageFacts(ctx.record.name, local) : {}), ...options.metadata }
  if (ctx.settings.storeFileName) metadata['filename'] ??= metadataName(ctx.record.name)
  if (Object.keys(metadata).length > 0) {
    ctx.step('describing')
    await ctx.store.setMetadata(fileId, metadata, 'overwrite', { signal: ctx.signal })
  }
  const facts = parseFileId(fileId)
  return {
    tag: 'done',
    fields: { fileId, state: lastingState(state, facts) },
    library: {
      tag: 'upsert',
      // A picture under an ID that may still change would lose its small ones.
      ...(facts.kind === 'appender' || options.thumbnails.length === 0 ? {} : { thumbnails: options.thumbnails }),
      file: {
        fileId,
        name: ctx.record.name,
        folder: joinFolders(options.folder, ctx.record.folder),
        sizeBytes: facts.sizeBytes ?? ctx.record.sizeBytes,
        crc32: crc,
        // Metadata that was set a moment ago is on its way.
        state: replicated && Object.keys(metadata).length === 0 ? 'present' : 'syncing',
        origin: 'upload',
        metadata,
        tags: options.tags,
        batchId: ctx.batch.id
      }
    }
  }
}

/** What is worth knowing afterwards: copies that may exist under names nobody knows, and a CRC-32 that the ID does not tell. */
function lastingState({ possibleOrphans, stored }: UploadState, facts: FileIdFacts): UploadState | null {
  if (possibleOrphans === 0 && facts.crc32 !== null) return null
  return { possibleOrphans, mismatches: 0, stored }
}

/** What could not be sent when it was enumerated may have become a file since. */
function isRegularFile(path: string): boolean {
  return onDiskSync(path, () => statSync(path, { throwIfNoEntry: false }))?.isFile() ?? false
}

function problemError(job: UploadJob): AppError {
  const { code, message, detail } = job.state.problem!
  return final(new AppError(code, { message, detail: detail ?? {} }))
}

function joinFolders(a: string, b: string): string {
  return a === '' || b === '' ? a + b : `${a}/${b}`
}
