import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { parseFileId } from '../../../shared/file-id.ts'
import type { ConflictChoice } from '../../../shared/model.ts'
import type { FileIdFacts } from '../../../shared/file-id.ts'
import { flushFolder } from '../flush-folder.ts'
import type { OperationContext, Outcome } from '../operation.ts'
import { final, question } from '../operation.ts'
import { SMALL_BYTES } from '../local-file.ts'
import type { DownloadOptions, DownloadState } from '../states.ts'
import { parseDownloadState } from '../states.ts'
import { numberedName, safeFolder, safeName } from '../names.ts'
import { PART, wasThere } from '../targets.ts'
import type { Target } from '../targets.ts'
import { crcOfFile, moveIntoPlace, removeOwnPart, removeQuietly, writeSmall } from './download-files.ts'
import { receiveSegments } from './download-segments.ts'

/** Content that arrives damaged this often is damaged on the server. */
const MAX_MISMATCHES = 3
/** How far a file that was being renamed when the program ended is looked for behind others of its name. */
const MAX_NUMBERED = 20

export interface DownloadJob {
  readonly ctx: OperationContext
  readonly facts: FileIdFacts
  /** Changed in place; journalled whole. */
  readonly state: DownloadState
  /** As the ID or the server tells. */
  sizeBytes: number
  crc32: number
}

/**
 * One try of one download: into `name.part` beside the target, checked by size and CRC-32, flushed to disk, renamed. A file
 * under its own name is always whole.
 */
export async function download(ctx: OperationContext, options: DownloadOptions): Promise<Outcome> {
  const facts = parseFileId(ctx.record.fileId ?? '')
  const state = parseDownloadState(ctx.record.state)
  const job: DownloadJob = { ctx, facts, state, ...(await measure(ctx, facts, state)) }
  const there = state.interrupted ? await foundWhole(job, options) : null
  if (there !== null) return doneAs(job, there)
  const target = await chooseTarget(job, options)
  if (target === null) return { tag: 'skipped', fields: { doneBytes: 0 }, error: new AppError('TARGET_EXISTS').toData() }
  let another: Target | null = null
  try {
    await receive(job, target)
    ctx.step('writing')
    const again = (): string => (another = choose(job, options, basename(target.finalPath))!).finalPath
    const finalPath = moveIntoPlace(target, conflictOf(job, options), again)
    await flushFolder(finalPath)
    return doneAs(job, finalPath)
  } finally {
    ctx.targets.release(target)
    if (another !== null) ctx.targets.release(another)
  }
}

function doneAs(job: DownloadJob, finalPath: string): Outcome {
  // A CRC-32 that the ID does not tell is worth knowing afterwards.
  const state = job.facts.crc32 === null ? { crc32: job.crc32, sizeBytes: job.sizeBytes } : null
  return { tag: 'done', fields: { localPath: finalPath, doneBytes: job.sizeBytes, state } }
}

/** The program ended in the middle: the file may be in its place already, under the name it would have got. */
async function foundWhole(job: DownloadJob, options: DownloadOptions): Promise<string | null> {
  const { ctx, state, sizeBytes } = job
  if (state.finalPath !== undefined || sizeBytes > SMALL_BYTES) return null
  const folder = options.keepFolders ? safeFolder(ctx.record.folder) : ''
  const name = safeName(await wantedName(job))
  for (let n = 1; n <= MAX_NUMBERED; n++) {
    const path = join(ctx.batch.target ?? '', folder, n === 1 ? name : numberedName(name, n))
    await removeOwnPart(path, job, ctx.batch.createdAt, ctx.signal)
    if (!existsSync(path)) return null
    if ((await crcOfFile(path, sizeBytes, path + PART, ctx.signal)) === job.crc32) return path
  }
  return null
}

/** Size and CRC-32: a normal ID carries both; for appenders and slaves the server is asked, and reads the file for it. */
async function measure(ctx: OperationContext, facts: FileIdFacts, state: DownloadState): Promise<{ sizeBytes: number; crc32: number }> {
  if (facts.sizeBytes !== null && facts.crc32 !== null) {
    if (facts.sizeBytes !== ctx.record.sizeBytes) ctx.write({ sizeBytes: facts.sizeBytes })
    return { sizeBytes: facts.sizeBytes, crc32: facts.crc32 }
  }
  if (state.sizeBytes === undefined || state.crc32 === undefined) {
    ctx.step('preparing')
    const info = await ctx.store.info(facts.fileId, {}, { signal: ctx.signal })
    state.sizeBytes = info.sizeBytes
    state.crc32 = info.crc32
    ctx.write({ sizeBytes: info.sizeBytes, state })
  }
  return { sizeBytes: state.sizeBytes, crc32: state.crc32 }
}

/** Journalled before the first byte is written, so that a `.part` always belongs to somebody. */
async function chooseTarget(job: DownloadJob, options: DownloadOptions): Promise<Target | null> {
  const { ctx, state } = job
  if (state.finalPath !== undefined && state.partPath !== undefined) {
    const target = { finalPath: state.finalPath, partPath: state.partPath }
    ctx.targets.hold(target)
    return target
  }
  const name = await wantedName(job)
  // What the server knew it as is its name from now on.
  if (name !== ctx.record.name) ctx.write({ name })
  askIfTaken(job, options, name)
  const target = choose(job, options, name)
  if (target === null) return null
  // A small file is written at once or not at all: there is nothing to come back to.
  if (job.sizeBytes > SMALL_BYTES) {
    state.finalPath = target.finalPath
    state.partPath = target.partPath
    await ctx.commit({ localPath: target.finalPath, state })
  }
  return target
}

function choose(job: DownloadJob, options: DownloadOptions, name: string): Target | null {
  const { ctx } = job
  return ctx.targets.choose(ctx.batch.target ?? '', options.keepFolders ? ctx.record.folder : '', name, conflictOf(job, options))
}

/** What the user decided for this file, else for all. Who is to be asked has been asked when this is looked at. */
function conflictOf({ state }: DownloadJob, options: DownloadOptions): ConflictChoice {
  return state.conflict ?? (options.conflict === 'ask' ? 'rename' : options.conflict)
}

/** Throws a question when something is there that was there before the batch began. What came since is ours, and keeps its name. */
function askIfTaken(job: DownloadJob, options: DownloadOptions, name: string): void {
  const { ctx, state } = job
  if (options.conflict !== 'ask' || state.conflict !== undefined) return
  const path = ctx.targets.wanted(ctx.batch.target ?? '', options.keepFolders ? ctx.record.folder : '', name)
  if (!wasThere(path, ctx.batch.createdAt)) return
  throw question(new AppError('TARGET_EXISTS', { detail: { path } }))
}

/** The library's name, else the one in the metadata, else the end of the ID. */
async function wantedName(job: DownloadJob): Promise<string> {
  const { ctx, state } = job
  if (!state.nameless) return ctx.record.name
  try {
    const metadata = await ctx.store.getMetadata(job.facts.fileId, { signal: ctx.signal })
    const name = metadata['filename']?.split(/[/\\]/).at(-1)?.trim() ?? ''
    return name === '' ? ctx.record.name : name
  } catch (error) {
    // A missing file is found out, and reported, by the download itself.
    if (toAppError(error).code === 'NOT_FOUND') return ctx.record.name
    throw error
  }
}

async function receive(job: DownloadJob, target: Target): Promise<void> {
  const { ctx, sizeBytes } = job
  if (sizeBytes > SMALL_BYTES) {
    if (await isAlreadyThere(job, target)) return
    await verified(job, await receiveSegments(job, target), target)
    return
  }
  // A range of nothing is an error to the server: only ask whether the file is there.
  if (sizeBytes === 0) await ctx.store.info(job.facts.fileId, { skipCrc: true }, { signal: ctx.signal })
  const bytes = Buffer.allocUnsafe(sizeBytes)
  ctx.step('receiving')
  const result = sizeBytes === 0 ? { crc32: 0 } : await receiveSmall(job, bytes)
  if (result.crc32 === job.crc32) await writeSmall(target.partPath, bytes)
  else await verified(job, result.crc32, target)
}

async function receiveSmall(job: DownloadJob, into: Buffer): Promise<{ crc32: number }> {
  const { ctx } = job
  const { fileId } = job.facts
  let at = 0
  // Content that arrived damaged is asked for where the file was first stored.
  const endpoint = job.state.mismatches > 0 ? await ctx.store.source(fileId, { signal: ctx.signal }).catch(() => undefined) : undefined
  return ctx.store.download(
    fileId,
    { offset: 0, length: into.length, endpoint },
    {
      write(chunk) {
        chunk.copy(into, at)
        at += chunk.length
        ctx.progress(at)
        return ctx.limits.down.take(chunk.length, ctx.signal)
      }
    },
    { signal: ctx.signal }
  )
}

async function verified(job: DownloadJob, crc32: number, target: Target): Promise<void> {
  if (crc32 === job.crc32) return
  const { ctx, state } = job
  await removeQuietly(target.partPath)
  delete state.segments
  // What the server told may have been of another moment: ask again.
  delete state.sizeBytes
  delete state.crc32
  state.mismatches += 1
  await ctx.commit({ doneBytes: 0, state })
  ctx.progress(0)
  const error = new AppError('CHECKSUM_MISMATCH', { detail: { fileId: job.facts.fileId, expected: job.crc32, actual: crc32 } })
  throw state.mismatches >= MAX_MISMATCHES ? final(error) : error
}

/** The program ended between the renaming and the last line in the journal. */
async function isAlreadyThere(job: DownloadJob, target: Target): Promise<boolean> {
  if (job.state.segments === undefined) return false
  const crc = await crcOfFile(target.finalPath, job.sizeBytes, target.partPath, job.ctx.signal)
  return crc === job.crc32
}
