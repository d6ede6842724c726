/** Commands that move content: upload, download, zip. The transfer engine does the work, with its journal in memory. */
import { statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { SettingsSchema } from '../../../shared/contract.ts'
import { AppError } from '../../../shared/errors.ts'
import { tryParseFileId } from '../../../shared/file-id.ts'
import type { BatchView } from '../../../shared/model.ts'
import { createMemoryJournal } from '../../library/memory-journal.ts'
import type { TransferRecord } from '../../library/types.ts'
import { systemClock } from '../../transfer/clock.ts'
import { createTransferEngine, type TransferEngine } from '../../transfer/engine.ts'
import { onDisk, onDiskSync } from '../../transfer/on-disk.ts'
import { parseDownloadState, parseUploadState } from '../../transfer/states.ts'
import { parsePairs, UsageError } from '../args.ts'
import { type Context, idsOf, reportFailure } from '../context.ts'
import { formatBytes, formatCrc, formatSeconds, printable } from '../output.ts'
import { observeEnds } from '../../library/observe-ends.ts'

/** A server that is away is tried this often before what needs it fails: a script must not wait for ever. */
const PARK_ATTEMPTS = 4
/** And a single file: with the waits in between well under a minute. Any progress counts the tries anew. */
const FILE_ATTEMPTS = 5
const PROFILE = 'cli'
const PAGE = 500

export async function upload(context: Context): Promise<void> {
  const { args } = context
  if (args.positionals.length === 0) throw new UsageError('upload needs at least one path')
  const metadata = parsePairs(args.meta)
  await context.assertWritable()
  await runBatch(context, (engine) =>
    engine.upload({
      profileId: PROFILE,
      paths: args.positionals.map((path) => resolve(path)),
      group: args.group ?? undefined,
      folder: '',
      metadata
    })
  )
}

export async function download(context: Context): Promise<void> {
  const target = resolve(requireOutput(context))
  const fileIds = (await idsOf(context)).map((facts) => facts.fileId)
  if (fileIds.length === 0) return
  await onDisk(target, () => mkdir(target, { recursive: true }))
  const { conflict } = context.args
  await runBatch(context, (engine) => engine.download({ profileId: PROFILE, fileIds, target, keepFolders: false, conflict }))
}

export async function zip(context: Context): Promise<void> {
  const target = resolve(requireOutput(context))
  const fileIds = (await idsOf(context)).map((facts) => facts.fileId)
  if (fileIds.length === 0) return
  await onDisk(dirname(target), () => mkdir(dirname(target), { recursive: true }))
  const there = onDiskSync(target, () => statSync(target, { throwIfNoEntry: false }))
  if (there && !there.isFile()) throw new AppError('TARGET_EXISTS', { detail: { path: target } })
  const { target: path } = await runBatch(context, (engine) => engine.zip({ profileId: PROFILE, fileIds, target, onMissing: 'report' }))
  const archive = path === null ? undefined : statSync(path, { throwIfNoEntry: false })
  // What stood there before was left alone: then the archive is it only under another name.
  if (path === null || !archive || (there && path === target)) return
  context.output.file({ ok: true, id: null, path, size: archive.size, crc32: null, kind: 'archive' }, printable(path))
}

function requireOutput({ args }: Context): string {
  if (args.output === null) throw new UsageError(`${args.command} needs -o ${args.command === 'zip' ? 'FILE' : 'DIR'}`)
  return args.output
}

/** Runs one batch to its end; every file is reported as it ends, and what never got to an end is reported, too. */
async function runBatch(context: Context, enqueue: (engine: TransferEngine) => { batchId: number }): Promise<BatchView> {
  const { args, output, signal } = context
  const store = await context.store()
  const journal = createMemoryJournal()
  const reported = new Set<number>()
  const report = (record: TransferRecord): void => {
    if (reported.has(record.id)) return
    reported.add(record.id)
    reportEnd(context, record)
  }
  const settings = SettingsSchema.parse({ maxAttempts: FILE_ATTEMPTS, ...(args.jobs === null ? {} : { concurrency: args.jobs }) })
  const engine = createTransferEngine({
    journal: observeEnds(journal, report),
    files: null,
    store: () => store,
    profile: () => ({ readOnly: false }),
    settings: () => settings,
    clock: systemClock,
    random: Math.random,
    parkAttempts: PARK_ATTEMPTS,
    onChange: (snapshot) => {
      const batch = snapshot.batches[0]
      if (batch) output.progress(progressLine(batch))
    },
    onNotice: () => undefined,
    onFilesChanged: () => undefined
  })
  const stop = (): void => void engine.control('cancel')
  try {
    await engine.start()
    const { batchId } = enqueue(engine)
    signal.addEventListener('abort', stop)
    if (signal.aborted) stop()
    const view = await engine.settled(batchId)
    for (let after = -1; ;) {
      const rows = journal.page(batchId, {}, after, PAGE)
      for (const row of rows) report(row)
      if (rows.length < PAGE) break
      after = rows.at(-1)!.seq
    }
    // A batch can fail as a whole although no single file did (the archive could not be put in place).
    if (view.error !== null && output.failed === 0) reportFailure(context, { id: null, path: view.target }, toThrown(view.error))
    return view
  } finally {
    signal.removeEventListener('abort', stop)
    await engine.close()
  }
}

function toThrown(error: NonNullable<BatchView['error']>): AppError {
  return new AppError(error.code, { message: error.message, ...(error.detail ? { detail: error.detail } : {}) })
}

function reportEnd({ output, args }: Context, record: TransferRecord): void {
  const id = record.fileId
  // The members of an archive have no path of their own.
  const path = args.command === 'zip' ? null : (record.localPath ?? null)
  // Passed over because a file of that name is there: what --conflict skip asks for, no failure.
  const skipped = record.tag === 'skipped'
  if (record.tag === 'done' || skipped) {
    const known = id === null ? null : tryParseFileId(id)
    const crc32 = formatCrc(known?.crc32 ?? crcOf(record, args.command))
    const text = `${id}  ${skipped ? '(skipped: the name is taken)' : printable(path ?? record.name)}`
    output.file({ ok: true, id, path, size: record.sizeBytes, crc32, ...(skipped ? { skipped: true } : {}) }, text)
    return
  }
  const error = record.error ?? { code: 'ABORTED' as const, message: 'ABORTED' }
  output.file({ ok: false, id, path, size: null, crc32: null, error: output.describe(error) })
}

function crcOf(record: TransferRecord, command: string): number | null {
  if (record.state === null || record.state === undefined) return null
  if (command === 'upload') return parseUploadState(record.state).stored?.crc32 ?? null
  if (command === 'download') return parseDownloadState(record.state).crc32 ?? null
  return null
}

function progressLine(batch: BatchView): string {
  const { counts, totalFiles, doneBytes, totalBytes, rateBytes, secondsLeft } = batch
  const parts = [
    `${counts.done + counts.skipped} of ${totalFiles} files`,
    `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`,
    `${formatBytes(Math.round(rateBytes))}/s`
  ]
  if (secondsLeft !== null) parts.push(`${formatSeconds(secondsLeft)} left`)
  if (counts.failed > 0) parts.push(`${counts.failed} failed`)
  if (counts.waiting > 0) parts.push(`${counts.waiting} waiting`)
  return parts.join('  ')
}
