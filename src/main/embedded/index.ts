export { createEmbeddedCluster } from './cluster.ts'
export type { EmbeddedCluster, EmbeddedStorage } from './cluster.ts'
export type { Behaviour, EmbeddedClusterOptions } from './options.ts'
