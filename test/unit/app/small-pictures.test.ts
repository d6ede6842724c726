import { access, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createPictureCache } from '../../../src/main/app/picture-cache.ts'
import { bufferSource } from '../../../src/main/client/file-source.ts'
import { createStoreClient } from '../../../src/main/cluster/store-client.ts'
import type { StoreClient } from '../../../src/main/cluster/types.ts'
import { smallPicturePath } from '../../../src/shared/preview.ts'
import { startApp } from '../../support/running-app.ts'
import { tempDir } from '../../support/temp-dir.ts'

vi.setConfig({ testTimeout: 60_000 })

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** Begins like a picture; nobody here looks further. */
const jpeg = (size: number, fill = 1): Buffer => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(size, fill)])
const png = (size: number): Buffer => Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.alloc(size)])

async function setup(dataDir?: string) {
  const dir = await tempDir()
  const clients: StoreClient[] = []
  const { app, call, idle } = await startApp(dataDir ?? join(dir, 'data'), {
    connect(options) {
      const client = createStoreClient(options)
      clients.push(client)
      return client
    }
  })
  ends.push(() => app.close())
  const small = async (row: { id: number; fileId: string }): Promise<{ status: number; type: string | undefined; body: Buffer }> => {
    const preview = await app.preview(new URL(`http://page${smallPicturePath(row)}`), undefined, new AbortController().signal)
    if (preview === null) throw new Error('no such file')
    const parts: Buffer[] = []
    await preview.send({ write: async (chunk: Buffer) => void parts.push(Buffer.from(chunk)) }, new AbortController().signal)
    return { status: preview.status, type: preview.headers['content-type'], body: Buffer.concat(parts) }
  }
  const rows = async () => (await call('files.open', { query: {}, sort: { key: 'name', descending: false } })).rows
  const send = async (files: Record<string, Buffer>, options: { thumbnails?: string[]; tags?: string[]; naming?: string } = {}) => {
    const paths: string[] = []
    for (const [name, content] of Object.entries(files)) {
      const path = join(dir, name)
      await writeFile(path, content)
      paths.push(path)
    }
    await call('transfers.upload', { paths, ...options })
    await idle()
    return rows()
  }
  return { dir, app, call, idle, small, rows, send, client: () => clients[0]! }
}

describe('a small picture', () => {
  it('is none until a window makes one, which is kept on disk over a restart', async () => {
    const first = await setup()
    const [row] = await first.send({ 'a.jpg': jpeg(1000) })
    expect(await first.small(row!)).toMatchObject({ status: 204 })
    await first.call('thumbnails.keep', { fileId: row!.fileId, picture: png(50).toString('base64') })
    expect(await first.small(row!)).toEqual({ status: 200, type: 'image/png', body: png(50) })
    expect(await first.call('thumbnails.cache', {})).toEqual({ files: 1, bytes: 58 })
    await ends.splice(0)[0]!()
    const again = await setup(join(first.dir, 'data'))
    expect((await again.small((await again.rows())[0]!)).body).toEqual(png(50))
    expect(await again.call('thumbnails.clearCache', {})).toEqual({ files: 0, bytes: 0 })
    expect(await again.small(row!)).toMatchObject({ status: 204 })
  })

  it('is the slave that stands beside the file on the server', async () => {
    const { send, small, client } = await setup()
    const [row] = await send({ 'large.jpg': jpeg(200_000) })
    const slave = jpeg(500, 7)
    await client().uploadSlave(row!.fileId, { prefix: '_150x150', ext: 'jpg' }, bufferSource(slave))
    expect(await small(row!)).toEqual({ status: 200, type: 'image/jpeg', body: slave })
  })

  it('is never what only pretends to be one', async () => {
    const { send, small, call } = await setup()
    const [row] = await send({ 'a.jpg': jpeg(1000) })
    await call('thumbnails.keep', { fileId: row!.fileId, picture: Buffer.from('<script>alert(1)</script>').toString('base64') })
    expect(await small(row!)).toMatchObject({ status: 204 })
  })
})

describe('small pictures on the server', () => {
  it('are asked for at upload, made by a window, stored as slaves, and deleted with their file', async () => {
    const { send, call, idle, client } = await setup()
    const rows = await send({ 'a.jpg': jpeg(1000), 'b.txt': Buffer.from('text') }, { thumbnails: ['150x150', '400x300'] })
    expect(await call('thumbnails.state', {})).toEqual({ waiting: 2, failed: 0 })
    const [task] = await call('thumbnails.take', { limit: 5 })
    expect(task).toMatchObject({ row: { name: 'a.jpg' }, sizes: ['150x150', '400x300'] })
    // Another window gets nothing meanwhile.
    expect(await call('thumbnails.take', { limit: 5 })).toEqual([])
    const { fileId } = task!.row
    for (const size of task!.sizes) await call('thumbnails.store', { fileId, size, picture: jpeg(60).toString('base64') })
    // Twice is once.
    await call('thumbnails.store', { fileId, size: '150x150', picture: jpeg(60).toString('base64') })
    expect(await call('thumbnails.state', {})).toEqual({ waiting: 0, failed: 0 })
    const slave = fileId.replace(/\.jpg$/, '_150x150.jpg')
    expect((await client().info(slave)).sizeBytes).toBe(64)
    const picture = rows.find((row) => row.name === 'a.jpg')!
    await call('transfers.delete', { selection: { ids: [picture.id] } })
    await idle()
    await expect(client().info(slave)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('are asked for of a selection, tell what could not be made, and can be asked for again', async () => {
    const { send, call } = await setup()
    const rows = await send({ 'a.jpg': jpeg(1000), 'b.png': png(100), 'c.txt': Buffer.from('text') })
    const selection = { ids: rows.map(({ id }) => id) }
    expect(await call('thumbnails.make', { selection })).toEqual({ count: 2 })
    const [{ row, sizes } = { row: rows[0]!, sizes: [] }] = await call('thumbnails.take', { limit: 1 })
    expect(sizes).toEqual(['150x150'])
    await call('thumbnails.fail', { fileId: row.fileId, size: '150x150', code: 'UNREADABLE' })
    expect(await call('thumbnails.state', {})).toEqual({ waiting: 1, failed: 1 })
    expect(await call('thumbnails.make', { selection })).toEqual({ count: 1 })
    await call('thumbnails.stop', {})
    expect(await call('thumbnails.state', {})).toEqual({ waiting: 0, failed: 0 })
  })

  it('are refused by a connection that is read-only, and by sizes that are none', async () => {
    const { send, call } = await setup()
    const [row] = await send({ 'a.jpg': jpeg(1000) })
    const selection = { ids: [row!.id] }
    await expect(call('thumbnails.make', { selection, sizes: ['0x5'] })).rejects.toMatchObject({ code: 'CALL_INVALID' })
    await expect(call('thumbnails.store', { fileId: row!.fileId, size: '150x150', picture: 'bm9uZQ==' })).rejects.toMatchObject({
      code: 'INPUT_INVALID'
    })
  })
})

describe('an upload', () => {
  it('names its files by a pattern and tags them', async () => {
    const { send } = await setup()
    const rows = await send({ 'x.jpg': jpeg(10), 'y.jpg': jpeg(20) }, { naming: 'Spring {nn} {name}', tags: ['hero', 'spring'] })
    expect(rows.map(({ name, tags }) => ({ name, tags }))).toEqual([
      { name: 'Spring 01 x.jpg', tags: ['hero', 'spring'] },
      { name: 'Spring 02 y.jpg', tags: ['hero', 'spring'] }
    ])
  })
})

describe('the pictures on disk', () => {
  it('stay below the limit: what was not looked at for longest goes first', async () => {
    const folder = join(await tempDir(), 'pictures')
    let time = 1_000
    const cache = createPictureCache({ folder, limitBytes: () => 1_000, now: () => (time += 1) })
    for (const key of ['a', 'b', 'c']) await cache.put(key, Buffer.alloc(300))
    expect(await cache.get('a')).not.toBeNull()
    await cache.put('d', Buffer.alloc(300))
    expect(await cache.get('b')).toBeNull()
    expect(await cache.get('a')).not.toBeNull()
    expect((await cache.size()).bytes).toBeLessThanOrEqual(1_000)
  })

  it('forget halves that a crash has left, and do without a folder that cannot be written', async () => {
    const folder = join(await tempDir(), 'pictures')
    const cache = createPictureCache({ folder, limitBytes: () => 1_000, now: Date.now })
    await cache.put('a', Buffer.alloc(10))
    const [part = ''] = await readdir(folder)
    await writeFile(join(folder, part, 'half.part'), 'x')
    const again = createPictureCache({ folder, limitBytes: () => 1_000, now: Date.now })
    expect(await again.size()).toEqual({ files: 1, bytes: 10 })
    await expect(access(join(folder, part, 'half.part'))).rejects.toThrow('ENOENT')
    const blocked = createPictureCache({
      folder: join(folder, part, (await readdir(join(folder, part)))[0]!),
      limitBytes: () => 1,
      now: Date.now
    })
    await blocked.put('b', Buffer.alloc(10))
    expect(await blocked.get('b')).toBeNull()
  })
})
