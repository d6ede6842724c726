import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ImportJob } from '../../../src/shared/import.ts'
import { startApp } from '../../support/running-app.ts'
import type { RunningApp } from '../../support/running-app.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { fileId } from '../library/kit.ts'

vi.setConfig({ testTimeout: 60_000 })

const running: RunningApp[] = []
afterEach(async () => {
  for (const { app } of running.splice(0)) await app.close()
})
async function start(): Promise<RunningApp & { dir: string }> {
  const dir = await tempDir()
  const started = await startApp(join(dir, 'data'))
  running.push(started)
  return { ...started, dir }
}
const byName = { key: 'name', descending: false } as const

async function ended(call: RunningApp['call'], id: number): Promise<ImportJob> {
  return vi.waitFor(
    async () => {
      const job = (await call('import.jobs', {})).find((each) => each.id === id)
      if (job?.finishedAt == null) throw new Error('still running')
      return job
    },
    { timeout: 30_000, interval: 20 }
  )
}
async function uploadTwo({ call, idle, dir }: RunningApp & { dir: string }): Promise<void> {
  const source = join(dir, '素材')
  await mkdir(source)
  await writeFile(join(source, 'a.jpg'), 'first')
  await writeFile(join(source, 'b.jpg'), 'second')
  await call('transfers.upload', { paths: [source], group: 'group2', metadata: { project: 'spring' } })
  await idle()
}
async function storageOf(call: RunningApp['call'], group: string): Promise<string> {
  const overview = await call('cluster.overview', { fresh: true })
  const storage = overview.groups.find(({ name }) => name === group)!.storages[0]!
  return `${storage.host}:${storage.port}`
}

describe('a listing', () => {
  it('brings files that the library does not know, with their names and metadata read afterwards', async () => {
    const app = await start()
    const { call } = app
    await uploadTwo(app)
    const { view, rows } = await call('files.open', { query: {}, sort: byName })
    await call('files.close', { view })
    await call('files.forget', { selection: { ids: rows.map((row) => row.id) } })
    const { id } = await call('import.listing', { group: 'group2', storage: await storageOf(call, 'group2'), paths: null, read: true })
    const job = await ended(call, id)
    expect(job).toMatchObject({ kind: 'listing', state: 'done', complete: true, error: null })
    expect(job.counts).toMatchObject({ added: 2, described: 2, missing: 0 })
    await vi.waitFor(
      async () => {
        const found = (await call('files.open', { query: { text: 'spring' }, sort: byName })).rows
        expect(found.map((row) => [row.name, row.metadata?.project, row.origin])).toEqual([
          ['a.jpg', 'spring', 'listing'],
          ['b.jpg', 'spring', 'listing']
        ])
      },
      { timeout: 20_000, interval: 100 }
    )
  })

  it('of a storage that is not there fails, and changes nothing', async () => {
    const { call } = await start()
    await expect(call('import.listing', { group: 'group1', storage: '10.9.9.9:1', paths: null, read: false })).rejects.toMatchObject({
      code: 'NO_STORAGE'
    })
  })

  it('of one path says nothing about what is missing', async () => {
    const app = await start()
    await uploadTwo(app)
    const storage = await storageOf(app.call, 'group1')
    const { id } = await app.call('import.listing', { group: 'group1', storage, paths: [1], read: false })
    const job = await ended(app.call, id)
    expect([job.complete, job.counts?.missing ?? 0]).toEqual([false, 0])
  })
})

describe('binlogs', () => {
  it('are looked at first, which tells their group, and imported then', async () => {
    const app = await start()
    const { call, dir } = app
    const host = (await storageOf(call, 'group2')).split(':')[0]
    await uploadTwo(app)
    const { rows } = await call('files.open', { query: {}, sort: byName })
    const own = rows.map((row) => row.fileId.slice('group2/'.length))
    const log = join(dir, 'binlog.000')
    await writeFile(log, [...own.map((name) => `1 C ${name}`), 'garbage', `2 D ${own[0]}`, `3 C ${own[1]!.slice(0, 20)}`].join('\n'))
    const look = await call('import.lookAtBinlogs', { paths: [log], group: null })
    expect(look.group).toBe('group2')
    expect(look.report).toMatchObject({
      files: 1,
      gone: 1,
      skipped: { malformed: 1 },
      unfinished: ['binlog.000'],
      sources: [{ source: host, count: 1 }]
    })
    expect(look.counts).toMatchObject({ added: 0, known: 1 })
    expect((await call('files.open', { query: { state: 'missing' }, sort: byName })).total).toBe(0)
    const { id } = await call('import.binlogs', { paths: [log], group: 'group2', read: false })
    expect((await ended(call, id)).counts).toMatchObject({ added: 0, known: 1, missing: 1 })
    const missing = await call('files.open', { query: { state: 'missing' }, sort: byName })
    expect(missing.rows.map((row) => row.fileId)).toEqual([rows[0]!.fileId])
  })

  it('that are none fail with what to do', async () => {
    const { call, dir } = await start()
    await expect(call('import.lookAtBinlogs', { paths: [dir], group: null })).rejects.toMatchObject({ code: 'BINLOG_NONE' })
  })
})

describe('a list', () => {
  const gbk = Buffer.from('cec4bcfe49442cc3fbb3c62cb1eac7a9', 'hex') // 文件ID,名称,标签

  it('is previewed, changes nothing until it is taken, and doubles nothing when it is taken twice', async () => {
    const { call } = await start()
    const text = [
      'url,文件名,folder,tags,meta.project,size',
      `http://files.example/${fileId(1)},主图.psd,2026/春季,"hero; 红",春季,10`,
      `${fileId(2)},"b, c.jpg",,,,`,
      'M00/00/00/x,broken,,,,',
      `${fileId(1)},,,blue,,`
    ].join('\r\n')
    const preview = await call('import.preview', { text })
    expect(preview).toMatchObject({ table: true, heading: true, counts: { new: 2, merge: 0, same: 0, bad: 1, repeated: 1 } })
    expect(preview.columns.map(({ use, key }) => (use === 'metadata' ? key : use))).toEqual([
      'file',
      'name',
      'folder',
      'tags',
      'project',
      'ignore'
    ])
    expect(preview.rows.find((row) => row.state === 'bad')).toMatchObject({ line: 4, error: { code: 'FILE_ID_INVALID' } })
    expect((await call('files.open', { query: {}, sort: byName })).total).toBe(0)

    await ended(call, (await call('import.list', { draft: preview.draft })).id)
    const { rows } = await call('files.open', { query: {}, sort: byName })
    expect(rows.map(({ name, folder, tags, metadata }) => ({ name, folder, tags, metadata }))).toEqual([
      { name: 'b, c.jpg', folder: '', tags: [], metadata: null },
      { name: '主图.psd', folder: '2026/春季', tags: ['blue', 'hero', '红'], metadata: { project: '春季' } }
    ])
    const again = await call('import.preview', { text })
    expect(again.counts).toMatchObject({ new: 0, merge: 0, same: 2, bad: 1 })
  })

  it('says which files are in the trash, restores them with what they had, and how many known ones it changed', async () => {
    const { call } = await start()
    const listed = async (text: string): Promise<ImportJob> =>
      ended(call, (await call('import.list', { draft: (await call('import.preview', { text })).draft })).id)
    await listed(['id,name,folder,meta.a', ...[1, 2, 3].map((n) => `${fileId(n)},${n}.psd,f,1`)].join('\n'))
    const before = await call('files.open', { query: {}, sort: byName })
    await call('trash.put', { selection: { ids: [before.rows[0]!.id] }, confirmed: true })
    const text = `id,tags,meta.a\n${fileId(1)},new,2\n${fileId(2)},new,\n${fileId(3)},,`
    const preview = await call('import.preview', { text })
    expect(preview.counts).toMatchObject({ new: 0, trash: 1, merge: 1, same: 1 })
    const job = await listed(text)
    expect(job.counts).toMatchObject({ added: 0, known: 2, changed: 1, restored: 1 })
    const { rows } = await call('files.open', { query: {}, sort: byName })
    expect(rows[0]).toMatchObject({ name: '1.psd', folder: 'f', tags: ['new'], metadata: { a: '1' } })
  })

  it('in GBK, as Excel writes it, is understood', async () => {
    const { call, dir } = await start()
    const path = join(dir, 'list.csv')
    // 主图
    const row = Buffer.concat([Buffer.from(`\r\n${fileId(1)},`), Buffer.from('d6f7cdbc', 'hex'), Buffer.from('.psd,a\r\n')])
    await writeFile(path, Buffer.concat([gbk, row]))
    const preview = await call('import.preview', { path })
    expect(preview.encoding).toBe('gbk')
    expect(preview.columns.map((column) => [column.title, column.use])).toEqual([
      ['文件ID', 'file'],
      ['名称', 'name'],
      ['标签', 'tags']
    ])
    expect(preview.rows[0]).toMatchObject({ name: '主图.psd', tags: ['a'] })
  })

  it('with a byte order mark has no odd first column', async () => {
    const { call, dir } = await start()
    const path = join(dir, 'list.csv')
    await writeFile(path, `\ufefffile_id;name\n${fileId(1)};a.jpg\n`)
    expect((await call('import.preview', { path })).columns[0]).toMatchObject({ title: 'file_id', use: 'file' })
  })

  it('takes the columns that the user says', async () => {
    const { call } = await start()
    const text = `${fileId(1)}\tx\ty\n${fileId(2)}\tz\t\n`
    const guessed = await call('import.preview', { text })
    expect(guessed).toMatchObject({ table: true, heading: false })
    expect(guessed.columns.map((column) => column.use)).toEqual(['file', 'ignore', 'ignore'])
    const columns = [
      { use: 'file' as const, key: '' },
      { use: 'folder' as const, key: '' },
      { use: 'metadata' as const, key: 'author' }
    ]
    const { rows } = await call('import.preview', { text, columns })
    expect(rows.map(({ folder, metadata }) => [folder, metadata])).toEqual([
      ['x', { author: 'y' }],
      ['z', {}]
    ])
  })

  it('is what an export of the library writes, as table or as lines: names, folders, tags and metadata come back', async () => {
    const { call, dir, app } = await start()
    const table = [
      'file_id,name,folder,tags,meta.project,meta.=x',
      `${fileId(1)},"=cmd|' /C calc'!A0",2026/春季,hero;红,spring,1`,
      `${fileId(2)},"a, ""b"".jpg",,,,`,
      `${fileId(3)},,x/y,,,`
    ].join('\n')
    await ended(call, (await call('import.list', { draft: (await call('import.preview', { text: table })).draft })).id)
    const seen = async (to: RunningApp['call']) =>
      (await to('files.open', { query: {}, sort: { key: 'fileId', descending: false } })).rows.map((row) => [
        row.fileId,
        row.name,
        row.folder,
        row.tags,
        row.metadata
      ])
    const before = await seen(call)
    expect(before[0]).toEqual([fileId(1), "=cmd|' /C calc'!A0", '2026/春季', ['hero', '红'], { project: 'spring', '=x': '1' }])
    const exports = await Promise.all((['csv', 'jsonl'] as const).map((format) => call('library.export', { format })))
    await app.close()
    for (const [index, exported] of exports.entries()) {
      const other = await startApp(join(dir, `other-${index}`))
      running.push(other)
      const preview = await other.call('import.preview', { path: exported!.path })
      expect(preview.counts).toEqual({ new: 3, trash: 0, merge: 0, same: 0, bad: 0, repeated: 0 })
      await ended(other.call, (await other.call('import.list', { draft: preview.draft })).id)
      expect(await seen(other.call)).toEqual(before)
      expect((await other.call('import.preview', { path: exported!.path })).counts).toMatchObject({ new: 0, bad: 0 })
    }
  })

  it('of JSON lines says which line names no file', async () => {
    const { call } = await start()
    const { rows, table } = await call('import.preview', {
      text: `{"fileId":"${fileId(1)}","name":"a.jpg"}\n{"fileId":"../../etc"}\n{broken`
    })
    expect(table).toBe(false)
    expect(rows.map(({ line, state, name }) => [line, state, name])).toEqual([
      [1, 'new', 'a.jpg'],
      [2, 'bad', null],
      [3, 'bad', null]
    ])
  })

  it('that is only text with IDs in it is read like pasted text', async () => {
    const { call } = await start()
    const preview = await call('import.preview', { text: `see ${fileId(1)} and\nnothing here\n${fileId(2)}` })
    expect(preview).toMatchObject({ table: false, counts: { new: 2, bad: 1 } })
  })

  it('a value that FastDFS could not hold is not understood, and said so', async () => {
    const { call } = await start()
    const { rows } = await call('import.preview', { text: `id,name,note\n${fileId(1)},a,${'长'.repeat(100)}\n` })
    expect(rows[0]).toMatchObject({ state: 'bad', error: { code: 'METADATA_TOO_LONG' } })
  })

  it('a picture is no list', async () => {
    const { call, dir } = await start()
    await writeFile(join(dir, 'x.png'), Buffer.alloc(1000))
    await expect(call('import.preview', { path: join(dir, 'x.png') })).rejects.toMatchObject({ code: 'LIST_UNREADABLE' })
    await expect(call('import.preview', { path: join(dir, 'away') })).rejects.toMatchObject({ code: 'LOCAL_NOT_FOUND' })
  })

  it('only the last preview can be taken', async () => {
    const { call } = await start()
    const first = await call('import.preview', { text: fileId(1) })
    await call('import.preview', { text: fileId(2) })
    await expect(call('import.list', { draft: first.draft })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })
})
