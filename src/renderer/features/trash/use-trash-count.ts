import { useEffect, useState } from 'react'
import { client } from '../../api/client.ts'

/** How many files are in the trash of the active connection; fresh after every change. */
export function useTrashCount(): number {
  const [count, setCount] = useState(0)
  useEffect(() => {
    let current = true
    const ask = (): void => {
      client()
        .call('trash.count', {})
        .then(
          (value) => current && setCount(value),
          // A number beside a name: it is asked for again with the next change.
          () => undefined
        )
    }
    ask()
    const stops = [client().on('library.changed', ask), client().on('profiles.changed', ask), client().onReconnect(ask)]
    return () => {
      current = false
      for (const stop of stops) stop()
    }
  }, [])
  return count
}
