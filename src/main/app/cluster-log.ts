import type { ClusterOverview } from '../../shared/model.ts'
import type { AppLog } from './app-log.ts'

/** Notes in the log when a cluster goes away, comes back, or its servers change; the same state again is no news. */
export function createClusterLog(log: AppLog): (overview: ClusterOverview) => void {
  let last = ''
  return ({ profileId, error, trackers, groups }) => {
    const fields = {
      profileId,
      error: error?.code ?? null,
      trackers: trackers.map(({ reachable, leader }) => (reachable ? (leader === true ? 'leader' : 'up') : 'down')),
      storages: groups.map(({ storages }) => storages.map(({ status }) => status))
    }
    const state = JSON.stringify(fields)
    if (state === last) return
    last = state
    log.write(error === null ? 'info' : 'warn', 'cluster', fields)
  }
}
