import { BrowserWindow, ipcMain } from 'electron'
import type { App } from '../app/create-app.ts'
import { serveWindow } from './transport.ts'
import { createMainWindow } from './window.ts'

export interface Windows {
  /** Another window on the same application. */
  open(): BrowserWindow
  /** The window that is or was in front, or null without any. */
  front(): BrowserWindow | null
  /** Brings the front window before the user's eyes; opens one when there is none. */
  show(): BrowserWindow
  all(): BrowserWindow[]
}

export interface WindowsOptions {
  app: Pick<App, 'dispatch' | 'subscribe'>
  statePath: string
  /** The user closes a window. `last`: it is the only one. false keeps it open. */
  mayClose(last: boolean): boolean
}

/** A page that crashes again this soon is left as it is. */
const RELOAD_PAUSE_MS = 10_000

/** All windows of the program: each is served alone, all show the same. */
export function createWindows(options: WindowsOptions): Windows {
  // The last one is the one that was in front last.
  const open: BrowserWindow[] = []
  const front = () => open.at(-1) ?? null
  const create = () => {
    const window = createMainWindow({ statePath: options.statePath, beside: front()?.getNormalBounds() ?? null })
    open.push(window)
    serveWindow(ipcMain, window.webContents, options.app)
    const toFront = () => {
      open.splice(open.indexOf(window), 1)
      open.push(window)
    }
    window.on('focus', toFront)
    window.on('close', (event) => {
      if (!options.mayClose(open.length === 1)) event.preventDefault()
    })
    window.on('closed', () => open.splice(open.indexOf(window), 1))
    reloadAfterCrash(window)
    return window
  }
  return {
    open: create,
    front,
    show() {
      const window = front() ?? create()
      if (window.isMinimized()) window.restore()
      window.show()
      window.focus()
      return window
    },
    all: () => [...open]
  }
}

/** The services live in this process: a page that broke down loses nothing by being loaded again. */
function reloadAfterCrash(window: BrowserWindow): void {
  let last = -RELOAD_PAUSE_MS
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    const now = performance.now()
    if (reason === 'clean-exit' || now - last < RELOAD_PAUSE_MS) return
    last = now
    window.webContents.reload()
  })
}
