import { useEffect, useState } from 'react'
import { call } from '../../api/client.ts'
import type { SelectionSummary } from '../../../shared/contract.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { Target } from './dialogs.ts'

/** What a target amounts to; sizes of files that are not in the library are unknown. */
export function useSummary(target: Target): { summary: SelectionSummary | null; error: ErrorData | null } {
  const [state, setState] = useState<{ summary: SelectionSummary | null; error: ErrorData | null }>({ summary: null, error: null })
  useEffect(() => {
    if ('fileIds' in target) return
    let current = true
    call('files.summary', { selection: target.selection }).then(
      (summary) => current && setState({ summary, error: null }),
      (thrown: unknown) => current && setState({ summary: null, error: toAppError(thrown).toData() })
    )
    return () => {
      current = false
    }
  }, [target])
  if ('fileIds' in target) {
    const { fileIds } = target
    const names = fileIds.slice(0, 5).map((id) => id.slice(id.lastIndexOf('/') + 1))
    return { summary: { count: fileIds.length, sizeBytes: 0, unknownSizes: fileIds.length, names }, error: null }
  }
  return state
}
