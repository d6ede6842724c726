import type { BatchPriority } from '../../shared/model.ts'
import type { TransferRecord } from '../library/types.ts'
import type { Batch, SlotSize } from './batch.ts'

/** Beyond the slots: a batch of which nothing runs gets one transfer started, so that no batch waits for the files of another. */
const EXTRA_SLOTS = 2
/** Shares of the slots. Nobody gets nothing: what comes first need not come alone. */
const WEIGHT: Readonly<Record<BatchPriority, number>> = { high: 16, normal: 4, low: 1 }

/** Deleting many files with all connections there are starves everybody else's: a storage serves each with a thread. */
const DELETES_AT_ONCE = 4

export interface Pick {
  batch: Batch
  record: TransferRecord
  size: SlotSize
}

export interface Slots {
  /** How many are taken, and how many there are, by size. */
  used: Readonly<Record<SlotSize, number>>
  total(size: SlotSize): number
}

/**
 * What to start next: slots go to the batch that has the fewest of them for its priority, in turns among equals; inside a batch
 * the order of the user holds. Small and large transfers do not compete.
 */
export function pickNext(
  batches: readonly Batch[],
  slots: Slots,
  accept: (batch: Batch, record: TransferRecord, size: SlotSize) => boolean
): Pick | null {
  for (const size of ['small', 'large'] as const) {
    const { [size]: used } = slots.used
    const limit = slots.total(size)
    if (used >= limit + EXTRA_SLOTS) continue
    const open = batches.filter((batch) => batch.isOpen)
    open.sort((a, b) => a.running[size] / WEIGHT[a.priority] - b.running[size] / WEIGHT[b.priority] || a.turn - b.turn)
    const deleting = batches.reduce((sum, batch) => sum + (batch.record.kind === 'delete' ? batch.running[size] : 0), 0)
    for (const batch of open) {
      if (batch.record.kind === 'delete' && deleting >= DELETES_AT_ONCE) continue
      if (used >= limit && !isIdle(batch)) continue
      const record = batch.take(size, (candidate) => accept(batch, candidate, size))
      if (record !== null) return { batch, record, size }
    }
  }
  return null
}

/** Nothing of it runs. */
export function isIdle(batch: Batch): boolean {
  return batch.running.small + batch.running.large === 0
}
