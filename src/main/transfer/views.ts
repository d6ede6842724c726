import type { BatchView, TransferCounts, TransferTotals, TransferView } from '../../shared/model.ts'
import type { BatchKind, TransferTag } from '../../shared/model.ts'
import type { BatchRecord, BatchTotals, TransferRecord } from '../library/types.ts'
import type { Batch } from './batch.ts'
import type { RateMeter } from './progress.ts'
import { formerName, savedAs } from './saved-name.ts'

/** What is known of a transfer under way beyond its row. */
export interface Live {
  tag: TransferTag
  step: TransferView['step']
  doneBytes: number
}

export function transferView(record: TransferRecord, kind: BatchKind, live?: Live): TransferView {
  return {
    id: record.id,
    batchId: record.batchId,
    kind,
    tag: live?.tag ?? record.tag,
    step: live === undefined ? record.step : live.step,
    name: (kind === 'zip' ? formerName(record.state) : null) ?? record.name,
    folder: record.folder,
    localPath: record.localPath,
    fileId: record.fileId,
    savedAs: savedAs(record, kind),
    sizeBytes: record.sizeBytes,
    doneBytes: live?.doneBytes ?? record.doneBytes,
    attempt: record.attempt,
    retryAt: record.retryAt,
    error: record.error
  }
}

export function batchView(batch: Batch, now: number): BatchView {
  const { record, totals, meter } = batch
  return {
    ...finishedView(record, totals),
    rateBytes: meter.rate(now),
    secondsLeft: meter.secondsLeft(Math.max(0, totals.totalBytes - totals.doneBytes), now),
    error: batch.error,
    conflicts: batch.conflicts
  }
}

/** A batch of which only the journal knows. */
export function finishedView(record: BatchRecord, totals: BatchTotals): BatchView {
  return {
    id: record.id,
    profileId: record.profileId,
    kind: record.kind,
    title: record.title,
    createdAt: record.createdAt,
    finishedAt: record.finishedAt,
    paused: record.paused,
    scanning: record.scanning,
    counts: { ...totals.counts },
    totalFiles: totals.totalFiles,
    totalBytes: totals.totalBytes,
    doneBytes: totals.doneBytes,
    rateBytes: 0,
    secondsLeft: null,
    target: record.target,
    ...shown(record.options),
    conflicts: 0,
    error: null
  }
}

/** Options as they are journalled, without reading them whole: a list of batches is drawn ten times a second. */
function shown(options: unknown): Pick<BatchView, 'priority' | 'more' | 'renamed'> {
  const { priority, more, renamed } = (options ?? {}) as Partial<Pick<BatchView, 'priority' | 'more' | 'renamed'>>
  return { priority: priority ?? 'normal', more: more ?? 0, renamed: renamed ?? 0 }
}

export function totalsView(batches: readonly Batch[], meter: RateMeter, now: number): TransferTotals {
  const counts: TransferCounts = { queued: 0, running: 0, waiting: 0, paused: 0, done: 0, failed: 0, cancelled: 0, skipped: 0 }
  let totalBytes = 0
  let doneBytes = 0
  for (const { totals } of batches) {
    for (const [tag, count] of Object.entries(totals.counts)) counts[tag as TransferTag] += count
    totalBytes += totals.totalBytes
    doneBytes += totals.doneBytes
  }
  return {
    activeBatches: batches.length,
    counts,
    totalBytes,
    doneBytes,
    rateBytes: meter.rate(now),
    secondsLeft: meter.secondsLeft(Math.max(0, totalBytes - doneBytes), now),
    paused: batches.length > 0 && batches.every((batch) => batch.record.paused)
  }
}
