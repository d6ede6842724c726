/** The grid as CSV, and back. papaparse reads and writes; what a spreadsheet would take for a formula is made inert. */
import Papa from 'papaparse'
import { tryParseFileId } from '../../../shared/file-id.ts'
import type { CellChange, Grid } from './model.ts'
import { cellOf } from './model.ts'

/** Column of the file IDs: how rows are found again. */
export const ID_COLUMN = 'file_id'
/** Shown for orientation; never read back. */
export const NAME_COLUMN = 'name'
const BOM = '\uFEFF'
/** What makes spreadsheets calculate (or run programs). */
const FORMULA = /^[=+\-@\t\r]/
/** Excel and WPS show the rest as text. */
const INERT = "'"

export const inert = (value: string): string => (FORMULA.test(value) || /^'+[=+\-@\t\r]/.test(value) ? `${INERT}${value}` : value)
/** The reverse of `inert`. */
export const active = (value: string): string => (/^'+[=+\-@\t\r]/.test(value) ? value.slice(1) : value)

/** `bom`: Excel takes a file without it for GBK and shows Chinese as rubbish. */
export function toCsv(grid: Grid, bom: boolean): string {
  const fields = [ID_COLUMN, NAME_COLUMN, ...grid.keys.map(inert)]
  const data = grid.rows.map((row, index) => [
    row.fileId,
    inert(row.name),
    ...grid.keys.map((key) => inert(cellOf(grid, index, key) ?? ''))
  ])
  return (bom ? BOM : '') + Papa.unparse({ fields, data }, { newline: '\r\n' })
}

/** Text of a file of unknown encoding: UTF-8 where it is valid, else GBK (its superset GB 18030), as Chinese Excel saves CSV. */
export function decodeText(bytes: Uint8Array): { text: string; encoding: 'utf-8' | 'gb18030' | 'utf-16le' } {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: new TextDecoder('utf-16le').decode(bytes), encoding: 'utf-16le' }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8' }
  } catch {
    return { text: new TextDecoder('gb18030').decode(bytes), encoding: 'gb18030' }
  }
}

export type CsvProblem =
  | { code: 'empty' }
  /** There is no column of file IDs. */
  | { code: 'noIdColumn'; columns: string[] }
  /** Two columns have the same name. */
  | { code: 'twice'; column: string }

export interface CsvImport {
  changes: CellChange[]
  /** Keys that the grid does not have yet. */
  newKeys: string[]
  /** Lines that belong to files of the grid. */
  matched: number
  /** Lines whose file is not in the grid: number of the line (the header is 1) and what stood there. */
  unknown: { line: number; text: string }[]
}

/** What a CSV text would change. Columns that are missing change nothing; an empty cell removes the key. */
export function fromCsv(grid: Grid, text: string): { ok: true; value: CsvImport } | { ok: false; problem: CsvProblem } {
  const { data } = Papa.parse<string[]>(text.startsWith(BOM) ? text.slice(1) : text, { skipEmptyLines: 'greedy' })
  const [header, ...lines] = data
  if (header === undefined) return { ok: false, problem: { code: 'empty' } }
  const columns = header.map((name) => active(name.trim()))
  const twice = columns.find((name, index) => name !== '' && columns.indexOf(name) !== index)
  if (twice !== undefined) return { ok: false, problem: { code: 'twice', column: twice } }
  const idAt = columns.findIndex((name) => name.toLowerCase() === ID_COLUMN)
  if (idAt === -1) return { ok: false, problem: { code: 'noIdColumn', columns: columns.slice(0, 20) } }
  const keyColumns = columns
    .map((key, column) => ({ key, column }))
    .filter(({ key, column }) => column !== idAt && key !== '' && key !== NAME_COLUMN)
  const rowOf = new Map(grid.rows.map((row, index) => [row.fileId, index]))
  const result: CsvImport = {
    changes: [],
    newKeys: keyColumns.map(({ key }) => key).filter((key) => !grid.keys.includes(key)),
    matched: 0,
    unknown: []
  }
  for (const [index, line] of lines.entries()) {
    const written = (line[idAt] ?? '').trim()
    const row = rowOf.get(tryParseFileId(active(written))?.fileId ?? written)
    if (row === undefined) {
      result.unknown.push({ line: index + 2, text: written.slice(0, 200) })
      continue
    }
    result.matched += 1
    for (const { key, column } of keyColumns) {
      const cell = line[column]
      // A short line says nothing about the columns it does not reach.
      if (cell !== undefined) result.changes.push({ row, key, value: active(cell) })
    }
  }
  return { ok: true, value: result }
}
