import type { TransferTag } from '../../shared/model.ts'
import type { TransferJournal, TransferRecord } from './types.ts'

const ENDS: ReadonlySet<TransferTag> = new Set(['done', 'failed', 'skipped', 'cancelled'])

/** The same journal; `onEnd` hears of every transfer whose end is written, after it is written. */
export function observeEnds(journal: TransferJournal, onEnd: (record: TransferRecord) => void): TransferJournal {
  return {
    ...journal,
    patch(patches, durable) {
      journal.patch(patches, durable)
      for (const patch of patches) {
        if (patch.tag === undefined || !ENDS.has(patch.tag)) continue
        const record = journal.transfer(patch.id)
        if (record) onEnd(record)
      }
    }
  }
}
