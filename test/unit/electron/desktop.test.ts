import { setImmediate } from 'node:timers/promises'
import type { MenuItemConstructorOptions } from 'electron'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { askForAttention } from '../../../src/main/electron/attention.ts'
import { claimLinks, installMenus } from '../../../src/main/electron/desktop.ts'
import { menuTemplate } from '../../../src/main/electron/menu.ts'
import type { MenuOptions } from '../../../src/main/electron/menu.ts'
import { notifyOfBatches } from '../../../src/main/electron/notifications.ts'
import { watchSettings } from '../../../src/main/electron/shell-settings.ts'
import { createTray } from '../../../src/main/electron/tray.ts'
import type { HostWish } from '../../../src/shared/contract.ts'
import { SettingsSchema } from '../../../src/shared/contract.ts'
import type { TransferTotals } from '../../../src/shared/model.ts'
import * as stub from '../../support/electron-stub.ts'
import { createFakeApp } from '../../support/fake-app.ts'

beforeEach(() => {
  stub.Notification.shown.length = 0
  stub.Tray.all.length = 0
  stub.shell.shown.length = 0
})
afterEach(() => {
  stub.app.isPackaged = false
})

const PLATFORMS = ['darwin', 'win32', 'linux'] as const
const LANGUAGES = ['en', 'zh-CN'] as const

function options(change: Partial<MenuOptions> = {}) {
  const done: string[] = []
  const given: MenuOptions = {
    platform: 'linux',
    language: 'en',
    isPackaged: true,
    newWindow: () => done.push('new-window'),
    command: (command) => done.push(command),
    checkForUpdates: () => done.push('updates'),
    ...change
  }
  return { given, done }
}

function flat(items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])])
}

describe('the menu bar', () => {
  it.each(PLATFORMS)('has labels of ours for everything on %s, in both languages, and no key twice', (platform) => {
    const [en, zh] = LANGUAGES.map((language) => flat(menuTemplate(options({ platform, language }).given)))
    const shown = (en ?? []).filter((item) => item.type !== 'separator')
    expect(shown.every((item) => (item.label ?? '') !== '')).toBe(true)
    expect(zh?.map((item) => item.role)).toEqual(en?.map((item) => item.role))
    for (const [index, item] of (zh ?? []).entries()) {
      if (item.type === 'separator' || item.label === 'FastDFS Desktop') continue
      expect(item.label, `${en?.[index]?.label}`).toMatch(/\p{Script=Han}/u)
    }
    const keys = shown.flatMap((item) => item.accelerator ?? [])
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('follows the customs of the platform: where to quit and where the settings are', () => {
    const labels = (platform: NodeJS.Platform) => menuTemplate(options({ platform }).given).map((item) => item.label)
    expect(labels('darwin')[0]).toBe('FastDFS Desktop')
    expect(labels('win32')[0]).toBe('&File')
    const roles = (platform: NodeJS.Platform, menu: string) => {
      const found = menuTemplate(options({ platform }).given).find((item) => item.label === menu)
      return flat(found ? [found] : []).map((item) => item.role ?? item.label)
    }
    expect(roles('darwin', 'FastDFS Desktop')).toEqual(expect.arrayContaining(['about', 'Settings…', 'hide', 'quit']))
    expect(roles('darwin', '&File')).not.toContain('quit')
    expect(roles('win32', '&File')).toEqual(expect.arrayContaining(['Settings…', 'close', 'quit']))
  })

  it('offers reloading only to who works on the program', () => {
    const reloads = (isPackaged: boolean) => flat(menuTemplate(options({ isPackaged }).given)).some((item) => item.role === 'reload')
    expect([reloads(true), reloads(false)]).toEqual([false, true])
  })

  it('does what it says', () => {
    const { given, done } = options()
    for (const item of flat(menuTemplate(given))) (item.click as (() => void) | undefined)?.()
    expect(done).toEqual(
      expect.arrayContaining(['new-window', 'upload-files', 'upload-folder', 'paste', 'palette', 'shortcuts', 'go-settings', 'updates'])
    )
  })
})

describe('the icon of the program', () => {
  it('has a menu in the dock of macOS and tasks in the jump list of Windows', () => {
    const mac = options({ platform: 'darwin' })
    installMenus(mac.given)
    const dock = stub.app.dock.menu as MenuItemConstructorOptions[]
    expect(dock.map((item) => item.label)).toEqual(['New Window', 'Upload Files…', 'Transfers'])
    const upload = dock[1]?.click as (() => void) | undefined
    upload?.()
    expect(mac.done).toEqual(['upload-files'])
    installMenus(options({ platform: 'win32', language: 'zh-CN' }).given)
    expect(stub.app.jumpList[0]?.items?.map(({ title, args }) => [title, args])).toEqual([
      ['新建窗口', '--new-window'],
      ['上传文件…', '--command=upload-files'],
      ['传输', '--command=go-transfers']
    ])
  })

  it('claims links for a packaged program only, and lets none of them be a switch', () => {
    stub.app.linkClients.length = 0
    claimLinks('win32')
    expect(stub.app.linkClients).toEqual([])
    stub.app.isPackaged = true
    claimLinks('win32')
    claimLinks('linux')
    expect(stub.app.linkClients).toEqual([['fastdfs-desktop', process.execPath, ['--']], ['fastdfs-desktop']])
  })
})

describe('notifications', () => {
  function setup(wanted = true) {
    const wishes: HostWish[] = []
    const app = createFakeApp({ 'transfers.batch': () => ({ target: '/downloads/a.zip' }) as never })
    notifyOfBatches({ app, language: () => 'en', wanted: () => wanted, wish: (wish) => wishes.push(wish) })
    let revision = 0
    const notice = (code: string, detail: Record<string, string | number>) =>
      app.events.emit('notice', { revision: ++revision, kind: 'success', code, detail })
    return { wishes, notice }
  }

  it('tell of a batch once, and lead to its files', () => {
    const { wishes, notice } = setup()
    notice('BATCH_DONE', { batchId: 7, kind: 'upload', title: 'Bilder', done: 12, skipped: 0, failed: 0, cancelled: 0 })
    expect(stub.Notification.shown).toHaveLength(1)
    const [shown] = stub.Notification.shown
    expect(shown?.options).toMatchObject({ title: 'Upload finished', body: 'Bilder, 12 files', actions: [{ text: 'Show in Library' }] })
    shown?.emit('action')
    shown?.emit('click')
    expect(wishes).toEqual([
      { tag: 'batch', batchId: 7 },
      { tag: 'batch', batchId: 7 }
    ])
  })

  it('name failures and lead to them, and show a finished archive in its folder', async () => {
    const { wishes, notice } = setup()
    notice('BATCH_FAILED', { batchId: 8, kind: 'download', title: '', done: 1, failed: 3 })
    notice('BATCH_DONE', { batchId: 9, kind: 'zip', title: 'a.zip', done: 2, failed: 0 })
    const [failed, zip] = stub.Notification.shown
    expect(failed?.options).toMatchObject({ title: 'Download finished with failures', body: '1 file, 3 failed' })
    failed?.emit('click')
    expect(wishes).toEqual([{ tag: 'command', command: 'go-transfers' }])
    zip?.emit('action')
    await setImmediate()
    expect(stub.shell.shown).toEqual(['/downloads/a.zip'])
  })

  it('are not shown for other notices, for what the user cancelled, and to who does not want them', () => {
    const { notice } = setup()
    notice('LEFTOVERS', { count: 3 })
    notice('BATCH_DONE', { batchId: 1, kind: 'upload', done: 0, failed: 0, cancelled: 5 })
    setup(false).notice('BATCH_DONE', { batchId: 1, kind: 'upload', done: 1, failed: 0 })
    expect(stub.Notification.shown).toEqual([])
  })
})

describe('a batch that failed while nobody looked', () => {
  it.each(PLATFORMS)('asks for attention the way of %s, until somebody looks', (platform) => {
    stub.app.removeAllListeners()
    stub.app.dock.bounces = 0
    const window = new stub.BrowserWindow()
    const app = createFakeApp()
    askForAttention({ app, platform, language: () => 'en', windows: () => [window as never] })
    const fail = () => app.events.emit('notice', { revision: 1, kind: 'error', code: 'BATCH_FAILED', detail: {} })
    stub.BrowserWindow.looking = window
    fail()
    expect([window.overlay, window.flashing, stub.app.dock.bounces]).toEqual([null, false, 0])
    stub.BrowserWindow.looking = null
    fail()
    fail()
    expect([window.overlay !== null, window.flashing, stub.app.dock.bounces]).toEqual(
      {
        darwin: [false, false, 1],
        win32: [true, true, 0],
        linux: [false, true, 0]
      }[platform]
    )
    stub.app.emit('browser-window-focus')
    expect([window.overlay, window.flashing]).toEqual([null, false])
  })
})

describe('the tray', () => {
  const counts = { queued: 0, running: 0, waiting: 0, paused: 0, done: 0, failed: 0, cancelled: 0, skipped: 0 }
  const totals = (running: number, paused = false): TransferTotals => ({
    activeBatches: 1,
    counts: { ...counts, running },
    totalBytes: 200,
    doneBytes: 51,
    rateBytes: 1,
    secondsLeft: 1,
    paused
  })
  function setup(platform: NodeJS.Platform) {
    const done: string[] = []
    const icon = createTray(platform, {
      open: () => done.push('open'),
      uploadFiles: () => done.push('upload'),
      control: (action) => done.push(action),
      quit: () => done.push('quit')
    })
    return { icon, done, tray: stub.Tray.all.at(-1) as stub.Tray }
  }

  it('says how far the transfers are, and offers what one wants of them', () => {
    const { icon, done, tray } = setup('linux')
    icon.show(null, 'en')
    expect(tray.tip).toBe('FastDFS Desktop: No transfers')
    icon.show(totals(3), 'en')
    expect(tray.tip).toBe('FastDFS Desktop: 3 transfers, 25%')
    for (const entry of tray.menu) entry.click?.()
    expect(done).toEqual(['open', 'upload', 'pause', 'quit'])
    icon.show(totals(1, true), 'zh-CN')
    expect(tray.tip).toBe('FastDFS 桌面版：1 个传输，已暂停')
    expect(tray.menu.map((entry) => entry.label)).toContain('继续所有传输')
    icon.close()
    expect(tray.destroyed).toBe(true)
  })

  it('keeps its menu while nothing it says has changed', () => {
    const { icon, tray } = setup('linux')
    for (let index = 0; index < 50; index += 1) icon.show(totals(2), 'en')
    expect(tray.menus).toBe(1)
  })

  it('has a picture for every density, a template on macOS, and opens the window by a click on Windows', () => {
    const picture = (tray: stub.Tray) => tray.image as ReturnType<typeof stub.nativeImage.createEmpty>
    const windows = setup('win32')
    windows.tray.emit('click')
    expect(windows.done).toEqual(['open'])
    expect(picture(windows.tray).parts.map((part) => part.scaleFactor)).toEqual([1, 1.5, 2, 3])
    const mac = setup('darwin')
    expect([picture(mac.tray).template, picture(mac.tray).parts.length]).toEqual([true, 2])
    for (const part of picture(mac.tray).parts) {
      expect(Buffer.from(part.dataURL.split(',')[1] ?? '', 'base64').readUInt32BE(16)).toBe(18 * part.scaleFactor)
    }
  })
})

describe('the settings that the shell follows', () => {
  it('are told at once and at every change, with the language they mean', async () => {
    const settings = SettingsSchema.parse({})
    const app = createFakeApp({ 'app.info': () => ({ systemLanguage: 'zh-CN', settings }) as never })
    const shell = await watchSettings(app)
    const seen: boolean[] = []
    shell.follow(({ background }) => seen.push(background))
    expect(shell.language()).toBe('zh-CN')
    app.events.emit('settings.changed', { revision: 1, settings: { ...settings, background: true, language: 'en' } })
    expect([seen, shell.language(), shell.get().background]).toEqual([[false, true], 'en', true])
  })
})
