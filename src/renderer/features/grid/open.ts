/** Which files the metadata grid shows, if it is open. Small: the library view knows it from the first moment on. */
import { create } from 'zustand'
import type { FilesStore } from '../files/store.ts'
import { isSelected, selectedCount } from '../files/selection.ts'
import { client } from '../../api/client.ts'

/** So many files can be edited at once. */
export const MAX_GRID_ROWS = 100_000
const IDS_AT_ONCE = 200_000

interface OpenGrid {
  ids: number[]
  /** How many files were meant, when they are more than fit. */
  of: number
}

export const useOpenGrid = create<{ open: OpenGrid | null }>()(() => ({ open: null }))

/** Opens the grid for the selected files, or for all that are shown when none are; in their order. */
export async function openGrid(store: FilesStore): Promise<void> {
  const { view, total, selection } = store.getState()
  if (view === null || total === 0) return
  const picked = selectedCount(selection, total)
  const of = picked === 0 ? total : picked
  const ids: number[] = []
  for (let start = 0; start < total && ids.length < Math.min(of, MAX_GRID_ROWS); start += IDS_AT_ONCE) {
    const some = await client().call('files.ids', { view, start, count: Math.min(IDS_AT_ONCE, total - start) })
    for (const id of some) if (ids.length < MAX_GRID_ROWS && (picked === 0 || isSelected(selection, id))) ids.push(id)
  }
  useOpenGrid.setState({ open: { ids, of } })
}

export function closeGrid(): void {
  useOpenGrid.setState({ open: null })
}
