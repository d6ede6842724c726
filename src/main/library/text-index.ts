import type { Connection } from './connection.ts'

/** So many files may wait for the search index; one more and they are all indexed by the transaction that changed it. */
const MAX_WAITING = 2_000

/**
 * Keeps the searched text of files and its index.
 *
 * `file_text` is always right. The index follows: files whose text changed wait in `text_changes` until somebody searches, or
 * many have gathered. FTS5 writes a segment per transaction and merges segments later, so that indexing single files as they
 * come would cost several times the rest of the work; and it writes out what it has at every savepoint, as statements with
 * triggers make, so that it must not be mixed with them either.
 */
export interface TextIndex {
  /** Collects a change; null: the file is gone. */
  set(id: number, text: string | null): void
  /** Writes what was collected; at the end of the caller's transaction. */
  store(): void
  /** Forgets what was collected (the transaction failed). */
  clear(): void
  /** Brings the index up to date; before every search. Within a transaction or outside of one. */
  bringUpToDate(): void
}

export function createTextIndex(connection: Connection): TextIndex {
  const changes = new Map<number, string | null>()
  let waiting = connection.number('SELECT count(*) FROM text_changes')

  function storeOne(id: number, text: string | null): void {
    const row = connection.get('SELECT text FROM file_text WHERE id = ?', [id])
    const before = row ? String(row.text) : null
    if (before === text) return
    // The first text that waits is the one in the index.
    waiting += connection.run('INSERT OR IGNORE INTO text_changes (id, indexed) VALUES (?, ?)', [id, before])
    if (text === null) connection.run('DELETE FROM file_text WHERE id = ?', [id])
    else if (before === null) connection.run('INSERT INTO file_text (id, text) VALUES (?, ?)', [id, text])
    else connection.run('UPDATE file_text SET text = ? WHERE id = ?', [text, id])
  }

  function indexAll(): void {
    const sql = 'SELECT text_changes.id, indexed, text FROM text_changes LEFT JOIN file_text ON file_text.id = text_changes.id'
    const rows = connection.all(sql)
    // FTS5 does not keep texts: it must be told what to take out.
    for (const { id, indexed } of rows) {
      if (indexed !== null) connection.run("INSERT INTO file_search (file_search, rowid, text) VALUES ('delete', ?, ?)", [id!, indexed!])
    }
    for (const { id, text } of rows) {
      if (text !== null) connection.run('INSERT INTO file_search (rowid, text) VALUES (?, ?)', [id!, text!])
    }
    connection.run('DELETE FROM text_changes')
    waiting = 0
  }

  return {
    set: (id, text) => void changes.set(id, text),
    store() {
      for (const [id, text] of changes) storeOne(id, text)
      changes.clear()
      if (waiting > MAX_WAITING) indexAll()
    },
    clear() {
      changes.clear()
      // Unknown, and never mind: index what there is next time.
      waiting = MAX_WAITING
    },
    bringUpToDate() {
      if (waiting === 0) return
      if (connection.inTransaction) indexAll()
      else connection.transaction(false, indexAll)
    }
  }
}
