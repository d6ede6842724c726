import { createHash, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { KeyObject } from 'node:crypto'
import type { Server } from 'node:http'
import { createRequire, registerHooks } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type { AppUpdater } from 'electron-updater'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ShellSettings } from '../../../src/main/electron/shell-settings.ts'
import { signatureOf, signedFeed } from '../../../scripts/lib/feed.ts'
import { createUpdates, plainNotes } from '../../../src/main/electron/updates.ts'
import { isSigned } from '../../../src/main/electron/update-signature.ts'
import { SettingsSchema } from '../../../src/shared/contract.ts'
import type { Settings } from '../../../src/shared/contract.ts'
import * as stub from '../../support/electron-stub.ts'
import { tempDir } from '../../support/temp-dir.ts'

// The real updater asks for `electron` by itself, where no alias of the test runner reaches.
const stubUrl = pathToFileURL(resolve('test/support/electron-stub.ts')).href
const hooks = registerHooks({
  resolve: (specifier, context, next) => (specifier === 'electron' ? { url: stubUrl, shortCircuit: true } : next(specifier, context))
})
const { AppImageUpdater } = createRequire(import.meta.url)('electron-updater') as typeof import('electron-updater')
afterAll(() => hooks.deregister())

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const PUBLIC_KEY = publicKey.export({ format: 'der', type: 'spki' }).toString('base64')

const servers: Server[] = []
beforeEach(() => {
  stub.app.isPackaged = true
  stub.dialog.asked.length = 0
  stub.dialog.answers.button = 1
})
afterEach(() => {
  stub.app.isPackaged = false
  for (const server of servers.splice(0)) server.close()
  vi.unstubAllEnvs()
})

interface Release {
  version: string
  notes?: string
  /** What the feed says; default: the truth. */
  sha512?: string
  status?: number
  /** What the server makes of the signed announcement; default: nothing. */
  tamper?: (feed: string) => string
  /** By whom it is announced; default: the publisher. null: nobody. */
  key?: KeyObject | null
  /** What this copy believes; default: the publisher's key. */
  publicKey?: string
}

/** A local update server with one release, and the updater of an installed 0.1.0 AppImage that is told to look there. */
async function setup(release: Release) {
  const dir = await tempDir()
  const content = Buffer.from(`the program, version ${release.version}`)
  const sha512 = release.sha512 ?? createHash('sha512').update(content).digest('base64')
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? ''
    asked.push(path)
    if (release.status !== undefined) return response.writeHead(release.status).end()
    if (path === '/latest-linux.yml' || path === '/latest-linux-arm64.yml') {
      const notes = JSON.stringify(release.notes ?? '')
      const feed = `version: ${release.version}\nreleaseNotes: ${notes}\nreleaseDate: '2026-11-22T00:00:00.000Z'\nfiles:\n  - url: New.AppImage\n    sha512: ${sha512}\n    size: ${content.length}\npath: New.AppImage\nsha512: ${sha512}\n`
      const announced = release.key === null ? feed : signedFeed(feed, release.key ?? privateKey)
      return response.end((release.tamper ?? ((text) => text))(announced))
    }
    if (path === '/New.AppImage') return response.end(content)
    return response.writeHead(404).end()
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const config = join(dir, 'app-update.yml')
  await writeFile(config, `provider: generic\nurl: http://127.0.0.1:${port}\nupdaterCacheDirName: cache\n`)
  vi.stubEnv('APPIMAGE', join(dir, 'Old.AppImage'))
  vi.stubEnv('XDG_CACHE_HOME', dir)
  await writeFile(join(dir, 'Old.AppImage'), 'the program, version 0.1.0')

  const { updater } = realUpdater(config, dir)
  const listeners: ((settings: Settings) => void)[] = []
  let settings = SettingsSchema.parse({ language: 'en' })
  const shell: ShellSettings = {
    get: () => settings,
    language: () => 'en',
    follow(listener) {
      listeners.push(listener)
      listener(settings)
    }
  }
  const timers: { run: () => void; ms: number; live: boolean }[] = []
  const restarts: (() => void)[] = []
  const updates = createUpdates({
    settings: shell,
    window: () => null,
    publicKey: release.publicKey ?? PUBLIC_KEY,
    restart: (install) => restarts.push(install),
    load: () => Promise.resolve(updater),
    setTimer(run, ms) {
      const timer = { run, ms, live: true }
      timers.push(timer)
      return () => (timer.live = false)
    }
  })
  const set = (patch: Partial<Settings>) => {
    settings = { ...settings, ...patch }
    for (const listener of listeners) listener(settings)
  }
  const messages = () => (stub.dialog.asked as { message: string; detail?: string }[]).map(({ message }) => message)
  return { dir, updates, updater, asked, timers, restarts, set, messages }
}

function realUpdater(config: string, userData: string): { updater: AppUpdater } {
  const updater = new AppImageUpdater(null, undefined)
  // It has a stand-in of its own for the program that asks; that one is packaged too, and keeps a number for the updater.
  const { app } = (updater as unknown as { app: { app: typeof stub.app } }).app
  Object.assign(app, { isPackaged: true })
  app.setPath('userData', userData)
  updater.updateConfigPath = config
  return { updater }
}

const downloaded = (updater: AppUpdater) => new Promise<void>((done) => updater.once('update-downloaded', () => done()))

describe('updates', () => {
  it('fetches a newer version, shows its notes as text, and installs it when the user wants to', async () => {
    const { dir, updates, updater, restarts, messages } = await setup({
      version: '0.2.0',
      notes: '<p>Faster <b>ZIP</b></p><script>alert(1)</script>'
    })
    const done = downloaded(updater)
    stub.dialog.answers.button = 0
    await updates.check()
    await done
    await setImmediate()
    expect(messages()).toEqual(
      expect.arrayContaining(['FastDFS Desktop 0.2.0 is being fetched. You are told when it is ready.', 'FastDFS Desktop 0.2.0 is ready'])
    )
    const ready = (stub.dialog.asked as { message: string; detail?: string }[]).find(({ message }) => message.endsWith('is ready'))
    expect(ready?.detail).toContain('Faster ZIP')
    expect(ready?.detail).not.toContain('<')
    expect(restarts).toHaveLength(1)
    expect(await readFile(join(dir, 'cache/pending/New.AppImage'), 'utf8')).toBe('the program, version 0.2.0')
    expect(updater.autoInstallOnAppQuit).toBe(true)
  })

  it('refuses a file whose SHA-512 is not the announced one, and leaves nothing of it behind', async () => {
    const { dir, updates, updater, restarts, messages } = await setup({
      version: '0.2.0',
      sha512: createHash('sha512').update('another program').digest('base64')
    })
    const failed = once(updater, 'error') as Promise<[Error & { code: string }]>
    await updates.check()
    const [error] = await failed
    expect(error.code).toBe('ERR_CHECKSUM_MISMATCH')
    await setImmediate()
    expect(messages()).not.toContain('FastDFS Desktop 0.2.0 is ready')
    expect(restarts).toEqual([])
    await expect.poll(() => readdir(join(dir, 'cache/pending'))).toEqual([])
  })

  it.each([
    ['nobody', null],
    ['another key', generateKeyPairSync('ed25519').privateKey]
  ])('fetches nothing that is announced by %s', async (_who, key) => {
    const { updates, asked, messages } = await setup({ version: '0.2.0', key })
    await updates.check()
    expect(messages()).toEqual(['Updates could not be looked for.'])
    expect(asked).not.toContain('/New.AppImage')
  })

  it.each([
    ['a newer version', (feed: string) => feed.replace('0.2.0', '9.0.0')],
    ['other files', (feed: string) => feed.replace(/(sha512: )./g, '$1A')],
    ['no signature', (feed: string) => feed.replace(/^signature: .*$/m, '')]
  ])('fetches nothing when an announcement was signed, and then changed to %s', async (_what, tamper) => {
    const { updates, asked, messages, restarts } = await setup({ version: '0.2.0', tamper })
    await updates.check()
    expect(messages()).toEqual(['Updates could not be looked for.'])
    expect(asked).not.toContain('/New.AppImage')
    expect(restarts).toEqual([])
  })

  it('does not look at all in a copy that knows no publisher', async () => {
    const { updates, asked, messages, timers } = await setup({ version: '0.2.0', publicKey: '' })
    await updates.check()
    expect([messages(), asked, timers]).toEqual([['This copy does not update itself.'], [], []])
  })

  it.each(['0.1.0', '0.0.9'])('takes nothing that is not newer: %s', async (version) => {
    const { updates, asked, messages } = await setup({ version })
    await updates.check()
    expect(messages()).toEqual(['You have the newest version.'])
    expect(asked).not.toContain('/New.AppImage')
  })

  it('says so when the server fails, and looks again when it is asked again', async () => {
    const { updates, messages } = await setup({ version: '0.2.0', status: 500 })
    await updates.check()
    await updates.check()
    expect(messages()).toEqual(['Updates could not be looked for.', 'Updates could not be looked for.'])
  })

  it('says so when this copy cannot update itself', async () => {
    const { updates, messages } = await setup({ version: '0.2.0' })
    vi.stubEnv('APPIMAGE', undefined)
    await updates.check()
    expect(messages()).toEqual(['This copy does not update itself.'])
  })

  it('looks by itself after a while and then every six hours, silently, until the user switches it off', async () => {
    const { timers, set, asked, messages, updates } = await setup({ version: '0.1.0' })
    expect(timers.map(({ ms }) => ms)).toEqual([60_000])
    timers[0]?.run()
    await expect.poll(() => asked).toContain('/latest-linux.yml')
    expect(messages()).toEqual([])
    expect(timers.map(({ ms }) => ms)).toEqual([60_000, 6 * 3_600_000])
    set({ autoUpdate: false })
    expect(timers[1]?.live).toBe(false)
    set({ autoUpdate: true })
    expect(timers).toHaveLength(3)
    updates.close()
    expect(timers[2]?.live).toBe(false)
  })

  it('never looks by itself in a program that is not packaged', async () => {
    stub.app.isPackaged = false
    expect((await setup({ version: '0.2.0' })).timers).toEqual([])
  })
})

describe('the signature of an announcement', () => {
  const files = [{ sha512: 'aa' }, { sha512: 'bb' }]
  const signed = (version: string, given = files) => ({
    version,
    files: given,
    signature: signatureOf({ version, files: given }, privateKey)
  })

  it('covers the version and every file, in any order', () => {
    const good = signed('0.2.0')
    expect(isSigned(good, PUBLIC_KEY)).toBe(true)
    expect(isSigned({ ...good, files: files.toReversed() }, PUBLIC_KEY)).toBe(true)
    for (const changed of [
      { ...good, version: '0.3.0' },
      { ...good, files: files.slice(1) },
      { ...good, files: [...files, { sha512: 'cc' }] },
      { ...good, signature: undefined },
      { ...good, signature: 7 },
      { ...good, signature: 'x'.repeat(1_000_000) },
      { ...good, signature: good.signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')) }
    ]) {
      expect(isSigned(changed, PUBLIC_KEY)).toBe(false)
    }
    for (const key of [
      '',
      'AAAA',
      generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
    ]) {
      expect(isSigned(good, key)).toBe(false)
    }
  })

  it('is written into the feed that the packager made, once', () => {
    const feed =
      'version: 1.2.3\nfiles:\n  - url: a.deb\n    sha512: bb\n    size: 1\n  - url: b.AppImage\n    sha512: aa\n    size: 2\n    blockMapSize: 1\npath: a.deb\nsha512: bb\n'
    const once = signedFeed(feed, privateKey)
    expect(once).toContain(`signature: ${signatureOf({ version: '1.2.3', files }, privateKey)}\n`)
    expect(signedFeed(once, privateKey)).toBe(once)
    expect(() => signedFeed('nothing: here\n', privateKey)).toThrow('no feed')
  })
})

describe('release notes', () => {
  it('are plain text, without control characters, and of a length that fits a dialog', () => {
    expect(plainNotes(null)).toBe('')
    expect(plainNotes('<h2>New</h2><ul><li>a</li><li>b</li></ul>')).toBe('New\na\nb')
    expect(plainNotes([{ version: '0.2.0', note: 'x' }])).toBe('0.2.0\nx')
    expect(plainNotes('a\u202eb\u0007c')).toBe('abc')
    expect(plainNotes('x'.repeat(1_000_000)).length).toBeLessThan(2_100)
    expect(plainNotes('<'.repeat(100_000)).length).toBeLessThan(2_100)
  })
})
