import type { HandlersOf } from '../dispatch.ts'
import type { Services } from '../services.ts'

export function clusterHandlers({ watch }: Services) {
  return { 'cluster.overview': ({ fresh }) => watch.overview(fresh) } satisfies HandlersOf<'cluster'>
}
