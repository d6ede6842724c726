import type { Connection, Row } from './connection.ts'

/** A row that could not be understood when it was read. It is kept as it was. */
export interface SetAsideRow {
  place: 'batches' | 'transfers' | 'files'
  rowId: number
  reason: string
  /** The row as JSON. */
  content: string
  at: number
}

/** Keeps unreadable rows and tells about them, so that nothing disappears silently. */
export interface SetAside {
  /** `hide` changes the row itself, in the same transaction. */
  add(place: SetAsideRow['place'], rowId: number, reason: string, row: Row, hide: () => void): void
  list(): SetAsideRow[]
}

export function createSetAside(connection: Connection, now: () => number, report: (row: SetAsideRow) => void): SetAside {
  return {
    add(place, rowId, reason, row, hide) {
      const entry: SetAsideRow = {
        place,
        rowId,
        reason,
        content: JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
        at: now()
      }
      connection.transaction(true, () => {
        connection.run('INSERT INTO set_aside (place, row_id, reason, content, at) VALUES (?, ?, ?, ?, ?)', [
          place,
          rowId,
          reason,
          entry.content,
          entry.at
        ])
        hide()
      })
      report(entry)
    },
    list: () =>
      connection.all('SELECT place, row_id, reason, content, at FROM set_aside ORDER BY id').map((row) => ({
        place: row.place as SetAsideRow['place'],
        rowId: Number(row.row_id),
        reason: String(row.reason),
        content: String(row.content),
        at: Number(row.at)
      }))
  }
}
