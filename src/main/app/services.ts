import type { Library } from '../library/types.ts'
import type { Clock } from '../transfer/clock.ts'
import type { TransferEngine } from '../transfer/engine.ts'
import type { AppLog } from './app-log.ts'
import type { AuditLog } from './audit.ts'
import type { StoreClients } from './clients.ts'
import type { ClusterWatch } from './cluster-watch.ts'
import type { Host } from './host.ts'
import type { ImportService } from './import/service.ts'
import type { LinkService } from './link-service.ts'
import type { LibrarySafety } from './library-safety.ts'
import type { PictureCache } from './picture-cache.ts'
import type { ProfileStore } from './profiles.ts'
import type { TokenSecrets } from './secrets.ts'
import type { ServerClocks } from './server-clock.ts'
import type { SettingsStore } from './settings.ts'
import type { SmallPictures } from './small-pictures.ts'
import type { TrashKeeper } from './trash-keeper.ts'
import type { WatchedFolders } from './watched-folders.ts'

/** What the handlers work with; put together by `createApp`, which also closes it. */
export interface Services {
  host: Host
  clock: Clock
  settings: SettingsStore
  profiles: ProfileStore
  clients: StoreClients
  builtInTrackers(): Promise<string[]>
  audit: AuditLog
  log: AppLog
  secrets: TokenSecrets
  serverClocks: ServerClocks
  links: LinkService
  library: Library
  engine: TransferEngine
  trash: TrashKeeper
  safety: LibrarySafety
  imports: ImportService
  /** Files on their way into the queue; what no transfer needs is removed at the next start. */
  spoolDir: string
  /** Files that are to be dragged out of a window; emptied at the next start. */
  dragDir: string
  smallPictures: SmallPictures
  watchedFolders: WatchedFolders
  pictureCache: PictureCache
  /** There is more or less to make; told to the pages, coalesced. */
  thumbnailsChanged(): void
  watch: ClusterWatch
  /** Files of a profile changed; told to the pages, coalesced. */
  libraryChanged(profileId: string): void
}
