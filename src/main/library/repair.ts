import type { SQLInputValue } from 'node:sqlite'
import type { RepairReport } from '../../shared/model.ts'
import { toAppError } from '../../shared/errors.ts'
import { connect, type Connection, type Row } from './connection.ts'
import { toFileRow } from './file-rows.ts'
import { migrate } from './migrations/index.ts'
import { searchText } from './search-text.ts'
import { createTextIndex } from './text-index.ts'

/** Rows that are read at once; fewer where the file is damaged. */
const CHUNK = 500
/** Beyond the last row that could be read nothing more is looked for after this many unreadable ones. */
const MAX_GAP = 1 << 22
/** Made again from what they are about. */
const REBUILT = new Set(['file_text', 'text_changes', 'file_tags', 'tags'])

/**
 * Makes a sound library of whatever can still be read of a damaged one: table by table, row by row, around the damaged pages.
 * Indexes, counters and the search index are made anew. The source is only read. Rejects with LIBRARY_CORRUPT when not even its
 * list of tables can be read.
 */
export async function salvage(source: string, target: string, progress: (rows: number) => void): Promise<RepairReport> {
  const from = await connect(source)
  const to = await connect(target)
  try {
    from.exec('PRAGMA query_only = ON')
    from.exec('PRAGMA writable_schema = ON')
    to.exec('PRAGMA journal_mode = WAL')
    to.exec('PRAGMA synchronous = OFF')
    to.exec('PRAGMA foreign_keys = OFF')
    to.exec('PRAGMA cache_size = -65536')
    migrate(to)
    const report: RepairReport = { files: 0, rows: 0, gaps: 0 }
    const counted = countersOf(to)
    const tables = tablesOf(to).filter((name) => !counted.has(name) && !REBUILT.has(name) && !name.startsWith('file_search'))
    // Files first: what refers to them comes after. The trash last, since a file that comes in leaves it.
    for (const table of tables.filter((name) => name !== 'trash').concat('trash')) {
      copyTable(from, to, table, report, progress)
    }
    rebuildTags(from, to)
    rebuildTexts(to)
    report.files = to.number('SELECT count(*) FROM files')
    // One file, whole on disk.
    to.exec('PRAGMA synchronous = FULL')
    to.get('PRAGMA wal_checkpoint(TRUNCATE)')
    return report
  } finally {
    from.close()
    to.close()
  }
}

function tablesOf(connection: Connection): string[] {
  return connection
    .all("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid")
    .map((row) => String(row.name))
    .filter((name) => !/^file_(?:search|grams)/.test(name))
}

/** Tables that triggers write to: they come by themselves with the rows they count. */
function countersOf(connection: Connection): Set<string> {
  const counters = new Set<string>()
  for (const { sql } of connection.all("SELECT sql FROM sqlite_schema WHERE type = 'trigger'")) {
    for (const match of String(sql).matchAll(/(?:INSERT (?:OR IGNORE )?INTO|UPDATE)\s+(\w+)/g))
      if (match[1] !== 'OF') counters.add(match[1]!)
  }
  return counters
}

function columnsOf(connection: Connection, table: string): string[] {
  return connection.all('SELECT name FROM pragma_table_info(?)', [table]).map((row) => String(row.name))
}

function copyTable(from: Connection, to: Connection, table: string, report: RepairReport, progress: (rows: number) => void): void {
  let theirs: string[]
  try {
    theirs = columnsOf(from, table)
  } catch (error) {
    // The list of tables itself: nothing can be done.
    if (table === 'files') throw error
    return
  }
  const columns = columnsOf(to, table).filter((column) => theirs.includes(column))
  if (columns.length === 0) return
  const insert = `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
  const withRowid = !String(to.get("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", [table])?.sql).includes(
    'WITHOUT ROWID'
  )
  const rows = withRowid ? byRowid(from, table, columns, report) : byScan(from, table, columns, report)
  for (const chunk of rows) {
    to.transaction(false, () => {
      for (const row of chunk) {
        try {
          report.rows += to.run(
            insert,
            columns.map((column) => row[column] as SQLInputValue)
          )
        } catch {
          // A row that no longer fits its table: damaged.
          report.gaps += 1
        }
      }
    })
    progress(report.rows)
  }
}

/** All rows that can be read, in order of rowid; around a damaged place smaller and smaller parts are tried. */
function* byRowid(from: Connection, table: string, columns: readonly string[], report: RepairReport): Generator<Row[]> {
  const sql = `SELECT rowid AS salvage_rowid, ${columns.join(', ')} FROM ${table} NOT INDEXED WHERE rowid > ? ORDER BY rowid LIMIT ?`
  const read = (after: number, limit: number): Row[] | null => {
    try {
      return from.all(sql, [after, limit])
    } catch (error) {
      if (toAppError(error).code !== 'LIBRARY_CORRUPT') throw error
      return null
    }
  }
  let after = Number.MIN_SAFE_INTEGER
  for (let limit = CHUNK; ;) {
    const rows = read(after, limit)
    if (rows !== null) {
      if (rows.length > 0) yield rows
      if (rows.length < limit) return
      after = Number(rows.at(-1)!.salvage_rowid)
      limit = CHUNK
      continue
    }
    if (limit > 1) {
      limit = Math.max(1, limit >> 2)
      continue
    }
    report.gaps += 1
    const next = nextReadable((from_) => read(from_, 1), Math.max(after, 0))
    if (next === null) return
    after = next
    limit = CHUNK
  }
}

/** The lowest place after `from` where reading works again; null = none near. */
function nextReadable(read: (after: number) => Row[] | null, from: number): number | null {
  let step = 1
  while (read(from + step) === null) {
    step *= 2
    if (step > MAX_GAP) return null
  }
  // Between the last place that failed and the first that worked.
  let low = Math.floor(step / 2)
  let high = step
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (read(from + middle) === null) low = middle
    else high = middle
  }
  return from + high
}

/** Tables without row numbers: from both ends, as far as each leads. */
function* byScan(from: Connection, table: string, columns: readonly string[], report: RepairReport): Generator<Row[]> {
  const keys = from
    .all('SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk', [table])
    .map((row) => String(row.name))
    .filter((name) => columns.includes(name))
  for (const direction of ['ASC', 'DESC']) {
    const order = keys.map((key) => `${key} ${direction}`).join(', ')
    try {
      for (let offset = 0; ; offset += CHUNK) {
        const rows = from.all(`SELECT ${columns.join(', ')} FROM ${table} ORDER BY ${order} LIMIT ? OFFSET ?`, [CHUNK, offset])
        if (rows.length > 0) yield rows
        if (rows.length < CHUNK) return
      }
    } catch (error) {
      if (toAppError(error).code !== 'LIBRARY_CORRUPT') throw error
      report.gaps += 1
    }
  }
}

/** Which file has which tag is in the files themselves; only the colours are somewhere else. */
function rebuildTags(from: Connection, to: Connection): void {
  to.transaction(false, () => {
    to.exec(`INSERT OR IGNORE INTO file_tags (profile, tag, file)
      SELECT profile, json_each.value, files.id FROM files, json_each(files.tags) WHERE files.tags IS NOT NULL AND json_valid(files.tags)`)
  })
  try {
    const colours = from.all('SELECT profile, name, color FROM tags')
    to.transaction(false, () => {
      for (const { profile, name, color } of colours) {
        to.run('INSERT INTO tags (profile, name, color) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET color = excluded.color', [
          profile!,
          name!,
          color!
        ])
      }
    })
  } catch {
    // A library of an earlier version, or a damaged place: tags without colours are tags still.
  }
}

function rebuildTexts(to: Connection): void {
  const texts = createTextIndex(to)
  for (let last = 0; ;) {
    const rows = to.all('SELECT * FROM files WHERE id > ? ORDER BY id LIMIT ?', [last, CHUNK * 4])
    if (rows.length === 0) return
    to.transaction(false, () => texts.add(rows.map((row) => [Number(row.id), searchText(toFileRow(row))] as const)))
    last = Number(rows.at(-1)!.id)
  }
}
