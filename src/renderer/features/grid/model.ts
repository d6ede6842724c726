/**
 * The metadata grid as data: files × keys, with what the user changed on top of what the servers have. Pure; every change
 * returns a new grid that shares what did not change. An empty cell means: the file does not have the key.
 */
import type { GridRow, Metadata } from '../../../shared/model.ts'
import type { PairProblem } from '../files/metadata-draft.ts'
import { keyProblem, valueProblem } from '../files/metadata-draft.ts'

/** Changes of one file: key → new value, null = removed. Never holds what is no change. */
export type RowEdits = ReadonlyMap<string, string | null>

export interface Grid {
  rows: readonly GridRow[]
  /** The columns, in order. */
  keys: readonly string[]
  /** By row number. */
  edits: ReadonlyMap<number, RowEdits>
}

/** A cell that gets a value; '' or null empties it. */
export interface CellChange {
  row: number
  key: string
  value: string | null
}

/** Rows first…last and columns first…last, as drawn. */
export interface Range {
  top: number
  bottom: number
  left: number
  right: number
}

/** One cell of a diff. */
export interface Difference {
  row: number
  key: string
  before: string | null
  after: string | null
}

export const EMPTY_GRID: Grid = { rows: [], keys: [], edits: new Map() }

const own = (metadata: Metadata | null | undefined, key: string): string | null =>
  metadata && Object.hasOwn(metadata, key) ? (metadata[key] ?? null) : null

/** The keys of these files: more frequent ones first, then by name; the file name, which uploads write, comes last. */
export function keysOf(rows: readonly GridRow[]): string[] {
  const counts = new Map<string, number>()
  for (const { metadata } of rows) for (const key of Object.keys(metadata ?? {})) counts.set(key, (counts.get(key) ?? 0) + 1)
  const last = (key: string): number => (key === 'filename' ? 1 : 0)
  return [...counts].sort(([a, countA], [b, countB]) => last(a) - last(b) || countB - countA || (a < b ? -1 : 1)).map(([key]) => key)
}

export function gridOf(rows: readonly GridRow[]): Grid {
  return { rows, keys: keysOf(rows), edits: new Map() }
}

/** The value of a cell as it is shown; null = the file does not have the key. */
export function cellOf(grid: Grid, row: number, key: string): string | null {
  const edits = grid.edits.get(row)
  return edits?.has(key) ? (edits.get(key) ?? null) : own(grid.rows[row]?.metadata, key)
}

export function isChanged(grid: Grid, row: number, key: string): boolean {
  return grid.edits.get(row)?.has(key) === true
}

/** Sets cells; those that come back to what the server has are no change any more. */
export function withCells(grid: Grid, changes: Iterable<CellChange>): Grid {
  const edits = new Map(grid.edits)
  const touched = new Map<number, Map<string, string | null>>()
  for (const { row, key, value } of changes) {
    if (grid.rows[row] === undefined) continue
    let mine = touched.get(row)
    if (mine === undefined) touched.set(row, (mine = new Map(edits.get(row))))
    const was = own(grid.rows[row].metadata, key)
    const wanted = value === '' ? null : value
    // An empty value on the server looks like an empty cell: leaving it empty must not remove it.
    if (wanted === was || (wanted === null && was === '')) mine.delete(key)
    else mine.set(key, wanted)
  }
  for (const [row, mine] of touched) {
    if (mine.size === 0) edits.delete(row)
    else edits.set(row, mine)
  }
  return { ...grid, edits }
}

/** A new column at the end; the grid as it is when there is one of this name. */
export function withKey(grid: Grid, key: string): Grid {
  return grid.keys.includes(key) ? grid : { ...grid, keys: [...grid.keys, key] }
}

/** Removes a key from these rows. */
export function withoutKey(grid: Grid, key: string, rows: Iterable<number>): Grid {
  return withCells(
    grid,
    [...rows].map((row) => ({ row, key, value: null }))
  )
}

/** Gives the values of one key to another one; where both have a value, that of `to` stays. */
export function withKeyRenamed(grid: Grid, from: string, to: string, rows: Iterable<number>): Grid {
  const changes: CellChange[] = []
  for (const row of rows) {
    const value = cellOf(grid, row, from)
    if (value === null) continue
    if (cellOf(grid, row, to) === null) changes.push({ row, key: to, value })
    changes.push({ row, key: from, value: null })
  }
  const at = grid.keys.indexOf(from)
  const renamed = withCells(grid, changes)
  if (renamed.keys.includes(to)) return renamed
  return { ...renamed, keys: [...renamed.keys.slice(0, at + 1), to, ...renamed.keys.slice(at + 1)] }
}

/** The values of a range, row by row; null where there is none. */
export function blockOf(grid: Grid, range: Range): (string | null)[][] {
  const block: (string | null)[][] = []
  for (let row = range.top; row <= range.bottom; row += 1) {
    block.push(grid.keys.slice(range.left, range.right + 1).map((key) => cellOf(grid, row, key)))
  }
  return block
}

/**
 * Puts a block into the grid. A block that fits a whole number of times into the selected range fills it (one copied cell fills
 * them all); otherwise it is put once, from the upper left corner on. What would lie outside of the grid is left out: `cut`.
 */
export function withBlock(
  grid: Grid,
  range: Range,
  block: readonly (readonly (string | null)[])[]
): { grid: Grid; range: Range; cut: boolean } {
  const height = block.length
  const width = Math.max(0, ...block.map((line) => line.length))
  if (height === 0 || width === 0) return { grid, range, cut: false }
  const rows = range.bottom - range.top + 1
  const columns = range.right - range.left + 1
  const repeats = rows % height === 0 && columns % width === 0
  const bottom = Math.min(grid.rows.length - 1, range.top + (repeats ? rows : height) - 1)
  const right = Math.min(grid.keys.length - 1, range.left + (repeats ? columns : width) - 1)
  const changes: CellChange[] = []
  for (let row = range.top; row <= bottom; row += 1) {
    const line = block[(row - range.top) % height] ?? []
    for (let column = range.left; column <= right; column += 1) {
      const value = line[(column - range.left) % width]
      if (value !== undefined) changes.push({ row, key: grid.keys[column]!, value })
    }
  }
  const cut = range.top + height > grid.rows.length || range.left + width > grid.keys.length
  return { grid: withCells(grid, changes), range: { top: range.top, left: range.left, bottom, right }, cut }
}

/** Repeats the rows of `from` down or up over `to`, which holds it (the handle), or the first row over a range (Ctrl+D). */
export function withFill(grid: Grid, from: Range, to: Range): Grid {
  const block = blockOf(grid, from)
  const changes: CellChange[] = []
  for (let row = to.top; row <= to.bottom; row += 1) {
    if (row >= from.top && row <= from.bottom) continue
    const height = block.length
    const line = block[(((row - from.top) % height) + height) % height]!
    for (let column = from.left; column <= from.right; column += 1) {
      changes.push({ row, key: grid.keys[column]!, value: line[column - from.left] ?? null })
    }
  }
  return withCells(grid, changes)
}

export interface Replacement {
  find: string
  replace: string
  matchCase: boolean
  wholeCell: boolean
}

/** What replacing would change, in these rows and columns. An empty search finds the empty cells, when whole cells are meant. */
export function replacements(grid: Grid, { find, replace, matchCase, wholeCell }: Replacement, range: Range): CellChange[] {
  if (find === '' && !wholeCell) return []
  // The words of the user are no pattern, and a `$` in the replacement is a `$`.
  const pattern = new RegExp(find.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'), matchCase ? 'gu' : 'giu')
  const equal = (value: string): boolean => (matchCase ? value === find : value.toLocaleLowerCase() === find.toLocaleLowerCase())
  const changes: CellChange[] = []
  for (let row = range.top; row <= range.bottom; row += 1) {
    for (let column = range.left; column <= range.right; column += 1) {
      const key = grid.keys[column]!
      const value = cellOf(grid, row, key) ?? ''
      const next = wholeCell ? (equal(value) ? replace : value) : value.replace(pattern, () => replace)
      if (next !== value) changes.push({ row, key, value: next })
    }
  }
  return changes
}

/** Everything that would be written, in the order of the rows. */
export function differences(grid: Grid): Difference[] {
  const found: Difference[] = []
  for (const row of [...grid.edits.keys()].sort((a, b) => a - b)) {
    for (const [key, after] of grid.edits.get(row)!) found.push({ row, key, before: own(grid.rows[row]?.metadata, key), after })
  }
  return found
}

export interface Problem {
  row: number
  key: string
  problem: PairProblem
}

/** What the servers would cut or garble. */
export function problems(grid: Grid): Problem[] {
  const found: Problem[] = []
  const none = new Set<string>()
  const keys = new Map<string, PairProblem | null>()
  for (const { row, key, after } of differences(grid)) {
    if (after === null) continue
    if (!keys.has(key)) keys.set(key, keyProblem(key, none))
    const problem = keys.get(key) ?? valueProblem(after)
    if (problem !== null) found.push({ row, key, problem })
  }
  return found
}

/** For the program: what to set and remove, file by file. */
export function toChanges(grid: Grid): { id: number; set: Metadata; remove: string[] }[] {
  return [...grid.edits].map(([row, edits]) => {
    const set: Metadata = {}
    const remove: string[] = []
    for (const [key, value] of edits) {
      if (value === null) remove.push(key)
      else set[key] = value
    }
    return { id: grid.rows[row]!.id, set, remove }
  })
}

/** What the servers have, by row number, under the same edits: those that are done are no change any more. */
export function withKnown(grid: Grid, known: ReadonlyMap<number, Metadata>): Grid {
  const rows = [...grid.rows]
  const edits = new Map(grid.edits)
  const again: CellChange[] = []
  for (const [row, metadata] of known) {
    const before = rows[row]
    if (before === undefined) continue
    rows[row] = { ...before, metadata }
    for (const [key, value] of edits.get(row) ?? []) again.push({ row, key, value })
    edits.delete(row)
  }
  const found = keysOf([...known.keys()].map((row) => rows[row]).filter((row) => row !== undefined))
  return withCells({ rows, keys: [...grid.keys, ...found.filter((key) => !grid.keys.includes(key))], edits }, again)
}
