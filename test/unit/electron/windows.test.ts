import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { beside } from '../../../src/main/electron/window-state.ts'
import { createWindows } from '../../../src/main/electron/windows.ts'
import * as stub from '../../support/electron-stub.ts'
import { createFakeApp } from '../../support/fake-app.ts'
import { tempDir } from '../../support/temp-dir.ts'

const SCREEN = { x: 0, y: 0, width: 1920, height: 1080 }

beforeEach(() => {
  stub.BrowserWindow.all.length = 0
  stub.app.removeAllListeners()
})

async function setup(mayClose = (_last: boolean) => true) {
  const app = createFakeApp({ 'files.folders': () => [] })
  const windows = createWindows({ app, statePath: join(await tempDir(), 'state.json'), mayClose })
  return { app, windows, open: () => windows.open() as unknown as stub.BrowserWindow }
}

describe('several windows', () => {
  it('all hear every event, and each hears its own answers only', async () => {
    const { app, open } = await setup()
    const [first, second] = [open(), open()]
    const heard = [first, second].map((window) => {
      const messages: unknown[] = []
      window.webContents.toPage.on('fdfs:message', (_event, message) => messages.push(message))
      return messages
    })
    app.events.emit('library.changed', { revision: 1, profileId: 'p' })
    expect(heard.map((messages) => messages.length)).toEqual([1, 1])
    stub.deliver(second.webContents, second.webContents.mainFrame, 'fdfs:call', { id: 5, name: 'files.folders', input: {} })
    await expect.poll(() => heard[1]).toContainEqual({ id: 5, ok: [] })
    expect(heard[0]).toHaveLength(1)
    second.close()
    app.events.emit('library.changed', { revision: 2, profileId: 'p' })
    expect(heard.map((messages) => messages.length)).toEqual([2, 2])
    expect(app.events.audience).toBe(1)
  })

  it('the one that was in front last is the one that is shown', async () => {
    const { windows, open } = await setup()
    const [first, second] = [open(), open()]
    expect(windows.front()).toBe(second)
    first.focus()
    expect(windows.front()).toBe(first)
    first.minimized = true
    windows.show()
    expect([first.minimized, first.shown]).toEqual([false, true])
    first.close()
    expect(windows.front()).toBe(second)
    second.close()
    expect(windows.front()).toBeNull()
    expect(windows.show()).toBe(stub.BrowserWindow.all.at(-1))
  })

  it('are asked about only when the last one goes', async () => {
    const asked: boolean[] = []
    const { open } = await setup((last) => {
      asked.push(last)
      return !last
    })
    const [first, second] = [open(), open()]
    second.close()
    first.close()
    expect([asked, second.isDestroyed(), first.isDestroyed()]).toEqual([[false, true], true, false])
  })

  it('a second one stands beside the first, and never outside its screen', async () => {
    const { open } = await setup()
    open().bounds = { x: 100, y: 50, width: 900, height: 600 }
    expect(open().options).toMatchObject({ x: 132, y: 82, width: 900, height: 600 })
    expect(beside({ x: 1000, y: 50, width: 900, height: 600 }, [SCREEN])).toMatchObject({ x: 0, y: 0 })
    const right = { x: 1920, y: -200, width: 1280, height: 1024 }
    expect(beside({ x: 2400, y: 100, width: 900, height: 600 }, [SCREEN, right])).toMatchObject({ x: 1920, y: -200 })
    expect(beside({ x: 5, y: 5, width: 900, height: 600 }, [])).toMatchObject({ x: 37, y: 37 })
  })

  it('a page that broke down is loaded again, once in a while', async () => {
    const { open } = await setup()
    const window = open()
    window.webContents.emit('render-process-gone', {}, { reason: 'clean-exit' })
    expect(window.webContents.reloads).toBe(0)
    for (let index = 0; index < 5; index += 1) window.webContents.emit('render-process-gone', {}, { reason: 'crashed' })
    expect(window.webContents.reloads).toBe(1)
  })
})
