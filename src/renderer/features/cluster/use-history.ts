import { useEffect, useState } from 'react'
import type { ClusterHistory, StorageHistory } from '../../../shared/model.ts'
import { call } from '../../api/client.ts'
import { useCluster } from './store.ts'

const PARTS = 90
const LOOK_MS = 8_000

/** The traffic since the program began to look, renewed with every picture of the cluster; null until it is known. */
export function useHistory(profileId: string | undefined): ClusterHistory | null {
  const revision = useCluster((state) => state.overview?.revision)
  const [history, setHistory] = useState<{ profileId: string | undefined; history: ClusterHistory } | null>(null)
  useEffect(() => {
    let current = true
    call('cluster.history', { parts: PARTS }).then(
      (taken) => current && setHistory({ profileId, history: taken }),
      // The next picture asks again.
      () => undefined
    )
    return () => {
      current = false
    }
  }, [revision, profileId])
  return history?.profileId === profileId ? (history?.history ?? null) : null
}

/** The same of one storage, while it is wanted. */
export function useStorageHistory(group: string, id: string, wanted: boolean): StorageHistory | null {
  const revision = useCluster((state) => state.overview?.revision)
  const [history, setHistory] = useState<StorageHistory | null>(null)
  useEffect(() => {
    if (!wanted) return
    let current = true
    call('cluster.storageHistory', { group, id, parts: PARTS }).then(
      (taken) => current && setHistory(taken),
      () => undefined
    )
    return () => {
      current = false
    }
  }, [revision, group, id, wanted])
  return history
}

/** Tells the program that somebody looks at the cluster, as long as the page can be seen. */
export function useLook(): void {
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState === 'visible') call('cluster.look', {}).catch(() => undefined)
    }
    look()
    const timer = window.setInterval(look, LOOK_MS)
    document.addEventListener('visibilitychange', look)
    return () => {
      window.clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [])
}
