import { rm } from 'node:fs/promises'
import { createStoreClient } from '../cluster/store-client.ts'
import type { StoreClient, StoreClientOptions } from '../cluster/types.ts'
import { openLibrary } from '../library/open.ts'
import { libraryWorkerUrl } from '../library/worker-url.ts'
import { systemClock } from '../transfer/clock.ts'
import type { Clock } from '../transfer/clock.ts'
import { createTransferEngine } from '../transfer/engine.ts'
import { openAppLog } from './app-log.ts'
import { openAuditLog } from './audit.ts'
import { auditedHandlers } from './audited-handlers.ts'
import { auditedJournal } from './audited-journal.ts'
import { createBuiltInCluster } from './built-in.ts'
import { createStoreClients } from './clients.ts'
import { createClusterLog } from './cluster-log.ts'
import { createClusterWatch } from './cluster-watch.ts'
import { coalesce } from './coalesce.ts'
import { dataPaths } from './data-dir.ts'
import { createDispatch } from './dispatch.ts'
import type { Dispatch } from './dispatch.ts'
import { createEventHub } from './events.ts'
import type { EventListener } from './events.ts'
import { appHandlers } from './handlers/app.ts'
import { auditHandlers } from './handlers/audit.ts'
import { clusterHandlers } from './handlers/cluster.ts'
import { filesHandlers } from './handlers/files.ts'
import { gridHandlers, historyHandlers } from './handlers/grid.ts'
import { intakeHandlers } from './handlers/intake.ts'
import { hostHandlers } from './handlers/host.ts'
import { importHandlers } from './handlers/import.ts'
import { orderHandlers } from './handlers/order.ts'
import { libraryHandlers } from './handlers/library.ts'
import { linksHandlers } from './handlers/links.ts'
import { logHandlers } from './handlers/log.ts'
import { profilesHandlers } from './handlers/profiles.ts'
import { samplesHandlers } from './handlers/samples.ts'
import { dragHandlers } from './handlers/drag.ts'
import { watchesHandlers } from './handlers/watches.ts'
import { thumbnailsHandlers } from './handlers/thumbnails.ts'
import { transfersHandlers } from './handlers/transfers.ts'
import { trashHandlers } from './handlers/trash.ts'
import type { Host } from './host.ts'
import { createImportService } from './import/service.ts'
import { createLinkService } from './link-service.ts'
import { lockDataDir } from './lock.ts'
import { loggedDispatch } from './logged-dispatch.ts'
import { createPictureCache } from './picture-cache.ts'
import { createPreviews } from './preview.ts'
import type { OpenPreview } from './preview.ts'
import { openProfiles } from './profiles.ts'
import { createRedactor } from './redact.ts'
import { openSecrets } from './secrets.ts'
import type { Services } from './services.ts'
import { createServerClocks } from './server-clock.ts'
import { openSettings } from './settings.ts'
import type { CorruptFile } from './settings.ts'
import { createLibrarySafety } from './library-safety.ts'
import { createSmallPictures } from './small-pictures.ts'
import { openWatchedFolders } from './watched-folders.ts'
import { createTrashKeeper } from './trash-keeper.ts'
import { sweepSpool } from './spool-sweep.ts'
import { createSyncCheck } from './sync-check.ts'
import { appVersion } from './version.ts'

export interface AppOptions {
  /** Created when missing; one process at a time. */
  dataDir: string
  host: Host
  clock?: Clock | undefined
  /** Opens the client of one cluster; default: over the network. */
  connect?: ((options: StoreClientOptions) => StoreClient) | undefined
  /** Hears of mistakes of ours, with what they were about; default: standard error. */
  report?: ((about: string, error: unknown) => void) | undefined
}

/** The running application, as its hosts see it. */
export interface App {
  /** Answers one envelope, whatever it is; never rejects. */
  dispatch: Dispatch
  /** Every event from now on; returns what ends it. */
  subscribe(listener: EventListener): () => void
  /** Content of files for the page to show. */
  preview: OpenPreview
  /** Stops transfers (they go on at the next start), closes everything and frees the data folder. */
  close(): Promise<void>
}

/** Folder of the library for its own copies in the cluster. */
const BACKUP_FOLDER = 'FastDFS Desktop'

const THUMBNAIL_EVENTS_MS = 500

/** At most this often a page hears that files changed. */
const LIBRARY_EVENTS_MS = 200

/**
 * Puts the application together and starts it: the queue of the last time goes on. Rejects with LIBRARY_LOCKED when another
 * process uses the data folder, and with what `openLibrary` rejects with; nothing stays open then.
 */
export async function createApp(options: AppOptions): Promise<App> {
  const ends: (() => Promise<void> | void)[] = []
  let closing: Promise<void> | null = null
  // Whoever asks again waits for the same end.
  const closeAll = () => (closing ??= endAll())
  const endAll = async () => {
    // In the reverse order of opening; one that fails must not keep the others from closing.
    const errors: unknown[] = []
    for (const end of ends.splice(0).reverse()) {
      try {
        await end()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw errors[0]
  }
  try {
    return await open(options, ends, closeAll)
  } catch (error) {
    await closeAll().catch(() => undefined)
    throw error
  }
}

async function open(options: AppOptions, ends: (() => Promise<void> | void)[], closeAll: () => Promise<void>): Promise<App> {
  const { dataDir, host } = options
  const clock = options.clock ?? systemClock
  const tell = options.report ?? ((about, error) => console.error(about, error))
  const report = (about: string, error: unknown) => {
    log.write('error', 'error', { about, error })
    tell(about, error)
  }
  const connect = options.connect ?? createStoreClient
  const paths = dataPaths(dataDir)

  const lock = await lockDataDir(paths.lock)
  ends.push(() => lock.release())
  // A secret that was replaced is a secret still, for those who have links of yesterday.
  const seenSecrets = new Set<string>()
  let secretsNow: () => string[] = () => []
  const redact = createRedactor(() => {
    for (const secret of secretsNow()) seenSecrets.add(secret)
    return [...seenSecrets]
  })
  const log = openAppLog({ folder: paths.logs, now: clock.now, redact })
  const events = createEventHub((error) => report('event', error))
  const corrupt: CorruptFile[] = []
  const settings = await openSettings(paths.settings, clock.now, (file) => corrupt.push(file))
  const profiles = await openProfiles(paths.profiles, clock.now, (file) => corrupt.push(file))
  const secrets = await openSecrets(paths.secrets, host.seal, clock.now, (file) => corrupt.push(file))
  secretsNow = secrets.all
  const library = await openLibrary({
    path: paths.library,
    onIndexed: () => libraryChanged(profiles.active().id),
    backups: paths.backups,
    clock: clock.now,
    onSetAside: (row) => report('a row was set aside', row)
  })
  ends.push(() => library.close())

  const audit = openAuditLog({ folder: paths.audit, now: clock.now, keepMonths: settings.get().auditMonths, report })
  ends.push(() => audit.close())
  const profileName = (id: string) => profiles.list().find((profile) => profile.id === id)?.name ?? ''
  const builtIn = createBuiltInCluster(paths.cluster)
  ends.push(() => builtIn.close())
  const clients = createStoreClients({ profile: profiles.get, builtInTrackers: builtIn.trackers, connect })
  ends.push(() => clients.close())

  let revision = 0
  const changedLibraries = new Set<string>()
  const tellLibraries = coalesce(clock, LIBRARY_EVENTS_MS, () => {
    for (const profileId of changedLibraries) events.emit('library.changed', { revision: ++revision, profileId })
    changedLibraries.clear()
  })
  const libraryChanged = (profileId: string) => {
    changedLibraries.add(profileId)
    tellLibraries()
  }

  const syncCheck = createSyncCheck({
    files: library.files,
    client: clients.get,
    clock,
    mayRepair: (profileId) => !profiles.get(profileId).readOnly,
    changed: libraryChanged,
    repaired: (profileId, { fileId, name, sizeBytes }, error) =>
      audit.add([
        {
          action: 'repair',
          result: error ? 'failed' : 'done',
          profileId,
          profile: profileName(profileId),
          fileId,
          name,
          localPath: null,
          sizeBytes: sizeBytes ?? 0,
          error: error?.code ?? null
        }
      ])
  })
  ends.push(() => syncCheck.close())
  const lookAfterActive = () => syncCheck.poke(profiles.active().id)

  let thumbnailsTold = ''
  let open = true
  ends.push(() => void (open = false))
  const thumbnailsChanged = coalesce(clock, THUMBNAIL_EVENTS_MS, () => {
    if (!open) return
    const state = library.thumbnails.count(profiles.active().id)
    // Uploads ask often and seldom have something to tell.
    if (thumbnailsTold === JSON.stringify(state)) return
    thumbnailsTold = JSON.stringify(state)
    events.emit('thumbnails.changed', { revision: ++revision, ...state })
  })
  const pictureCache = createPictureCache({
    folder: paths.thumbnails,
    limitBytes: () => settings.get().thumbnailCacheBytes,
    now: clock.now
  })
  const smallPictures = createSmallPictures({
    cache: pictureCache,
    thumbnails: library.thumbnails,
    files: library.files,
    client: clients.get,
    sizes: () => settings.get().thumbnailSizes,
    now: clock.now,
    changed: thumbnailsChanged
  })

  await rm(paths.drag, { recursive: true, force: true })
  await sweepSpool(paths.spool, library.journal)
  const engine = createTransferEngine({
    journal: auditedJournal(library.journal, audit, profileName),
    files: library.files,
    thumbnails: library.thumbnails,
    store: clients.lasting,
    profile: profiles.get,
    settings: settings.get,
    clock,
    random: Math.random,
    spoolRoot: paths.spool,
    onChange: (snapshot) => events.emit('transfers.changed', snapshot),
    onNotice(notice) {
      log.write(notice.kind === 'error' ? 'warn' : 'info', 'notice', { code: notice.code, detail: notice.detail })
      events.emit('notice', { revision: ++revision, ...notice })
    },
    onFilesChanged(profileId) {
      libraryChanged(profileId)
      if (profileId === profiles.active().id) lookAfterActive()
      thumbnailsChanged()
    }
  })
  ends.push(() => engine.close())
  await engine.start()
  const watchedFolders = await openWatchedFolders({
    path: paths.watches,
    engine,
    profile: profiles.get,
    clock,
    onCorrupt: (file) => corrupt.push(file),
    changed: () => events.emit('watches.changed', { revision: ++revision }),
    report
  })
  ends.push(() => watchedFolders.close())
  const trash = createTrashKeeper({
    trash: library.trash,
    engine,
    profile: profiles.get,
    settings: settings.get,
    clock,
    changed: libraryChanged,
    report
  })
  ends.push(() => trash.close())
  trash.sweep()
  const safety = createLibrarySafety({
    paths,
    workerUrl: libraryWorkerUrl(),
    library,
    settings: settings.get,
    clock,
    onBackup(path) {
      const { id, readOnly } = profiles.active()
      if (!settings.get().backupToCluster || readOnly) return
      engine.upload({ profileId: id, paths: [path], folder: BACKUP_FOLDER, metadata: {}, duplicates: 'send' })
    },
    onProblem: (reason) =>
      events.emit('notice', { revision: ++revision, kind: 'error', code: 'LIBRARY_CORRUPT', detail: { path: paths.library, reason } }),
    changed: libraryChanged,
    report
  })
  ends.push(() => safety.close())
  log.write('info', 'start', { version: appVersion(), platform: host.platform, node: process.versions.node, host: host.can.kind })
  ends.push(() => log.write('info', 'stop'))
  lookAfterActive()

  const logCluster = createClusterLog(log)
  const imports = createImportService({
    bulk: library.bulk,
    profile: profiles.get,
    client: clients.get,
    clock,
    changed: (jobs) => events.emit('imports.changed', { revision: ++revision, jobs }),
    libraryChanged,
    report
  })
  ends.push(() => imports.close())

  const watch = createClusterWatch({
    activeProfileId: () => profiles.active().id,
    client: clients.get,
    trackers: (profileId) => profiles.get(profileId).trackers,
    clock,
    changed(overview) {
      logCluster(overview)
      events.emit('cluster.changed', overview)
    }
  })
  ends.push(() => watch.close())
  events.onAudience((count) => watch.setAudience(count))

  let activeId = profiles.active().id
  profiles.onChange(({ profiles: list, activeProfileId, outdated }) => {
    for (const id of outdated) {
      clients.drop(id)
      watch.forget(id)
    }
    events.emit('profiles.changed', { revision: ++revision, profiles: list, activeProfileId })
    if (activeId !== activeProfileId || outdated.includes(activeProfileId)) {
      watch.reset()
      lookAfterActive()
      thumbnailsChanged()
    }
    activeId = activeProfileId
  })
  settings.onChange((next) => events.emit('settings.changed', { revision: ++revision, settings: next }))

  // The built-in cluster serves as soon as it is the chosen one; a failure shows in the overview.
  if (profiles.active().builtIn) builtIn.trackers().catch((error: unknown) => report('built-in cluster', error))

  const serverClocks = createServerClocks(clock.now)
  const links = createLinkService({ library, profiles, secrets, clock, clients, serverClocks, watch, libraryChanged })

  const services: Services = {
    host,
    clock,
    settings,
    profiles,
    secrets,
    audit,
    log,
    clients,
    builtInTrackers: builtIn.trackers,
    library,
    engine,
    trash,
    safety,
    spoolDir: paths.spool,
    dragDir: paths.drag,
    smallPictures,
    watchedFolders,
    pictureCache,
    thumbnailsChanged,
    imports,
    watch,
    serverClocks,
    links,
    libraryChanged
  }
  const handlers = {
    ...appHandlers(services),
    ...profilesHandlers(services),
    ...auditHandlers(services),
    ...logHandlers(services),
    ...clusterHandlers(services),
    ...linksHandlers(services),
    ...filesHandlers(services),
    ...orderHandlers(services),
    ...samplesHandlers(services),
    ...gridHandlers(services),
    ...historyHandlers(services),
    ...trashHandlers(services),
    ...libraryHandlers(services),
    ...watchesHandlers(services),
    ...dragHandlers(services),
    ...thumbnailsHandlers(services),
    ...transfersHandlers(services),
    ...importHandlers(services),
    ...intakeHandlers(services),
    ...hostHandlers(services)
  }
  const dispatch = loggedDispatch(createDispatch(auditedHandlers(handlers, services), report), log)
  return {
    dispatch,
    subscribe(listener) {
      const unsubscribe = events.subscribe(listener)
      // What could not be told at start is told to the first who listens.
      for (const file of corrupt.splice(0)) {
        const detail = { path: file.path, setAside: file.setAside, reason: file.reason }
        listener({ event: 'notice', data: { revision: ++revision, kind: 'error', code: 'FILE_SET_ASIDE', detail } })
      }
      return unsubscribe
    },
    preview: createPreviews({ files: library.files, activeProfileId: () => profiles.active().id, client: clients.get, smallPictures }),
    close: closeAll
  }
}
