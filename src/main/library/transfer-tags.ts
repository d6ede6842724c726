import type { BatchKind, TransferCounts, TransferStep, TransferTag } from '../../shared/model.ts'
import type { BatchTotals } from './types.ts'

// Records, so that a new member of the unions is a compile error here.
const TAGS = { queued: 1, running: 1, waiting: 1, paused: 1, done: 1, failed: 1, cancelled: 1, skipped: 1 } satisfies Record<TransferTag, 1>
const STEPS = {
  preparing: 1,
  sending: 1,
  finishing: 1,
  describing: 1,
  checking: 1,
  receiving: 1,
  writing: 1,
  deleting: 1
} satisfies Record<TransferStep, 1>
const KINDS = { upload: 1, download: 1, zip: 1, metadata: 1, delete: 1, finish: 1 } satisfies Record<BatchKind, 1>

export const ALL_TAGS = Object.keys(TAGS) as TransferTag[]

export const isTag = (text: string): text is TransferTag => Object.hasOwn(TAGS, text)
export const isStep = (text: string): text is TransferStep => Object.hasOwn(STEPS, text)
export const isBatchKind = (text: string): text is BatchKind => Object.hasOwn(KINDS, text)

export function emptyTotals(): BatchTotals {
  const counts: TransferCounts = { queued: 0, running: 0, waiting: 0, paused: 0, done: 0, failed: 0, cancelled: 0, skipped: 0 }
  return { counts, totalFiles: 0, totalBytes: 0, doneBytes: 0 }
}
