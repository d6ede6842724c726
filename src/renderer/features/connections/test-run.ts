/** A connection test in the page: one at a time, the last one counts. */
import { useEffect, useRef, useState } from 'react'
import type { CallInput } from '../../../shared/contract.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { Diagnosis } from '../../../shared/model.ts'
import { call } from '../../api/client.ts'

export type TestState = { tag: 'idle' } | { tag: 'running' } | { tag: 'done'; diagnosis: Diagnosis } | { tag: 'failed'; error: ErrorData }

/** `run` resolves with the result, or with null when it failed or a later run took its place. */
export function useConnectionTest(): {
  state: TestState
  run: (input: CallInput<'profiles.test'>) => Promise<Diagnosis | null>
  reset: () => void
} {
  const [state, setState] = useState<TestState>({ tag: 'idle' })
  const turn = useRef(0)
  useEffect(
    () => () => {
      turn.current = -1
    },
    []
  )
  const settle = (mine: number, next: TestState): void => {
    if (turn.current === mine) setState(next)
  }
  return {
    state,
    run: (input) => {
      const mine = ++turn.current
      setState({ tag: 'running' })
      return call('profiles.test', input).then(
        (diagnosis) => {
          settle(mine, { tag: 'done', diagnosis })
          return turn.current === mine ? diagnosis : null
        },
        (thrown: unknown) => {
          settle(mine, { tag: 'failed', error: toAppError(thrown).toData() })
          return null
        }
      )
    },
    reset: () => {
      turn.current += 1
      setState({ tag: 'idle' })
    }
  }
}
