/** The table's columns, and which of them this computer shows how wide. */
import { create } from 'zustand'
import type { FileSortKey } from '../../../shared/model.ts'
import { recall, remember } from '../../app/layout.ts'

export const COLUMN_IDS = ['name', 'fileId', 'group', 'sizeBytes', 'ext', 'createdAt', 'folder', 'metadata'] as const
export type ColumnId = (typeof COLUMN_IDS)[number]

export interface Column {
  id: ColumnId
  width: number
  min: number
  end?: boolean
  sort?: FileSortKey
  hidden?: boolean
}

export const COLUMNS: readonly Column[] = [
  { id: 'name', width: 300, min: 140, sort: 'name' },
  { id: 'sizeBytes', width: 86, min: 64, end: true, sort: 'sizeBytes' },
  { id: 'ext', width: 84, min: 56, sort: 'ext' },
  { id: 'group', width: 90, min: 60, sort: 'group' },
  { id: 'createdAt', width: 158, min: 90, sort: 'createdAt' },
  { id: 'fileId', width: 230, min: 100, sort: 'fileId' },
  { id: 'folder', width: 150, min: 80, hidden: true },
  { id: 'metadata', width: 220, min: 100 }
]
const MAX_WIDTH = 1_600

interface ColumnState {
  widths: Partial<Record<ColumnId, number>>
  shown: Partial<Record<ColumnId, boolean>>
}

function isColumnState(value: unknown): value is ColumnState {
  if (typeof value !== 'object' || value === null || !('widths' in value) || !('shown' in value)) return false
  const numbers = Object.values(value.widths ?? {}).every((width) => typeof width === 'number')
  return numbers && Object.values(value.shown ?? {}).every((shown) => typeof shown === 'boolean')
}

export const useColumns = create<ColumnState>()(() => recall('columns', isColumnState) ?? { widths: {}, shown: {} })
useColumns.subscribe((state) => remember('columns', state))

export function visibleColumns({ shown }: ColumnState): Column[] {
  return COLUMNS.filter((column) => shown[column.id] ?? column.hidden !== true)
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

export function resetColumns(): void {
  useColumns.setState({ widths: {}, shown: {} })
}

/** The last column takes what is left of the width. */
export function gridTemplate(columns: readonly Column[], state: ColumnState): string {
  return columns
    .map((column, index) =>
      index === columns.length - 1 ? `minmax(${columnWidth(column, state)}px, 1fr)` : `${columnWidth(column, state)}px`
    )
    .join(' ')
}
