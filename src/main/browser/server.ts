import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { AppError, toAppError } from '../../shared/errors.ts'
import type { ErrorCode } from '../../shared/errors.ts'
import type { App } from '../app/create-app.ts'
import { pageHeaders, readPageFile } from '../app/page-files.ts'
import { createGuard } from './guard.ts'
import { sendPreview } from './send-preview.ts'
import { serveSocket } from './socket.ts'
import { createSpool } from './spool.ts'

export interface BrowserServerOptions {
  app: Pick<App, 'dispatch' | 'subscribe' | 'preview'>
  /** The built page. */
  rendererDir: string
  spoolDir: string
  /** Tried in this order; 0 = any free one. */
  ports: readonly number[]
}

export interface BrowserServer {
  /** With the token: opens a session. */
  address: string
  port: number
  close(): Promise<void>
}

/** For a person who opened the bare address, or a tab that outlived the program. */
const NO_SESSION =
  'Open the address that was printed when FastDFS Desktop started; it is a new one each time.\n请打开 FastDFS Desktop 启动时显示的地址，每次启动都会不同。\n'

/** `files.parse` takes 20 million characters; nothing is larger. */
const MAX_MESSAGE_BYTES = 64 * 1_048_576

/** Serves the page, its socket and its spool on 127.0.0.1. Rejects with the error of the last port when none is free. */
export async function startBrowserServer(options: BrowserServerOptions): Promise<BrowserServer> {
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 0, maxHeaderSize: 16_384 })
  const port = () => (server.address() as AddressInfo).port
  const guard = createGuard(port)
  const spool = createSpool(options.spoolDir)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false })

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    // Old Safari does not take 'self' to mean the WebSocket too.
    const headers = pageHeaders([`ws://127.0.0.1:${port()}`, `ws://localhost:${port()}`])
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    const refused = guard.refuseAddress(request)
    if (refused !== null) return refuse(response, 403, `This address is not served here (${refused}).`)
    // '//host/path' would be read as another host.
    const url = request.url?.startsWith('//') ? null : URL.parse(request.url ?? '/', `http://127.0.0.1:${port()}`)
    if (!url) return refuse(response, 400, 'Bad request')
    const token = url.searchParams.get('token')
    if (url.pathname === '/' && request.method === 'GET' && token !== null && guard.isToken(token)) {
      // A page of ours that goes on to the clean address, not a redirect: after a redirect that another site's link began,
      // the browser would not send a SameSite=Strict cookie.
      response.writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'set-cookie': guard.sessionCookie()
      })
      return void response.end(
        '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/"><link rel="icon" href="data:,"><title>FastDFS Desktop</title>'
      )
    }
    if (!guard.hasSession(request)) return refuse(response, 403, NO_SESSION)
    if (url.pathname === '/spool' || url.pathname.startsWith('/spool/')) return serveSpool(request, response, url)
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'Not allowed')
    if (url.pathname.startsWith('/preview/')) return sendPreview(options.app.preview, request, response, url)
    const file = await readPageFile(options.rendererDir, url.pathname)
    if (file === null) return refuse(response, 404, 'Not found')
    response.writeHead(200, { ...file.headers, 'content-length': file.body.length }).end(request.method === 'HEAD' ? undefined : file.body)
  }

  const serveSpool = async (request: IncomingMessage, response: ServerResponse, url: URL) => {
    try {
      const id = /^\/spool\/([^/]+)$/.exec(url.pathname)?.[1]
      if (request.method === 'POST' && url.pathname === '/spool') return sendJson(response, 200, await spool.begin())
      if (request.method === 'DELETE' && id !== undefined) {
        await spool.drop(id)
        return void response.writeHead(204).end()
      }
      if (request.method !== 'PUT' || id === undefined) return refuse(response, 405, 'Not allowed')
      sendJson(response, 200, await spool.write(id, url.searchParams.get('path') ?? '', request))
    } catch (error) {
      const known = toAppError(error)
      // The rest of the body is of no use: after the answer the connection ends.
      response.setHeader('connection', 'close')
      sendJson(response, statusOf(known.code), { error: known.toData() })
      response.once('finish', () => request.destroy())
    }
  }

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    handle(request, response).catch(() => {
      if (response.headersSent) response.destroy()
      else refuse(response, 500, 'Internal error')
    })
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const allowed = guard.refuseAddress(request) === null && guard.hasSession(request)
    if (!allowed || request.url !== '/ws') {
      socket.on('error', () => undefined)
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => serveSocket(webSocket, options.app))
  })

  await listenOnFirstFree(server, options.ports)
  return {
    address: `http://127.0.0.1:${port()}/?token=${guard.token}`,
    port: port(),
    async close() {
      for (const client of sockets.clients) client.terminate()
      sockets.close()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    }
  }
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }).end(text)
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  if (response.destroyed) return
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }).end(JSON.stringify(value))
}

function statusOf(code: ErrorCode): number {
  switch (code) {
    case 'LOCAL_DISK_FULL':
      return 507
    case 'TARGET_EXISTS':
      return 409
    case 'LOCAL_NOT_FOUND':
      return 404
    case 'LOCAL_NAME_INVALID':
    case 'INPUT_INVALID':
    case 'ABORTED':
      return 400
    default:
      return 500
  }
}

async function listenOnFirstFree(server: Server, ports: readonly number[]): Promise<void> {
  let last: unknown = new AppError('INTERNAL')
  for (const port of ports) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
          server.off('error', reject)
          resolve()
        })
      })
      return
    } catch (error) {
      last = error
    }
  }
  throw last
}
