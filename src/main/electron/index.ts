import { join } from 'node:path'
import { BrowserWindow, app, crashReporter, dialog, powerMonitor, session } from 'electron'
import { describeError } from '../../shared/error-texts.ts'
import { toAppError } from '../../shared/errors.ts'
import { createAppWithRescue } from '../app/rescue.ts'
import { defaultDataDir } from '../app/data-dir.ts'
import { keepHeapSmall } from '../app/heap.ts'
import { appVersion } from '../app/version.ts'
import { watchActivity } from './activity.ts'
import { askForAttention } from './attention.ts'
import { commandLineIn, linkWish, ownArguments, readArguments, readHandOver } from './arguments.ts'
import type { HandOver } from './arguments.ts'
import { claimLinks, installMenus } from './desktop.ts'
import { hardenContents, hardenSession, keepCrashDumps } from './hardening.ts'
import { createElectronHost } from './host.ts'
import { notifyOfBatches, tell } from './notifications.ts'
import { registerPageScheme, servePage } from './page.ts'
import { guardQuit } from './quit.ts'
import { watchSettings } from './shell-settings.ts'
import { textsOf } from './texts.ts'
import { createTray } from './tray.ts'
import type { TrayIcon } from './tray.ts'
import { createUpdates } from './updates.ts'
import { createWindows } from './windows.ts'
import type { Windows } from './windows.ts'
import { createWishes } from './wishes.ts'

/** Whose announcements of new versions are believed: set when a release is built, empty in every other copy. */
const UPDATE_KEY = import.meta.env.MAIN_VITE_UPDATE_KEY ?? ''

/** As in electron-builder.yml. */
const APP_ID = 'org.fastdfs-desktop.app'

const handOver: HandOver = { words: ownArguments(process.argv, app.isPackaged), cwd: process.cwd() }
const request = readArguments(handOver.words, handOver.cwd)
const dataDir = request.dataDir ?? defaultDataDir()

// Everything up to `whenReady` must happen before it.
app.setPath('userData', join(dataDir, 'window'))
keepCrashDumps(app, crashReporter, join(dataDir, 'window', 'crashes'))
app.enableSandbox()
registerPageScheme()
hardenContents(app)

let windows: Windows | null = null
let revision = 0
const wishes = createWishes(() => {
  // Without a window yet: the one that opens takes what waits.
  if (windows === null) return
  const { webContents } = windows.show()
  webContents.send('fdfs:message', { event: 'host.wished', data: { revision: ++revision } })
})

const commandLine = commandLineIn(process.argv)
if (commandLine !== null) {
  runCommandLine(commandLine)
} else if (app.requestSingleInstanceLock(handOver)) {
  app.on('second-instance', (_event, _words, _cwd, data) => {
    const given = readHandOver(data)
    const wanted = given === null ? null : readArguments(given.words, given.cwd)
    if (wanted?.newWindow) windows?.open()
    else if ((wanted?.wishes.length ?? 0) === 0) windows?.show()
    for (const wish of wanted?.wishes ?? []) wishes.add(wish)
  })
  for (const wish of request.wishes) wishes.add(wish)
  // macOS gives files and links by events, also before the program is ready.
  app.on('open-file', (event, path) => {
    event.preventDefault()
    wishes.add({ tag: 'upload', paths: [path] })
  })
  app.on('open-url', (event, url) => {
    event.preventDefault()
    const wish = linkWish(url)
    if (wish !== null) wishes.add(wish)
  })
  // Never awaited at the top level: an ES module main would wait for ever.
  app.whenReady().then(start).catch(fail)
} else {
  app.quit()
}

/** The command line is a program of its own, beside this one in the package: it ends when its module is done. */
function runCommandLine(words: readonly string[]): void {
  process.argv = [process.execPath, 'fdfs', ...words]
  import(new URL('./cli.js', import.meta.url).href).then(() => app.exit(Number(process.exitCode ?? 0))).catch(fail)
}

async function start(): Promise<void> {
  hardenSession(session.defaultSession)
  claimLinks(process.platform)
  // Windows shows notifications only of programs that it knows by this name: the installer's.
  app.setAppUserModelId(APP_ID)
  app.setAboutPanelOptions({ applicationName: 'FastDFS Desktop', applicationVersion: appVersion(), copyright: 'MIT licence' })
  const host = createElectronHost(
    () => BrowserWindow.getFocusedWindow() ?? windows?.front() ?? null,
    () => wishes.take()
  )
  keepHeapSmall()
  const services = await createAppWithRescue({ dataDir, host })
  servePage(services.preview)
  const settings = await watchSettings(services)
  const activity = watchActivity(services, () => windows?.all() ?? [])
  const guard = guardQuit({
    language: settings.language,
    window: () => windows?.front() ?? null,
    unfinished: () => activity.unfinished(),
    async close() {
      activity.close()
      updates.close()
      await services.close()
    }
  })
  const updates = createUpdates({
    settings,
    publicKey: UPDATE_KEY,
    window: () => windows?.front() ?? null,
    restart: (install) =>
      void guard.prepare().then(() => {
        // The new version may start before this one is gone.
        app.releaseSingleInstanceLock()
        install()
      })
  })
  const opened = createWindows({
    app: services,
    statePath: join(dataDir, 'window', 'window-state.json'),
    mayClose(last) {
      // On a Mac closing the last window is not quitting; elsewhere it is, unless the program stays beside the clock.
      if (!last || process.platform === 'darwin' || guard.agreed() || settings.get().background) return true
      // The question comes while there is a window to come back to.
      app.quit()
      return false
    }
  })
  windows = opened
  const menus = () =>
    installMenus({
      platform: process.platform,
      language: settings.language(),
      isPackaged: app.isPackaged,
      newWindow: () => void opened.open(),
      command: (command) => wishes.add({ tag: 'command', command }),
      checkForUpdates: () => void updates.check()
    })
  let language: string | null = null
  settings.follow(() => {
    if (language !== settings.language()) menus()
    language = settings.language()
  })
  keepTray()

  notifyOfBatches({
    app: services,
    language: settings.language,
    wanted: () => settings.get().notify && BrowserWindow.getFocusedWindow() === null,
    wish: (wish) => wishes.add(wish)
  })
  askForAttention({ app: services, platform: process.platform, language: settings.language, windows: () => opened.all() })
  app.on('activate', () => opened.show())
  app.on('window-all-closed', () => {
    // On a Mac a program without windows goes on; transfers do too. Elsewhere only when the user wants it.
    if (process.platform === 'darwin') return
    if (!settings.get().background) return app.quit()
    const t = textsOf(settings.language()).notification
    tell({ title: t.stillRunning, body: t.stillRunningText })
  })
  // The computer is switched off: nobody is there to answer, and the journal makes the end safe. Windows tells it to windows.
  const leave = () => void guard.prepare().then(() => app.quit())
  const endOfSession = (event?: { preventDefault(): void }) => {
    // The system waits for a moment.
    event?.preventDefault()
    leave()
  }
  powerMonitor.on('shutdown', endOfSession)
  app.on('browser-window-created', (_event, window) => window.on('session-end', leave))
  opened.open()

  function keepTray(): void {
    let tray: TrayIcon | null = null
    let totals: Parameters<TrayIcon['show']>[0] = null
    const update = () => tray?.show(totals, settings.language())
    settings.follow(({ background }) => {
      if (background && tray === null) {
        tray = createTray(process.platform, {
          open: () => void opened.show(),
          uploadFiles: () => wishes.add({ tag: 'command', command: 'upload-files' }),
          control: (action) => void services.dispatch({ id: 0, name: 'transfers.control', input: { action } }),
          quit: () => app.quit()
        })
      } else if (!background) {
        tray?.close()
        tray = null
      }
      update()
    })
    activity.follow((now) => {
      totals = now
      update()
    })
  }
}

function fail(error: unknown): void {
  const { what, next } = describeError(toAppError(error).toData(), app.getLocale().startsWith('zh') ? 'zh-CN' : 'en')
  dialog.showErrorBox(what, next)
  app.exit(1)
}
