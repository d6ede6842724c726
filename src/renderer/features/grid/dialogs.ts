/** Which dialog of the grid is open. */
import { create } from 'zustand'

export type KeyDialogInput = { type: 'add' } | { type: 'rename'; key: string } | { type: 'remove'; key: string }

export type GridDialog =
  | { type: 'key'; input: KeyDialogInput }
  | { type: 'replace' }
  | { type: 'review' }
  | { type: 'history' }
  | { type: 'templates' }
  | { type: 'leave' }

export const useGridDialog = create<{ open: GridDialog | null }>()(() => ({ open: null }))

export function openGridDialog(open: GridDialog): void {
  useGridDialog.setState({ open })
}

export function closeGridDialog(): void {
  useGridDialog.setState({ open: null })
}

export const openKeyDialog = (input: KeyDialogInput): void => openGridDialog({ type: 'key', input })
export const openReplace = (): void => openGridDialog({ type: 'replace' })
