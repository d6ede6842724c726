/** The table's columns, and which of them this computer shows in which order and how wide. */
import { create } from 'zustand'
import type { FileSortKey } from '../../../shared/model.ts'
import { recall, remember } from '../../app/layout.ts'

const BASE_IDS = [
  'name',
  'sizeBytes',
  'ext',
  'tags',
  'group',
  'createdAt',
  'addedAt',
  'fileId',
  'folder',
  'kind',
  'state',
  'metadata'
] as const
export type BaseColumnId = (typeof BASE_IDS)[number]
/** `meta:KEY` shows one metadata key. */
export type ColumnId = BaseColumnId | `meta:${string}`

export interface Column {
  id: ColumnId
  width: number
  min: number
  end?: boolean
  sort?: FileSortKey
  hidden?: boolean
}

export const COLUMNS: readonly (Column & { id: BaseColumnId })[] = [
  { id: 'name', width: 300, min: 140, sort: 'name' },
  { id: 'sizeBytes', width: 86, min: 64, end: true, sort: 'sizeBytes' },
  { id: 'ext', width: 84, min: 56, sort: 'ext' },
  { id: 'tags', width: 150, min: 70, sort: 'tags', hidden: true },
  { id: 'group', width: 90, min: 60, sort: 'group' },
  { id: 'createdAt', width: 158, min: 90, sort: 'createdAt' },
  { id: 'addedAt', width: 158, min: 90, sort: 'addedAt', hidden: true },
  { id: 'fileId', width: 230, min: 100, sort: 'fileId' },
  { id: 'folder', width: 150, min: 80, sort: 'folder', hidden: true },
  { id: 'kind', width: 100, min: 60, sort: 'kind', hidden: true },
  { id: 'state', width: 100, min: 60, sort: 'state', hidden: true },
  { id: 'metadata', width: 220, min: 100 }
]
const MAX_WIDTH = 1_600
/** Metadata keys are made by people: their columns are, too. */
const metadataColumn = (id: `meta:${string}`): Column => ({ id, width: 140, min: 60, sort: `meta.${id.slice('meta:'.length)}` })

interface ColumnState {
  widths: Partial<Record<ColumnId, number>>
  shown: Partial<Record<ColumnId, boolean>>
  /** Columns that were moved, and those around them; others keep their place. */
  order?: readonly ColumnId[]
}

function isColumnState(value: unknown): value is ColumnState {
  if (typeof value !== 'object' || value === null || !('widths' in value) || !('shown' in value)) return false
  if ('order' in value && !(Array.isArray(value.order) && value.order.every((id) => typeof id === 'string'))) return false
  const numbers = Object.values(value.widths ?? {}).every((width) => typeof width === 'number')
  return numbers && Object.values(value.shown ?? {}).every((shown) => typeof shown === 'boolean')
}

export const useColumns = create<ColumnState>()(() => recall('columns', isColumnState) ?? { widths: {}, shown: {} })
useColumns.subscribe((state) => remember('columns', state))

const isMetadata = (id: string): id is `meta:${string}` => id.startsWith('meta:')

/** The metadata key of a column; null for the others. */
export const metadataKey = (id: ColumnId): string | null => (isMetadata(id) ? id.slice('meta:'.length) : null)

function allColumns({ shown }: ColumnState): Column[] {
  return [...COLUMNS, ...Object.keys(shown).filter(isMetadata).map(metadataColumn)]
}

/** From left to right. */
export function visibleColumns(state: ColumnState): Column[] {
  const columns = allColumns(state).filter((column) => state.shown[column.id] ?? column.hidden !== true)
  const { order } = state
  if (order === undefined) return columns
  const place = (column: Column): number => order.indexOf(column.id)
  const moved = columns.filter((column) => place(column) >= 0).sort((a, b) => place(a) - place(b))
  // A column that is shown again stands behind the one that it follows by nature.
  for (const [index, column] of columns.entries()) {
    if (place(column) >= 0) continue
    const before = columns[index - 1]
    moved.splice(before === undefined ? 0 : moved.indexOf(before) + 1, 0, column)
  }
  return moved
}

export function columnWidth(column: Column, { widths }: ColumnState): number {
  return widths[column.id] ?? column.width
}

export function setColumnWidth(column: Column, width: number): void {
  const allowed = Math.round(Math.min(MAX_WIDTH, Math.max(column.min, width)))
  useColumns.setState((state) => ({ widths: { ...state.widths, [column.id]: allowed } }))
}

export function showColumn(id: ColumnId, shown: boolean): void {
  useColumns.setState((state) => ({ shown: { ...state.shown, [id]: shown } }))
}

/** Puts a column before another one that is shown; null: at the end. */
export function moveColumn(id: ColumnId, before: ColumnId | null): void {
  useColumns.setState((state) => {
    const ids = visibleColumns(state).map((column) => column.id)
    if (!ids.includes(id) || id === before) return state
    const others = ids.filter((each) => each !== id)
    const at = before === null ? others.length : others.indexOf(before)
    return { order: others.toSpliced(at < 0 ? others.length : at, 0, id) }
  })
}

/** One place to the left (-1) or to the right (1). */
export function shiftColumn(id: ColumnId, by: -1 | 1): void {
  const ids = visibleColumns(useColumns.getState()).map((column) => column.id)
  const at = ids.indexOf(id)
  if (by < 0 ? at > 0 : at < ids.length - 1) moveColumn(id, ids[by < 0 ? at - 1 : at + 2] ?? null)
}

export function resetColumns(): void {
  useColumns.setState({ widths: {}, shown: {} }, true)
}

/** The last column takes what is left of the width. */
export function gridTemplate(columns: readonly Column[], state: ColumnState): string {
  return columns
    .map((column, index) =>
      index === columns.length - 1 ? `minmax(${columnWidth(column, state)}px, 1fr)` : `${columnWidth(column, state)}px`
    )
    .join(' ')
}
