import type { SQLInputValue } from 'node:sqlite'
import type { Connection, Row } from './connection.ts'
import { toFileRow } from './file-rows.ts'
import { searchText } from './search-text.ts'
import type { TextIndex } from './text-index.ts'

/**
 * Puts former rows of `files` (`trash.content`) back as they were, under their old numbers: the columns that a row had and that the
 * table (still) has. A trigger takes them out of the trash. Within a transaction.
 */
export function bringBack(connection: Connection, texts: TextIndex, contents: readonly string[]): void {
  if (contents.length === 0) return
  const columns = new Set(connection.all("SELECT name FROM pragma_table_info('files')").map((row) => String(row.name)))
  for (const text of contents) {
    const content = JSON.parse(text) as Row
    const entries = Object.entries(content).filter(([column]) => columns.has(column))
    const values = entries.map(([, value]) => value as SQLInputValue)
    const names = entries.map(([column]) => column).join(', ')
    connection.run(`INSERT INTO files (${names}) VALUES (${entries.map(() => '?').join(', ')})`, values)
    const file = toFileRow(content)
    for (const tag of file.tags) connection.run('INSERT OR IGNORE INTO file_tags VALUES (?, ?, ?)', [content.profile!, tag, file.id])
    texts.set(file.id, searchText(file))
  }
}
