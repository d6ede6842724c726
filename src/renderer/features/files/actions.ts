import type { Client } from '../../api/client.ts'
import type { AppError } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { FileQuery, FileRow, FileSelection, FileSort, FileSortKey } from '../../../shared/model.ts'
import { RowCache } from './row-cache.ts'
import type { Selection } from './selection.ts'
import { EVERYTHING, NOTHING, isSelected, only, pruned, toContract, toggled, withAdded } from './selection.ts'
import type { FilesStore } from './store.ts'
import { DEFAULT_SORT } from './store.ts'

/** What the library view can do. Failures of what the user asked for go to `report`; those of showing rows into the store. */
export interface FilesActions {
  /** Opens the first view and follows the program's events until the returned function is called. */
  start(): () => void
  /** `look`: what it is called, and an order to show it in. */
  setQuery(query: FileQuery, look?: { title?: string; sort?: FileSort }): void
  patchQuery(change: Partial<FileQuery>): void
  sortBy(key: FileSortKey): void
  refresh(): void
  /** Rows first…last are about to be seen. */
  ensureRows(first: number, last: number): void
  select(index: number, mode: 'only' | 'toggle' | 'range' | 'addRange' | 'move'): Promise<void>
  selectAll(): void
  selectIds(ids: readonly number[]): void
  /** Rows from…to of which `wanted` are wanted, alone or beside those of `base`. */
  selectRows(from: number, to: number, wanted: (index: number) => boolean, base: Selection): Promise<void>
  setFavourite(selection: FileSelection, favourite: boolean): void
  clearSelection(): void
  /** Next file after the cursor whose name starts with a text; null = none near. */
  findByPrefix(prefix: string, from: number): Promise<number | null>
  rename(id: number, name: string): Promise<void>
  setRenaming(id: number | null): void
  setInspector(open: boolean): void
  /** Shows one file among its namesakes, selected. */
  reveal(row: FileRow): Promise<void>
  /** What is selected, for a call; null = nothing. */
  selection(): FileSelection | null
  /** Up to `limit` selected files, in the order of the view. */
  selectedRows(limit: number): Promise<FileRow[]>
}

export interface FilesPort {
  client: Client
  report(error: AppError): void
  /** A library belongs to one profile: another one means another library. */
  activeProfileId(): string | undefined
  setTimeout(run: () => void, ms: number): unknown
}

/** Changes of the library arrive up to ten times a second; one look a second is what eyes can use. */
const REFRESH_MS = 800
const FIRST_ROWS = 200
/** Type-ahead looks at this many rows at most. */
const PREFIX_ROWS = 5_000
const PRUNE_LIMIT = 500
/** The filter that goes with the order by copies, as it is typed. */
const DUPLICATES = /(?:is|是|状态)[:：]\S*(?:dup|重复)/iu
/** What is looked for by these is new, large or marked. */
const DESCENDING_FIRST = new Set<FileSortKey>(['createdAt', 'addedAt', 'sizeBytes', 'favourite', 'copies'])

export function createFilesActions(store: FilesStore, port: FilesPort): FilesActions {
  const { client } = port
  /** Counts openings: an answer to an older one is of no use. */
  let opening = 0
  let refreshPlanned = false
  let wanted: { first: number; last: number } | null = null
  let fetching = false
  let ranging = 0
  /** Another order was chosen: once its rows are there, what was looked at is brought into sight again. */
  let reordered = false

  const closeView = (view: number | null): void => {
    // A view that is gone already is as good as closed.
    if (view !== null) client.call('files.close', { view }).catch(() => undefined)
  }

  const open = async (keep: boolean): Promise<void> => {
    const mine = ++opening
    const { query, sort } = store.getState()
    store.setState(keep ? { refreshing: true } : { status: 'loading', refreshing: true, error: null })
    try {
      const opened = await client.call('files.open', { query, sort, first: FIRST_ROWS })
      if (mine !== opening) return closeView(opened.view)
      const before = store.getState()
      const rows = new RowCache()
      rows.put(0, opened.rows)
      const at = before.cursorId === null ? null : rows.indexOf(before.cursorId)
      const cursor = opened.total === 0 ? -1 : Math.min(at ?? before.cursor, opened.total - 1)
      const look = reordered
      reordered = false
      // A selected file stays in sight; without one, another order is looked at from its top.
      const held = before.cursorId !== null && isSelected(before.selection, before.cursorId) ? before.cursorId : null
      const lookAt = !look ? before.lookAt : held === null ? { row: 0 } : at === null ? before.lookAt : { row: at }
      store.setState({
        view: opened.view,
        total: opened.total,
        exact: opened.exact,
        rows,
        rowsVersion: before.rowsVersion + 1,
        status: 'ready',
        refreshing: false,
        error: null,
        cursor,
        anchor: cursor,
        lookAt
      })
      closeView(before.view)
      if (!opened.exact) void count(opened.view)
      if (at === null && before.cursorId !== null) void followCursor(opened.view, before.cursorId, look && held !== null)
      await prune()
    } catch (error) {
      if (mine !== opening) return
      const known = toAppError(error)
      // A link that comes back refreshes by itself; what is shown stays.
      if (known.code === 'LINK_LOST' && store.getState().view !== null) return store.setState({ refreshing: false })
      store.setState({ status: 'error', refreshing: false, error: known.toData() })
    }
  }

  /** The cursor stays on its file when others come before it, or the order is another. */
  const followCursor = async (view: number, id: number, look: boolean): Promise<void> => {
    const place = await client.call('files.place', { view, id }).catch(() => null)
    const now = store.getState()
    if (place === null || now.view !== view || now.cursorId !== id) return
    store.setState({ cursor: place, anchor: place, ...(look ? { lookAt: { row: place } } : {}) })
  }

  /** A failure leaves "more than": the rows are right all the same. */
  const count = async (view: number): Promise<void> => {
    const total = await client.call('files.total', { view }).catch(() => null)
    if (total !== null && store.getState().view === view) store.setState({ total, exact: true })
  }

  /** Files that were deleted meanwhile must not stay selected: the number shown would be wrong. */
  const prune = async (): Promise<void> => {
    const { selection } = store.getState()
    if (selection.tag !== 'some' || selection.ids.size === 0 || selection.ids.size > PRUNE_LIMIT) return
    const found = await client.call('files.get', { ids: [...selection.ids] })
    const existing = new Set(found.filter((row) => row.state !== 'deleted').map((row) => row.id))
    store.setState((state) => ({ selection: pruned(state.selection, existing) }))
  }

  const loadSides = (): void => {
    Promise.all([
      client.call('files.folders', {}),
      client.call('files.groups', {}),
      client.call('order.tags', {}),
      client.call('order.searches', {})
    ]).then(
      ([folders, groups, tags, searches]) => store.setState({ folders, groups, tags, searches, foldersError: null }),
      (error: unknown) => store.setState({ foldersError: toAppError(error).toData() })
    )
  }

  const fetchRows = async (): Promise<void> => {
    if (fetching) return
    fetching = true
    try {
      for (;;) {
        const { view, rows, total } = store.getState()
        const gap = wanted === null || view === null ? null : rows.missing(wanted.first, wanted.last, total)
        if (gap === null || view === null) return
        const found = await client.call('files.rows', { view, ...gap })
        if (store.getState().view !== view) continue
        // A page that stays empty would be asked for again and again: the view is not what it was.
        if (found.length === 0) return void open(true)
        rows.put(gap.start, found)
        store.setState((state) => ({ rowsVersion: state.rowsVersion + 1 }))
      }
    } catch (error) {
      // The program forgets views it has not heard of for long, and all of them when it starts anew.
      if (toAppError(error).code !== 'LINK_LOST') void open(true)
    } finally {
      fetching = false
    }
  }

  /** Numbers of the rows from…to (in any order), from the rows kept where possible. */
  const idsBetween = async (from: number, to: number): Promise<number[]> => {
    const { rows, view } = store.getState()
    const start = Math.min(from, to)
    const end = Math.max(from, to)
    const ids: number[] = []
    for (let index = start; index <= end; index += 1) {
      const row = rows.get(index)
      if (row === undefined) break
      ids.push(row.id)
    }
    if (ids.length === end - start + 1 || view === null) return ids
    return client.call('files.ids', { view, start, count: end - start + 1 })
  }

  const select: FilesActions['select'] = async (index, mode) => {
    const state = store.getState()
    if (index < 0 || index >= state.total) return
    const mine = ++ranging
    const row = state.rows.get(index)
    const cursor = { cursor: index, cursorId: row?.id ?? null }
    if (mode === 'move') return store.setState(cursor)
    if (mode === 'range' || mode === 'addRange') {
      const anchor = state.anchor < 0 ? index : state.anchor
      store.setState({ ...cursor, anchor })
      const whole = Math.abs(index - anchor) + 1 === state.total
      try {
        const ids = whole ? [] : await idsBetween(anchor, index)
        if (mine !== ranging) return
        store.setState((now) => ({
          selection: whole ? EVERYTHING : mode === 'addRange' ? withAdded(now.selection, ids) : only(ids)
        }))
      } catch (error) {
        port.report(toAppError(error))
      }
      return
    }
    store.setState({ ...cursor, anchor: index })
    const take = (id: number): void =>
      store.setState((now) => ({ cursorId: id, selection: mode === 'toggle' ? toggled(now.selection, id) : only([id]) }))
    if (row !== undefined) return take(row.id)
    // A row that has not arrived yet: ask for its number only.
    try {
      const [id] = await idsBetween(index, index)
      if (mine === ranging && id !== undefined) take(id)
    } catch (error) {
      port.report(toAppError(error))
    }
  }

  const setQuery: FilesActions['setQuery'] = (query, look = {}) => {
    const { sort } = store.getState()
    // What shows copies only is an order for duplicates, not for the next question.
    const usual = sort.key === 'copies' ? DEFAULT_SORT : sort
    store.setState({ title: look.title ?? null, sort: look.sort ?? usual })
    store.setState({ query, selection: NOTHING, cursor: -1, anchor: -1, cursorId: null, renaming: null })
    void open(false)
  }

  return {
    start() {
      const refreshSoon = (): void => {
        if (refreshPlanned) return
        refreshPlanned = true
        port.setTimeout(() => {
          refreshPlanned = false
          loadSides()
          void open(true)
        }, REFRESH_MS)
      }
      let profileId = port.activeProfileId()
      const stops = [
        client.on('library.changed', refreshSoon),
        client.on('profiles.changed', ({ activeProfileId }) => {
          if (activeProfileId === profileId) return
          profileId = activeProfileId
          loadSides()
          setQuery({})
        }),
        client.onReconnect(() => {
          loadSides()
          void open(true)
        })
      ]
      loadSides()
      void open(false)
      return () => {
        opening += 1
        for (const stop of stops) stop()
        closeView(store.getState().view)
      }
    },
    setQuery,
    patchQuery: (change) => {
      const next: Record<string, unknown> = { ...store.getState().query, ...change }
      for (const [key, value] of Object.entries(next)) if (value === undefined || value === '') delete next[key]
      const { sort } = store.getState()
      // The same look at fewer or more files; what shows duplicates only needs the filter that says so.
      setQuery(next as FileQuery, sort.key === 'copies' && !DUPLICATES.test((next as FileQuery).text ?? '') ? {} : { sort })
    },
    sortBy(key) {
      const { sort } = store.getState()
      const next: FileSort = { key, descending: sort.key === key ? !sort.descending : DESCENDING_FIRST.has(key) }
      store.setState({ sort: next })
      reordered = true
      void open(true)
    },
    refresh() {
      loadSides()
      void open(store.getState().status !== 'error')
    },
    ensureRows(first, last) {
      wanted = { first, last }
      void fetchRows()
    },
    select,
    selectAll: () => store.setState({ selection: EVERYTHING }),
    selectIds: (ids) => store.setState({ selection: only(ids), cursor: -1, anchor: -1, cursorId: null }),
    async selectRows(from, to, wanted, base) {
      const mine = ++ranging
      try {
        const ids = to < from ? [] : await idsBetween(from, to)
        if (mine !== ranging) return
        store.setState({
          selection: withAdded(
            base,
            ids.filter((_, offset) => wanted(from + offset))
          )
        })
      } catch (error) {
        port.report(toAppError(error))
      }
    },
    setFavourite(selection, favourite) {
      client.call('order.favourite', { selection, favourite }).then(
        () => open(true),
        (error: unknown) => port.report(toAppError(error))
      )
    },
    clearSelection: () => store.setState({ selection: NOTHING }),
    async findByPrefix(prefix, from) {
      const { total, rows, view } = store.getState()
      const wantedStart = prefix.toLocaleLowerCase()
      const matches = (row: FileRow): boolean => row.name.toLocaleLowerCase().startsWith(wantedStart)
      const near = Math.min(total, PREFIX_ROWS)
      let block: { start: number; rows: FileRow[] } | null = null
      for (let step = 0; step < near; step += 1) {
        const index = (from + step) % total
        const known = rows.get(index) ?? block?.rows[index - block.start]
        if (known !== undefined) {
          if (matches(known)) return index
          continue
        }
        if (view === null) return null
        try {
          block = { start: index, rows: await client.call('files.rows', { view, start: index, count: Math.min(500, total - index) }) }
        } catch (error) {
          port.report(toAppError(error))
          return null
        }
        const first = block.rows[0]
        if (first !== undefined && matches(first)) return index
      }
      return null
    },
    async rename(id, name) {
      await client.call('files.rename', { id, name })
      store.setState({ renaming: null })
      await open(true)
    },
    setRenaming: (renaming) => store.setState({ renaming }),
    setInspector: (inspector) => store.setState({ inspector }),
    async reveal(row) {
      store.setState({
        // Quoted, so that a name with spaces is one thing.
        query: { text: `"${row.name.replaceAll('"', ' ')}"` },
        title: null,
        selection: only([row.id]),
        cursor: -1,
        anchor: -1,
        cursorId: row.id,
        renaming: null
      })
      await open(false)
      const index = store.getState().rows.indexOf(row.id)
      if (index !== null) store.setState({ cursor: index, anchor: index })
    },
    selection: () => {
      const { selection, query, total } = store.getState()
      return toContract(selection, query, total)
    },
    async selectedRows(limit) {
      const { selection, rows, view, total } = store.getState()
      if (selection.tag === 'some') {
        const ids = [...selection.ids].slice(0, limit)
        const kept = ids.map((id) => rows.find(id)).filter((row) => row !== undefined)
        return kept.length === ids.length ? kept : client.call('files.get', { ids })
      }
      if (view === null || total === 0) return []
      const first = await client.call('files.rows', { view, start: 0, count: Math.min(total, limit, 500) })
      return first.filter((row) => isSelected(selection, row.id))
    }
  }
}
