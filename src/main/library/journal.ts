import type { SQLInputValue } from 'node:sqlite'
import { AppError } from '../../shared/errors.ts'
import type { TransferTag } from '../../shared/model.ts'
import { libraryError, type Connection, type Row } from './connection.ts'
import { parseBatch, parseTransfer, type Parsed } from './journal-rows.ts'
import type { SetAside } from './set-aside.ts'
import { ALL_TAGS, emptyTotals, isTag } from './transfer-tags.ts'
import type { WalSync } from './wal-sync.ts'
import type { BatchRecord, TransferJournal, TransferPatch, TransferRecord } from './types.ts'

const encode = (value: unknown): string | null => (value === undefined || value === null ? null : JSON.stringify(value))

/** Column and encoder of each field of a patch. */
const PATCH_COLUMNS: { [K in Exclude<keyof TransferPatch, 'id'>]-?: [column: string, encode: (value: unknown) => SQLInputValue] } = {
  tag: ['tag', (v) => v as string],
  step: ['step', (v) => v as string | null],
  fileId: ['file_id', (v) => v as string | null],
  localPath: ['local_path', (v) => v as string | null],
  name: ['name', (v) => v as string],
  sizeBytes: ['size', (v) => v as number],
  doneBytes: ['done', (v) => v as number],
  attempt: ['attempt', (v) => v as number],
  retryAt: ['retry_at', (v) => v as number | null],
  error: ['error', encode],
  state: ['state', encode]
}
type PatchKey = keyof typeof PATCH_COLUMNS
const PATCH_KEYS = Object.keys(PATCH_COLUMNS) as PatchKey[]

/** The transfer journal in SQLite. */
export function createJournal(connection: Connection, setAside: SetAside, log: WalSync): TransferJournal {
  /** Rows that do not parse are hidden by `hide` and reported; the rest is returned. */
  function parsed<T>(rows: Row[], parse: (row: Row) => Parsed<T>, place: 'batches' | 'transfers'): T[] {
    const result: T[] = []
    for (const row of rows) {
      const record = parse(row)
      if (record.ok) result.push(record.value)
      else putAside(place, row, record.reason)
    }
    return result
  }

  function putAside(place: 'batches' | 'transfers', row: Row, reason: string): void {
    const id = Number(row.id)
    const error = new AppError('LIBRARY_CORRUPT', { detail: { path: connection.path, place, row: id, reason } })
    setAside.add(place, id, reason, row, () => {
      if (place === 'batches') connection.run('UPDATE batches SET aside = 1 WHERE id = ?', [id])
      // The user still sees the transfer, as failed; its batch stays complete.
      else {
        connection.run(
          `UPDATE transfers SET tag = 'failed', step = NULL, retry_at = NULL, state = NULL, attempt = 0, error = ?,
           size = iif(size BETWEEN 0 AND ?, size, 0), done = iif(done BETWEEN 0 AND ?, done, 0) WHERE id = ?`,
          [encode(error.toData()), Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, id]
        )
      }
    })
  }

  const transfers = (rows: Row[]): TransferRecord[] => parsed(rows, parseTransfer, 'transfers')
  const batches = (rows: Row[]): BatchRecord[] => parsed(rows, parseBatch, 'batches')

  function batch(id: number): BatchRecord | null {
    return batches(connection.all('SELECT * FROM batches WHERE id = ? AND aside = 0', [id]))[0] ?? null
  }

  function pageOfTag(batchId: number, tag: TransferTag, afterSeq: number, limit: number): TransferRecord[] {
    return transfers(
      connection.all('SELECT * FROM transfers WHERE batch_id = ? AND tag = ? AND seq > ? ORDER BY seq LIMIT ?', [
        batchId,
        tag,
        afterSeq,
        limit
      ])
    )
  }

  return {
    addBatch(input) {
      const id = connection.transaction(true, () =>
        connection.insert(
          'INSERT INTO batches (profile_id, kind, title, created_at, target, options, scanning) VALUES (?, ?, ?, ?, ?, ?, ?)',
          [input.profileId, input.kind, input.title, input.createdAt, input.target, encode(input.options), Number(input.scanning)]
        )
      )
      return batch(id)!
    },

    addTransfers(batchId, items) {
      return connection.transaction(true, () => {
        let seq = connection.number('SELECT coalesce(max(seq), -1) FROM transfers WHERE batch_id = ?', [batchId])
        const first = seq
        for (const item of items) {
          seq += 1
          connection.run(
            'INSERT INTO transfers (batch_id, seq, name, folder, local_path, file_id, size, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
            [batchId, seq, item.name, item.folder, item.localPath, item.fileId, item.sizeBytes, encode(item.state)]
          )
        }
        return seq - first
      })
    },

    batch,

    batches(filter = {}) {
      const finished = filter.finished === undefined ? '' : filter.finished ? 'AND finished_at IS NOT NULL' : 'AND finished_at IS NULL'
      return batches(connection.all(`SELECT * FROM batches WHERE aside = 0 ${finished} ORDER BY id DESC LIMIT ?`, [filter.limit ?? -1]))
    },

    patchBatch(id, patch) {
      const columns: [string, SQLInputValue][] = []
      if (patch.paused !== undefined) columns.push(['paused', Number(patch.paused)])
      if (patch.finishedAt !== undefined) columns.push(['finished_at', patch.finishedAt])
      if (patch.scanning !== undefined) columns.push(['scanning', Number(patch.scanning)])
      if (patch.options !== undefined) columns.push(['options', encode(patch.options)])
      if (patch.title !== undefined) columns.push(['title', patch.title])
      if (patch.target !== undefined) columns.push(['target', patch.target])
      if (columns.length === 0) return
      const set = columns.map(([column]) => `${column} = ?`).join(', ')
      connection.transaction(true, () => connection.run(`UPDATE batches SET ${set} WHERE id = ?`, [...columns.map(([, v]) => v), id]))
    },

    removeBatch(id) {
      connection.transaction(false, () => connection.run('DELETE FROM batches WHERE id = ?', [id]))
    },

    totals(batchId) {
      const totals = emptyTotals()
      for (const row of connection.all('SELECT tag, files, bytes, done FROM transfer_counts WHERE batch_id = ?', [batchId])) {
        const tag = String(row.tag)
        const files = Number(row.files)
        if (isTag(tag)) totals.counts[tag] += files
        totals.totalFiles += files
        totals.totalBytes += Number(row.bytes)
        totals.doneBytes += Number(row.done)
      }
      return totals
    },

    nextQueued: (batchId, afterSeq, limit) => pageOfTag(batchId, 'queued', afterSeq, limit),

    due(now, limit) {
      return transfers(
        connection.all(
          `SELECT transfers.* FROM transfers INDEXED BY transfers_due CROSS JOIN batches ON batches.id = transfers.batch_id
           WHERE tag = 'waiting' AND retry_at <= ? AND paused = 0 AND aside = 0 ORDER BY retry_at, transfers.id LIMIT ?`,
          [now, limit]
        )
      )
    },

    transfer: (id) => transfers(connection.all('SELECT * FROM transfers WHERE id = ?', [id]))[0] ?? null,

    page(batchId, filter, afterSeq, limit) {
      if (filter.tags === undefined || filter.tags.length >= ALL_TAGS.length) {
        return transfers(
          connection.all('SELECT * FROM transfers WHERE batch_id = ? AND seq > ? ORDER BY seq LIMIT ?', [batchId, afterSeq, limit])
        )
      }
      // One index range per tag, merged here: cheaper than letting SQLite sort every row of several tags.
      const rows = filter.tags.flatMap((tag) => pageOfTag(batchId, tag, afterSeq, limit))
      return rows.sort((a, b) => a.seq - b.seq).slice(0, limit)
    },

    patch(patches, durable) {
      if (patches.length === 0) return
      connection.transaction(durable, () => {
        for (const patch of patches) {
          const keys = PATCH_KEYS.filter((key) => patch[key] !== undefined)
          if (keys.length === 0) continue
          const set = keys.map((key) => `${PATCH_COLUMNS[key][0]} = ?`).join(', ')
          connection.run(`UPDATE transfers SET ${set} WHERE id = ?`, [...keys.map((key) => PATCH_COLUMNS[key][1](patch[key])), patch.id])
        }
      })
    },

    sync: () =>
      log.sync().catch((error: unknown) => {
        throw libraryError(error, { path: connection.path })
      }),

    moveAll(batchId, from, to) {
      const clear = to === 'queued' ? ', error = NULL, retry_at = NULL' : ''
      const tags = JSON.stringify(from.filter((tag) => tag !== to))
      return connection.transaction(true, () =>
        connection.run(`UPDATE transfers SET tag = ?${clear} WHERE batch_id = ? AND tag IN (SELECT value FROM json_each(?))`, [
          to,
          batchId,
          tags
        ])
      )
    },

    resetRunning() {
      return connection.transaction(true, () =>
        connection.run("UPDATE transfers SET tag = 'queued', step = NULL, retry_at = NULL WHERE tag IN ('running', 'waiting')")
      )
    }
  }
}
