/** One run of the transfer engine for a command: its journal, its output, its end by Ctrl-C. */
import { SettingsSchema } from '../../../shared/contract.ts'
import { AppError } from '../../../shared/errors.ts'
import { tryParseFileId } from '../../../shared/file-id.ts'
import type { BatchView } from '../../../shared/model.ts'
import { observeEnds } from '../../library/observe-ends.ts'
import type { FileCatalogue, TransferJournal, TransferRecord } from '../../library/types.ts'
import { systemClock } from '../../transfer/clock.ts'
import { createTransferEngine, type TransferEngine } from '../../transfer/engine.ts'
import { parseDownloadState, parseUploadState } from '../../transfer/states.ts'
import { type Context, reportFailure } from '../context.ts'
import { formatBytes, formatCrc, formatSeconds, printable } from '../output.ts'
import { openRunJournal } from '../run-journal.ts'
import type { CliTexts } from '../texts.ts'

/** A server that is away is tried this often before what needs it fails: a script must not wait for ever. */
const PARK_ATTEMPTS = 4
/** And a single file: with the waits in between well under a minute. Any progress counts the tries anew. */
const FILE_ATTEMPTS = 5
export const PROFILE = 'cli'
const PAGE = 500

export interface EngineRun {
  engine: TransferEngine
  /** What an interrupted run of the same command left; null for a fresh one. */
  resumed: number | null
  /** Waits for the end of a batch; every file is reported as it ends, and what never got to an end is reported, too. */
  finished(batchId: number): Promise<BatchView>
  /** The rows of a batch, in order. */
  rows(batchId: number): Iterable<TransferRecord>
}

export interface RunOptions {
  /** What, besides command and cluster, makes a run the same as an earlier one. */
  words: readonly unknown[]
  files?: FileCatalogue | null
  profileId?: string
  /** Ctrl-C ends what runs at once. Default: true; false for commands that end themselves (`--watch`). */
  interruptible?: boolean
}

/** Runs `work` with an engine; closes everything. An interrupted run keeps its journal, and the same command goes on with it. */
export async function withEngine(context: Context, options: RunOptions, work: (run: EngineRun) => Promise<void>): Promise<void> {
  const { args, output, signal } = context
  const store = await context.store()
  const opened = await openRunJournal(context, options.words)
  const { journal } = opened
  const reported = new Set<number>()
  let dropping = false
  const report = (record: TransferRecord): void => {
    if (dropping || reported.has(record.id)) return
    reported.add(record.id)
    reportEnd(context, record)
  }
  const settings = SettingsSchema.parse({ maxAttempts: FILE_ATTEMPTS, ...(args.jobs === null ? {} : { concurrency: args.jobs }) })
  const engine = createTransferEngine({
    journal: observeEnds(journal, report),
    files: options.files ?? null,
    store: () => store,
    profile: () => ({ readOnly: false }),
    settings: () => settings,
    clock: systemClock,
    random: Math.random,
    parkAttempts: PARK_ATTEMPTS,
    onChange: (snapshot) => {
      const batch = snapshot.batches[0]
      if (batch) output.progress(progressText(batch, output.texts), batch.totalBytes > 0 ? batch.doneBytes / batch.totalBytes : 0)
    },
    onNotice: () => undefined,
    onFilesChanged: () => undefined
  })
  let closing: Promise<void> | null = null
  const close = (): Promise<void> => (closing ??= engine.close())
  const stop = (): void => void close()
  let resumed = journal.batches({ finished: false })[0]?.id ?? null
  let interrupted = false
  try {
    await engine.start()
    if (resumed !== null && args.fresh) {
      // Takes what was half sent off the servers again.
      dropping = true
      await engine.control('cancel', { batchId: resumed })
      dropping = false
      journal.removeBatch(resumed)
      resumed = null
    }
    if (resumed !== null && !args.quiet) output.note(output.texts.resumed)
    if (options.interruptible !== false) {
      signal.addEventListener('abort', stop)
      if (signal.aborted) stop()
    }
    await work({
      engine,
      resumed,
      rows: (batchId) => rowsOf(journal, batchId),
      async finished(batchId) {
        const view = await engine.settled(batchId).catch((error: unknown) => {
          if (!(error instanceof AppError && error.code === 'ABORTED')) throw error
          interrupted = true
          return null
        })
        await closing
        for (const row of rowsOf(journal, batchId)) report(row)
        if (view === null) throw new AppError('ABORTED')
        // A batch can fail as a whole although no single file did (the archive could not be put in place).
        if (view.error !== null && output.failed === 0) reportFailure(context, { id: null, path: view.target }, toThrown(view.error))
        return view
      }
    })
  } catch (error) {
    // What it means for each file is told already.
    if (!interrupted) throw error
    if (opened.lasting) output.note(output.texts.interrupted)
  } finally {
    signal.removeEventListener('abort', stop)
    await close()
    await opened.end(interrupted)
  }
}

function* rowsOf(journal: TransferJournal, batchId: number): Iterable<TransferRecord> {
  for (let after = -1; ;) {
    const rows = journal.page(batchId, {}, after, PAGE)
    yield* rows
    if (rows.length < PAGE) return
    after = rows.at(-1)!.seq
  }
}

function toThrown(error: NonNullable<BatchView['error']>): AppError {
  return new AppError(error.code, { message: error.message, ...(error.detail ? { detail: error.detail } : {}) })
}

function reportEnd({ output, args }: Context, record: TransferRecord): void {
  const id = record.fileId
  // The members of an archive have no path of their own.
  const path = args.command === 'zip' ? null : (record.localPath ?? null)
  // Passed over: because a file of that name is there (--conflict skip), or because it is stored already (sync). No failure.
  const skipped = record.tag === 'skipped'
  if (record.tag === 'done' || skipped) {
    const known = id === null ? null : tryParseFileId(id)
    const crc32 = formatCrc(known?.crc32 ?? crcOf(record, args.command))
    if (skipped && args.command === 'sync') {
      // What did not change is counted, not listed: it would bury what did.
      output.unchanged++
      if (!output.json) return
    }
    const text = `${id}  ${skipped ? output.texts.nameTaken : printable(path ?? record.name)}`
    output.file({ ok: true, id, path, size: record.sizeBytes, crc32, ...(skipped ? { skipped: true } : {}) }, text)
    return
  }
  const error = record.error ?? { code: 'ABORTED' as const, message: 'ABORTED' }
  output.file({ ok: false, id, path, size: null, crc32: null, error: output.describe(error) })
}

function crcOf(record: TransferRecord, command: string): number | null {
  if (record.state === null || record.state === undefined) return null
  if (command === 'upload' || command === 'sync') return parseUploadState(record.state).stored?.crc32 ?? null
  if (command === 'download') return parseDownloadState(record.state).crc32 ?? null
  return null
}

function progressText(batch: BatchView, { progress: t }: CliTexts): string {
  const { counts, totalFiles, doneBytes, totalBytes, rateBytes, secondsLeft } = batch
  const parts = [
    t.files(counts.done + counts.skipped, totalFiles),
    t.bytes(formatBytes(doneBytes), formatBytes(totalBytes)),
    `${formatBytes(Math.round(rateBytes))}/s`
  ]
  if (secondsLeft !== null) parts.push(t.left(formatSeconds(secondsLeft)))
  if (counts.failed > 0) parts.push(t.failed(counts.failed))
  if (counts.waiting > 0) parts.push(t.waiting(counts.waiting))
  return parts.join('  ')
}
