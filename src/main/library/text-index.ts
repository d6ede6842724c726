import type { Connection } from './connection.ts'

/**
 * Keeps the searched text of files and its index. Changes are collected and written by `flush`, at the end of the caller's
 * transaction: FTS5 writes out what it has collected at every savepoint, and statements with triggers make one each, so that
 * mixing the two is 25 times as slow.
 */
export interface TextIndex {
  /** null: the file is gone. */
  set(id: number, text: string | null): void
  flush(): void
  /** Forgets what was collected (the transaction failed). */
  clear(): void
}

export function createTextIndex(connection: Connection): TextIndex {
  const changes = new Map<number, string | null>()
  return {
    set: (id, text) => void changes.set(id, text),
    clear: () => changes.clear(),
    flush() {
      const added: [number, string][] = []
      const removed: [number, string][] = []
      for (const [id, text] of changes) {
        const row = connection.get('SELECT text FROM file_text WHERE id = ?', [id])
        const before = row ? String(row.text) : null
        if (before === text) continue
        if (before !== null) removed.push([id, before])
        if (text === null) connection.run('DELETE FROM file_text WHERE id = ?', [id])
        else {
          connection.run('INSERT INTO file_text (id, text) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET text = excluded.text', [id, text])
          added.push([id, text])
        }
      }
      changes.clear()
      // The index does not keep texts: it must be told what to take out.
      for (const row of removed) connection.run("INSERT INTO file_search (file_search, rowid, text) VALUES ('delete', ?, ?)", row)
      for (const row of added) connection.run('INSERT INTO file_search (rowid, text) VALUES (?, ?)', row)
    }
  }
}
