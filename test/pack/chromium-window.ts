/**
 * Gives the stand-in `electron` real windows: each BrowserWindow is a page of Chromium that gets everything by the program's own
 * scheme handler, with the packaged preload in an isolated world, as Electron has it. What differs: the scheme is shown as an http
 * origin (no other Chromium knows ours), and values cross from world to world as JSON.
 */
import { readFileSync } from 'node:fs'
import type { Browser, CDPSession, Page, Route } from '@playwright/test'
import * as stub from '../support/electron-stub.ts'

const SHOWN = 'http://fdfs-app.localhost'
const OWN = 'fdfs-app://app'
const WORLD = 'preload'

/** The page of a window, once it is loaded. */
export type PageOf = (window: stub.BrowserWindow) => Promise<Page>

/** From now on windows are opened in this browser. `preloadPath`: the preload that every one of them gets. */
export function openInChromium(browser: Browser, preloadPath: string): PageOf {
  const pages = new Map<stub.BrowserWindow, Promise<Page>>()
  const preload = `${ISOLATED}(${JSON.stringify(readFileSync(preloadPath, 'utf8'))})`
  stub.BrowserWindow.prototype.loadURL = async function (this: stub.BrowserWindow, url: string) {
    const page = show(browser, this, url, preload)
    pages.set(this, page)
    await page
    this.emit('ready-to-show')
  }
  return (window) => pages.get(window) ?? Promise.reject(new Error('this window loads nothing'))
}

async function show(browser: Browser, window: stub.BrowserWindow, url: string, preload: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 820 }, locale: 'en-US' })
  const page = await context.newPage()
  const { webContents } = window
  await page.route('**/*', serve)
  const session = await context.newCDPSession(page)
  await connectWorlds(session, window, preload)
  page.on('framenavigated', (frame) => {
    if (frame === page.mainFrame()) webContents.mainFrame.url = frame.url().replace(SHOWN, OWN)
  })
  page.once('close', () => {
    if (!window.isDestroyed()) window.close()
  })
  window.once('closed', () => void context.close().catch(() => undefined))
  await page.goto(url.replace(OWN, SHOWN))
  return page
}

/** Whatever the page asks for goes to the program's handler; other addresses reach nothing at all. */
async function serve(route: Route): Promise<void> {
  const request = route.request()
  const handler = stub.protocol.handlers.get('fdfs-app')
  if (!request.url().startsWith(`${SHOWN}/`) || !handler) return route.abort()
  const response = await handler(
    new Request(request.url().replace(SHOWN, OWN), { method: request.method(), headers: await request.allHeaders() })
  )
  await route.fulfill({
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer())
  })
}

async function connectWorlds(session: CDPSession, window: stub.BrowserWindow, preload: string): Promise<void> {
  const { webContents } = window
  let world: number | null = null
  session.on('Runtime.executionContextCreated', ({ context }) => {
    if (context.name === WORLD) world = context.id
  })
  session.on('Runtime.bindingCalled', ({ name, payload }) => {
    if (name !== '__toMain') return
    const [channel, message] = JSON.parse(payload) as [string, unknown]
    stub.deliver(webContents, webContents.mainFrame, channel, message)
  })
  webContents.send = (channel, message) => {
    if (world === null) return
    const expression = `__fromMain(${JSON.stringify(channel)}, ${JSON.stringify(message)})`
    session.send('Runtime.evaluate', { contextId: world, expression }).catch(() => undefined)
  }
  await session.send('Runtime.enable')
  await session.send('Page.enable')
  await session.send('Runtime.addBinding', { name: '__toMain', executionContextName: WORLD })
  await session.send('Page.addScriptToEvaluateOnNewDocument', { source: MAIN_WORLD })
  await session.send('Page.addScriptToEvaluateOnNewDocument', { source: preload, worldName: WORLD })
}

/** In the page's own world: what the preload exposes, as functions that ask the other world through the document they share. */
const MAIN_WORLD = `(() => {
  const callbacks = []
  document.addEventListener('bridge-expose', ({ detail }) => {
    const { name, functions } = JSON.parse(detail)
    const value = {}
    for (const each of functions) {
      value[each] = (...args) => {
        const given = args.map((arg) => (typeof arg === 'function' ? { callback: callbacks.push(arg) - 1 } : { value: arg }))
        const call = new CustomEvent('bridge-call', { detail: JSON.stringify({ name, each, given }) })
        document.dispatchEvent(call)
        const result = JSON.parse(document.documentElement.getAttribute('bridge-result'))
        return result.stop === undefined ? result.value : () => document.dispatchEvent(new CustomEvent('bridge-stop', { detail: String(result.stop) }))
      }
    }
    Object.defineProperty(window, name, { value: Object.freeze(value) })
  })
  document.addEventListener('bridge-callback', ({ detail }) => {
    const { callback, args } = JSON.parse(detail)
    callbacks[callback](...args)
  })
})()`

/** In the isolated world: the \`electron\` that a sandboxed preload may require, then the preload itself. */
const ISOLATED = `((code) => {
  const listeners = new Map()
  const stops = []
  const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail: JSON.stringify(detail) }))
  const exposed = {}
  const electron = {
    contextBridge: {
      exposeInMainWorld(name, value) {
        exposed[name] = value
        tell('bridge-expose', { name, functions: Object.keys(value) })
      }
    },
    ipcRenderer: {
      send: (channel, message) => __toMain(JSON.stringify([channel, message])),
      on: (channel, listener) => listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
      off: (channel, listener) => listeners.set(channel, (listeners.get(channel) ?? []).filter((each) => each !== listener))
    },
    webUtils: { getPathForFile: () => '' }
  }
  document.addEventListener('bridge-call', ({ detail }) => {
    const { name, each, given } = JSON.parse(detail)
    const args = given.map(({ value, callback }) => (callback === undefined ? value : (...args) => tell('bridge-callback', { callback, args })))
    const result = exposed[name][each](...args)
    const told = typeof result === 'function' ? { stop: stops.push(result) - 1 } : { value: result }
    document.documentElement.setAttribute('bridge-result', JSON.stringify(told))
  })
  document.addEventListener('bridge-stop', ({ detail }) => stops[Number(detail)]())
  globalThis.__fromMain = (channel, message) => {
    for (const listener of listeners.get(channel) ?? []) listener({}, message)
  }
  const require = (name) => {
    if (name !== 'electron') throw new Error('a sandboxed preload cannot require ' + name)
    return electron
  }
  new Function('exports', 'require', 'module', code)({}, require, { exports: {} })
})`
