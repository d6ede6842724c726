import type { HandlersOf } from '../dispatch.ts'
import type { Services } from '../services.ts'

export function clusterHandlers({ watch }: Services) {
  return {
    'cluster.overview': ({ fresh }) => watch.overview(fresh),
    'cluster.history': ({ parts }) => watch.history(parts),
    'cluster.storageHistory': ({ group, id, parts }) => watch.storageHistory(group, id, parts),
    'cluster.look': () => {
      watch.look()
      return null
    }
  } satisfies HandlersOf<'cluster'>
}
