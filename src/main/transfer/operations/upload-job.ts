import { AppError, toAppError } from '../../../shared/errors.ts'
import type { ByteSource } from '../../client/types.ts'
import type { UploadRequest, UploadResult } from '../../cluster/types.ts'
import type { LocalFile } from '../local-file.ts'
import { final } from '../operation.ts'
import type { OperationContext } from '../operation.ts'
import type { UploadOptions, UploadState } from '../states.ts'

/** A file that changes or arrives damaged this often is given up. */
const MAX_MISMATCHES = 3

/** What both ways of sending share. */
export interface UploadJob {
  readonly ctx: OperationContext
  readonly options: UploadOptions
  /** Changed in place; journalled whole. */
  readonly state: UploadState
  readonly ext: string
}

/** What is on the server is useless: forget it, count that, and let the next try begin at the beginning. */
export async function startOver(job: UploadJob, error: AppError): Promise<never> {
  const { ctx, state } = job
  delete state.appender
  delete state.stored
  delete state.identity
  state.mismatches += 1
  await ctx.commit({ fileId: null, doneBytes: 0, state })
  ctx.progress(0)
  if (error.code === 'SOURCE_CHANGED') ctx.notice('SOURCE_CHANGED', { path: ctx.record.localPath ?? '', batchId: ctx.batch.id })
  throw state.mismatches >= MAX_MISMATCHES ? final(error) : error
}

/**
 * A new remote file. Without an answer after the last byte nobody can tell whether it exists, under a name that nobody knows: that
 * is counted.
 */
export async function newFile(job: UploadJob, request: Omit<UploadRequest, 'group' | 'ext'>, source: ByteSource): Promise<UploadResult> {
  const { ctx, options, state } = job
  let sent = 0
  try {
    return await ctx.store.upload({ ...request, group: options.group ?? undefined, ext: job.ext }, source, {
      signal: ctx.signal,
      onProgress(bytes) {
        sent = bytes
        ctx.progress(bytes)
      }
    })
  } catch (error) {
    if (sent === source.size && isUnanswered(error)) {
      state.possibleOrphans += 1
      ctx.write({ state })
    }
    throw error
  }
}

/** True where the server may have done what it was asked although no answer came. */
function isUnanswered(error: unknown): boolean {
  switch (toAppError(error).code) {
    case 'CONNECTION_LOST':
    case 'TIMEOUT':
    case 'ABORTED':
    case 'PROTOCOL_INVALID':
    case 'PROTOCOL_TRUNCATED':
      return true
    default:
      return false
  }
}

/** Removes a remote file of ours that nobody shall see. What cannot be removed is listed. */
export async function discard(job: UploadJob, fileId: string): Promise<void> {
  try {
    await job.ctx.store.remove(fileId, { signal: job.ctx.signal })
  } catch (error) {
    if (toAppError(error).code !== 'NOT_FOUND') job.ctx.leftOver(fileId)
  }
}

export function changedError(file: LocalFile): AppError {
  return new AppError('SOURCE_CHANGED', { detail: { path: file.path } })
}
