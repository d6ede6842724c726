/** The open grid: rows as they arrive, edits with undo and redo, reading from and writing to the servers. */
import { create } from 'zustand'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { BatchView, GridRow, Metadata } from '../../../shared/model.ts'
import { batchDone } from '../../api/batch-done.ts'
import { client } from '../../api/client.ts'
import type { Grid, Range } from './model.ts'
import { EMPTY_GRID, gridOf, toChanges, withKnown } from './model.ts'

export interface Cell {
  row: number
  column: number
}

export interface GridSession {
  status: 'loading' | 'ready' | 'error'
  error: ErrorData | null
  loaded: number
  total: number
  grid: Grid
  /** The active cell, and where the selected range started. */
  cursor: Cell
  anchor: Cell
  /** Values that only the servers know are being read. */
  reading: { done: number; total: number; failed: number; error: ErrorData | null; running: boolean } | null
  /** A batch that writes. */
  writing: { batchId: number | null; done: number; total: number } | null
  /** What became of the last writing. */
  written: { batchId: number; done: number; failed: number } | null
  canUndo: boolean
  canRedo: boolean
}

const START: GridSession = {
  status: 'loading',
  error: null,
  loaded: 0,
  total: 0,
  grid: EMPTY_GRID,
  cursor: { row: 0, column: 0 },
  anchor: { row: 0, column: 0 },
  reading: null,
  writing: null,
  written: null,
  canUndo: false,
  canRedo: false
}

export const useGrid = create<GridSession>()(() => START)

const ROWS_AT_ONCE = 2_000
const READ_AT_ONCE = 200
const STAGED_AT_ONCE = 2_000
/** Together so many edited files are kept for undo; at least the last step. */
const KEPT_EDITS = 500_000

let past: Grid[] = []
let future: Grid[] = []
/** Counts openings: what belongs to an older one is dropped. */
let opening = 0

/** Rows first…last of the selected range, and its columns. */
export function rangeOf({ cursor, anchor }: Pick<GridSession, 'cursor' | 'anchor'>): Range {
  return {
    top: Math.min(cursor.row, anchor.row),
    bottom: Math.max(cursor.row, anchor.row),
    left: Math.min(cursor.column, anchor.column),
    right: Math.max(cursor.column, anchor.column)
  }
}

/** Changes the grid as one step of undo. */
export function change(step: (grid: Grid) => Grid): void {
  const { grid } = useGrid.getState()
  const next = step(grid)
  if (next === grid) return
  past.push(grid)
  let weight = 0
  const kept = past.findLastIndex((each) => (weight += each.edits.size + 1) > KEPT_EDITS)
  if (kept >= 0) past = past.slice(Math.min(kept + 1, past.length - 1))
  future = []
  useGrid.setState({ grid: next, canUndo: true, canRedo: false })
}

/** Edits of another moment on the rows as they are known now. */
function withEditsOf(grid: Grid, other: Grid): Grid {
  return { rows: grid.rows, keys: other.keys, edits: other.edits }
}

export function undo(): void {
  const before = past.pop()
  if (before === undefined) return
  const { grid } = useGrid.getState()
  future.push(grid)
  useGrid.setState({ grid: withEditsOf(grid, before), canUndo: past.length > 0, canRedo: true })
}

export function redo(): void {
  const after = future.pop()
  if (after === undefined) return
  const { grid } = useGrid.getState()
  past.push(grid)
  useGrid.setState({ grid: withEditsOf(grid, after), canUndo: true, canRedo: future.length > 0 })
}

export function select(cursor: Cell, extend = false): void {
  const { grid, anchor } = useGrid.getState()
  const clamp = (value: number, count: number): number => Math.min(Math.max(0, value), Math.max(0, count - 1))
  const cell = { row: clamp(cursor.row, grid.rows.length), column: clamp(cursor.column, grid.keys.length) }
  useGrid.setState({ cursor: cell, anchor: extend ? anchor : cell })
}

/** The active cell is the first one: a large range must not scroll away from where it was made. */
export function selectRange(range: Range): void {
  useGrid.setState({ cursor: { row: range.top, column: range.left }, anchor: { row: range.bottom, column: range.right } })
}

/** Loads the rows, then what only the servers know. Ends when `stop` was called. */
export function startSession(ids: readonly number[]): () => void {
  const mine = ++opening
  past = []
  future = []
  useGrid.setState({ ...START, total: ids.length })
  load(ids, mine)
    .then(() => (mine === opening ? readUnknown(mine) : undefined))
    .catch((error: unknown) => {
      if (mine === opening) useGrid.setState({ status: 'error', error: toAppError(error).toData() })
    })
  return () => {
    if (mine === opening) opening += 1
  }
}

async function load(ids: readonly number[], mine: number): Promise<void> {
  const rows: GridRow[] = []
  for (let at = 0; at < ids.length; at += ROWS_AT_ONCE) {
    rows.push(...(await client().call('grid.rows', { ids: ids.slice(at, at + ROWS_AT_ONCE) })))
    if (mine !== opening) return
    useGrid.setState({ loaded: Math.min(ids.length, at + ROWS_AT_ONCE) })
  }
  useGrid.setState({ status: 'ready', grid: gridOf(rows) })
}

/** Reads the metadata of files that were never asked for it; what fails stays unknown and is counted. */
async function readUnknown(mine: number): Promise<void> {
  const unknown = rowsWhere((row) => row.metadata === null)
  if (unknown.length === 0) return
  const reading = { done: 0, total: unknown.length, failed: 0, error: null as ErrorData | null, running: true }
  for (let at = 0; at < unknown.length; at += READ_AT_ONCE) {
    useGrid.setState({ reading: { ...reading } })
    const part = unknown.slice(at, at + READ_AT_ONCE)
    const { rows } = useGrid.getState().grid
    const numbers = new Map(part.map((row) => [rows[row]!.id, row]))
    const results = await client()
      .call('files.metadata', { ids: [...numbers.keys()] })
      .catch((error: unknown) => toAppError(error))
    if (mine !== opening || useGrid.getState().reading?.running === false) return
    if (!Array.isArray(results)) {
      reading.failed += part.length
      reading.error ??= results.toData()
    } else {
      for (const { error } of results) {
        if (error === null) continue
        reading.failed += 1
        reading.error ??= error
      }
      learn(new Map(results.filter(({ metadata }) => metadata !== null).map(({ id, metadata }) => [numbers.get(id)!, metadata!])))
    }
    reading.done += part.length
  }
  useGrid.setState({ reading: reading.failed > 0 ? { ...reading, running: false } : null })
}

export function stopReading(): void {
  const { reading } = useGrid.getState()
  if (reading !== null) useGrid.setState({ reading: { ...reading, running: false } })
}

function rowsWhere(wanted: (row: GridRow) => boolean): number[] {
  return useGrid.getState().grid.rows.flatMap((row, index) => (wanted(row) ? [index] : []))
}

function learn(known: ReadonlyMap<number, Metadata>): void {
  useGrid.setState(({ grid }) => ({ grid: withKnown(grid, known) }))
}

/** Writes what was changed; edits of files that could not be written stay. Rejects when nothing could be begun. */
export async function write(): Promise<BatchView | null> {
  const mine = opening
  const changes = toChanges(useGrid.getState().grid)
  useGrid.setState({ writing: { batchId: null, done: 0, total: changes.length }, written: null })
  try {
    let draft: number | null = null
    for (let at = 0; at < changes.length; at += STAGED_AT_ONCE) {
      draft = (await client().call('grid.stage', { draft, changes: changes.slice(at, at + STAGED_AT_ONCE) })).draft
    }
    if (draft === null) return null
    const { batchId } = await client().call('grid.write', { draft })
    useGrid.setState({ writing: { batchId, done: 0, total: changes.length } })
    return await follow(batchId, changes.length, mine)
  } finally {
    if (mine === opening) useGrid.setState({ writing: null })
  }
}

/** Waits for a batch, shows how far it is, then takes over what the servers have now. */
async function follow(batchId: number, total: number, mine: number): Promise<BatchView | null> {
  const stop = client().on('transfers.changed', ({ batches }) => {
    const batch = batches.find((each) => each.id === batchId)
    if (batch === undefined || mine !== opening) return
    const { done, failed, cancelled, skipped } = batch.counts
    useGrid.setState({ writing: { batchId, done: done + failed + cancelled + skipped, total } })
  })
  try {
    const batch = await batchDone(client(), batchId)
    if (mine !== opening) return batch
    await refresh()
    past = []
    future = []
    const failed = batch === null ? 0 : batch.counts.failed + batch.counts.cancelled
    useGrid.setState({ canUndo: false, canRedo: false, written: { batchId, done: batch?.counts.done ?? 0, failed } })
    return batch
  } finally {
    stop()
  }
}

/** The rows as the library has them now, under what is not written yet. */
async function refresh(): Promise<void> {
  const { rows } = useGrid.getState().grid
  const numbers = new Map(rows.map((row, index) => [row.id, index]))
  const known = new Map<number, Metadata>()
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    const ids = rows.slice(at, at + ROWS_AT_ONCE).map((row) => row.id)
    for (const row of await client().call('grid.rows', { ids })) if (row.metadata !== null) known.set(numbers.get(row.id)!, row.metadata)
  }
  learn(known)
}

/** Restores the values from before a batch, and shows them. */
export async function undoWritten(batchId: number): Promise<BatchView | null> {
  const mine = opening
  const { batchId: undoing } = await client().call('history.undo', { batchId })
  useGrid.setState({ writing: { batchId: undoing, done: 0, total: 0 }, written: null })
  try {
    return await follow(undoing, 0, mine)
  } finally {
    if (mine === opening) useGrid.setState({ writing: null })
  }
}

/** Tries what failed in a batch once more. */
export async function retryWritten(batchId: number): Promise<void> {
  const mine = opening
  await client().call('transfers.control', { action: 'retry', batchId })
  await follow(batchId, 0, mine)
}
