/** What the library view shows: the query, the rows near the eye, the selection. Pure data; `actions.ts` talks to the program. */
import { createStore } from 'zustand'
import type { StoreApi } from 'zustand'
import type { ErrorData } from '../../../shared/errors.ts'
import type { FileQuery, FileSort, FolderNode, SavedSearch, Tag } from '../../../shared/model.ts'
import { RowCache } from './row-cache.ts'
import type { Selection } from './selection.ts'
import { NOTHING } from './selection.ts'

export interface GroupCount {
  group: string
  fileCount: number
  sizeBytes: number
}

export interface FilesState {
  query: FileQuery
  /** What the query is called where it was chosen; null: nothing in particular. */
  title: string | null
  sort: FileSort
  /** Number of the open view; null before the first answer. */
  view: number | null
  total: number
  /** false: there are at least `total`; how many is being counted. */
  exact: boolean
  rows: RowCache
  /** Counts changes of `rows`, which is changed in place. */
  rowsVersion: number
  /** loading: nothing is shown yet for this query. ready: rows are shown (perhaps while newer ones are fetched). */
  status: 'loading' | 'ready' | 'error'
  refreshing: boolean
  error: ErrorData | null
  selection: Selection
  /** Row number with the focus; -1 = none. */
  cursor: number
  /** Where a range starts. */
  anchor: number
  /** The file under the cursor, to find it again after sorting. */
  cursorId: number | null
  /** Row to bring into sight; another object each time. */
  lookAt: { row: number } | null
  /** File whose name is being edited. */
  renaming: number | null
  folders: FolderNode[]
  groups: GroupCount[]
  tags: Tag[]
  searches: SavedSearch[]
  foldersError: ErrorData | null
  inspector: boolean
}

export type FilesStore = StoreApi<FilesState>

export const DEFAULT_SORT: FileSort = { key: 'addedAt', descending: true }

export function createFilesStore(initial: Partial<FilesState> = {}): FilesStore {
  return createStore<FilesState>()(() => ({
    query: {},
    title: null,
    sort: DEFAULT_SORT,
    view: null,
    total: 0,
    exact: true,
    rows: new RowCache(),
    rowsVersion: 0,
    status: 'loading',
    refreshing: false,
    error: null,
    selection: NOTHING,
    cursor: -1,
    anchor: -1,
    cursorId: null,
    lookAt: null,
    renaming: null,
    folders: [],
    groups: [],
    tags: [],
    searches: [],
    foldersError: null,
    inspector: true,
    ...initial
  }))
}

/** Whether anything narrows what is shown. */
export function isFiltered(query: FileQuery): boolean {
  return Object.values(query).some((value) => value !== undefined && value !== '' && value !== false)
}
