import { app, dialog } from 'electron'
import type { BrowserWindow, MessageBoxOptions } from 'electron'
import type { AppUpdater, UpdateInfo } from 'electron-updater'
import type { ShellSettings } from './shell-settings.ts'
import { textsOf } from './texts.ts'
import { isSigned } from './update-signature.ts'

export interface UpdatesOptions {
  settings: ShellSettings
  window(): BrowserWindow | null
  /** Closes everything, then calls `install`, which ends the process and starts the new version. */
  restart(install: () => void): void
  /** Of who may announce new versions; '' = nobody, then this copy does not update itself. */
  publicKey: string
  /** The updater of this platform. Fetched only when it is used: most starts never do. */
  load?: () => Promise<AppUpdater>
  setTimer?: (run: () => void, ms: number) => () => void
}

export interface Updates {
  /** The user asked: answers with a message whatever comes out. */
  check(): Promise<void>
  close(): void
}

/** Start is not the time to use the network; then four times a day. */
const FIRST_CHECK_MS = 60_000
const CHECK_EVERY_MS = 6 * 3_600_000
const MAX_NOTES_CHARS = 2_000

/**
 * New versions by electron-updater from the address in the package (`publish` in electron-builder.yml). It takes nothing that
 * the publisher's key has not signed, nothing whose SHA-512 is not the announced one, nothing older, and on Windows and macOS nothing
 * whose own signature is not that of this program.
 */
export function createUpdates(options: UpdatesOptions): Updates {
  const { settings } = options
  const load = options.load ?? loadUpdater
  const setTimer = options.setTimer ?? startTimer
  let updater: Promise<AppUpdater> | null = null
  let stopTimer: (() => void) | null = null
  const texts = () => textsOf(settings.language()).update
  const say = (box: MessageBoxOptions) => {
    const parent = options.window()
    return parent ? dialog.showMessageBox(parent, box) : dialog.showMessageBox(box)
  }

  const prepare = async (): Promise<AppUpdater> => {
    const found = await load()
    found.logger = null
    // Only what is announced by the right key is fetched at all.
    found.autoDownload = false
    found.autoInstallOnAppQuit = true
    found.allowDowngrade = false
    found.disableWebInstaller = true
    // Every failure also rejects the call that it belongs to; without a listener the event would end the process.
    found.on('error', () => undefined)
    found.on('update-downloaded', (info) => void offer(found, info))
    return found
  }
  const ready = () => (updater ??= prepare())

  const offer = async (found: AppUpdater, info: UpdateInfo): Promise<void> => {
    const t = texts()
    const notes = plainNotes(info.releaseNotes)
    const { response } = await say({
      type: 'info',
      message: t.ready(info.version),
      detail: notes === '' ? t.readyText : `${notes}\n\n${t.readyText}`,
      buttons: [t.restart, t.later],
      defaultId: 0,
      cancelId: 1
    })
    if (response === 0) options.restart(() => found.quitAndInstall())
  }

  const look = async () => {
    if (options.publicKey === '') return null
    const found = await ready()
    const result = await found.checkForUpdates()
    if (result === null || !result.isUpdateAvailable) return result
    if (!isSigned(result.updateInfo, options.publicKey)) throw new Error('the announcement is not signed by the publisher')
    // What fails here is told to nobody: the next look tries again.
    found.downloadUpdate().catch(() => undefined)
    return result
  }
  const plan = (ms: number) => {
    stopTimer = setTimer(() => {
      void look().catch(() => undefined)
      plan(CHECK_EVERY_MS)
    }, ms)
  }
  const close = () => {
    stopTimer?.()
    stopTimer = null
  }
  settings.follow(({ autoUpdate }) => {
    const wanted = autoUpdate && app.isPackaged && options.publicKey !== ''
    if (wanted && stopTimer === null) plan(FIRST_CHECK_MS)
    else if (!wanted) close()
  })

  return {
    close,
    async check() {
      const t = texts()
      const tell = (message: string, detail?: string, type: 'info' | 'error' = 'info') =>
        say({ type, message, ...(detail === undefined ? {} : { detail }), buttons: [t.ok] })
      try {
        const result = await look()
        if (result === null) await tell(t.unable, t.unableText)
        else await tell(result.isUpdateAvailable ? t.found(result.updateInfo.version) : t.none)
      } catch {
        await tell(t.failed, t.failedText, 'error')
      }
    }
  }
}

async function loadUpdater(): Promise<AppUpdater> {
  // It is CommonJS; what it exports is found on `default`.
  const { default: module } = await import('electron-updater')
  return module.autoUpdater
}

function startTimer(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

/** Notes come from the network, as text, HTML or a list: shown as plain text, and not for ever. */
export function plainNotes(notes: UpdateInfo['releaseNotes']): string {
  const text = typeof notes === 'string' ? notes : (notes ?? []).map(({ version, note }) => `${version}\n${note ?? ''}`).join('\n\n')
  const plain = text
    .slice(0, 10 * MAX_NOTES_CHARS)
    .replaceAll(/<(br|\/p|\/li|\/h\d)[^>]{0,100}>/gi, '\n')
    .replaceAll(/<[^>]{0,1000}>/g, '')
    .replaceAll(/[^\P{C}\n]/gu, '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
  return plain.length > MAX_NOTES_CHARS ? `${plain.slice(0, MAX_NOTES_CHARS)}…` : plain
}
