import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { OPEN_RANGE_BYTES, createPreviews, parseRange } from '../../../src/main/app/preview.ts'
import { startBrowserServer } from '../../../src/main/browser/server.ts'
import { createStoreClient } from '../../../src/main/cluster/store-client.ts'
import { AppError } from '../../../src/shared/errors.ts'
import type { FileRow } from '../../../src/shared/model.ts'
import { previewKind, previewPath, previewType } from '../../../src/shared/preview.ts'
import { openSession, rawRequest } from '../../support/browser-session.ts'
import { createFakeApp } from '../../support/fake-app.ts'
import { startApp } from '../../support/running-app.ts'
import { tempDir } from '../../support/temp-dir.ts'

vi.setConfig({ testTimeout: 60_000 })

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** The real application with some files on its built-in cluster, served to a browser. Counts what is read from storages. */
async function setup(contents: Record<string, Buffer>) {
  const dir = await tempDir()
  const read = { bytes: 0, downloads: 0, finished: 0 }
  const { app, call, idle } = await startApp(join(dir, 'data'), {
    connect(options) {
      const client = createStoreClient(options)
      const download = client.download.bind(client)
      client.download = async (fileId, range, sink, rest) => {
        read.downloads += 1
        const counted = {
          write: (chunk: Buffer) => {
            read.bytes += chunk.length
            return sink.write(chunk)
          }
        }
        try {
          return await download(fileId, range, counted, rest)
        } finally {
          read.finished += 1
        }
      }
      return client
    }
  })
  ends.push(() => app.close())
  const source = join(dir, 'files')
  await mkdir(source)
  for (const [name, content] of Object.entries(contents)) await writeFile(join(source, name), content)
  await call('transfers.upload', { paths: [source] })
  await idle()
  const { rows } = await call('files.open', { query: {}, sort: { key: 'name', descending: false } })
  const server = await startBrowserServer({ app, rendererDir: dir, spoolDir: join(dir, 'spool'), ports: [0] })
  ends.push(() => server.close())
  const session = await openSession(server.address)
  const row = (name: string): FileRow => {
    const found = rows.find((each) => each.name === name)
    if (!found) throw new Error(`${name} is not in the library`)
    return found
  }
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    new Promise<{ response: IncomingMessage; body: () => Promise<Buffer> }>((resolve, reject) => {
      const outgoing = request({
        host: '127.0.0.1',
        port: session.port,
        path,
        method,
        headers: { ...session.headers, ...headers },
        agent: false
      })
      outgoing.once('error', reject)
      outgoing.once('response', (response: IncomingMessage) => {
        const body = async () => {
          const chunks: Buffer[] = []
          for await (const chunk of response) chunks.push(chunk as Buffer)
          return Buffer.concat(chunks)
        }
        resolve({ response, body })
      })
      outgoing.end()
    })
  return { session, row, get, read }
}

describe('a preview', () => {
  it('is the content of a file the library knows, whole or in ranges, under a type that cannot run', async () => {
    const photo = randomBytes(300_000)
    const script = Buffer.from('<script>alert(1)</script>')
    const { get, row } = await setup({ 'photo.jpg': photo, 'page.html': script, 'logo.svg': script, 'empty.png': Buffer.alloc(0) })
    const path = previewPath(row('photo.jpg'))

    const whole = await get(path)
    expect(whole.response.statusCode).toBe(200)
    expect(whole.response.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': '300000',
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox"
    })
    expect((await whole.body()).equals(photo)).toBe(true)

    const part = await get(path, { range: 'bytes=1000-1999' })
    expect(part.response.statusCode).toBe(206)
    expect(part.response.headers).toMatchObject({ 'content-range': 'bytes 1000-1999/300000', 'content-length': '1000' })
    expect((await part.body()).equals(photo.subarray(1000, 2000))).toBe(true)
    expect((await (await get(path, { range: 'bytes=-10' })).body()).equals(photo.subarray(-10))).toBe(true)
    const beyond = await get(path, { range: 'bytes=300000-' })
    expect(beyond.response.statusCode).toBe(416)
    expect(beyond.response.headers['content-range']).toBe('bytes */300000')
    expect(await (await get(path, {}, 'HEAD')).body()).toHaveLength(0)

    for (const name of ['page.html', 'logo.svg']) {
      const { response, body } = await get(previewPath(row(name)))
      expect(response.headers).toMatchObject({ 'content-type': 'application/octet-stream', 'content-disposition': 'attachment' })
      expect((await body()).equals(script)).toBe(true)
    }
    const empty = await get(previewPath(row('empty.png')))
    expect([empty.response.statusCode, (await empty.body()).length]).toEqual([200, 0])
  })

  it('is refused without a session, from another page, for another file ID, for unknown numbers and other methods', async () => {
    const { get, row, session } = await setup({ 'photo.jpg': Buffer.from('content') })
    const known = row('photo.jpg')
    const path = previewPath(known)
    const { cookie: _, ...withoutSession } = session.headers
    expect((await rawRequest(session.port, { path, headers: withoutSession })).status).toBe(403)
    expect((await rawRequest(session.port, { path, headers: { ...session.headers, origin: 'https://evil.example' } })).status).toBe(403)
    expect((await rawRequest(session.port, { path, headers: { ...session.headers, host: 'evil.example' } })).status).toBe(403)
    const wrong = [
      `/preview/${known.id}`,
      previewPath({ id: known.id, fileId: 'group1/M00/00/00/other.jpg' }),
      previewPath({ id: known.id + 1, fileId: known.fileId }),
      path.replace('/preview/', '/preview/../preview/x'),
      path.replace(/\d+\?/, '1e1?'),
      path.replace(/\d+\?/, '-1?')
    ]
    for (const each of wrong) {
      const { response, body } = await get(each)
      expect(response.statusCode, `${each}`).toBe(404)
      expect((await body()).toString()).not.toContain('content')
    }
    expect((await get(path, {}, 'POST')).response.statusCode).toBe(405)
  })

  it('says as data why the storage gave nothing, and breaks off where it stopped giving', async () => {
    const dir = await tempDir()
    const app = createFakeApp({}, (url) =>
      Promise.resolve({
        status: 200,
        headers: { 'content-length': '10' },
        async send(sink) {
          if (url.pathname === '/preview/2') await sink.write(Buffer.from('abc'))
          throw new AppError(url.pathname === '/preview/1' ? 'NOT_FOUND' : 'CONNECTION_LOST')
        }
      })
    )
    const server = await startBrowserServer({ app, rendererDir: dir, spoolDir: dir, ports: [0] })
    ends.push(() => server.close())
    const { port, headers } = await openSession(server.address)
    const missing = await rawRequest(port, { path: '/preview/1', headers })
    expect([missing.status, JSON.parse(missing.text)]).toMatchObject([404, { error: { code: 'NOT_FOUND' } }])
    const lost = await rawRequest(port, { path: '/preview/3', headers })
    expect([lost.status, JSON.parse(lost.text)]).toMatchObject([502, { error: { code: 'CONNECTION_LOST' } }])
    await expect(rawRequest(port, { path: '/preview/2', headers })).rejects.toThrow('aborted')
  })

  it('reads no further than the page does, and stops reading when the page goes away', async () => {
    const { get, row, read } = await setup({ 'film.mp4': randomBytes(64 * 1_048_576) })
    read.bytes = 0
    const { response } = await get(previewPath(row('film.mp4')))
    // Nobody reads the body: what fits into the buffers of two sockets is sent, not the film.
    await vi.waitFor(() => expect(read.bytes).toBeGreaterThan(0))
    let before = -1
    await vi.waitFor(
      () => {
        const same = before === read.bytes
        before = read.bytes
        expect(same).toBe(true)
      },
      { interval: 300, timeout: 20_000 }
    )
    expect(read.bytes).toBeLessThan(32 * 1_048_576)
    const under = read.downloads - read.finished
    response.destroy()
    await vi.waitFor(() => expect(read.downloads - read.finished).toBe(under - 1))
  })

  it('gives players a piece of an open range, so that a pause holds no connection', async () => {
    const film = randomBytes(6 * 1_048_576)
    const { get, row } = await setup({ 'film.mp4': film })
    const { response, body } = await get(previewPath(row('film.mp4')), { range: 'bytes=0-' })
    expect(response.headers['content-range']).toBe(`bytes 0-${OPEN_RANGE_BYTES - 1}/${film.length}`)
    expect((await body()).equals(film.subarray(0, OPEN_RANGE_BYTES))).toBe(true)
  })
})

describe('the preview of a file', () => {
  const row = { id: 7, fileId: 'group1/M00/00/00/a.jpg', ext: 'jpg', kind: 'normal', sizeBytes: null } as FileRow
  const url = new URL(previewPath(row), 'http://page')
  const never = new AbortController().signal

  it('asks the storage for a size the library does not know, and fails when a storage sends less than that', async () => {
    const client = {
      info: () => Promise.resolve({ sizeBytes: 5 }),
      download: () => Promise.resolve({ bytes: 4, crc32: 0, endpoint: { host: 'a', port: 1 } })
    } as unknown as ReturnType<typeof createStoreClient>
    const open = createPreviews({
      smallPictures: { get: async () => null },
      files: { get: () => [row] },
      activeProfileId: () => 'a',
      client: () => Promise.resolve(client)
    })
    const preview = await open(url, undefined, never)
    expect(preview?.headers['content-length']).toBe('5')
    await expect(preview?.send({ write: () => undefined }, never)).rejects.toMatchObject({ code: 'SIZE_MISMATCH' })
  })

  it('passes on what the store client rejects with', async () => {
    const client = () => Promise.reject(new AppError('TRACKER_UNREACHABLE'))
    const open = createPreviews({
      smallPictures: { get: async () => null },
      files: { get: () => [row] },
      activeProfileId: () => 'a',
      client
    })
    await expect(open(url, undefined, never)).rejects.toMatchObject({ code: 'TRACKER_UNREACHABLE' })
  })
})

describe('a range', () => {
  it.each([
    ['bytes=0-0', { offset: 0, length: 1 }],
    ['bytes=5-500', { offset: 5, length: 95 }],
    ['bytes=5-', { offset: 5, length: 95 }],
    ['bytes=-5', { offset: 95, length: 5 }],
    ['bytes=-500', { offset: 0, length: 100 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=7-3', null],
    ['bytes=-', null],
    ['bytes=0-1,3-4', null],
    ['items=0-1', null],
    ['bytes=0x1-2', null]
  ])('of 100 bytes is understood: %s', (header, expected) => {
    expect(parseRange(header, 100)).toEqual(expected)
  })

  it('of an empty file is never satisfied', () => {
    expect(parseRange('bytes=0-', 0)).toBe('unsatisfiable')
    expect(parseRange('bytes=-1', 0)).toBe('unsatisfiable')
  })
})

describe('types of previews', () => {
  it('are never those that a browser would run', () => {
    for (const ext of ['html', 'htm', 'svg', 'js', 'xml', 'xhtml', 'css', 'wasm', '', 'constructor', '__proto__']) {
      expect(previewType(ext), `${ext}`).toBe('application/octet-stream')
    }
  })

  it('are found whatever the case', () => {
    expect(previewType('JPG')).toBe('image/jpeg')
    expect(['JPEG', 'svg', 'Mov', 'mp3', 'PDF', 'html', 'Psd', 'indd', ''].map(previewKind)).toEqual([
      'image',
      'svg',
      'video',
      'audio',
      'pdf',
      'text',
      'psd',
      'binary',
      'binary'
    ])
  })
})
