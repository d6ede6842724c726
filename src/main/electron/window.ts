import { join } from 'node:path'
import { BrowserWindow, screen } from 'electron'
import { pageUrl } from './page.ts'
import { keepWindowState, readWindowState } from './window-state.ts'

export interface WindowOptions {
  /** Where position and size are kept. */
  statePath: string
  /** The bundled preload. */
  preload?: string
}

/** The main window: sandboxed, isolated, without Node; shown once the page has painted. */
export function createMainWindow(options: WindowOptions): BrowserWindow {
  const state = readWindowState(
    options.statePath,
    screen.getAllDisplays().map((display) => display.workArea)
  )
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
