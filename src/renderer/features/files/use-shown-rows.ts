import { useEffect, useRef } from 'react'
import { useFiles, useFilesActions } from './context.tsx'

/** What every view of the files owes its scroller: rows `first` to `last` are loaded, and another query starts at its top. */
export function useShownRows(first: number, last: number, scrollToRow: (row: number) => void): void {
  const actions = useFilesActions()
  const version = useFiles((state) => state.rowsVersion)
  const query = useFiles((state) => state.query)
  useEffect(() => {
    if (last >= first) actions.ensureRows(first, last)
  }, [actions, first, last, version])
  // The same query may grow or shrink where it is.
  const shownQuery = useRef(query)
  useEffect(() => {
    if (shownQuery.current === query) return
    shownQuery.current = query
    scrollToRow(0)
  }, [query, scrollToRow])
}
