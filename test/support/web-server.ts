import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface WebServerOptions {
  /** File ID with group → content. */
  files: ReadonlyMap<string, Buffer>
  /** undefined: tokens are not asked for. */
  secret?: string
  ttlSeconds?: number
  /** What a refused token gets with status 200; without it 400. */
  decoy?: Buffer
  /** The clock of the server: for tokens, and in the header Date. */
  nowSeconds?: () => number
  /** `url_have_group_name = false`: addresses are 'M00/…', and others are refused. */
  withoutGroup?: boolean
  /** Answers nothing, as a server behind a firewall. */
  mute?: boolean
}

export interface WebServer {
  /** 'http://127.0.0.1:port' */
  readonly base: string
  close(): Promise<void>
}

/**
 * What the nginx module of FastDFS does with a request (protocol page, sections 10.2 and 10.3), written from that description and
 * not with the program's own functions: tokens, decoy, one range, download names, and its limits of
 * their length.
 */
export async function webServer(options: WebServerOptions): Promise<WebServer> {
  const server = createServer((request, response) => answer(options, request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    }
  }
}

/** 0, or the errno with which the module refuses a token. */
export function checkToken(
  id: string,
  secret: string,
  token: string,
  ts: number,
  now: number,
  ttl: number
): 'OK' | 'EINVAL' | 'ETIMEDOUT' | 'EPERM' {
  if (token.length !== 32) return 'EINVAL'
  if (ts !== 0 && now - ts > ttl) return 'ETIMEDOUT'
  const expected = createHash('md5').update(`${id}${secret}${ts}`, 'utf8').digest('hex')
  return token === expected ? 'OK' : 'EPERM'
}

function answer(options: WebServerOptions, request: IncomingMessage, response: ServerResponse): void {
  if (options.mute) return
  const now = options.nowSeconds?.() ?? Math.floor(Date.now() / 1000)
  response.sendDate = false
  response.setHeader('Date', new Date(now * 1000).toUTCString())
  const end = (status: number, body: Buffer = Buffer.alloc(0)): void => {
    response.writeHead(status, { 'Content-Length': body.length })
    response.end(request.method === 'HEAD' ? undefined : body)
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return end(405)
  // The real one has room for so much of an address.
  if ((request.url ?? '').length > 510) return end(400)
  const [path = '', query = ''] = (request.url ?? '').slice(1).split('?')
  const values = new Map(query.split('&').map((part) => [part.split('=')[0] ?? '', decodeURIComponent(part.slice(part.indexOf('=') + 1))]))
  const asked = decodeURIComponent(path)
  if (options.withoutGroup && !asked.startsWith('M')) return end(400)
  const fileId = options.withoutGroup ? [...options.files.keys()].find((id) => id.endsWith(`/${asked}`)) : asked
  const content = fileId === undefined ? undefined : options.files.get(fileId)
  if (options.secret !== undefined) {
    const remote = options.withoutGroup ? asked : asked.replace(/^[^/]+\//, '')
    const ts = Number(values.get('ts') ?? NaN)
    const verdict = checkToken(remote, options.secret, values.get('token') ?? '', ts, now, options.ttlSeconds ?? 600)
    if (verdict !== 'OK') return options.decoy ? end(200, options.decoy) : end(400)
  }
  if (content === undefined) return end(404)
  const name = values.get('filename')
  // As it is: this is why quotes and line ends must never come here.
  if (name !== undefined) {
    // Up to version 1.24 the header has 128 bytes, the end of the text included.
    const header = Buffer.from(`attachment; filename="${name}"`).subarray(0, 127)
    response.setHeader('Content-Disposition', header.toString('latin1'))
  }
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '')
  if (!range || range[0].length > 63) return end(200, content)
  const [, first = '', last = ''] = range
  const start = first === '' ? Math.max(0, content.length - Number(last)) : Number(first)
  const stop = first === '' || last === '' ? content.length - 1 : Math.min(Number(last), content.length - 1)
  if (start > stop) return end(416)
  response.setHeader('Content-Range', `bytes ${start}-${stop}/${content.length}`)
  end(206, content.subarray(start, stop + 1))
}
