import { join } from 'node:path'
import { BrowserWindow, screen } from 'electron'
import type { Rectangle } from 'electron'
import { pageUrl } from './page.ts'
import { beside, keepWindowState, readWindowState } from './window-state.ts'

export interface WindowOptions {
  /** Where position and size are kept. */
  statePath: string
  /** The window that it is opened from: the new one stands a little lower right. */
  beside?: Rectangle | null
  /** The bundled preload. */
  preload?: string
}

/** A window on the application: sandboxed, isolated, without Node; shown once the page has painted. */
export function createMainWindow(options: WindowOptions): BrowserWindow {
  const screens = screen.getAllDisplays().map((display) => display.workArea)
  const state = options.beside ? beside(options.beside, screens) : readWindowState(options.statePath, screens)
  const window = new BrowserWindow({
    width: state?.width ?? 1280,
    height: state?.height ?? 820,
    ...(state ? { x: state.x, y: state.y } : {}),
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: 'FastDFS Desktop',
    webPreferences: {
      preload: options.preload ?? join(import.meta.dirname, '..', 'preload', 'index.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false
    }
  })
  if (state?.maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  keepWindowState(options.statePath, window)
  void window.loadURL(pageUrl())
  return window
}
