import { join } from 'node:path'
import { app, BrowserWindow, dialog, ipcMain, session } from 'electron'
import { describeError } from '../../shared/error-texts.ts'
import { toAppError } from '../../shared/errors.ts'
import { createApp } from '../app/create-app.ts'
import { defaultDataDir } from '../app/data-dir.ts'
import { watchActivity } from './activity.ts'
import { hardenContents, hardenSession } from './hardening.ts'
import { createElectronHost } from './host.ts'
import { installMenu } from './menu.ts'
import { registerPageScheme, servePage } from './page.ts'
import { guardQuit } from './quit.ts'
import { serveWindow } from './transport.ts'
import { createMainWindow } from './window.ts'

const dataDir = dataDirOf(process.argv) ?? defaultDataDir()

// Everything up to `whenReady` must happen before it.
app.setPath('userData', join(dataDir, 'window'))
app.enableSandbox()
registerPageScheme()
hardenContents(app)

let main: BrowserWindow | null = null

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', () => {
    if (!main || main.isDestroyed()) return
    if (main.isMinimized()) main.restore()
    main.show()
    main.focus()
  })
  // Never awaited at the top level: an ES module main would wait for ever.
  app.whenReady().then(start).catch(fail)
} else {
  app.quit()
}

async function start(): Promise<void> {
  hardenSession(session.defaultSession)
  installMenu(process.platform)
  const host = createElectronHost(() => main)
  const services = await createApp({ dataDir, host })
  servePage(services.preview)
  const activity = watchActivity(services, () => main)
  const guard = guardQuit({
    language: host.systemLanguage,
    window: () => main,
    unfinished: () => activity.unfinished(),
    async close() {
      activity.close()
      await services.close()
    }
  })
  const open = () => {
    main = createMainWindow({ statePath: join(dataDir, 'window', 'window-state.json') })
    serveWindow(ipcMain, main.webContents, services)
    main.on('close', (event) => {
      // The question comes while there is a window to come back to. On a Mac closing the window is not quitting.
      if (process.platform === 'darwin' || guard.agreed()) return
      event.preventDefault()
      app.quit()
    })
    main.on('closed', () => {
      main = null
    })
  }
  open()
  app.on('activate', () => {
    if (main === null) open()
  })
  app.on('window-all-closed', () => {
    // On a Mac a program without windows goes on; transfers do too.
    if (process.platform !== 'darwin') app.quit()
  })
}

function fail(error: unknown): void {
  const { what, next } = describeError(toAppError(error).toData(), app.getLocale().startsWith('zh') ? 'zh-CN' : 'en')
  dialog.showErrorBox(what, next)
  app.exit(1)
}

/** `--data DIR` or `--data=DIR`; Chromium's own switches stand among the arguments. */
function dataDirOf(argv: readonly string[]): string | null {
  const at = argv.findIndex((word) => word === '--data' || word.startsWith('--data='))
  if (at < 0) return null
  const word = argv[at] ?? ''
  return word === '--data' ? (argv[at + 1] ?? null) : word.slice('--data='.length)
}
