import { useEffect, useState } from 'react'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { GroupInfo } from '../../../shared/model.ts'
import { call } from '../../api/client.ts'

/** The groups of the cluster; null while they are asked for. */
export function useGroups(): { groups: GroupInfo[] | null; error: ErrorData | null; again: () => void } {
  const [state, setState] = useState<{ groups: GroupInfo[] | null; error: ErrorData | null }>({ groups: null, error: null })
  const [round, setRound] = useState(0)
  useEffect(() => {
    let current = true
    call('cluster.overview', { fresh: round > 0 }).then(
      ({ groups, error }) => {
        if (current) setState({ groups, error: groups.length === 0 ? error : null })
      },
      (error: unknown) => {
        if (current) setState({ groups: [], error: toAppError(error).toData() })
      }
    )
    return () => {
      current = false
    }
  }, [round])
  return { ...state, again: () => setRound((last) => last + 1) }
}
