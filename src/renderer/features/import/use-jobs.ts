import { useEffect, useState } from 'react'
import type { ImportJob } from '../../../shared/import.ts'
import { call, client } from '../../api/client.ts'
import { toastError } from '../../components/index.ts'

/** Imports of this connection, the newest first. */
export function useJobs(): ImportJob[] {
  const [jobs, setJobs] = useState<ImportJob[]>([])
  useEffect(() => {
    let current = true
    // The events know nothing of what an earlier run of the program left.
    const ask = (): void => {
      call('import.jobs', {}).then((list) => {
        if (current) setJobs(list)
      }, toastError)
    }
    ask()
    const stops = [client().on('imports.changed', ask), client().on('profiles.changed', ask), client().onReconnect(ask)]
    return () => {
      current = false
      for (const stop of stops) stop()
    }
  }, [])
  return jobs
}
