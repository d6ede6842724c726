import type { TransferRecord } from '../library/types.ts'
import type { Batch, SlotSize } from './batch.ts'

/** Beyond the slots: a batch of which nothing runs gets one transfer started, so that no batch waits for the files of another. */
const EXTRA_SLOTS = 2
const SMALL_PER_LARGE = 4

export interface Pick {
  batch: Batch
  record: TransferRecord
  size: SlotSize
}

/** How many transfers may run at once, by size. */
export function slotLimit(size: SlotSize, concurrency: number): number {
  return size === 'large' ? concurrency : concurrency * SMALL_PER_LARGE
}

/**
 * What to start next: slots go to the batch that has the fewest of them, in turns among equals; inside a batch the order of the
 * user holds. Small and large transfers do not compete.
 */
export function pickNext(
  batches: readonly Batch[],
  used: Readonly<Record<SlotSize, number>>,
  concurrency: number,
  accept: (batch: Batch, record: TransferRecord) => boolean
): Pick | null {
  for (const size of ['small', 'large'] as const) {
    const limit = slotLimit(size, concurrency)
    if (used[size] >= limit + EXTRA_SLOTS) continue
    const open = batches.filter((batch) => batch.isOpen)
    open.sort((a, b) => a.running[size] - b.running[size] || a.turn - b.turn)
    for (const batch of open) {
      const full = used[size] >= limit
      if (full && batch.running.small + batch.running.large > 0) continue
      const record = batch.take(size, (candidate) => accept(batch, candidate))
      if (record !== null) return { batch, record, size }
    }
  }
  return null
}
