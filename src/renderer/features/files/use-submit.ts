import { useState } from 'react'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'

/** One attempt at a time; its error stays until the next. */
export function useSubmit(): { busy: boolean; error: ErrorData | null; submit: (run: () => Promise<unknown>, done: () => void) => void } {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ErrorData | null>(null)
  return {
    busy,
    error,
    submit(run, done) {
      if (busy) return
      setBusy(true)
      setError(null)
      run().then(
        () => {
          setBusy(false)
          done()
        },
        (thrown: unknown) => {
          setBusy(false)
          setError(toAppError(thrown).toData())
        }
      )
    }
  }
}
