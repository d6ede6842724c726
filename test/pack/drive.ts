/**
 * node test/pack/drive.ts APP DATA: runs the packaged program in plain Node, with a stand-in for the `electron` module, as a user
 * would: start, window, page, calls through the real preload, an upload, previews, links, menus, the tray, quitting. Prints one line `RESULTS [...]`.
 */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { runInThisContext } from 'node:vm'
import type { AppUpdater } from 'electron-updater'
import type { CallName, CallOutput, Pipe, ReplyEnvelope } from '../../src/shared/contract.ts'
import type { TransferSnapshot } from '../../src/shared/model.ts'
import * as stub from '../support/electron-stub.ts'
import { createChecks } from './checks.ts'
import { flatMenu } from './menu.ts'

const [appDir = '', dataDir = ''] = process.argv.slice(2)
const stubUrl = pathToFileURL(join(import.meta.dirname, '../support/electron-stub.ts')).href
registerHooks({
  resolve: (specifier, context, next) => (specifier === 'electron' ? { url: stubUrl, shortCircuit: true } : next(specifier, context))
})

const { check, results } = createChecks()
const manifest = JSON.parse(readFileSync(join(appDir, 'package.json'), 'utf8')) as { version: string; main: string }
stub.app.isPackaged = true
Object.assign(process, { resourcesPath: appDir })
// A packaged program must not care.
Object.assign(process.env, { ELECTRON_RENDERER_URL: 'https://evil.example/' })
// Started by "open with": a file of the user's, and a link from a web page.
mkdirSync(dataDir, { recursive: true })
const opened = join(dataDir, 'opened with.txt')
writeFileSync(opened, 'x')
process.argv = [process.execPath, '--data', dataDir, opened, 'fastdfs-desktop://evil?x=1']
await import(pathToFileURL(join(appDir, manifest.main)).href)
let window = await until('a window', () => stub.BrowserWindow.all[0])
const preloaded = runPreload()
const { exposed } = preloaded
let { pipe } = preloaded
let nextId = 1

await check('starts sandboxed, with its data where it was told', () => {
  assert.equal(stub.app.sandboxed, true)
  assert.ok(stub.app.getPath('userData').startsWith(dataDir))
  assert.ok(stub.app.getPath('crashDumps').startsWith(dataDir))
  assert.deepEqual(stub.dialog.errors, [])
  const packager = readFileSync(join(import.meta.dirname, '../../electron-builder.yml'), 'utf8')
  assert.equal(stub.app.userModelId, /^appId: (\S+)$/m.exec(packager)?.[1])
})
await check('opens one hardened window with the packaged preload', () => {
  assert.equal(stub.BrowserWindow.all.length, 1)
  assert.equal(window.webContents.getURL(), 'fdfs-app://app/')
  const preferences = window.options.webPreferences ?? {}
  assert.equal(preferences['sandbox'], true)
  assert.equal(preferences['contextIsolation'], true)
  assert.equal(preferences['nodeIntegration'], false)
  assert.equal(preferences['preload'], join(appDir, 'out/preload/index.cjs'))
})
await check('serves the page and its script under its own scheme', async () => {
  const page = await get(window.webContents.getURL())
  const html = await page.text()
  assert.match(html, /<div id="root">/)
  assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)[^>]*>/, 'an inline script would be blocked')
  const script = /<script[^>]*src="([^"]+)"/.exec(html)?.[1]
  assert.ok(script, 'the page has no script')
  const loaded = await get(new URL(script, window.webContents.getURL()).href)
  assert.equal(loaded.status, 200)
  assert.match(loaded.headers.get('content-type') ?? '', /javascript/)
})
await check('gives the page three functions and no more', () => {
  assert.deepEqual(Object.keys(exposed), ['fdfs'])
  assert.deepEqual(Object.keys(pipe).sort(), ['onMessage', 'pathForFile', 'send'])
})
await check('answers a call from the page', async () => {
  const info = await call('app.info', {})
  assert.equal(info.version, manifest.version)
  assert.equal(info.host.kind, 'electron')
  assert.equal(info.activeProfileId, 'builtin')
})
await check('answers a forged sender nothing', async () => {
  const heard: unknown[] = []
  const stop = pipe.onMessage((message) => heard.push(message))
  const other = new stub.BrowserWindow()
  await other.loadURL('https://evil.example/')
  stub.deliver(other.webContents, other.webContents.mainFrame, 'fdfs:call', { id: 900, name: 'app.info', input: {} })
  stub.deliver(window.webContents, { url: 'https://evil.example/' }, 'fdfs:call', { id: 901, name: 'app.info', input: {} })
  await call('app.info', {})
  stop()
  assert.equal(heard.filter((message) => 'id' in (message as object) && (message as ReplyEnvelope).id >= 900).length, 0)
  other.close()
})
await check('denies navigation, new windows, webviews and permissions', () => {
  for (const [name, url] of [
    ['will-navigate', 'https://evil.example/'],
    ['will-redirect', 'file:///etc/passwd'],
    ['will-frame-navigate', 'fdfs-app://app/preview/1?file=x'],
    ['will-attach-webview', '']
  ] as const) {
    let prevented = false
    window.webContents.emit(name, { url, isMainFrame: true, preventDefault: () => (prevented = true) })
    assert.equal(prevented, true, `${name} ${url}`)
  }
  let cancelled = false
  stub.session.defaultSession.requests?.({ url: 'https://evil.example/' }, ({ cancel }) => (cancelled = cancel))
  assert.equal(cancelled, true)
  assert.deepEqual(window.webContents.windowOpenHandler?.({ url: 'https://evil.example/' }), { action: 'deny' })
  let granted: boolean | null = null
  stub.session.defaultSession.permissionRequest?.(window.webContents, 'media', (value) => (granted = value))
  assert.equal(granted, false)
})
await check('runs the built-in cluster', async () => {
  const { groups, error } = await call('cluster.overview', { fresh: true })
  assert.equal(error, null)
  assert.deepEqual(groups.map((group) => group.name).sort(), ['group1', 'group2'])
})
await check('uploads a file to it and lists it', async () => {
  const path = join(dataDir, '图片.txt')
  writeFileSync(path, 'packed')
  await call('transfers.upload', { paths: [path] })
  await until('the upload', async () => ((await snapshot()).totals.activeBatches === 0 ? true : undefined))
  const { rows, total } = await call('files.open', { query: {}, sort: { key: 'name', descending: false } })
  assert.equal(total, 1, JSON.stringify((await snapshot()).batches))
  assert.equal(rows[0]?.name, '图片.txt')
})
await check('shows a preview whole, in ranges, and only what the library knows', async () => {
  const { rows } = await call('files.open', { query: {}, sort: { key: 'name', descending: false } })
  const path = `preview/${rows[0]?.id}?file=${encodeURIComponent(rows[0]?.fileId ?? '')}`
  const answer = async (range?: string, url = `fdfs-app://app/${path}`) => {
    const response = await get(url, range)
    return [response.status, response.headers.get('content-range'), response.status < 400 ? await response.text() : '']
  }
  assert.deepEqual(await answer(), [200, null, 'packed'])
  assert.deepEqual(await answer('bytes=1-3'), [206, 'bytes 1-3/6', 'ack'])
  assert.deepEqual(await answer('bytes=-2'), [206, 'bytes 4-5/6', 'ed'])
  assert.deepEqual(await answer('bytes=6-'), [416, 'bytes */6', ''])
  assert.deepEqual(await answer('bytes=99999999999999-'), [416, 'bytes */6', ''])
  assert.deepEqual(await answer('bytes=3-1,7-'), [200, null, 'packed'])
  const others = [
    'preview/../../package.json',
    'preview/%2e%2e/package.json',
    'preview/999?file=x',
    'preview/1',
    'preview/-1',
    `other/${path}`
  ]
  for (const other of others) assert.equal((await get(`fdfs-app://app/${other}`)).status, 404, other)
  assert.equal((await get(`fdfs-app://evil/${path}`)).status, 404)
  // A file of one connection is none of another's.
  const profiles = await call('profiles.save', { name: 'another', trackers: ['127.0.0.1:1'] })
  await call('profiles.activate', { id: profiles.find(({ name }) => name === 'another')?.id })
  assert.equal((await get(`fdfs-app://app/${path}`)).status, 404)
  await call('profiles.activate', { id: 'builtin' })
  assert.deepEqual(await answer(), [200, null, 'packed'])
})
await check('brings the sample files along', async () => {
  await call('samples.add', {})
  await until('the samples', async () => ((await snapshot()).totals.activeBatches === 0 ? true : undefined))
  const { total } = await call('files.open', { query: {}, sort: { key: 'name', descending: false } })
  assert.ok(total > 10, `only ${total} files`)
})
await check('offers the file it was started with, and ignores the link that is none of ours', async () => {
  assert.deepEqual(await call('host.wishes', {}), [{ tag: 'upload', paths: [opened] }])
  assert.deepEqual(await call('host.wishes', {}), [])
})
await check('comes to the front when it is started a second time', () => {
  window.minimized = true
  const before = window.focused
  secondStart([])
  assert.deepEqual([window.minimized, window.focused], [false, before + 1])
})
await check('takes files and links from a second start, and nothing from a forged one', async () => {
  let told = 0
  const stop = pipe.onMessage((message) => {
    if ('event' in message && message.event === 'host.wished') told += 1
  })
  const link = 'fastdfs-desktop://connect?tracker=10.0.0.1'
  secondStart(['opened with.txt', '--inspect', link])
  stub.app.emit('second-instance', {}, [], '', { words: [opened], cwd: 7 })
  stub.app.emit('second-instance', {}, ['--command=paste'], '/', undefined)
  assert.ok(told >= 2)
  assert.deepEqual(await call('host.wishes', {}), [
    { tag: 'connect', link },
    { tag: 'upload', paths: [opened] }
  ])
  stop()
})
await check('takes files and links as macOS gives them', async () => {
  let prevented = 0
  const event = { preventDefault: () => (prevented += 1) }
  stub.app.emit('open-file', event, opened)
  stub.app.emit('open-url', event, 'fastdfs-desktop://open?id=group1/M00/00/00/wKgBaGRJ0gKAd2p2AAAABnMuJDY123.txt')
  stub.app.emit('open-url', event, 'javascript:alert(1)')
  assert.deepEqual(
    (await call('host.wishes', {})).map(({ tag }) => tag),
    ['upload', 'file']
  )
  assert.equal(prevented, 3)
})
await check('has menus, and opens another window from them', async () => {
  const items = flatMenu(stub.Menu.installed ?? [])
  const click = (label: string) => items.find((item) => item.label === label)?.click?.()
  assert.ok(items.length > 20)
  click('New Window')
  assert.equal(stub.BrowserWindow.getAllWindows().length, 2)
  stub.BrowserWindow.getAllWindows()[1]?.close()
  click('Transfers')
  assert.deepEqual(await call('host.wishes', {}), [{ tag: 'command', command: 'go-transfers' }])
  assert.equal(stub.app.ended, 0)
})
await check('carries the updater, which a copy without a publisher never asks', async () => {
  flatMenu(stub.Menu.installed ?? [])
    .find((item) => item.label === 'Check for Updates…')
    ?.click?.()
  await until('the answer', () => stub.dialog.asked.find((box) => JSON.stringify(box).includes('does not update itself')))
  const chunks = join(appDir, 'out/main/chunks')
  const chunk = readdirSync(chunks).find((name) => readFileSync(join(chunks, name), 'utf8').includes('ERR_UPDATER_INVALID_VERSION'))
  const loaded = (await import(pathToFileURL(join(chunks, chunk ?? '')).href)) as { default: { autoUpdater: AppUpdater } }
  // Not an AppImage: the real updater itself says that it can do nothing here.
  loaded.default.autoUpdater.logger = null
  assert.equal(await loaded.default.autoUpdater.checkForUpdates(), null)
})
await check('tells of a finished batch when nobody looks', () => {
  assert.match(JSON.stringify(stub.Notification.shown.map(({ options }) => options)), /Upload finished.*图片\.txt/)
})
await check('stays beside the clock when the user wants it, and comes back from there', async () => {
  await call('settings.set', { background: true })
  const tray = await until('the tray', () => stub.Tray.all[0])
  window.close()
  assert.deepEqual([window.isDestroyed(), stub.app.ended], [true, 0])
  assert.match(JSON.stringify(stub.Notification.shown.at(-1)?.options), /keeps running/)
  tray.menu.find(({ label }) => label === 'Open FastDFS Desktop')?.click?.()
  window = await until('the window', () => stub.BrowserWindow.getAllWindows()[0])
  pipe = runPreload().pipe
  await call('settings.set', { background: false })
  assert.equal(tray.destroyed, true)
})
await check('asks before it quits with unfinished transfers, and stays when told to', async () => {
  const path = join(dataDir, 'large.bin')
  writeFileSync(path, Buffer.alloc(4_000_000))
  await call('settings.set', { uploadLimitBytes: 100_000 })
  await call('transfers.upload', { paths: [path] })
  await until('the upload to begin', async () => ((await snapshot()).totals.counts.running > 0 ? true : undefined))
  await until('the computer to be kept awake', () => (stub.powerSaveBlocker.active.size === 1 ? true : undefined))
  stub.dialog.answers.button = 1
  window.close()
  assert.match(JSON.stringify(stub.dialog.asked.at(-1)), /One transfer is not finished/)
  assert.deepEqual([stub.app.ended, window.isDestroyed()], [0, false])
  stub.dialog.answers.button = 0
})
await check('quits cleanly: services closed, data folder free', async () => {
  stub.app.quit()
  await until('the end', () => (stub.app.ended > 0 ? true : undefined))
  assert.equal(existsSync(join(dataDir, 'lock.json')), false)
})

process.stdout.write(`RESULTS ${JSON.stringify(results)}\n`, () => process.exit(0))

/** The program is started again by the user, a file manager or a browser: Electron hands its words to the first. */
function secondStart(words: string[]): void {
  stub.app.emit('second-instance', {}, [], '', { words, cwd: dataDir })
}

async function snapshot(): Promise<TransferSnapshot> {
  return call('transfers.snapshot', {})
}

/** The packaged preload, run as Electron runs it: CommonJS, with nothing but `electron` to require. */
function runPreload(): { pipe: Pipe; exposed: Record<string, unknown> } {
  const { module, exposed: seen } = stub.preloadModule(window)
  const code = readFileSync(join(appDir, 'out/preload/index.cjs'), 'utf8')
  const require = (name: string) => {
    if (name !== 'electron') throw new Error(`a sandboxed preload cannot require ${name}`)
    return module
  }
  const wrapped = runInThisContext(`(function (exports, require, module) {${code}\n})`) as (...args: unknown[]) => void
  wrapped({}, require, { exports: {} })
  return { pipe: seen['fdfs'] as Pipe, exposed: seen }
}

function call<N extends CallName>(name: N, input: unknown): Promise<CallOutput<N>> {
  const id = nextId++
  return new Promise((resolve, reject) => {
    const stop = pipe.onMessage((message) => {
      if (!('id' in message) || message.id !== id) return
      stop()
      if ('ok' in message) resolve(message.ok as CallOutput<N>)
      else reject(new Error(`${name}: ${message.error.message}`))
    })
    pipe.send({ id, name, input })
  })
}

async function get(url: string, range?: string): Promise<Response> {
  const handler = stub.protocol.handlers.get(new URL(url).protocol.slice(0, -1))
  assert.ok(handler, `no handler for ${url}`)
  return handler(new Request(url, range === undefined ? {} : { headers: { range } }))
}

/** Asks until there is an answer; 20 s are a broken program, not a slow machine. */
async function until<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 1_000; tries++) {
    const found = await look()
    if (found !== undefined) return found
    await setTimeout(20)
  }
  throw new Error(`${what} did not come; errors shown: ${JSON.stringify(stub.dialog.errors)}`)
}
