import { useEffect, useState } from 'react'
import type { AffectedFiles, FileSelection } from '../../../shared/model.ts'
import { client } from '../../api/client.ts'

/** Who else uses these files; null = not known (yet). */
export function useAffected(selection: FileSelection): AffectedFiles | null {
  const [affected, setAffected] = useState<AffectedFiles | null>(null)
  useEffect(() => {
    let current = true
    client()
      .call('trash.affected', { selection })
      .then(
        (found) => current && setAffected(found),
        // What cannot be told does not keep anybody from deleting.
        () => undefined
      )
    return () => {
      current = false
    }
  }, [selection])
  return affected
}
