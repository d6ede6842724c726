import { startTransition, useEffect, useState } from 'react'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { FileRow } from '../../../shared/model.ts'
import { useFiles, useFilesActions } from './context.tsx'
import type { Selection } from './selection.ts'

/** The inspector looks at this many files at most; with more it says so. */
export const INSPECTED = 500

export interface SelectedRows {
  rows: FileRow[]
  /** What `rows` are the rows of. */
  selection: Selection | null
  error: ErrorData | null
}

/** Rows of the selected files, fresh after every change of the library. */
export function useSelectedRows(): SelectedRows {
  const actions = useFilesActions()
  const selection = useFiles((state) => state.selection)
  const version = useFiles((state) => state.view)
  const [state, setState] = useState<SelectedRows>({ rows: [], selection: null, error: null })
  useEffect(() => {
    let current = true
    actions.selectedRows(INSPECTED).then(
      // The next click matters more than what is said about this one.
      (rows) => current && startTransition(() => setState({ rows, selection, error: null })),
      (thrown: unknown) => current && setState({ rows: [], selection, error: toAppError(thrown).toData() })
    )
    return () => {
      current = false
    }
  }, [actions, selection, version])
  return state
}
