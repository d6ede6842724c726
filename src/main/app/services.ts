import type { StoreClient, StoreClientOptions } from '../cluster/types.ts'
import type { Library } from '../library/types.ts'
import type { StoreClients } from './clients.ts'
import type { Clock } from './clock.ts'
import type { ClusterWatch } from './cluster-watch.ts'
import type { EventHub } from './events.ts'
import type { Host } from './host.ts'
import type { ProfileStore } from './profiles.ts'
import type { SettingsStore } from './settings.ts'

/** What the handlers work with; put together by `createApp`, which also closes it. */
export interface Services {
  host: Host
  clock: Clock
  events: EventHub
  settings: SettingsStore
  profiles: ProfileStore
  clients: StoreClients
  connect(options: StoreClientOptions): StoreClient
  builtInTrackers(): Promise<string[]>
  library: Library
  watch: ClusterWatch
  /** Files of a profile changed; told to the pages, coalesced. */
  libraryChanged(profileId: string): void
}
