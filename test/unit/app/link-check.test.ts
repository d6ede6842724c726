import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Papa from 'papaparse'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FileRow } from '../../../src/shared/model.ts'
import type { RunningApp } from '../../support/running-app.ts'
import { startApp } from '../../support/running-app.ts'
import { webServer } from '../../support/web-server.ts'
import type { WebServer, WebServerOptions } from '../../support/web-server.ts'

const SECRET = 'FastDFS1234567890'

// Each has a cluster and a web server of its own, which a busy machine starts slowly.
vi.setConfig({ testTimeout: 30_000 })

let dir = ''
let running: RunningApp
const servers: WebServer[] = []
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fdfs-link-check-'))
  running = await startApp(join(dir, 'data'))
})
afterEach(async () => {
  await running.app.close()
  for (const server of servers.splice(0)) await server.close()
  await rm(dir, { recursive: true, force: true })
})

const all = { query: {}, exceptIds: [] }

/** Uploads files to the built-in cluster and serves them as the web server beside its storages would. */
async function serve(contents: Record<string, Buffer>, options: Partial<WebServerOptions> = {}) {
  const { call, idle } = running
  const paths = await Promise.all(
    Object.entries(contents).map(async ([name, content]) => {
      await writeFile(join(dir, name), content)
      return join(dir, name)
    })
  )
  await call('transfers.upload', { paths })
  await idle()
  const { rows } = await call('files.open', { query: {}, sort: { key: 'name', descending: false } })
  const files = new Map(rows.map((row: FileRow) => [row.fileId, contents[row.name] ?? Buffer.alloc(0)]))
  const server = await webServer({ files, ...options })
  servers.push(server)
  const [builtIn] = (await call('app.info', {})).profiles
  if (!builtIn) throw new Error('no built-in profile')
  await call('profiles.save', { ...builtIn, trackers: ['127.0.0.1'], httpBase: { '': server.base } })
  if (options.secret !== undefined) await call('profiles.setToken', { id: builtIn.id, secret: options.secret })
  return { rows, files, server }
}

describe('following links', () => {
  it('tells the files that come as they are, and what else comes', async () => {
    const { rows, files } = await serve({
      'a right.txt': Buffer.from('right'),
      'b empty.txt': Buffer.alloc(0),
      'c same size.txt': Buffer.from('12345'),
      'd longer.txt': Buffer.from('short'),
      'e gone.txt': Buffer.from('gone')
    })
    files.set(rows[2]?.fileId ?? '', Buffer.from('54321'))
    files.set(rows[3]?.fileId ?? '', Buffer.from('much longer'))
    files.delete(rows[4]?.fileId ?? '')
    const { checks } = await running.call('links.check', { selection: { ids: rows.map(({ id }) => id) } })
    expect(checks.map(({ ok, status, compared, error }) => [ok, status, compared, error?.code])).toEqual([
      [true, 200, 'whole', undefined],
      [true, 200, 'whole', undefined],
      [false, 200, 'whole', 'WEB_DECOY'],
      [false, 200, 'whole', 'WEB_DECOY'],
      [false, 404, 'whole', 'WEB_MISSING']
    ])
  })

  it('compares large files by size and by their ends only', async () => {
    const content = Buffer.alloc(9 * 1_048_576, 'large')
    const { rows, files } = await serve({ 'large.bin': content })
    const check = async () => (await running.call('links.check', { selection: all })).checks[0]
    expect(await check()).toMatchObject({ ok: true, compared: 'part', status: 206 })
    const other = Buffer.from(content)
    other[other.length - 1] = 0
    files.set(rows[0]?.fileId ?? '', other)
    expect(await check()).toMatchObject({ ok: false, compared: 'part', error: { code: 'WEB_DECOY' } })
    files.set(rows[0]?.fileId ?? '', content.subarray(1))
    expect(await check()).toMatchObject({ ok: false, error: { code: 'WEB_DECOY' } })
  })

  it('shows when the token is refused, and when a decoy comes for it, and tells no token', async () => {
    const contents = { 'a.txt': Buffer.from('content') }
    const { server } = await serve(contents, { secret: SECRET, decoy: Buffer.from('decoy!!') })
    const signed = async () => (await running.call('links.check', { selection: all, signed: true })).checks[0]
    expect(await signed()).toMatchObject({ ok: true })
    await running.call('profiles.setToken', { id: 'builtin', secret: 'another secret' })
    const failed = await signed()
    expect(failed).toMatchObject({ ok: false, error: { code: 'WEB_DECOY' } })
    expect(JSON.stringify(failed)).not.toMatch(/token=|another secret/)
    expect(JSON.stringify(failed)).toContain(server.base)
    const strict = await webServer({ files: new Map(), secret: SECRET })
    servers.push(strict)
    const [builtIn] = (await running.call('app.info', {})).profiles
    await running.call('profiles.save', { ...builtIn!, trackers: ['127.0.0.1'], httpBase: { '': strict.base } })
    expect(await signed()).toMatchObject({ ok: false, status: 400, error: { code: 'WEB_REFUSED' } })
  })

  it('goes by the form of links that the web server wants, which the test of the connection finds out', async () => {
    const { rows, server } = await serve({ 'a.txt': Buffer.from('content') }, { withoutGroup: true, secret: SECRET })
    const check = async () => (await running.call('links.check', { selection: all, signed: true })).checks[0]
    expect(await check()).toMatchObject({ ok: false, error: { code: 'WEB_REFUSED' } })
    const [builtIn] = (await running.call('app.info', {})).profiles
    const steps = async (profile: typeof builtIn) =>
      (await running.call('profiles.test', profile!)).steps.filter(({ target }) => target === 'web')
    expect(await steps(builtIn)).toMatchObject([{ ok: false, error: { code: 'WEB_GROUP' } }])
    const other = { ...builtIn!, groupInLinks: false }
    expect(await steps(other)).toMatchObject([{ ok: true }])
    await running.call('profiles.save', other)
    expect(await check()).toMatchObject({ ok: true })
    const { text } = await running.call('files.links', { selection: all, format: 'url' })
    expect(text).toBe(`${server.base}/${rows[0]?.fileId.slice('group1/'.length)}`)
  })

  it('of a web server that is away is a result as well', async () => {
    const { server } = await serve({ 'a.txt': Buffer.from('content') })
    await server.close()
    servers.length = 0
    const { checks } = await running.call('links.check', { selection: all })
    expect(checks).toMatchObject([{ ok: false, status: null, compared: null, error: { code: 'CONNECT_REFUSED' } }])
  })
})

describe('tokens and clocks', () => {
  it.each([
    [7200, 'ahead'],
    [-7200, 'behind']
  ])('work as long as asked for, by a server whose clock is %d s off', async (skew) => {
    let passed = 0
    const nowSeconds = () => Math.floor(Date.now() / 1000) + skew + passed
    const { rows, files } = await serve({ 'a.txt': Buffer.from('content') }, { secret: SECRET, decoy: Buffer.from('decoy'), nowSeconds })
    const request = { selection: all, format: 'url' as const, signed: true, lifetimeSeconds: 600 }
    const { text, clock } = await running.call('files.links', request)
    expect(clock?.from).toBe('web')
    expect(Math.abs((clock?.differenceSeconds ?? 0) - skew)).toBeLessThanOrEqual(2)
    const get = async () => (await fetch(text)).text()
    const content = files.get(rows[0]?.fileId ?? '')?.toString()
    expect(await get()).toBe(content)
    passed = 590
    expect(await get()).toBe(content)
    passed = 610
    expect(await get()).toBe('decoy')
  })

  it('are not held up by a web server that says nothing', async () => {
    await serve({ 'a.txt': Buffer.from('content') }, { secret: SECRET, mute: true })
    const { text, clock } = await running.call('files.links', { selection: all, format: 'url', signed: true })
    expect(text).toContain('token=')
    expect(clock).toBeUndefined()
  })
})

describe('templates', () => {
  it('are filled with metadata that the library did not know yet, and tell of which files it could not be read', async () => {
    const { call, idle } = running
    const path = join(dir, 'poster.txt')
    await writeFile(path, 'content')
    await call('transfers.upload', { paths: [path], metadata: { author: '李' } })
    await idle()
    const fileIdsNow = async () => {
      const { rows } = await call('files.open', { query: {}, sort: { key: 'name', descending: false } })
      return rows.map(({ fileId }) => fileId)
    }
    const fileIds = await fileIdsNow()
    await call('files.forget', { selection: all })
    const template = { selection: all, format: 'template' as const, template: '{id} {meta.author}' }
    await call('files.add', { fileIds })
    expect(await call('files.links', template)).toEqual({ text: `${fileIds[0]} 李`, count: 1 })
    // It is known from then on.
    const { rows } = await call('files.open', { query: {}, sort: { key: 'name', descending: false } })
    expect(rows[0]?.metadata).toMatchObject({ author: '李' })
    const gone = 'group1/M00/00/00/fwAAA2sC_yqAdhusAAAABjY6MCA971.txt'
    await call('files.add', { fileIds: [gone] })
    const { text, count, unread } = await call('files.links', template)
    expect([text.split('\n').toSorted(), count, unread]).toEqual([[`${fileIds[0]} 李`, `${gone} `].toSorted(), 2, 1])
    expect(await call('files.links', { ...template, template: '{id}' })).not.toHaveProperty('unread')
  })
})

describe('links as a table', () => {
  it('have a row for each file, with nothing in it that a spreadsheet would run', async () => {
    await serve({ '=1+1,"x" 表.txt': Buffer.from('a'), 'b.txt': Buffer.from('bb') }, { secret: SECRET })
    const { text, count } = await running.call('files.links', { selection: all, format: 'markdown', signed: true, table: true })
    const { data, errors } = Papa.parse<Record<string, string>>(text, { header: true })
    expect([count, errors, data.length]).toEqual([2, [], 2])
    const [first] = data.filter((row) => row['name']?.includes('表'))
    expect(first?.['name']).toBe(`'=1+1,"x" 表.txt`)
    expect(first?.['link']).toContain('](http://127.0.0.1:')
    expect(first?.['expires']).toMatch(/^20\d\d-/)
    const saved = await running.call('links.export', { selection: all, format: 'id', table: true })
    expect(saved).toMatchObject({ tag: 'text', name: 'fastdfs-links.csv' })
    expect(saved.tag === 'text' && saved.text.startsWith('\ufeffname,file_id,link')).toBe(true)
  })
})
