import type { BatchView, TransferCounts, TransferSnapshot, TransferView } from '../../../../src/shared/model.ts'

export function counts(some: Partial<TransferCounts> = {}): TransferCounts {
  return { queued: 0, running: 0, waiting: 0, paused: 0, done: 0, failed: 0, cancelled: 0, skipped: 0, ...some }
}

export function batch(id: number, some: Partial<Omit<BatchView, 'counts'>> & { counts?: Partial<TransferCounts> } = {}): BatchView {
  const all = counts(some.counts)
  return {
    id,
    profileId: 'builtin',
    kind: 'upload',
    title: `batch ${id}`,
    createdAt: 1_000,
    finishedAt: null,
    paused: false,
    scanning: false,
    totalFiles: Object.values(all).reduce((sum, count) => sum + count, 0),
    totalBytes: 0,
    doneBytes: 0,
    rateBytes: 0,
    secondsLeft: null,
    target: null,
    more: 0,
    renamed: 0,
    priority: 'normal',
    conflicts: 0,
    error: null,
    ...some,
    counts: all
  }
}

export function transfer(id: number, some: Partial<TransferView> = {}): TransferView {
  return {
    id,
    batchId: 1,
    kind: 'upload',
    tag: 'queued',
    step: null,
    name: `file${id}.jpg`,
    folder: '',
    localPath: null,
    fileId: null,
    savedAs: null,
    sizeBytes: 100,
    doneBytes: 0,
    attempt: 0,
    retryAt: null,
    error: null,
    ...some
  }
}

export function snapshot(
  revision: number,
  batches: BatchView[] = [],
  active: TransferView[] = [],
  secondsLeft: number | null = null
): TransferSnapshot {
  return {
    revision,
    totals: { activeBatches: batches.length, counts: counts(), totalBytes: 0, doneBytes: 0, rateBytes: 0, secondsLeft, paused: false },
    batches,
    active
  }
}
