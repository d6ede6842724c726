import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { cluster } from '../../support/cluster-kit.ts'
import { startApp } from '../../support/running-app.ts'
import type { RunningApp } from '../../support/running-app.ts'
import { tempDir } from '../../support/temp-dir.ts'

vi.setConfig({ testTimeout: 60_000 })

const running: RunningApp[] = []
afterEach(async () => {
  for (const { app } of running.splice(0)) await app.close()
})

async function start(dataDir: string): Promise<RunningApp> {
  const started = await startApp(dataDir)
  running.push(started)
  return started
}
async function stop(started: RunningApp): Promise<void> {
  running.splice(running.indexOf(started), 1)
  await started.app.close()
}
const hash = (content: Buffer) => createHash('sha256').update(content).digest('hex')
const byName = { key: 'name', descending: false } as const

describe('the application', () => {
  it('does the whole job on the built-in cluster: upload, find, describe, copy links, download, zip, delete', async () => {
    const dir = await tempDir()
    const { call, idle, next } = await start(join(dir, 'data'))
    const overview = await call('cluster.overview', { fresh: true })
    expect(overview.error).toBeNull()
    expect(overview.groups.map(({ name, storageCount }) => [name, storageCount])).toEqual([
      ['group1', 2],
      ['group2', 1]
    ])

    const source = join(dir, '素材')
    await mkdir(join(source, '内页'), { recursive: true })
    const contents = { 'empty.txt': Buffer.alloc(0), 'photo 1.jpg': randomBytes(300_000), '内页/图片.png': randomBytes(70_000) }
    for (const [name, content] of Object.entries(contents)) await writeFile(join(source, name), content)
    const changed = next('library.changed')
    await call('transfers.upload', { paths: [source], group: 'group2', metadata: { project: 'spring' } })
    await idle()
    await changed
    const { rows, total } = await call('files.open', { query: {}, sort: byName })
    expect(total).toBe(3)
    expect(rows.map(({ name, folder, group }) => [name, folder, group])).toEqual(
      expect.arrayContaining([
        ['empty.txt', '素材', 'group2'],
        ['photo 1.jpg', '素材', 'group2'],
        ['图片.png', '素材/内页', 'group2']
      ])
    )
    expect((await call('files.open', { query: { text: '图片' }, sort: byName })).total).toBe(1)

    const photo = rows.find((row) => row.name === 'photo 1.jpg')
    if (!photo) throw new Error('the photo is not listed')
    const selection = { ids: [photo.id] }
    await call('transfers.metadata', { selection, set: { author: '李' }, remove: ['project'] })
    await idle()
    expect(await call('files.metadata', { ids: [photo.id] })).toEqual([
      { id: photo.id, metadata: { author: '李', filename: 'photo 1.jpg' }, error: null }
    ])
    expect(await call('files.facts', { ids: [photo.id] })).toMatchObject([{ exists: true, sizeBytes: 300_000, error: null }])

    expect(await call('files.links', { selection, format: 'id' })).toEqual({ text: photo.fileId, count: 1 })
    await expect(call('files.links', { selection, format: 'url' })).rejects.toMatchObject({ code: 'LINK_BASE_MISSING' })
    const parsed = await call('files.parse', { text: `"http://host:8888/${photo.fileId}",\n\nnot an id` })
    expect(parsed.map(({ fileId, name }) => [fileId, name])).toEqual([
      [photo.fileId, 'photo 1.jpg'],
      [null, null]
    ])

    const target = join(dir, 'target')
    await mkdir(target)
    await call('transfers.download', { fileIds: [photo.fileId], target })
    await call('transfers.zip', { selection: { query: {}, exceptIds: [] }, target: join(dir, 'all.zip') })
    await idle()
    const [downloaded] = await readdir(target, { recursive: true, withFileTypes: true }).then((found) =>
      found.filter((entry) => entry.isFile())
    )
    expect(downloaded?.name).toBe('photo 1.jpg')
    expect(hash(await readFile(join(downloaded?.parentPath ?? '', 'photo 1.jpg')))).toBe(hash(contents['photo 1.jpg']))
    expect((await readFile(join(dir, 'all.zip'))).subarray(0, 2).toString()).toBe('PK')

    expect(await call('files.summary', { selection: { query: {}, exceptIds: [photo.id] } })).toMatchObject({ count: 2, sizeBytes: 70_000 })
    await call('transfers.delete', { selection })
    await idle()
    expect(await call('files.facts', { ids: [photo.id] })).toMatchObject(
      (await call('files.get', { ids: [photo.id] })).length === 0 ? [] : [{ exists: false, error: null }]
    )
    expect((await call('transfers.snapshot', {})).totals.counts.failed).toBe(0)
  })

  it('shows a new file as syncing until every storage of its group has it', async () => {
    const dir = await tempDir()
    // Long enough to be seen on a busy computer.
    const { trackers } = await cluster({ groups: { group1: 2 }, syncDelayMs: 5_000 })
    const { call, idle, next } = await start(join(dir, 'data'))
    const [profile] = (await call('profiles.save', { name: 'slow', trackers })).filter(({ name }) => name === 'slow')
    await call('profiles.activate', { id: profile?.id ?? '' })
    await writeFile(join(dir, 'a.txt'), 'content')
    await call('transfers.upload', { paths: [join(dir, 'a.txt')] })
    await idle()
    const states = async () => (await call('files.open', { query: {}, sort: byName })).rows.map((row) => row.state)
    const changed = next('library.changed')
    expect(await states()).toEqual(['syncing'])
    await vi.waitFor(async () => expect(await states()).toEqual(['present']), { timeout: 40_000, interval: 200 })
    await changed
  })

  it('sends a file again or skips it, as the user wants, when the library has its content under another name', async () => {
    const dir = await tempDir()
    const { call, idle } = await start(dir)
    for (const name of ['a.txt', 'b.txt']) await writeFile(join(dir, name), 'the same content')
    const upload = async (name: string, duplicates: 'send' | 'skip') => {
      await call('transfers.upload', { paths: [join(dir, name)], duplicates })
      await idle()
      return (await call('files.open', { query: {}, sort: byName })).rows.map((row) => row.name)
    }
    expect(await upload('a.txt', 'skip')).toEqual(['a.txt'])
    expect(await upload('b.txt', 'skip')).toEqual(['a.txt'])
    const [batch] = (await call('transfers.snapshot', {})).batches
    expect(batch?.counts).toMatchObject({ skipped: 1, failed: 0 })
    expect(await upload('b.txt', 'send')).toEqual(['a.txt', 'b.txt'])
  })

  it('keeps order in the library without asking the cluster: add, name, move, forget', async () => {
    const { call } = await start(await tempDir())
    const [first, second] = [
      'group1/M00/00/00/fwAAA2sDCqKADjaBAAAAETp_S8s387.jpg',
      'group2/M00/00/00/fwAAA2sDCqKADjaBAAAAETp_S8s388.jpg'
    ] as const
    expect(await call('files.add', { fileIds: [first, second, first] })).toEqual({ inserted: 2, merged: expect.any(Number) as number })
    await expect(call('files.add', { fileIds: [first, 'group1/nonsense'] })).rejects.toMatchObject({ code: 'FILE_ID_INVALID' })
    const { rows, view } = await call('files.open', { query: { group: 'group1' }, sort: byName })
    const [row] = rows
    if (!row) throw new Error('nothing was added')
    expect(row).toMatchObject({ fileId: first, origin: 'paste', sizeBytes: 17 })
    await call('files.rename', { id: row.id, name: '封面.jpg' })
    await call('files.move', { selection: { query: { group: 'group1' }, exceptIds: [] }, folder: '/设计//2026/' })
    expect(await call('files.folders', {})).toEqual(expect.arrayContaining([{ path: '设计/2026', fileCount: 1 }]))
    await expect(call('files.move', { selection: { ids: [row.id] }, folder: 'a/../b' })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    expect(await call('files.get', { ids: [row.id] })).toMatchObject([{ name: '封面.jpg', folder: '设计/2026' }])
    expect((await call('files.groups', {})).map(({ group, fileCount }) => [group, fileCount])).toEqual([
      ['group1', 1],
      ['group2', 1]
    ])
    await call('files.forget', { selection: { ids: [row.id] } })
    expect((await call('files.open', { query: {}, sort: byName })).rows.map(({ fileId }) => fileId)).toEqual([second])
    expect(await call('files.close', { view })).toBeNull()
  })

  it('takes only absolute paths from a page', async () => {
    const { call } = await start(await tempDir())
    const fileIds = ['group1/M00/00/00/fwAAA2sDCqKADjaBAAAAETp_S8s387.jpg']
    await expect(call('transfers.upload', { paths: ['a.txt'] })).rejects.toMatchObject({
      code: 'LOCAL_NOT_FOUND',
      detail: { path: 'a.txt' }
    })
    await expect(call('transfers.download', { fileIds, target: 'x' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      detail: { field: 'target' }
    })
    await expect(call('transfers.zip', { fileIds, target: '../x.zip' })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    expect((await call('transfers.snapshot', {})).batches).toEqual([])
  })

  it('refuses a second process on the same data with a clear error, and leaves the first alone', async () => {
    const dir = await tempDir()
    const { call } = await start(dir)
    await expect(startApp(dir)).rejects.toMatchObject({ code: 'LIBRARY_LOCKED', detail: { pid: process.pid } })
    expect((await call('app.info', {})).activeProfileId).toBe('builtin')
  })

  it('keeps library, settings and connections over a restart', async () => {
    const dir = await tempDir()
    const first = await start(dir)
    await writeFile(join(dir, 'a.txt'), 'content')
    await first.call('transfers.upload', { paths: [join(dir, 'a.txt')], folder: 'x' })
    await first.idle()
    await first.call('settings.set', { concurrency: 9 })
    await stop(first)
    const second = await start(dir)
    const { rows } = await second.call('files.open', { query: { folder: 'x' }, sort: byName })
    expect(rows.map((row) => row.name)).toEqual(['a.txt'])
    expect((await second.call('app.info', {})).settings.concurrency).toBe(9)
    expect(await second.call('files.facts', { ids: [rows[0]?.id ?? 0] })).toMatchObject([{ exists: true, sizeBytes: 7 }])
  })

  it('goes on with the queue of the last time', async () => {
    const dir = await tempDir()
    const first = await start(dir)
    await writeFile(join(dir, 'a.bin'), randomBytes(100_000))
    const { batchId } = await first.call('transfers.upload', { paths: [join(dir, 'a.bin')] })
    await first.call('transfers.control', { action: 'pause', batchId })
    await vi.waitFor(async () => expect(await first.call('transfers.batch', { batchId })).toMatchObject({ scanning: false }))
    await stop(first)
    const second = await start(dir)
    expect(await second.call('transfers.batch', { batchId })).toMatchObject({ paused: true, finishedAt: null, totalFiles: 1 })
    await second.call('transfers.control', { action: 'resume', batchId })
    await second.idle()
    expect((await second.call('files.open', { query: {}, sort: byName })).total).toBe(1)
  })

  it('says what is wrong with a cluster that is away, in the overview and in a test of the connection, and comes back', async () => {
    const silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    await new Promise((resolve) => silent.close(resolve))
    const { call, next } = await start(await tempDir())
    const trackers = [`127.0.0.1:${port}`]
    const told = next('profiles.changed')
    const saved = await call('profiles.save', { name: 'Away', trackers, connectTimeoutMs: 500 })
    expect((await told).profiles).toEqual(saved)
    const away = saved.find((profile) => profile.name === 'Away')
    await call('profiles.activate', { id: away?.id ?? '' })
    const overview = await call('cluster.overview', { fresh: true })
    expect(overview.error).not.toBeNull()
    expect(overview.trackers).toMatchObject([{ reachable: false, error: { code: 'CONNECT_REFUSED' } }])
    expect(await call('profiles.test', { name: 'Away', trackers })).toMatchObject({ ok: false })
    expect(await call('profiles.test', { id: 'builtin', name: 'Built-in', trackers: [] })).toMatchObject({ ok: true })
    await call('profiles.remove', { id: away?.id ?? '' })
    expect(await call('cluster.overview', { fresh: false })).toMatchObject({ profileId: 'builtin', error: null })
  })

  it('changes nothing through a read-only connection', async () => {
    const dir = await tempDir()
    const { call, idle } = await start(dir)
    await writeFile(join(dir, 'a.txt'), 'content')
    await call('transfers.upload', { paths: [join(dir, 'a.txt')] })
    await idle()
    await call('profiles.save', { id: 'builtin', name: 'x', trackers: [], readOnly: true })
    const selection = { query: {}, exceptIds: [] }
    const readOnly = { code: 'PROFILE_READ_ONLY' }
    await expect(call('transfers.upload', { paths: [join(dir, 'a.txt')] })).rejects.toMatchObject(readOnly)
    await expect(call('transfers.delete', { selection })).rejects.toMatchObject(readOnly)
    await expect(call('transfers.metadata', { selection, set: { a: 'b' }, remove: [] })).rejects.toMatchObject(readOnly)
    const [row] = (await call('files.open', { query: {}, sort: byName })).rows
    expect(await call('files.facts', { ids: [row?.id ?? 0] })).toMatchObject([{ exists: true }])
  })

  it('starts with damaged settings and connections, and tells the first page about it', async () => {
    const dir = await tempDir()
    await writeFile(join(dir, 'settings.json'), '{')
    await writeFile(join(dir, 'profiles.json'), '[]')
    const { events, call } = await start(dir)
    expect(events.map(({ event, data }) => [event, (data as { code?: string }).code])).toEqual([
      ['notice', 'FILE_SET_ASIDE'],
      ['notice', 'FILE_SET_ASIDE']
    ])
    expect((await call('app.info', {})).settings.concurrency).toBe('auto')
    expect((await readdir(dir)).filter((name) => name.includes('.corrupt-'))).toHaveLength(2)
  })

  it('removes what an earlier page left in the spool, but nothing that the queue still needs', async () => {
    const dir = await tempDir()
    const first = await start(dir)
    const [needed, orphan] = [join(dir, 'spool', 'a'.repeat(24)), join(dir, 'spool', 'b'.repeat(24))]
    for (const folder of [needed, orphan]) {
      await mkdir(folder, { recursive: true })
      await writeFile(join(folder, 'x.bin'), randomBytes(1000))
    }
    const { batchId } = await first.call('transfers.upload', { paths: [join(needed, 'x.bin')] })
    await first.call('transfers.control', { action: 'pause', batchId })
    await vi.waitFor(async () =>
      expect((await first.call('transfers.snapshot', {})).batches[0]).toMatchObject({ scanning: false, totalFiles: 1 })
    )
    await stop(first)
    const second = await start(dir)
    expect(await readdir(join(dir, 'spool'))).toEqual(['a'.repeat(24)])
    await second.call('transfers.control', { action: 'resume', batchId })
    await second.idle()
    expect((await second.call('files.open', { query: {}, sort: byName })).total).toBe(1)
  })

  it('lists folders for the chooser and makes new ones, inside the rules for names', async () => {
    const dir = await tempDir()
    const { call } = await start(join(dir, 'data'))
    await mkdir(join(dir, 'b10'))
    await mkdir(join(dir, 'b9'))
    await mkdir(join(dir, '.hidden'))
    await writeFile(join(dir, 'file'), '')
    const made = await call('host.makeFolder', { parent: dir, name: ' 新建 ' })
    const listing = await call('host.listFolders', { path: dir })
    expect(listing.entries.map((entry) => entry.name)).toEqual(['b9', 'b10', 'data', '新建'])
    expect(listing.entries.at(-1)?.path).toBe(made)
    for (const name of ['..', 'a/b', 'a\\b', 'con:', 'x\ny', '.']) {
      await expect(call('host.makeFolder', { parent: dir, name }), `${name}`).rejects.toMatchObject({ code: 'LOCAL_NAME_INVALID' })
    }
    await expect(call('host.makeFolder', { parent: dir, name: 'b9' })).rejects.toMatchObject({ code: 'TARGET_EXISTS' })
    await expect(call('host.listFolders', { path: join(dir, 'gone') })).rejects.toMatchObject({ code: 'LOCAL_NOT_FOUND' })
    await expect(call('host.listFolders', { path: 'relative' })).rejects.toMatchObject({ code: 'LOCAL_NOT_FOUND' })
  })
})
