import { once } from 'node:events'
import { request } from 'node:http'
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { WebSocket } from 'ws'

export interface Answer {
  status: number
  headers: IncomingMessage['headers']
  text: string
}

/** A request whose path and headers go out exactly as given: nothing is normalised, as an attacker would send it. */
export async function rawRequest(
  port: number,
  options: { method?: string; path: string; headers?: OutgoingHttpHeaders; body?: Buffer | string | Readable }
): Promise<Answer> {
  const outgoing = request({
    host: '127.0.0.1',
    port,
    method: options.method ?? 'GET',
    path: options.path,
    headers: options.headers ?? {},
    agent: false
  })
  const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>
  const { body } = options
  if (body instanceof Readable) void pipeline(body, outgoing).catch(() => undefined)
  else outgoing.end(body)
  const [response] = await answered
  let text = ''
  for await (const chunk of response) text += String(chunk)
  return { status: response.statusCode ?? 0, headers: response.headers, text }
}

/** Opens the printed address as a browser does and returns the headers of a page of that session. */
export async function openSession(address: string): Promise<{ port: number; headers: { host: string; origin: string; cookie: string } }> {
  const url = new URL(address)
  const port = Number(url.port)
  const { headers } = await rawRequest(port, { path: `${url.pathname}${url.search}`, headers: { host: url.host } })
  const cookie = headers['set-cookie']?.[0]?.split(';')[0]
  if (cookie === undefined) throw new Error('no session was opened')
  return { port, headers: { host: url.host, origin: url.origin, cookie } }
}

/** An open socket, or the status with which it was refused. */
export async function openSocket(port: number, headers: Record<string, string>, path = '/ws'): Promise<WebSocket | number> {
  const { host, ...rest } = headers
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers: { ...rest, ...(host === undefined ? {} : { host }) } })
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket))
    socket.once('unexpected-response', (_request, response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    socket.once('error', reject)
  })
}
