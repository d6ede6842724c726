/** The last picture of the cluster. */
import { create } from 'zustand'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { ClusterOverview } from '../../../shared/model.ts'
import type { Client } from '../../api/client.ts'

export interface ClusterState {
  overview: ClusterOverview | null
  /** The user asked for a fresh picture and waits for it. */
  refreshing: boolean
  /** The program could not be asked (not: the cluster did not answer, which is part of the picture). */
  error: ErrorData | null
}

export const useCluster = create<ClusterState>()(() => ({ overview: null, refreshing: false, error: null }))

/** An older picture of the same program never replaces a newer one. */
export function takeOverview(state: ClusterState, overview: ClusterOverview): ClusterState {
  if (state.overview !== null && overview.revision < state.overview.revision) return state
  return { ...state, overview, error: null }
}

/** Keeps the picture fresh; returns the stopper. */
export function startCluster(api: Client): () => void {
  const load = (): void => {
    api.call('cluster.overview', {}).then(
      (overview) => useCluster.setState((state) => takeOverview(state, overview)),
      (thrown: unknown) => {
        const error = toAppError(thrown)
        if (error.code !== 'LINK_LOST') useCluster.setState({ error: error.toData() })
      }
    )
  }
  const stops = [
    api.on('cluster.changed', (overview) => useCluster.setState((state) => takeOverview(state, overview))),
    api.onReconnect(() => {
      // Revisions may have started anew with the program.
      useCluster.setState((state) => (state.overview === null ? state : { overview: { ...state.overview, revision: -1 } }))
      load()
    })
  ]
  load()
  return () => {
    for (const stop of stops) stop()
  }
}

/** Asks the cluster now. Failures of the call itself end in the state. */
export async function refreshCluster(api: Pick<Client, 'call'>): Promise<void> {
  if (useCluster.getState().refreshing) return
  useCluster.setState({ refreshing: true })
  try {
    const overview = await api.call('cluster.overview', { fresh: true })
    useCluster.setState((state) => takeOverview(state, overview))
  } catch (thrown) {
    useCluster.setState({ error: toAppError(thrown).toData() })
  } finally {
    useCluster.setState({ refreshing: false })
  }
}
