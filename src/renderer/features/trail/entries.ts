/** The activity log as the window pages through it. */
import { useEffect, useRef, useState } from 'react'
import type { AuditFilter, AuditPage } from '../../../shared/contract.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import { call } from '../../api/client.ts'

type Entry = AuditPage['entries'][number]

export interface Entries {
  rows: readonly Entry[]
  loading: boolean
  error: ErrorData | null
  /** null = that was all. */
  more: (() => void) | null
}

interface State {
  rows: readonly Entry[]
  cursor: string | null
  loading: boolean
  error: ErrorData | null
}

const TYPING_MS = 200
const PAGE = 100
const FIRST: State = { rows: [], cursor: null, loading: true, error: null }

/** Entries that fit, newest first. A new filter begins anew; an answer for an old one is dropped. */
export function useEntries(filter: AuditFilter): Entries {
  const [state, setState] = useState<State>(FIRST)
  const turn = useRef(0)
  const load = (mine: number, cursor: string | null, before: readonly Entry[]): void => {
    call('audit.list', { ...filter, cursor, limit: PAGE }).then(
      (page) => {
        if (turn.current !== mine) return
        const rows = [...before, ...page.entries]
        setState({ rows, cursor: page.cursor, loading: false, error: null })
        // Nothing found yet, but there are older months: the reader wants the answer, not the way to it.
        if (page.entries.length === 0 && page.cursor !== null) load(mine, page.cursor, rows)
      },
      (thrown: unknown) => {
        if (turn.current === mine) setState({ rows: before, cursor: null, loading: false, error: toAppError(thrown).toData() })
      }
    )
  }
  const key = JSON.stringify(filter)
  useEffect(() => {
    const mine = ++turn.current
    const timer = window.setTimeout(() => load(mine, null, []), TYPING_MS)
    return () => {
      window.clearTimeout(timer)
      turn.current += 1
    }
    // A filter is what it holds.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [key])
  const { rows, cursor, loading, error } = state
  const more = (): void => {
    setState({ ...state, loading: true })
    load(turn.current, cursor, rows)
  }
  return { rows, loading, error, more: cursor === null || loading ? null : more }
}
