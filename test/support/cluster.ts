import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createEmbeddedCluster } from '../../src/main/embedded/index.ts'
import type { EmbeddedCluster, EmbeddedClusterOptions, EmbeddedStorage } from '../../src/main/embedded/index.ts'

export interface TestCluster extends EmbeddedCluster {
  readonly dir: string
  /** By the name that faults use: 'group1/0'. */
  storage(name: string): EmbeddedStorage
}

/** An embedded cluster in a folder of its own, on free ports; `close` stops it and removes the folder. Default: group1 with one storage. */
export async function startCluster(options: Partial<EmbeddedClusterOptions> = {}): Promise<TestCluster> {
  const dir = options.dir ?? (await mkdtemp(path.join(os.tmpdir(), 'fdfs-cluster-')))
  const cluster = await createEmbeddedCluster({ groups: { group1: 1 }, reservedBytes: 0, ...options, dir })
  return {
    dir,
    get trackers() {
      return cluster.trackers
    },
    get groups() {
      return cluster.groups
    },
    faults: cluster.faults,
    synced: (timeoutMs) => cluster.synced(timeoutMs),
    storage(name) {
      const [group, index] = name.split('/')
      const storage = cluster.groups[group!]?.[Number(index)]
      if (storage === undefined) throw new Error(`no storage ${name}`)
      return storage
    },
    async close() {
      await cluster.close()
      if (options.dir === undefined) await rm(dir, { recursive: true, force: true })
    }
  }
}
