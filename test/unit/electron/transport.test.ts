import type { IpcMain } from 'electron'
import { describe, expect, it } from 'vitest'
import { pageUrl } from '../../../src/main/electron/page.ts'
import { serveWindow } from '../../../src/main/electron/transport.ts'
import * as stub from '../../support/electron-stub.ts'
import { createFakeApp } from '../../support/fake-app.ts'

async function setup() {
  const calls: unknown[] = []
  const app = createFakeApp({
    'files.folders': () => {
      calls.push('files.folders')
      return []
    }
  })
  const window = new stub.BrowserWindow()
  await window.loadURL(pageUrl())
  const end = serveWindow(stub.ipcMain as unknown as IpcMain, window.webContents as never, app)
  const replies: unknown[] = []
  window.webContents.toPage.on('fdfs:message', (_event, message) => replies.push(message))
  return { app, window, calls, replies, end }
}

const message = { id: 1, name: 'files.folders', input: {} }
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('the sender check', () => {
  it('lets the top frame of our window through', async () => {
    const { window, calls, replies, end } = await setup()
    stub.deliver(window.webContents, window.webContents.mainFrame, 'fdfs:call', message)
    await settled()
    expect(calls).toHaveLength(1)
    expect(replies).toEqual([{ id: 1, ok: [] }])
    end()
  })

  it('gives every other sender neither effect nor answer', async () => {
    const { window, calls, replies, end } = await setup()
    const other = new stub.BrowserWindow()
    await other.loadURL(pageUrl())
    const { webContents } = window
    stub.deliver(webContents, { url: pageUrl() }, 'fdfs:call', message) // a frame inside the page
    stub.deliver(webContents, null, 'fdfs:call', message) // a frame that is gone
    stub.deliver(other.webContents, other.webContents.mainFrame, 'fdfs:call', message) // another window
    for (const url of [
      'https://evil.example/',
      'file:///etc/passwd',
      'fdfs-app://app.evil/',
      'fdfs-app://evil@app/',
      'about:blank',
      '',
      'fdfs-app://app/preview/7?file=x',
      'fdfs-app://app/licences.json'
    ]) {
      webContents.mainFrame.url = url
      stub.deliver(webContents, webContents.mainFrame, 'fdfs:call', message)
    }
    await settled()
    expect(calls).toEqual([])
    expect(replies).toEqual([])
    end()
  })

  it('ends with the window', async () => {
    const { app, window } = await setup()
    const before = stub.ipcMain.listenerCount('fdfs:call')
    window.close()
    expect(stub.ipcMain.listenerCount('fdfs:call')).toBe(before - 1)
    expect(app.events.audience).toBe(0)
  })
})
