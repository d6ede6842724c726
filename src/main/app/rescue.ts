import { copyFile, stat } from 'node:fs/promises'
import type { AppInfo, CallParsed } from '../../shared/contract.ts'
import { calls } from '../../shared/contract.ts'
import { AppError, toAppError, type ErrorCode } from '../../shared/errors.ts'
import type { RepairReport, RescueState } from '../../shared/model.ts'
import { backupPath, dropLibrary, keepAside, listBackups } from '../library/backup.ts'
import { runJob } from '../library/jobs.ts'
import { libraryWorkerUrl } from '../library/worker-url.ts'
import { systemClock } from '../transfer/clock.ts'
import { createApp, type App, type AppOptions } from './create-app.ts'
import { dataPaths } from './data-dir.ts'
import type { EventListener } from './events.ts'
import { lockDataDir } from './lock.ts'
import { openProfiles } from './profiles.ts'
import { openSettings } from './settings.ts'
import { appVersion } from './version.ts'

/** What can be wrong with the library itself; everything else ends the start as before. */
const RESCUED: readonly ErrorCode[] = [
  'LIBRARY_CORRUPT',
  'LIBRARY_FAILED',
  'LOCAL_READ_ONLY',
  'LOCAL_DISK_FULL',
  'LOCAL_DENIED',
  'LOCAL_IO'
]

/**
 * The application, or, where its library cannot be used, a small one in its place that says so and offers ways out: opening it
 * again, repairing it, going back to a copy, beginning anew. Once one of them works, the real one takes over. What was damaged is
 * kept. Rejects like `createApp` for everything that is not about the library.
 */
export async function createAppWithRescue(options: AppOptions): Promise<App> {
  const paths = dataPaths(options.dataDir)
  const clock = options.clock ?? systemClock
  const listeners = new Map<EventListener, (() => void) | null>()
  let app: App | null = null
  let trouble: AppError | null = null
  let unlock: (() => Promise<void>) | null = null
  let busy = false

  /** Opens the real one; false: its library is still in trouble. */
  async function open(): Promise<boolean> {
    await unlock?.()
    unlock = null
    try {
      app = await createApp(options)
      trouble = null
    } catch (error) {
      const known = toAppError(error)
      // Another program that holds the file itself; one of ours holds the folder.
      const held = known.code === 'LIBRARY_LOCKED' && known.detail['path'] === paths.library
      if ((!held && !RESCUED.includes(known.code)) || known.detail['path'] === undefined) throw error
      trouble = known
      // Nobody else may work on these files while they are looked at.
      const lock = await lockDataDir(paths.lock)
      unlock = () => lock.release()
      return false
    }
    for (const listener of listeners.keys()) listeners.set(listener, app.subscribe(listener))
    return true
  }

  async function shut(): Promise<void> {
    const closing = app
    app = null
    for (const listener of listeners.keys()) listeners.set(listener, null)
    await closing?.close()
    if (unlock === null) {
      const lock = await lockDataDir(paths.lock)
      unlock = () => lock.release()
    }
  }

  async function state(): Promise<RescueState | null> {
    if (trouble === null) return null
    const sizeBytes = (await stat(paths.library).catch(() => null))?.size ?? 0
    return { error: trouble.toData(), path: paths.library, sizeBytes, backups: listBackups(paths.backups) }
  }

  async function run({ action, backup }: CallParsed<'rescue.run'>): Promise<{ keptAs: string | null; report: RepairReport | null }> {
    if (busy) throw new AppError('LIBRARY_LOCKED', { detail: { path: paths.library } })
    busy = true
    try {
      if (action === 'retry') {
        if (app === null && !(await open())) throw trouble ?? new AppError('LIBRARY_FAILED', { detail: { path: paths.library } })
        return { keptAs: null, report: null }
      }
      const made = `${paths.library}.rescued`
      await dropLibrary(made)
      let report: RepairReport | null = null
      // The new file is whole before the old one moves.
      if (action === 'restore') {
        const copy = backupPath(paths.backups, backup ?? '')
        const problem = await runJob(libraryWorkerUrl(), 'check', { path: copy })
        if (problem !== null) throw new AppError('LIBRARY_CORRUPT', { detail: { path: copy, reason: problem } })
        await copyFile(copy, made)
      }
      await shut()
      let keptAs: string | null = null
      try {
        if (action === 'repair') report = await runJob(libraryWorkerUrl(), 'salvage', { path: paths.library, target: made })
        keptAs = keepAside(paths.library, clock.now())
        if (action === 'repair' || action === 'restore') await copyFile(made, paths.library)
      } finally {
        await dropLibrary(made)
        await open()
      }
      // TypeScript does not see that `open` may have set it.
      const left = trouble as AppError | null
      if (left !== null) throw left
      return { keptAs, report }
    } finally {
      busy = false
    }
  }

  const settings = async () => openSettings(paths.settings, clock.now, () => {})

  /** Answers instead of the application. */
  async function answer(name: string, input: unknown): Promise<unknown> {
    if (name === 'rescue.state') return state()
    if (name === 'app.info') {
      const profiles = await openProfiles(paths.profiles, clock.now, () => {})
      const stored = (await settings()).get()
      const { host } = options
      return {
        version: appVersion(),
        platform: host.platform,
        host: host.can,
        systemLanguage: host.systemLanguage,
        profiles: profiles.list(),
        activeProfileId: profiles.active().id,
        settings: stored,
        downloadFolder: stored.downloadFolder || host.downloadFolder,
        homeFolder: host.homeFolder,
        rescue: true
      } satisfies AppInfo
    }
    if (name === 'settings.set') return (await settings()).set(calls['settings.set'].input.parse(input))
    throw trouble ?? new AppError('LIBRARY_LOCKED', { detail: { path: paths.library } })
  }

  await open()
  return {
    async dispatch(message) {
      const { id, name, input } = (message ?? {}) as { id?: unknown; name?: unknown; input?: unknown }
      const rescue = name === 'rescue.run' && typeof id === 'number'
      if (!rescue && app !== null) return app.dispatch(message)
      try {
        if (typeof id !== 'number') throw new AppError('CALL_INVALID', { detail: { field: 'id' } })
        if (!rescue) return { id, ok: await answer(String(name), input) }
        const parsed = calls['rescue.run'].input.safeParse(input)
        if (!parsed.success) throw new AppError('CALL_INVALID', { detail: { call: 'rescue.run', field: 'input' } })
        return { id, ok: await run(parsed.data) }
      } catch (error) {
        return { id: typeof id === 'number' ? id : 0, error: toAppError(error).toData() }
      }
    },
    subscribe(listener) {
      const own: EventListener = (message) => listener(message)
      listeners.set(own, app?.subscribe(own) ?? null)
      return () => {
        listeners.get(own)?.()
        listeners.delete(own)
      }
    },
    preview(...request) {
      if (app === null) throw trouble ?? new AppError('LIBRARY_LOCKED')
      return app.preview(...request)
    },
    async close() {
      await app?.close()
      await unlock?.()
      unlock = null
    }
  }
}
