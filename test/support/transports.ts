/** Everything that carries envelopes between a page and the program, each as the page's end of it. */
import type { IpcMain } from 'electron'
import { once } from 'node:events'
import { afterEach } from 'vitest'
import type { WebSocket } from 'ws'
import { startBrowserServer } from '../../src/main/browser/server.ts'
import { pageUrl } from '../../src/main/electron/page.ts'
import { serveWindow } from '../../src/main/electron/transport.ts'
import type { EventEnvelope, Pipe, ReplyEnvelope } from '../../src/shared/contract.ts'
import { openSession, openSocket } from './browser-session.ts'
import * as stub from './electron-stub.ts'
import type { createFakeApp } from './fake-app.ts'
import { tempDir } from './temp-dir.ts'

type FakeApp = ReturnType<typeof createFakeApp>
export interface Page extends Pipe {
  leave(): Promise<void>
}
type Connect = (app: FakeApp) => Promise<Page>

const ends: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

const inMemory: Connect = (app) => {
  const listeners = new Set<(message: ReplyEnvelope | EventEnvelope) => void>()
  const post = (message: ReplyEnvelope | EventEnvelope) => listeners.forEach((listener) => listener(structuredClone(message)))
  const unsubscribe = app.subscribe(post)
  return Promise.resolve({
    send: (message) => void app.dispatch(structuredClone(message)).then(post),
    onMessage: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    leave: () => Promise.resolve(unsubscribe())
  })
}

const webSocket: Connect = async (app) => {
  const dir = await tempDir()
  const server = await startBrowserServer({ app, rendererDir: dir, spoolDir: dir, ports: [0] })
  ends.push(() => server.close())
  const { port, headers } = await openSession(server.address)
  const socket = (await openSocket(port, headers)) as WebSocket
  return {
    send: (message) => socket.send(JSON.stringify(message)),
    onMessage: (listener) => {
      const receive = (data: unknown) => listener(JSON.parse(String(data)) as ReplyEnvelope | EventEnvelope)
      socket.on('message', receive)
      return () => socket.off('message', receive)
    },
    async leave() {
      socket.close()
      await once(socket, 'close')
    }
  }
}

const electron: Connect = async (app) => {
  const window = new stub.BrowserWindow()
  await window.loadURL(pageUrl())
  ends.push(serveWindow(stub.ipcMain as unknown as IpcMain, window.webContents as never, app))
  const { ipcRenderer } = stub.preloadModule(window).module
  return {
    send: (message) => ipcRenderer.send('fdfs:call', message),
    onMessage: (listener) => {
      const receive = (_event: unknown, message: unknown) => listener(message as ReplyEnvelope | EventEnvelope)
      ipcRenderer.on('fdfs:message', receive)
      return () => ipcRenderer.off('fdfs:message', receive)
    },
    leave: () => Promise.resolve(window.close())
  }
}

/** By the name that tests give them. */
export const TRANSPORTS: [name: string, connect: Connect][] = [
  ['an in-memory pair', inMemory],
  ['a WebSocket', webSocket],
  ['Electron', electron]
]

/** Waits for the message that fits. */
export function next(page: Page, fits: (message: ReplyEnvelope | EventEnvelope) => boolean): Promise<ReplyEnvelope | EventEnvelope> {
  return new Promise((resolve) => {
    const stop = page.onMessage((message) => {
      if (!fits(message)) return
      stop()
      resolve(message)
    })
  })
}
export const reply = (page: Page, id: number) => next(page, (message) => 'id' in message && message.id === id)
