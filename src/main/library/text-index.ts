import type { Connection, Row } from './connection.ts'

/** So many files may wait for the search index; one more and somebody has to see to it. */
const MAX_WAITING = 2_000
/** Files that are indexed between two looks at whether the transaction is to end. */
const SLICE = 250

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
  /** Texts of files that were just made, in the caller's transaction, after all its other statements. Indexed at once. */
  add(texts: readonly (readonly [id: number, text: string])[]): void
  /** Writes what was collected; at the end of the caller's transaction. */
  store(): void
  /** Forgets what was collected (the transaction failed). */
  clear(): void
  /** How many files wait for the index. */
  waiting(): 'none' | 'few' | 'many'
  /** Brings the index up to date; before every search. Within a transaction or outside of one. */
  bringUpToDate(): void
  /**
   * A part of that, for a thread with a queue: one transaction, which ends when `stop` says so or after some thousand files.
   * False: nothing is left.
   */
  indexSome(stop: () => boolean): boolean
}

/** `many` is told when many files wait; without it they are indexed by the transaction that changed the last one. */
export function createTextIndex(connection: Connection, many?: () => void): TextIndex {
  const changes = new Map<number, string | null>()

  function storeOne(id: number, text: string | null): void {
    const row = connection.get('SELECT text FROM file_text WHERE id = ?', [id])
    const before = row ? String(row.text) : null
    if (before === text) return
    // The first text that waits is the one in the index.
    connection.run('INSERT OR IGNORE INTO text_changes (id, indexed) VALUES (?, ?)', [id, before])
    if (text === null) connection.run('DELETE FROM file_text WHERE id = ?', [id])
    else if (before === null) connection.run('INSERT INTO file_text (id, text) VALUES (?, ?)', [id, text])
    else connection.run('UPDATE file_text SET text = ? WHERE id = ?', [text, id])
  }

  const countWaiting = (limit: number): number => connection.number('SELECT count(*) FROM (SELECT 1 FROM text_changes LIMIT ?)', [limit])

  /** The next files in line, at most `limit`; returns how many there were. */
  function indexSlice(limit: number): number {
    const rows = connection.all(
      `SELECT waiting.id, indexed, text FROM (SELECT id, indexed FROM text_changes ORDER BY id LIMIT ?) AS waiting
        LEFT JOIN file_text ON file_text.id = waiting.id`,
      [limit]
    )
    for (const row of rows) indexOne(row)
    const last = rows.at(-1)
    if (last) connection.run('DELETE FROM text_changes WHERE id <= ?', [last.id!])
    return rows.length
  }

  function indexOne({ id, indexed, text }: Row): void {
    // FTS5 does not keep texts: it must be told what to take out.
    if (indexed !== null) connection.run("INSERT INTO file_search (file_search, rowid, text) VALUES ('delete', ?, ?)", [id!, indexed!])
    if (text !== null) connection.run('INSERT INTO file_search (rowid, text) VALUES (?, ?)', [id!, text!])
  }

  function indexAll(): void {
    while (indexSlice(SLICE) > 0);
  }

  return {
    set: (id, text) => void changes.set(id, text),
    add(texts) {
      for (const [id, text] of texts) connection.run('INSERT INTO file_text (id, text) VALUES (?, ?)', [id, text])
      for (const [id, text] of texts) connection.run('INSERT INTO file_search (rowid, text) VALUES (?, ?)', [id, text])
    },
    store() {
      if (changes.size === 0) return
      for (const [id, text] of changes) storeOne(id, text)
      changes.clear()
      if (countWaiting(MAX_WAITING + 1) <= MAX_WAITING) return
      if (many) many()
      else indexAll()
    },
    clear: () => changes.clear(),
    waiting() {
      const count = countWaiting(MAX_WAITING + 1)
      return count === 0 ? 'none' : count <= MAX_WAITING ? 'few' : 'many'
    },
    bringUpToDate() {
      if (countWaiting(1) === 0) return
      if (connection.inTransaction) indexAll()
      else connection.transaction(false, indexAll)
    },
    indexSome(stop) {
      if (countWaiting(1) === 0) return false
      return connection.transaction(false, () => {
        let files = 0
        do {
          const count = indexSlice(SLICE)
          if (count < SLICE) return false
          files += count
        } while (files < MAX_WAITING && !stop())
        return true
      })
    }
  }
}
