import { useEffect, useState } from 'react'
import { call, client } from '../../../api/client.ts'
import { useInfo } from '../../../app/app-info.ts'

/** Small pictures that are to be stored beside files of the active connection; null until it is known. */
export function useThumbnailWork(): { waiting: number; failed: number } | null {
  const profileId = useInfo((info) => info.activeProfileId)
  const [work, setWork] = useState<{ waiting: number; failed: number } | null>(null)
  useEffect(() => {
    let current = true
    const look = (): void => {
      call('thumbnails.state', {}).then(
        (state) => {
          if (current) setWork(state)
        },
        // A lost link is told elsewhere, and looks again when it is back.
        () => undefined
      )
    }
    look()
    const stops = [client().on('thumbnails.changed', ({ waiting, failed }) => setWork({ waiting, failed })), client().onReconnect(look)]
    return () => {
      current = false
      for (const stop of stops) stop()
    }
  }, [profileId])
  return work
}
