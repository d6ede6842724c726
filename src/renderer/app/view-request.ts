/** The way from anywhere (the command palette) to what lives inside a view: a dialog of its, or something in its list. */
import { useEffect, useRef } from 'react'
import { create } from 'zustand'
import type { ViewName } from './navigation.ts'
import { navigate } from './navigation.ts'

interface ViewRequest {
  view: ViewName
  /** What the view understands by it is its own business. */
  what: string
}

const useRequest = create<{ wanted: ViewRequest | null }>()(() => ({ wanted: null }))

/** Shows a view and asks something of it. */
export function requestIn(view: ViewName, what: string): void {
  useRequest.setState({ wanted: { view, what } })
  navigate(view)
}

/** What was asked of this view, once it is `ready` to do it. */
export function useViewRequest(view: ViewName, ready: boolean, grant: (what: string) => void): void {
  const what = useRequest((state) => (state.wanted?.view === view ? state.wanted.what : null))
  const latest = useRef(grant)
  useEffect(() => {
    latest.current = grant
  })
  useEffect(() => {
    if (what === null || !ready) return
    useRequest.setState({ wanted: null })
    latest.current(what)
  }, [what, ready])
}
