/** Which dialog of the library is open, and for which files. One at a time. */
import { create } from 'zustand'
import type { FileSelection, SavedSearch, Tag } from '../../../shared/model.ts'

/** Files of the library, or file IDs that need not be in it. */
export type Target = { selection: FileSelection } | { fileIds: string[] }

export type OpenDialog =
  | { type: 'paste'; text: string }
  /** Files that are on the servers already; `text`: a list to begin with. */
  | { type: 'import'; way: 'server' | 'binlog' | 'list'; text: string }
  /** Of whatever is selected: it follows the selection. */
  | { type: 'preview' }
  /** Folders whose new files are uploaded. */
  | { type: 'watch' }
  | { type: 'download'; target: Target }
  | { type: 'zip'; target: Target }
  | { type: 'delete'; selection: FileSelection }
  | { type: 'forget'; selection: FileSelection }
  | { type: 'move'; selection: FileSelection }
  | { type: 'copyAs'; selection: FileSelection }
  | { type: 'tags'; selection: FileSelection }
  | { type: 'thumbnails'; selection: FileSelection }
  | { type: 'dragOut'; selection: FileSelection }
  /** null: a new one. */
  | { type: 'tag'; tag: Tag | null }
  | { type: 'removeTag'; tag: Tag }
  /** A new folder below `parent` ('' = at the top). */
  | { type: 'newFolder'; parent: string }
  | { type: 'renameFolder' | 'moveFolder' | 'removeFolder'; path: string }
  /** Without an id: a new one. */
  | { type: 'search'; search: Omit<SavedSearch, 'id'> & { id?: number } }

export const useDialog = create<{ open: OpenDialog | null }>()(() => ({ open: null }))

export function openDialog(open: OpenDialog): void {
  useDialog.setState({ open })
}

export function closeDialog(): void {
  useDialog.setState({ open: null })
}
