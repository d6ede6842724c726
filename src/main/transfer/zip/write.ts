import { existsSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import { AppError, ERRORS, toAppError } from '../../../shared/errors.ts'
import type { ByteSink, Endpoint } from '../../client/types.ts'
import type { StoreClient } from '../../cluster/types.ts'
import type { TransferTag } from '../../../shared/model.ts'
import type { TransferJournal, TransferPatch } from '../../library/types.ts'
import { pause } from '../clock.ts'
import type { Clock } from '../clock.ts'
import { flushFolder } from '../flush-folder.ts'
import { final, isFinal } from '../operation.ts'
import { moveIntoPlace, removeQuietly } from '../operations/download-files.ts'
import type { RateLimit } from '../rate-limit.ts'
import { retryDelay } from '../retry-policy.ts'
import type { ZipOptions } from '../states.ts'
import type { Target, Targets } from '../targets.ts'
import { ArchiveFile } from './archive-file.ts'
import { REPORT, isLeftOut, loadMembers, measureMembers, pathOf, reportText } from './members.ts'
import type { MemberFields, ZipMember } from './members.ts'
import { directory, localHeader, planZip } from './plan.ts'
import type { ZipEntry } from './plan.ts'
import { createPrefetch, isStreamed } from './prefetch.ts'
import { RecycledBuffers } from './recycled-buffers.ts'
import { StreamedMember } from './stream-member.ts'
import type { FetchRest } from './stream-member.ts'

/** A damaged member is asked for this often. */
const MAX_MISMATCHES = 3

export interface ZipContext {
  readonly batch: { readonly id: number; readonly createdAt: number; readonly target: string }
  readonly options: ZipOptions
  readonly journal: TransferJournal
  readonly store: StoreClient
  readonly targets: Targets
  readonly clock: Clock
  readonly random: () => number
  readonly maxAttempts: number
  readonly down: RateLimit
  readonly signal: AbortSignal
  /** Journals the batch's options, on disk. */
  saveOptions(changes: Partial<ZipOptions>): void
  /** Journalled soon. */
  write(patch: TransferPatch): void
  /** The archive has its name, which may be another than was asked for. */
  placed(path: string): void
  /** A member changed its state, or turned out to be of another size: for the counts. */
  moved(from: TransferTag, to: TransferTag): void
  resized(deltaBytes: number): void
  /** Bytes of the archive's members that are written (may shrink). */
  progress(deltaBytes: number): void
  /** So many members have another name in the archive than their own. */
  renamed(count: number): void
  advanced(): void
  /** Archive bytes that were checked already in this process. */
  checkedBytes: number
}

/**
 * One try at an archive: measure, plan, go on where the `.part` file ends, close, rename. Whatever is written of it is the
 * beginning of the planned archive, so that it can be resumed after any member.
 */
export async function writeZip(ctx: ZipContext): Promise<void> {
  const members = await loadMembers(ctx.journal, ctx.batch.id, ctx.signal)
  await measureMembers(members, {
    info: (fileId) => retried(ctx, () => ctx.store.info(fileId, {}, { signal: ctx.signal })),
    nameOf: (fileId) => retried(ctx, () => nameInMetadata(ctx, fileId)),
    failed: (member, error) => leaveOut(ctx, member, error),
    change: (member, fields) => change(ctx, member, fields),
    renamed: ctx.renamed,
    signal: ctx.signal
  })
  const target = chooseTarget(ctx)
  try {
    if (isWritten(ctx, target)) return
    const archive = await ArchiveFile.open(target.partPath, !existsSync(target.partPath))
    try {
      await resume(ctx, archive, members)
      await writeMembers(ctx, archive, members)
      if (members.every(isLeftOut)) return await removeQuietly(target.partPath)
      await writeEnd(ctx, archive, members)
    } finally {
      await archive.close()
    }
    const again = (): string => chooseNew(ctx).finalPath
    const finalPath = moveIntoPlace(target, ctx.options.replace ? 'overwrite' : 'rename', again)
    await flushFolder(finalPath)
    ctx.placed(finalPath)
  } finally {
    ctx.targets.release(target)
  }
}

/** In memory, in the counts, in the journal. */
function change(ctx: ZipContext, member: ZipMember, fields: MemberFields): void {
  if (fields.tag !== undefined && fields.tag !== member.tag) ctx.moved(member.tag, fields.tag)
  if (fields.sizeBytes !== undefined) ctx.resized(fields.sizeBytes - member.sizeBytes)
  if (fields.doneBytes !== undefined) ctx.progress(fields.doneBytes - member.doneBytes)
  Object.assign(member, fields)
  ctx.write({ id: member.id, ...fields })
}

function chooseTarget(ctx: ZipContext): Target {
  const { partPath, finalPath } = ctx.options
  if (partPath !== null && finalPath !== null) {
    const target = { partPath, finalPath }
    ctx.targets.hold(target)
    return target
  }
  const target = chooseNew(ctx)
  ctx.saveOptions(target)
  return target
}

function chooseNew(ctx: ZipContext): Target {
  return ctx.targets.choose(dirname(ctx.batch.target), '', basename(ctx.batch.target), 'rename')!
}

/** The program ended between the renaming and the last line in the journal. */
function isWritten(ctx: ZipContext, target: Target): boolean {
  const { totalBytes } = ctx.options
  if (totalBytes === null || existsSync(target.partPath)) return false
  return statSync(target.finalPath, { throwIfNoEntry: false })?.size === totalBytes
}

function entriesOf(members: readonly ZipMember[]): ZipEntry[] {
  return members.filter((member) => !isLeftOut(member)).map((member) => entryOf(member))
}

function entryOf(member: ZipMember): ZipEntry {
  const { crc32: crc, modifiedAt } = member.state
  return { path: pathOf(member), sizeBytes: member.sizeBytes, crc32: crc ?? 0, modifiedAt }
}

/**
 * Finds how far the `.part` file is what it should be, by reading it: what is there is done, what lies behind is queued. The rows
 * may say less (the journal was cut short) or more (the disk was).
 */
async function resume(ctx: ZipContext, archive: ArchiveFile, members: readonly ZipMember[]): Promise<void> {
  const included = members.filter((member) => !isLeftOut(member))
  const plan = planZip(included.map((member) => entryOf(member)))
  let end = 0
  let intact = true
  for (const [i, member] of included.entries()) {
    const entry = plan.entries[i]!
    const entryEnd = entry.dataOffset + entry.sizeBytes
    intact &&= entryEnd <= ctx.checkedBytes || (await archive.holds(entry, ctx.signal))
    if (intact) end = entryEnd
    const [tag, doneBytes] = intact ? (['done', member.sizeBytes] as const) : (['queued', 0] as const)
    if (member.tag !== tag || member.doneBytes !== doneBytes) change(ctx, member, { tag, step: null, doneBytes })
  }
  ctx.checkedBytes = end
  // What has arrived of a large member is gone on with.
  const next = included.find((member) => member.tag === 'queued')
  if (next !== undefined && isStreamed(next)) archive.goTo(end)
  else await archive.startAt(end)
}

async function writeMembers(ctx: ZipContext, archive: ArchiveFile, members: readonly ZipMember[]): Promise<void> {
  const todo = members.filter((member) => member.tag === 'queued')
  const buffers = new RecycledBuffers()
  const prefetch = createPrefetch(todo, ctx.signal, (member, signal) => fetchWhole(ctx, member, buffers, signal))
  let unwritten: { member: ZipMember; bytes: Buffer }[] = []
  const flush = async (): Promise<void> => {
    await archive.flush()
    ctx.checkedBytes = archive.position
    for (const { member, bytes } of unwritten) {
      written(ctx, member)
      buffers.give(bytes)
    }
    unwritten = []
  }
  try {
    for (const member of todo) {
      ctx.signal.throwIfAborted()
      try {
        const bytes = await prefetch.take(member)
        if (bytes === null) {
          await flush()
          await streamMember(ctx, archive, member)
          continue
        }
        archive.push(localHeader(entryOf(member)))
        const full = archive.push(bytes)
        unwritten.push({ member, bytes })
        if (full) await flush()
      } catch (error) {
        leaveOut(ctx, member, toAppError(error))
        // What arrived of it must not stay behind the end.
        if (isStreamed(member)) await archive.startAt(archive.position)
      }
    }
    await flush()
  } finally {
    await prefetch.close()
  }
}

function written(ctx: ZipContext, member: ZipMember): void {
  change(ctx, member, { tag: 'done', step: null, doneBytes: member.sizeBytes })
  ctx.advanced()
}

/** A small member, whole in memory, so that it can still be left out. */
async function fetchWhole(ctx: ZipContext, member: ZipMember, buffers: RecycledBuffers, signal: AbortSignal): Promise<Buffer> {
  const bytes = buffers.take(member.sizeBytes)
  await checked(ctx, member, signal, async (endpoint) => {
    // A range of nothing is an error to the server: only ask whether the file is there.
    if (bytes.length === 0) {
      await ctx.store.info(member.fileId, { skipCrc: true }, { signal })
      return 0
    }
    let at = 0
    const sink: ByteSink = {
      write(chunk) {
        chunk.copy(bytes, at)
        at += chunk.length
        return ctx.down.take(chunk.length, signal)
      }
    }
    return (await ctx.store.download(member.fileId, { offset: 0, length: bytes.length, endpoint }, sink, { signal })).crc32
  })
  return bytes
}

/** A large member, straight into the archive. When it fails, what has arrived of it stays there for the next try. */
async function streamMember(ctx: ZipContext, archive: ArchiveFile, member: ZipMember): Promise<void> {
  const streamed = await StreamedMember.open(archive, entryOf(member))
  let shown = 0
  const show = (bytes: number): void => {
    ctx.progress(bytes - shown)
    shown = bytes
  }
  change(ctx, member, { tag: 'running', step: 'receiving' })
  try {
    await checked(
      ctx,
      member,
      ctx.signal,
      (endpoint) => {
        const fetch: FetchRest = async (offset, length, sink, onProgress) => {
          const request = { offset, length, endpoint }
          return (await ctx.store.download(member.fileId, request, limited(ctx, sink), { signal: ctx.signal, onProgress })).crc32
        }
        return streamed.receive(member.state.crc32, fetch, show, ctx.signal)
      },
      streamed
    )
    show(0)
    ctx.checkedBytes = archive.position
    written(ctx, member)
  } catch (error) {
    show(0)
    streamed.leave()
    change(ctx, member, { tag: 'queued', step: null })
    throw error
  }
}

function limited(ctx: ZipContext, sink: ByteSink): ByteSink {
  if (ctx.down.slice(1) === Number.POSITIVE_INFINITY) return sink
  return {
    async write(chunk) {
      const { length } = chunk
      await sink.write(chunk)
      await ctx.down.take(length, ctx.signal)
    }
  }
}

/** Fetches until the CRC-32 is right; transient errors are waited out here, so that the other members go on meanwhile. */
async function checked(
  ctx: ZipContext,
  member: ZipMember,
  signal: AbortSignal,
  fetch: (endpoint: Endpoint | undefined) => Promise<number>,
  progress: Progress = NO_PROGRESS
): Promise<void> {
  let mismatches = 0
  await retried(
    ctx,
    async () => {
      // Content that arrived damaged is asked for where the file was first stored.
      const crc = await fetch(mismatches > 0 ? await ctx.store.source(member.fileId, { signal }).catch(() => undefined) : undefined)
      if (crc === member.state.crc32) return
      mismatches += 1
      const detail = { fileId: member.fileId, expected: member.state.crc32 ?? 0, actual: crc }
      const error = new AppError('CHECKSUM_MISMATCH', { detail })
      throw mismatches >= MAX_MISMATCHES ? final(error) : error
    },
    signal,
    progress
  )
}

/** Bytes that need not be fetched again: where there are more of them after a failure, the tries start anew. */
interface Progress {
  readonly arrivedBytes: number
}

const NO_PROGRESS: Progress = { arrivedBytes: 0 }

async function retried<T>(
  ctx: ZipContext,
  run: () => Promise<T>,
  signal: AbortSignal = ctx.signal,
  progress: Progress = NO_PROGRESS
): Promise<T> {
  for (let attempt = 1, arrived = progress.arrivedBytes; ; attempt++) {
    try {
      return await run()
    } catch (thrown) {
      const error = toAppError(thrown)
      if (progress.arrivedBytes > arrived) attempt = 1
      arrived = progress.arrivedBytes
      // A server that is away concerns the whole archive: whoever runs it decides.
      if (isFinal(error) || ERRORS[error.code].parks || error.code.startsWith('LOCAL_')) throw error
      const delay = retryDelay(error.code, attempt, ctx.random, ctx)
      if (delay === null) throw error
      await pause(ctx.clock, delay, signal)
      signal.throwIfAborted()
    }
  }
}

/** Leaves a member out, or throws where that is not wanted or not the member's fault. */
function leaveOut(ctx: ZipContext, member: ZipMember, error: AppError): void {
  if (error.code === 'ABORTED' || ERRORS[error.code].parks || error.code.startsWith('LOCAL_')) throw error
  change(ctx, member, { tag: 'failed', step: null, error: error.toData() })
  if (ctx.options.onMissing === 'stop') throw final(error)
}

async function nameInMetadata(ctx: ZipContext, fileId: string): Promise<string | null> {
  try {
    const metadata = await ctx.store.getMetadata(fileId, { signal: ctx.signal })
    const name = metadata['filename']?.split(/[/\\]/).at(-1)?.trim() ?? ''
    return name === '' ? null : name
  } catch (error) {
    // Missing files are found out when they are fetched.
    if (toAppError(error).code === 'NOT_FOUND') return null
    throw error
  }
}

/** The report of what is missing, the central directory, and everything on disk. */
async function writeEnd(ctx: ZipContext, archive: ArchiveFile, members: readonly ZipMember[]): Promise<void> {
  const entries = entriesOf(members)
  if (members.some(isLeftOut)) {
    const text = Buffer.from(reportText(members))
    const report = { path: REPORT, sizeBytes: text.length, crc32: crc32(text), modifiedAt: ctx.batch.createdAt }
    entries.push(report)
    archive.push(localHeader(report))
    archive.push(text)
  }
  const plan = planZip(entries)
  for (const piece of directory(plan)) if (archive.push(piece)) await archive.flush()
  await archive.flush()
  await archive.handle.sync()
  ctx.saveOptions({ totalBytes: plan.totalBytes })
}
