import { AppError } from '../../shared/errors.ts'
import type { TransferTag } from '../../shared/model.ts'
import { emptyTotals } from './transfer-tags.ts'
import type { BatchRecord, BatchTotals, TransferJournal, TransferRecord } from './types.ts'

interface Entry {
  batch: BatchRecord
  transfers: TransferRecord[]
  totals: BatchTotals
}

/** The transfer journal in memory: for the command line and for tests. It ends with the process. */
export function createMemoryJournal(): TransferJournal {
  const entries = new Map<number, Entry>()
  const byId = new Map<number, TransferRecord>()
  let lastBatch = 0
  let lastTransfer = 0

  /** Records leave as copies: a caller that changes one must not change the journal. */
  const copy = (record: TransferRecord): TransferRecord => ({ ...record })

  function entry(batchId: number): Entry {
    const found = entries.get(batchId)
    if (!found) throw new AppError('LIBRARY_FAILED', { detail: { reason: 'unknown batch', batch: batchId } })
    return found
  }

  function count(totals: BatchTotals, record: TransferRecord, sign: 1 | -1): void {
    totals.counts[record.tag] += sign
    totals.totalFiles += sign
    totals.totalBytes += sign * record.sizeBytes
    totals.doneBytes += sign * record.doneBytes
  }

  function change(record: TransferRecord, fields: Partial<TransferRecord>): void {
    const { totals } = entry(record.batchId)
    count(totals, record, -1)
    Object.assign(record, fields)
    count(totals, record, 1)
  }

  /** Transfers are stored in the order of seq, which is also their index. */
  function take(batchId: number, tags: ReadonlySet<TransferTag> | null, afterSeq: number, limit: number): TransferRecord[] {
    const rows = entries.get(batchId)?.transfers ?? []
    const result: TransferRecord[] = []
    for (let seq = Math.max(afterSeq + 1, 0); seq < rows.length && result.length < limit; seq++) {
      const record = rows[seq]!
      if (tags === null || tags.has(record.tag)) result.push(copy(record))
    }
    return result
  }

  return {
    addBatch(input) {
      lastBatch += 1
      const batch: BatchRecord = { ...input, options: input.options ?? null, id: lastBatch, paused: false, finishedAt: null }
      entries.set(batch.id, { batch, transfers: [], totals: emptyTotals() })
      return { ...batch }
    },

    addTransfers(batchId, items) {
      const { transfers, totals } = entry(batchId)
      const before = transfers.length
      // Read to the end first: all of them or none.
      const all = Array.from(items)
      for (const item of all) {
        lastTransfer += 1
        const record: TransferRecord = {
          ...item,
          id: lastTransfer,
          batchId,
          seq: transfers.length,
          tag: 'queued',
          step: null,
          doneBytes: 0,
          attempt: 0,
          retryAt: null,
          error: null,
          state: item.state ?? null
        }
        transfers.push(record)
        byId.set(record.id, record)
        count(totals, record, 1)
      }
      return transfers.length - before
    },

    batch(id) {
      const found = entries.get(id)
      return found ? { ...found.batch } : null
    },

    batches(filter = {}) {
      const all = [...entries.values()].map(({ batch }) => batch).reverse()
      const wanted = filter.finished === undefined ? all : all.filter((batch) => (batch.finishedAt !== null) === filter.finished)
      return wanted.slice(0, filter.limit ?? wanted.length).map((batch) => ({ ...batch }))
    },

    patchBatch(id, patch) {
      const found = entries.get(id)
      if (!found) return
      for (const [key, value] of Object.entries(patch)) if (value !== undefined) Object.assign(found.batch, { [key]: value })
    },

    removeBatch(id) {
      for (const record of entries.get(id)?.transfers ?? []) byId.delete(record.id)
      entries.delete(id)
    },

    totals(batchId) {
      const totals = entries.get(batchId)?.totals ?? emptyTotals()
      return { ...totals, counts: { ...totals.counts } }
    },

    nextQueued: (batchId, afterSeq, limit) => take(batchId, new Set(['queued']), afterSeq, limit),

    due(now, limit) {
      return [...byId.values()]
        .filter((record) => record.tag === 'waiting' && record.retryAt !== null && record.retryAt <= now)
        .filter((record) => !entry(record.batchId).batch.paused)
        .sort((a, b) => a.retryAt! - b.retryAt! || a.id - b.id)
        .slice(0, limit)
        .map(copy)
    },

    transfer(id) {
      const record = byId.get(id)
      return record ? copy(record) : null
    },

    page: (batchId, filter, afterSeq, limit) => take(batchId, filter.tags ? new Set(filter.tags) : null, afterSeq, limit),

    patch(patches) {
      for (const { id, ...fields } of patches) {
        const record = byId.get(id)
        if (!record) continue
        change(record, Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)))
      }
    },

    sync: () => Promise.resolve(),

    moveAll(batchId, from, to) {
      let moved = 0
      for (const record of entries.get(batchId)?.transfers ?? []) {
        if (record.tag === to || !from.includes(record.tag)) continue
        change(record, to === 'queued' ? { tag: to, error: null, retryAt: null } : { tag: to })
        moved += 1
      }
      return moved
    },

    resetRunning() {
      let moved = 0
      for (const record of byId.values()) {
        if (record.tag !== 'running' && record.tag !== 'waiting') continue
        change(record, { tag: 'queued', step: null, retryAt: null })
        moved += 1
      }
      return moved
    }
  }
}
