import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { App } from 'electron'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { watchActivity } from '../../../src/main/electron/activity.ts'
import { keepCrashDumps } from '../../../src/main/electron/hardening.ts'
import { createElectronHost } from '../../../src/main/electron/host.ts'
import type { OpenPreview, Preview } from '../../../src/main/app/preview.ts'
import { AppError } from '../../../src/shared/errors.ts'
import { isPageUrl, pageUrl, registerPageScheme, servePage } from '../../../src/main/electron/page.ts'
import { guardQuit } from '../../../src/main/electron/quit.ts'
import { readWindowState } from '../../../src/main/electron/window-state.ts'
import { createMainWindow } from '../../../src/main/electron/window.ts'
import type { TransferCounts, TransferSnapshot } from '../../../src/shared/model.ts'
import * as stub from '../../support/electron-stub.ts'
import { createFakeApp } from '../../support/fake-app.ts'
import { tempDir } from '../../support/temp-dir.ts'

beforeEach(() => {
  stub.app.removeAllListeners()
  stub.BrowserWindow.all.length = 0
  stub.dialog.asked.length = 0
})

function snapshot(counts: Partial<TransferCounts>, paused = false): TransferSnapshot {
  const none = { queued: 0, running: 0, waiting: 0, paused: 0, done: 0, failed: 0, cancelled: 0, skipped: 0 }
  const totals = { activeBatches: 1, counts: { ...none, ...counts }, totalBytes: 200, doneBytes: 50, rateBytes: 1, secondsLeft: 1, paused }
  return { revision: 1, totals, batches: [], active: [] }
}

describe('the main window', () => {
  it('shows only once painted', async () => {
    const window = createMainWindow({ statePath: join(await tempDir(), 'state.json') }) as unknown as stub.BrowserWindow
    expect([window.webContents.mainFrame.url, window.shown]).toEqual([pageUrl(), false])
    await new Promise((resolve) => setImmediate(resolve))
    expect(window.shown).toBe(true)
  })

  it('comes back on the screen where it was, and wholly, also when the screens have become smaller or moved', async () => {
    const statePath = join(await tempDir(), 'state.json')
    const left = { x: -1920, y: 0, width: 1920, height: 1040 }
    const main = { x: 0, y: 0, width: 2560, height: 1400 }
    const kept = async (state: object, screens = [main, left]) => {
      await writeFile(statePath, JSON.stringify({ maximized: false, ...state }))
      return readWindowState(statePath, screens)
    }
    expect(await kept({ x: -1800, y: 100, width: 1000, height: 700 })).toEqual({
      x: -1800,
      y: 100,
      width: 1000,
      height: 700,
      maximized: false
    })
    // Its title bar was above the screen, its edge beyond it.
    expect(await kept({ x: 1800, y: -60, width: 1000, height: 700 })).toMatchObject({ x: 1560, y: 0, width: 1000, height: 700 })
    expect(await kept({ x: 0, y: 0, width: 2560, height: 1400 }, [{ x: 0, y: 25, width: 1440, height: 875 }])).toMatchObject({
      x: 0,
      y: 25,
      width: 1440,
      height: 875
    })
    expect(await kept({ x: 5000, y: 0, width: 1000, height: 700 })).toBeNull()
    expect(await kept({ x: 0, y: 0, width: 1000, height: 700 }, [])).toBeNull()
  })

  it('comes back where it was, unless no screen shows that place', async () => {
    const statePath = join(await tempDir(), 'a', 'state.json')
    const first = createMainWindow({ statePath }) as unknown as stub.BrowserWindow
    first.bounds = { x: 100, y: 50, width: 900, height: 600 }
    first.close()
    const screens = stub.screen.getAllDisplays().map((display) => display.workArea)
    await expect.poll(() => readWindowState(statePath, screens)).not.toBeNull()
    const second = createMainWindow({ statePath }) as unknown as stub.BrowserWindow
    expect(second.options).toMatchObject({ x: 100, y: 50, width: 900, height: 600 })
    expect(readWindowState(statePath, [{ x: -1920, y: 0, width: 1920, height: 1080 }])).toBeNull()
    await writeFile(statePath, '{"x": "left"}')
    expect(readWindowState(statePath, screens)).toBeNull()
    expect(await readFile(statePath, 'utf8')).toContain('left')
  })
})

describe('hardening', () => {
  it('keeps crash dumps on this computer', () => {
    keepCrashDumps(stub.app as unknown as App, stub.crashReporter as never, '/data/crashes')
    expect(stub.app.getPath('crashDumps')).toBe('/data/crashes')
    expect(stub.crashReporter.options).toMatchObject({ uploadToServer: false })
    expect(JSON.stringify(stub.crashReporter.options)).not.toContain('http')
  })

  it('serves the page under its own secure scheme with a strict policy, and nothing beside it', async () => {
    const dir = await tempDir()
    await mkdir(join(dir, 'page'))
    await writeFile(join(dir, 'page', 'index.html'), 'page')
    await writeFile(join(dir, 'secret.json'), 'secret')
    registerPageScheme()
    const preview: OpenPreview = async (url) => {
      if (url.pathname === '/preview/8') throw new AppError('NOT_FOUND')
      if (url.pathname !== '/preview/7') return null
      const headers = { 'content-type': 'image/png', 'content-length': '6' }
      const send: Preview['send'] = async (sink) => {
        const chunk = Buffer.from('abc')
        await sink.write(chunk)
        chunk.write('def')
        await sink.write(chunk)
      }
      return { status: 206, headers, send }
    }
    servePage(preview, join(dir, 'page'))
    expect(stub.protocol.privileged[0]).toMatchObject({ scheme: 'fdfs-app', privileges: { standard: true, secure: true } })
    expect(stub.protocol.privileged[0]?.privileges).not.toHaveProperty('bypassCSP')
    const get = (url: string, method = 'GET') => stub.protocol.handlers.get('fdfs-app')?.(new Request(url, { method }))
    const page = await get(pageUrl())
    expect(await page?.text()).toBe('page')
    expect(page?.headers.get('content-security-policy')).not.toMatch(/unsafe|https?:|ws:|\*/)
    for (const url of [
      'fdfs-app://app/%2e%2e/secret.json',
      'fdfs-app://app/..%2fsecret.json',
      'fdfs-app://other/',
      'fdfs-app://app/nothing.js'
    ]) {
      expect((await get(url))?.status, `${url}`).toBe(404)
    }
    const shown = await get('fdfs-app://app/preview/7')
    expect([shown?.status, shown?.headers.get('content-type'), await shown?.text()]).toEqual([206, 'image/png', 'abcdef'])
    expect(shown?.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await (await get('fdfs-app://app/preview/8'))?.json()).toMatchObject({ error: { code: 'NOT_FOUND' } })
    for (const url of ['fdfs-app://app/preview/9', 'fdfs-app://other/preview/7']) expect((await get(url))?.status).toBe(404)
    expect((await get(pageUrl(), 'POST'))?.status).toBe(404)
    expect(isPageUrl('fdfs-app://app:1/')).toBe(false)
  })

  it('trusts the server of `npm run dev` only in a program that is not packaged', () => {
    vi.stubEnv('ELECTRON_RENDERER_URL', 'http://localhost:5173')
    try {
      expect([pageUrl(), isPageUrl('http://localhost:5173/x')]).toEqual(['http://localhost:5173/', true])
      expect(isPageUrl('http://localhost:5174/')).toBe(false)
      stub.app.isPackaged = true
      expect([pageUrl(), isPageUrl('http://localhost:5173/x')]).toEqual(['fdfs-app://app/', false])
    } finally {
      stub.app.isPackaged = false
      vi.unstubAllEnvs()
    }
  })
})

describe('the Electron host', () => {
  it('gives paths that the user chose, and nothing when the user cancels', async () => {
    const host = createElectronHost(
      () => null,
      () => []
    )
    stub.dialog.answers = { open: ['/a', '/b'], save: '/c.zip', button: 0 }
    expect(await host.pickFiles({ folders: false })).toEqual(['/a', '/b'])
    expect(await host.pickFolder({})).toBe('/a')
    expect(await host.pickSave({ name: '../../x.zip' })).toBe('/c.zip')
    expect(stub.dialog.asked.at(-1)).toEqual({ defaultPath: join(stub.app.getPath('downloads'), 'x.zip') })
    stub.dialog.answers = { open: [], save: '', button: 0 }
    expect(await host.pickFiles({ folders: true })).toEqual([])
    expect(await host.pickFolder({})).toBeNull()
    expect(await host.pickSave({ name: 'x.zip' })).toBeNull()
  })

  it('hands files to the desktop from the window that is used, and to nobody without one', async () => {
    const host = createElectronHost(
      () => null,
      () => []
    )
    stub.BrowserWindow.looking = null
    await host.startDrag?.(['/a'])
    const window = new stub.BrowserWindow()
    stub.BrowserWindow.looking = window
    await host.startDrag?.(['/a', '/b'])
    expect(window.webContents.dragged).toEqual({ file: '/a', files: ['/a', '/b'] })
    stub.BrowserWindow.looking = null
  })

  it('keeps secrets where the system has a key for them, and nowhere else', () => {
    const { safeStorage } = stub
    try {
      expect(
        createElectronHost(
          () => null,
          () => []
        )
      ).toMatchObject({ seal: null, can: { secrets: false } })
      safeStorage.available = true
      const { seal, can } = createElectronHost(
        () => null,
        () => []
      )
      expect(can.secrets).toBe(true)
      expect(seal?.open(seal.close('geheim'))).toBe('geheim')
      expect(seal?.close('geheim')).not.toContain('geheim')
    } finally {
      Object.assign(safeStorage, { available: false, backend: 'gnome_libsecret' })
    }
  })

  it.runIf(process.platform === 'linux')('keeps no secrets under a key that every program knows', () => {
    const { safeStorage } = stub
    try {
      Object.assign(safeStorage, { available: true, backend: 'basic_text' })
      expect(
        createElectronHost(
          () => null,
          () => []
        ).seal
      ).toBeNull()
    } finally {
      Object.assign(safeStorage, { available: false, backend: 'gnome_libsecret' })
    }
  })
})

describe('quitting', () => {
  const guard = (unfinished: number) => {
    let closed = 0
    const result = guardQuit({
      language: () => 'en',
      window: () => null,
      unfinished: () => unfinished,
      close: async () => Promise.resolve(void (closed += 1))
    })
    return { ...result, closed: () => closed }
  }
  const ended = async (count: number) => {
    while (stub.app.ended < count) await new Promise((resolve) => setImmediate(resolve))
  }

  it('closes the services first, and asks nothing when nothing is under way', async () => {
    const before = stub.app.ended
    const { closed } = guard(0)
    stub.app.quit()
    stub.app.quit()
    expect(stub.app.ended).toBe(before)
    await ended(before + 1)
    expect(closed()).toBe(1)
    expect(stub.dialog.asked).toEqual([])
  })

  it('asks while transfers are unfinished, stays when the user wants to, goes when not', async () => {
    const before = stub.app.ended
    const { agreed, closed } = guard(3)
    stub.dialog.answers.button = 1
    stub.app.quit()
    expect(stub.dialog.asked).toMatchObject([{ message: '3 transfers are not finished.', defaultId: 1, cancelId: 1 }])
    expect([agreed(), closed(), stub.app.ended]).toEqual([false, 0, before])
    stub.dialog.answers.button = 0
    stub.app.quit()
    await ended(before + 1)
    expect([agreed(), closed()]).toEqual([true, 1])
  })

  it('asks nobody while the computer is switched off or a new version is installed', async () => {
    const before = stub.app.ended
    const { prepare, agreed, closed } = guard(3)
    await prepare()
    expect([agreed(), closed(), stub.app.ended]).toEqual([true, 1, before])
    stub.app.quit()
    expect([closed(), stub.app.ended]).toEqual([1, before + 1])
    expect(stub.dialog.asked).toEqual([])
  })
})

describe('activity', () => {
  it('keeps the computer awake while bytes move, shows how far it is, and lets go afterwards', async () => {
    const window = new stub.BrowserWindow()
    const app = createFakeApp({ 'transfers.snapshot': () => snapshot({ running: 1, queued: 3, paused: 2 }) })
    const activity = watchActivity(app, () => [window as never])
    await new Promise((resolve) => setImmediate(resolve))
    expect(stub.powerSaveBlocker.active.size).toBe(1)
    expect(window.progress).toBe(0.25)
    expect(activity.unfinished()).toBe(4)
    app.events.emit('transfers.changed', snapshot({ running: 1 }, true))
    expect(stub.powerSaveBlocker.active.size).toBe(0)
    expect([window.progress, window.progressMode, stub.app.badge]).toEqual([0.25, 'paused', 1])
    app.events.emit('transfers.changed', snapshot({ running: 1, failed: 1 }))
    expect(window.progressMode).toBe('error')
    app.events.emit('transfers.changed', snapshot({ done: 1, failed: 1 }))
    expect([window.progress, window.progressMode]).toEqual([-1, 'none'])
    app.events.emit('transfers.changed', snapshot({ running: 2 }))
    expect(stub.powerSaveBlocker.active.size).toBe(1)
    activity.close()
    expect(stub.powerSaveBlocker.active.size).toBe(0)
    expect(app.events.audience).toBe(0)
  })
})
