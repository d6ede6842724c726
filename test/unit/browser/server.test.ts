import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, describe, expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import { startBrowserServer } from '../../../src/main/browser/server.ts'
import type { BrowserServer } from '../../../src/main/browser/server.ts'
import { openSession, openSocket, rawRequest } from '../../support/browser-session.ts'
import { createFakeApp } from '../../support/fake-app.ts'
import { tempDir } from '../../support/temp-dir.ts'

const running: BrowserServer[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await server.close()
})

async function setup() {
  const dir = await tempDir()
  await mkdir(join(dir, 'page', 'assets'), { recursive: true })
  await writeFile(join(dir, 'page', 'index.html'), '<title>page</title>')
  await writeFile(join(dir, 'page', 'assets', 'a.js'), 'script')
  await writeFile(join(dir, 'page', '.hidden.js'), 'hidden')
  await writeFile(join(dir, 'page', 'a.exe'), 'not a file of a page')
  await writeFile(join(dir, 'secret.json'), 'secret')
  const app = createFakeApp({ 'files.folders': () => [{ path: 'a', fileCount: 1 }] })
  const server = await startBrowserServer({ app, rendererDir: join(dir, 'page'), spoolDir: join(dir, 'spool'), ports: [0] })
  running.push(server)
  return { dir, app, server, ...(await openSession(server.address)) }
}

describe('the browser host', () => {
  it('opens a session with the token, once, with a strict cookie, and goes on to the clean address', async () => {
    const { server, port } = await setup()
    const url = new URL(server.address)
    expect(url.hostname).toBe('127.0.0.1')
    const answer = await rawRequest(port, { path: url.pathname + url.search, headers: { host: url.host } })
    expect(answer.headers['set-cookie']?.[0]).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/)
    expect(answer.text).toContain('url=/"')
    expect(answer.text).not.toContain(url.searchParams.get('token'))
    expect(answer.headers['referrer-policy']).toBe('no-referrer')
  })

  it('serves the page with a strict policy, its files with types, and nothing else', async () => {
    const { port, headers } = await setup()
    const page = await rawRequest(port, { path: '/', headers })
    expect(page).toMatchObject({ status: 200, text: '<title>page</title>' })
    const policy = String(page.headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
    expect(page.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' })
    const script = await rawRequest(port, { path: '/assets/a.js', headers })
    expect(script.headers['content-type']).toContain('text/javascript')
    for (const path of ['/nothing.js', '/assets', '/assets/', '/a.exe', '/.hidden.js']) {
      expect((await rawRequest(port, { path, headers })).status, `${path}`).toBe(404)
    }
    expect((await rawRequest(port, { path: '/', method: 'DELETE', headers })).status).toBe(405)
  })

  it.each([
    '/../secret.json',
    '/%2e%2e/secret.json',
    '/..%2fsecret.json',
    '/assets/..%2f..%2fsecret.json',
    '/..%5csecret.json',
    '//secret.json',
    '/%00.json',
    '/%zz.js'
  ])('never leaves the folder of the page: %s', async (path) => {
    const { port, headers } = await setup()
    const answer = await rawRequest(port, { path, headers })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.text).not.toContain('secret')
  })

  it('refuses another Host (DNS rebinding), another Origin and no session, for page, spool and socket alike', async () => {
    const { dir, port, headers } = await setup()
    const strangers: [string, Record<string, string>][] = [
      ['rebound name', { ...headers, host: `evil.example:${port}`, origin: `http://evil.example:${port}` }],
      ['no port', { ...headers, host: '127.0.0.1' }],
      ['foreign page', { ...headers, origin: 'https://evil.example' }],
      ['sandboxed page', { ...headers, origin: 'null' }],
      ['other local server', { ...headers, origin: 'http://127.0.0.1:1' }],
      ['no session', { host: headers.host, origin: headers.origin }],
      ['wrong session', { ...headers, cookie: `fdfs_${port}=AAAA` }],
      ['session of another instance', { ...headers, cookie: headers.cookie.replace(`_${port}`, '_1') }]
    ]
    for (const [name, given] of strangers) {
      expect((await rawRequest(port, { path: '/', headers: given })).status, `${name}`).toBe(403)
      expect((await rawRequest(port, { path: '/spool', method: 'POST', headers: given })).status, `${name}`).toBe(403)
      expect(await openSocket(port, given), `${name}`).toBe(403)
    }
    const { origin: _, ...withoutOrigin } = headers
    expect((await rawRequest(port, { path: '/', headers: withoutOrigin })).status).toBe(200)
    expect((await rawRequest(port, { path: '/spool', method: 'POST', headers: withoutOrigin })).status).toBe(403)
    expect(await openSocket(port, withoutOrigin)).toBe(403)
    expect(await openSocket(port, headers, '/other')).toBe(403)
    expect(await readdir(dir)).not.toContain('spool')
  })

  it('refuses a wrong token without opening a session', async () => {
    const { port, headers } = await setup()
    for (const token of ['', 'x', 'A'.repeat(43)]) {
      const answer = await rawRequest(port, { path: `/?token=${token}`, headers: { host: headers.host } })
      expect(answer.status).toBe(403)
      expect(answer.headers['set-cookie']).toBeUndefined()
    }
  })

  it('takes another port when the wanted one is taken, and says so with an error when it may not', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const dir = await tempDir()
    const options = { app: createFakeApp(), rendererDir: dir, spoolDir: dir }
    const server = await startBrowserServer({ ...options, ports: [port, 0] })
    running.push(server)
    expect(server.port).not.toBe(port)
    await expect(startBrowserServer({ ...options, ports: [port] })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    other.close()
  })
})

describe('the socket of the browser host', () => {
  const closed = (socket: WebSocket) => once(socket, 'close') as Promise<[number]>

  it('answers garbage with an error and goes on', async () => {
    const { port, headers } = await setup()
    const socket = (await openSocket(port, headers)) as WebSocket
    const replies: unknown[] = []
    socket.on('message', (data: Buffer) => replies.push(JSON.parse(data.toString())))
    socket.send('{"id": 1, "na')
    socket.send(Buffer.from([0xff, 0xfe]))
    socket.send('"text"')
    socket.send(JSON.stringify({ id: 4, name: 'files.folders', input: {} }))
    while (replies.length < 4) await once(socket, 'message')
    expect(replies.slice(0, 3)).toEqual(
      Array.from({ length: 3 }, () => expect.objectContaining({ error: expect.objectContaining({ code: 'CALL_INVALID' }) }))
    )
    expect(replies[3]).toEqual({ id: 4, ok: [{ path: 'a', fileCount: 1 }] })
    socket.close()
  })

  it('closes on a message that is larger than any call, and serves the next page', async () => {
    const { port, headers } = await setup()
    const socket = (await openSocket(port, headers)) as WebSocket
    const end = closed(socket)
    socket.on('error', () => undefined)
    socket.send(Buffer.alloc(65 * 1_048_576, 32).toString())
    expect((await end)[0]).toBe(1009)
    const next = await openSocket(port, headers)
    expect(typeof next).toBe('object')
  })

  it('stops telling events to a page that is gone', async () => {
    const { app, port, headers } = await setup()
    const socket = (await openSocket(port, headers)) as WebSocket
    expect(app.events.audience).toBe(1)
    const end = closed(socket)
    socket.terminate()
    await end
    while (app.events.audience > 0) await new Promise((resolve) => setImmediate(resolve))
  })
})

describe('the spool', () => {
  async function begin(port: number, headers: Record<string, string>) {
    const answer = await rawRequest(port, { path: '/spool', method: 'POST', headers })
    return JSON.parse(answer.text) as { spoolId: string; path: string }
  }
  const put = (port: number, headers: Record<string, string>, spoolId: string, name: string, body: Buffer | string | Readable) =>
    rawRequest(port, { path: `/spool/${spoolId}?path=${encodeURIComponent(name)}`, method: 'PUT', headers, body })

  it('keeps bytes, names and folders as they were', async () => {
    const { port, headers } = await setup()
    const { spoolId, path } = await begin(port, headers)
    const content = Buffer.alloc(3_000_000, 'é')
    for (const name of ['图片/夏天 2026/a&b=c?.png', 'empty.txt', '.profile']) {
      const body = name === 'empty.txt' ? '' : content
      const answer = JSON.parse((await put(port, headers, spoolId, name, body)).text) as { path: string; sizeBytes: number }
      expect(answer).toEqual({ path: join(path, ...name.split('/')), sizeBytes: body.length })
      expect((await readFile(answer.path)).equals(Buffer.from(body))).toBe(true)
    }
  })

  it.each(['../outside', 'a/../../outside', '/etc/passwd', 'a//b', 'a/./b', '', '..', 'a\0b', 'x'.repeat(256)])(
    'never writes outside: %j',
    async (name) => {
      const { dir, port, headers } = await setup()
      const { spoolId, path } = await begin(port, headers)
      const answer = await put(port, headers, spoolId, name, 'x')
      expect(answer.status).toBe(400)
      expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'LOCAL_NAME_INVALID' } })
      expect(await readdir(path)).toEqual([])
      expect((await readdir(dir)).sort()).toEqual(['page', 'secret.json', 'spool'])
    }
  )

  it('takes no spool it did not give out', async () => {
    const { dir, port, headers } = await setup()
    await begin(port, headers)
    for (const id of ['..', '..%2f..', 'ABC', 'a'.repeat(23)]) {
      expect((await put(port, headers, id, 'x', 'x')).status, `${id}`).toBeGreaterThanOrEqual(400)
    }
    expect((await put(port, headers, 'a'.repeat(24), 'x', 'x')).status).toBe(404)
    expect(await readdir(join(dir, 'spool'))).toHaveLength(1)
  })

  it('does not let a second file replace the first of the same name', async () => {
    const { port, headers } = await setup()
    const { spoolId, path } = await begin(port, headers)
    await put(port, headers, spoolId, 'a.txt', 'first')
    const second = await put(port, headers, spoolId, 'a.txt', 'second')
    expect(second.status).toBe(409)
    expect(await readFile(join(path, 'a.txt'), 'utf8')).toBe('first')
  })

  it('throws away one cancelled drop with everything in it, and nothing else', async () => {
    const { dir, port, headers } = await setup()
    const [cancelled, other] = [await begin(port, headers), await begin(port, headers)]
    await put(port, headers, cancelled.spoolId, 'a/b.txt', 'x')
    await put(port, headers, other.spoolId, 'kept.txt', 'x')
    const remove = (id: string, given: Record<string, string> = headers) =>
      rawRequest(port, { path: `/spool/${id}`, method: 'DELETE', headers: given })
    const { origin: _, ...withoutOrigin } = headers
    const { cookie: __, ...withoutSession } = headers
    expect((await remove(cancelled.spoolId, withoutOrigin)).status).toBe(403)
    expect((await remove(cancelled.spoolId, withoutSession)).status).toBe(403)
    for (const id of ['..', '..%2f..', '.', '', 'ABC', 'a'.repeat(23), `${other.spoolId}%2fkept.txt`]) {
      expect((await remove(id)).status, `${id}`).toBeGreaterThanOrEqual(400)
    }
    expect((await readdir(join(dir, 'spool'))).sort()).toEqual([cancelled.spoolId, other.spoolId].sort())
    expect((await remove(cancelled.spoolId)).status).toBe(204)
    expect((await remove(cancelled.spoolId)).status).toBe(204)
    expect(await readdir(join(dir, 'spool'))).toEqual([other.spoolId])
    expect(await readdir(other.path)).toEqual(['kept.txt'])
    expect((await readdir(dir)).sort()).toEqual(['page', 'secret.json', 'spool'])
  })

  it('removes what an interrupted page left half sent', async () => {
    const { port, headers } = await setup()
    const { spoolId, path } = await begin(port, headers)
    async function* broken() {
      yield Buffer.alloc(1_000_000)
      while ((await readdir(path)).length === 0) await new Promise((resolve) => setImmediate(resolve))
      throw new Error('the page was closed')
    }
    await put(port, headers, spoolId, 'half.bin', Readable.from(broken())).catch(() => undefined)
    await expect.poll(() => readdir(path)).toEqual([])
  })
})
