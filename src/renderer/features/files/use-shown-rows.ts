import { useEffect, useRef } from 'react'
import { useFiles, useFilesActions } from './context.tsx'

/** What every view of the files owes its scroller: rows `first` to `last` are loaded, another query starts at its top, another order where it says. */
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
  const lookAt = useFiles((state) => state.lookAt)
  const lookedAt = useRef(lookAt)
  useEffect(() => {
    if (lookAt === null || lookedAt.current === lookAt) return
    lookedAt.current = lookAt
    scrollToRow(lookAt.row)
  }, [lookAt, scrollToRow])
}
