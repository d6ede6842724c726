/**
 * A stand-in for the `electron` module: as much of it as the program uses, recording what it is told. Unit tests get it by an
 * alias, the packaging check runs the packaged program with it. It shows no window: `page(window)` is the page's end of the pipe.
 */
import { EventEmitter } from 'node:events'
import { request } from 'node:http'
import type { ClientRequest, RequestOptions } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Frame {
  url: string
}

class WebContents extends EventEmitter {
  readonly mainFrame: Frame = { url: '' }
  readonly toPage = new EventEmitter()
  windowOpenHandler: ((details: { url: string }) => { action: string }) | null = null
  #destroyed = false

  send(channel: string, message: unknown): void {
    this.toPage.emit(channel, {}, structuredClone(message))
  }
  getURL(): string {
    return this.mainFrame.url
  }
  isDestroyed(): boolean {
    return this.#destroyed
  }
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.windowOpenHandler = handler
  }
  destroy(): void {
    this.#destroyed = true
    this.emit('destroyed')
  }
  dragged: { file: string; files?: string[] } | null = null
  startDrag(item: { file: string; files?: string[]; icon: unknown }): void {
    this.dragged = { file: item.file, ...(item.files === undefined ? {} : { files: item.files }) }
  }
  reloads = 0
  reload(): void {
    this.reloads += 1
  }
}

export class BrowserWindow extends EventEmitter {
  static readonly all: BrowserWindow[] = []
  readonly webContents = new WebContents()
  readonly options: { webPreferences?: Record<string, unknown>; width?: number; height?: number; x?: number; y?: number }
  shown = false
  minimized = false
  maximized = false
  progress: number | null = null
  progressMode = ''
  focused = 0
  bounds = { x: 10, y: 20, width: 1000, height: 700 }
  #destroyed = false

  constructor(options: BrowserWindow['options'] = {}) {
    super()
    this.options = options
    BrowserWindow.all.push(this)
    app.emit('web-contents-created', {}, this.webContents)
    app.emit('browser-window-created', {}, this)
  }
  /** The one that the user looks at; set by tests. */
  static looking: BrowserWindow | null = null
  static getFocusedWindow(): BrowserWindow | null {
    return BrowserWindow.looking
  }
  static getAllWindows(): BrowserWindow[] {
    return BrowserWindow.all.filter((window) => !window.isDestroyed())
  }
  async loadURL(url: string): Promise<void> {
    this.webContents.mainFrame.url = url
    await Promise.resolve()
    this.emit('ready-to-show')
  }
  show(): void {
    this.shown = true
  }
  focus(): void {
    this.focused += 1
    this.emit('focus')
  }
  restore(): void {
    this.minimized = false
  }
  maximize(): void {
    this.maximized = true
  }
  isMinimized(): boolean {
    return this.minimized
  }
  isMaximized(): boolean {
    return this.maximized
  }
  isDestroyed(): boolean {
    return this.#destroyed
  }
  getNormalBounds() {
    return this.bounds
  }
  overlay: unknown = null
  flashing = false
  setOverlayIcon(image: unknown): void {
    this.overlay = image
  }
  flashFrame(on: boolean): void {
    this.flashing = on
  }
  setProgressBar(value: number, { mode }: { mode: string }): void {
    this.progress = value
    this.progressMode = mode
  }
  /** As the user does it: the program may prevent it. */
  close(): void {
    const event = preventable()
    this.emit('close', event)
    if (event.defaultPrevented) return
    this.#destroyed = true
    this.emit('closed')
    this.webContents.destroy()
    // As documented: not while quitting.
    if (BrowserWindow.getAllWindows().length === 0 && !app.quitting) app.emit('window-all-closed')
  }
}

class ElectronApp extends EventEmitter {
  getFileIcon(path: string): Promise<{ of: string }> {
    return Promise.resolve({ of: path })
  }
  readonly paths: Record<string, string> = { home: tmpdir(), downloads: join(tmpdir(), 'downloads') }
  isPackaged = false
  sandboxed = false
  quitting = false
  /** Set to false to be the second instance. */
  first = true
  exitCode: number | null = null
  ended = 0

  locked = 0
  /** What the second start hands to the first. */
  handOver: unknown = null
  badge = 0
  jumpList: { items?: { title: string; args: string }[] }[] = []
  linkClients: unknown[][] = []
  readonly dock = {
    menu: null as unknown,
    bounces: 0,
    bounce: () => {
      app.dock.bounces += 1
    },
    setMenu: (menu: unknown) => {
      app.dock.menu = menu
    }
  }

  releaseSingleInstanceLock(): void {
    this.locked -= 1
  }
  setBadgeCount(count: number): boolean {
    this.badge = count
    return true
  }
  setJumpList(list: ElectronApp['jumpList']): string {
    this.jumpList = list
    return 'ok'
  }
  setAsDefaultProtocolClient(...args: unknown[]): boolean {
    this.linkClients.push(args)
    return true
  }
  userModelId = ''
  setAppUserModelId(id: string): void {
    this.userModelId = id
  }
  setAboutPanelOptions(): void {}
  getVersion(): string {
    return this.version
  }
  version = '0.1.0'
  getName(): string {
    return 'fastdfs-desktop'
  }
  getAppPath(): string {
    return tmpdir()
  }
  enableSandbox(): void {
    this.sandboxed = true
  }
  setPath(name: string, path: string): void {
    this.paths[name] = path
  }
  getPath(name: string): string {
    return this.paths[name] ?? tmpdir()
  }
  getLocale(): string {
    return 'en-US'
  }
  getPreferredSystemLanguages(): string[] {
    return ['en-US']
  }
  requestSingleInstanceLock(handOver: unknown): boolean {
    this.handOver = handOver
    if (this.first) this.locked += 1
    return this.first
  }
  whenReady(): Promise<void> {
    return Promise.resolve()
  }
  quit(): void {
    const before = preventable()
    this.emit('before-quit', before)
    if (before.defaultPrevented) return
    this.quitting = true
    for (const window of BrowserWindow.getAllWindows()) window.close()
    this.quitting = false
    if (BrowserWindow.getAllWindows().length > 0) return
    const will = preventable()
    this.emit('will-quit', will)
    if (will.defaultPrevented) return
    this.ended += 1
    this.emit('quit')
  }
  exit(code = 0): void {
    this.exitCode = code
    this.emit('quit')
  }
}

function preventable() {
  const event = {
    defaultPrevented: false,
    preventDefault() {
      event.defaultPrevented = true
    }
  }
  return event
}

export const app = new ElectronApp()
export const ipcMain = new EventEmitter()

export const protocol = {
  privileged: [] as { scheme: string; privileges: Record<string, boolean> }[],
  handlers: new Map<string, (request: Request) => Promise<Response>>(),
  registerSchemesAsPrivileged(schemes: { scheme: string; privileges: Record<string, boolean> }[]): void {
    protocol.privileged.push(...schemes)
  },
  handle(scheme: string, handler: (request: Request) => Promise<Response>): void {
    protocol.handlers.set(scheme, handler)
  }
}

type PermissionRequest = (contents: WebContents, permission: string, callback: (granted: boolean) => void) => void
type PermissionCheck = (contents: WebContents | null, permission: string) => boolean

class Session extends EventEmitter {
  permissionRequest: PermissionRequest | null = null
  permissionCheck: PermissionCheck | null = null
  devices: (() => boolean) | null = null
  setPermissionRequestHandler(handler: PermissionRequest): void {
    this.permissionRequest = handler
  }
  setPermissionCheckHandler(handler: PermissionCheck): void {
    this.permissionCheck = handler
  }
  setDevicePermissionHandler(handler: () => boolean): void {
    this.devices = handler
  }
  setSpellCheckerEnabled(): void {}
  requests: ((details: { url: string }, callback: (answer: { cancel: boolean }) => void) => void) | null = null
  readonly webRequest = {
    onBeforeRequest: (listener: NonNullable<Session['requests']>) => {
      this.requests = listener
    }
  }
}

export const session = { defaultSession: new Session(), fromPartition: () => new Session() }

export const dialog = {
  /** What the user answers next. */
  answers: { open: [] as string[], save: '', button: 0 },
  asked: [] as unknown[],
  errors: [] as string[][],
  async showOpenDialog(...args: unknown[]) {
    dialog.asked.push(args.at(-1))
    return Promise.resolve({ canceled: dialog.answers.open.length === 0, filePaths: dialog.answers.open })
  },
  async showSaveDialog(...args: unknown[]) {
    dialog.asked.push(args.at(-1))
    return Promise.resolve({ canceled: dialog.answers.save === '', filePath: dialog.answers.save })
  },
  async showMessageBox(...args: unknown[]) {
    dialog.asked.push(args.at(-1))
    return Promise.resolve({ response: dialog.answers.button, checkboxChecked: false })
  },
  showMessageBoxSync(...args: unknown[]): number {
    dialog.asked.push(args.at(-1))
    return dialog.answers.button
  },
  showErrorBox(title: string, content: string): void {
    dialog.errors.push([title, content])
  }
}

export const shell = {
  shown: [] as string[],
  opened: [] as string[],
  showItemInFolder(path: string): void {
    shell.shown.push(path)
  },
  async openExternal(url: string): Promise<void> {
    shell.opened.push(url)
    return Promise.resolve()
  }
}

/** `backend` as on Linux: 'basic_text' is the one that keeps nothing secret. */
export const safeStorage = {
  available: false,
  backend: 'gnome_libsecret',
  isEncryptionAvailable: (): boolean => safeStorage.available,
  getSelectedStorageBackend: (): string => safeStorage.backend,
  encryptString: (text: string): Buffer => Buffer.from(text).reverse(),
  decryptString: (bytes: Buffer): string => Buffer.from(bytes).reverse().toString()
}

export const Menu = {
  installed: null as { label?: string; submenu?: unknown }[] | null,
  buildFromTemplate: (template: unknown) => template,
  setApplicationMenu(menu: { label?: string; submenu?: unknown }[]): void {
    Menu.installed = menu
  }
}

export const powerSaveBlocker = {
  active: new Set<number>(),
  next: 1,
  start(): number {
    powerSaveBlocker.active.add(powerSaveBlocker.next)
    return powerSaveBlocker.next++
  },
  stop(id: number): void {
    powerSaveBlocker.active.delete(id)
  }
}

export const crashReporter = {
  options: null as unknown,
  start(options: unknown): void {
    crashReporter.options = options
  }
}

/** @public the program takes it by the name of `electron` */
export const powerMonitor = new EventEmitter()

export class Notification extends EventEmitter {
  static readonly shown: Notification[] = []
  static isSupported(): boolean {
    return true
  }
  readonly options: { title: string; body: string; actions?: { text: string }[] }
  constructor(options: Notification['options']) {
    super()
    this.options = options
  }
  show(): void {
    Notification.shown.push(this)
  }
}

interface MenuEntry {
  label?: string
  enabled?: boolean
  click?: () => void
}

export class Tray extends EventEmitter {
  static readonly all: Tray[] = []
  readonly image: unknown
  tip = ''
  menu: MenuEntry[] = []
  menus = 0
  destroyed = false
  constructor(image: unknown) {
    super()
    this.image = image
    Tray.all.push(this)
  }
  setToolTip(tip: string): void {
    this.tip = tip
  }
  setContextMenu(menu: MenuEntry[]): void {
    this.menu = menu
    this.menus += 1
  }
  destroy(): void {
    this.destroyed = true
  }
}

export const nativeImage = {
  createEmpty: () => ({
    parts: [] as { scaleFactor: number; dataURL: string }[],
    template: false,
    addRepresentation(part: { scaleFactor: number; dataURL: string }) {
      this.parts.push(part)
    },
    setTemplateImage(on: boolean) {
      this.template = on
    }
  })
}

/** @public The network of the updater: over Node's own client. */
export const net = {
  request(options: RequestOptions): ClientRequest {
    const { protocol, hostname, port, path, method, headers } = options
    return request({ protocol, hostname, port, path, method, headers })
  }
}

/** @public the updater takes it by the name of `electron` */
export const autoUpdater = new EventEmitter()

export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] }

/** What `electron` is inside the sandboxed preload of a window; `exposed` is what the page gets on its `window`. */
export function preloadModule(window: BrowserWindow) {
  const exposed: Record<string, unknown> = {}
  const { webContents } = window
  const module = {
    contextBridge: {
      exposeInMainWorld(name: string, value: unknown): void {
        exposed[name] = value
      }
    },
    ipcRenderer: {
      send(channel: string, message: unknown): void {
        deliver(webContents, webContents.mainFrame, channel, message)
      },
      on: (channel: string, listener: (...args: unknown[]) => void) => webContents.toPage.on(channel, listener),
      off: (channel: string, listener: (...args: unknown[]) => void) => webContents.toPage.off(channel, listener)
    },
    webUtils: { getPathForFile: (file: { path?: string }) => file.path ?? '' }
  }
  return { module, exposed }
}

/** A message as it reaches ipcMain from some frame of some page. */
export function deliver(sender: WebContents, senderFrame: Frame | null, channel: string, message: unknown): void {
  ipcMain.emit(channel, { sender, senderFrame }, structuredClone(message))
}
