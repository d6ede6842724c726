import { toAppError } from '../../shared/errors.ts'
import type { BatchView } from '../../shared/model.ts'
import type { BatchRecord, TransferPatch, TransferRecord } from '../library/types.ts'
import { Batch } from './batch.ts'
import type { CleanUp } from './clean-up.ts'
import type { Core } from './core.ts'
import type { Enqueue } from './enqueue.ts'
import { parseDownloadState, parseOptions, parseUploadState } from './states.ts'
import type { BatchOptions } from './states.ts'
import { finishedView } from './views.ts'

/** More can never have been running at once. */
const MAX_RUNNING = 1_000

/** Finished batches whose left-overs are tried again. */
const MAX_FINISHED = 200

/** Takes up what the last run left: nothing is lost, nothing is counted as done that was not. */
export function recoverAll(core: Core, cleanUp: CleanUp, enqueue: Enqueue): void {
  const { journal } = core.options
  const unfinished = journal.batches({ finished: false }).reverse()
  for (const record of unfinished) markInterrupted(core, record)
  journal.resetRunning()
  for (const record of unfinished) {
    if (record.scanning) recoverEnqueueing(core, enqueue, record)
    else {
      const batch = openBatch(core, record)
      if (batch === null) continue
      core.batches.set(batch.id, batch)
      cleanUp.retry(batch)
    }
  }
  for (const record of journal.batches({ finished: true, limit: MAX_FINISHED })) {
    if (leftoversOf(record).length === 0) continue
    const batch = openBatch(core, record)
    if (batch !== null) cleanUp.retry(batch)
  }
}

/** A journalled batch at work again; null when its row cannot be read. */
export function openBatch(core: Core, record: BatchRecord): Batch | null {
  const options = readOptions(core, record)
  if (options === null) return null
  const batch = new Batch(core.options.journal, core.writer.flush, record, options)
  batch.error = firstError(core, record.id)
  return batch
}

/** A batch that is not at work. */
export function viewFromJournal(core: Core, record: BatchRecord): BatchView {
  return { ...finishedView(record, core.options.journal.totals(record.id)), error: firstError(core, record.id) }
}

export function leftoversOf(record: BatchRecord): string[] {
  try {
    const options = parseOptions(record.options)
    return options.kind === 'upload' ? options.leftovers : []
  } catch {
    return []
  }
}

/** The program ended while the batch was being made: nothing had started. It is made to its end. */
function recoverEnqueueing(core: Core, enqueue: Enqueue, record: BatchRecord): void {
  const options = readOptions(core, record)
  if (options !== null && enqueue.resume(record, options)) return
  // Half a selection must not be taken for the whole.
  core.options.journal.removeBatch(record.id)
  core.notice('error', 'BATCH_LOST', { title: record.title, kind: record.kind })
}

/** Whatever was running may have got further than its row says. */
function markInterrupted(core: Core, record: BatchRecord): void {
  const { journal } = core.options
  const patches: TransferPatch[] = []
  for (const row of journal.page(record.id, { tags: ['running'] }, -1, MAX_RUNNING)) {
    try {
      const state = record.kind === 'upload' ? interruptedUpload(row) : record.kind === 'download' ? interruptedDownload(row) : null
      if (state !== null) patches.push({ id: row.id, state })
    } catch {
      // A state that cannot be read is reported when the transfer starts.
    }
  }
  journal.patch(patches, false)
}

/** An upload whose answer was never seen may be stored under a name that nobody knows; how far it had got is not journalled. */
function interruptedUpload(row: TransferRecord): unknown {
  const state = parseUploadState(row.state)
  if (state.appender !== undefined || state.stored !== undefined) return null
  return { ...state, possibleOrphans: state.possibleOrphans + 1 }
}

/** A small download may have got its name already. */
function interruptedDownload(row: TransferRecord): unknown {
  return { ...parseDownloadState(row.state), interrupted: true }
}

function readOptions(core: Core, record: BatchRecord): BatchOptions | null {
  try {
    return parseOptions(record.options)
  } catch (error) {
    core.notice('error', 'ROW_UNREADABLE', { batchId: record.id, title: record.title, error: toAppError(error).code })
    return null
  }
}

function firstError(core: Core, batchId: number): BatchView['error'] {
  const { journal } = core.options
  if (journal.totals(batchId).counts.failed === 0) return null
  return journal.page(batchId, { tags: ['failed'] }, -1, 1)[0]?.error ?? null
}
