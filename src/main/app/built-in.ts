import { createEmbeddedCluster } from '../embedded/index.ts'
import type { EmbeddedCluster } from '../embedded/index.ts'
import { AppError } from '../../shared/errors.ts'

/** The cluster that comes with the program, so that everything can be tried at once: two groups, one of them with a replica. */
const GROUPS = { group1: 2, group2: 1 }
/** Replicas follow after a moment, as in a real cluster, long enough to be seen. */
const SYNC_DELAY_MS = 500

export interface BuiltInCluster {
  /** Addresses of the trackers; starts the cluster when it does not run. A failed start is tried anew at the next call. */
  trackers(): Promise<string[]>
  close(): Promise<void>
}

/** `dir`: where its files are kept between starts. */
export function createBuiltInCluster(dir: string): BuiltInCluster {
  let running: Promise<EmbeddedCluster> | null = null
  let closed = false
  const start = () => {
    const started = createEmbeddedCluster({ dir, groups: GROUPS, syncDelayMs: SYNC_DELAY_MS })
    started.catch(() => {
      if (running === started) running = null
    })
    return started
  }
  return {
    async trackers() {
      if (closed) throw new AppError('ABORTED')
      running ??= start()
      return (await running).trackers
    },
    async close() {
      closed = true
      const cluster = await running?.catch(() => null)
      await cluster?.close()
    }
  }
}
