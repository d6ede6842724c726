import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { FileCatalogue, FileInput, Library } from '../../../src/main/library/types.ts'
import type { FileRow } from '../../../src/shared/model.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { fileId, libraryKit } from './kit.ts'

const P = 'home'
const kit = libraryKit()
let path: string
let library: Library
let files: FileCatalogue
let now: number
beforeEach(async () => {
  path = join(await tempDir(), 'library.db')
  now = 5000
  library = await kit.open({ path, clock: () => now })
  files = library.files
})
afterEach(() => kit.closeAll())

const put = (...inputs: FileInput[]): { inserted: number; merged: number } => files.upsert(P, inputs)
const all = (): FileRow[] => files.page(P, {}, { key: 'addedAt', descending: false }, 500).rows
const find = (n: number): FileRow => files.byFileId(P, fileId(n))!

describe('a file entering the library', () => {
  test('has the facts that its ID tells', () => {
    expect(put({ fileId: fileId(7), origin: 'paste' })).toEqual({ inserted: 1, merged: 0 })
    expect(all()).toEqual([
      {
        id: 1,
        fileId: fileId(7),
        group: 'group1',
        name: fileId(7).slice('group1/M00/00/00/'.length),
        folder: '',
        ext: 'jpg',
        kind: 'normal',
        sizeBytes: 70,
        crc32: 7,
        createdAt: (1_795_361_442 + 7) * 1000,
        addedAt: 5000,
        source: '127.0.0.3',
        state: 'present',
        origin: 'paste',
        metadata: null,
        metadataReadAt: null,
        tags: [],
        favourite: false
      }
    ])
  })

  test('has the name, folder, metadata and state that it is given', () => {
    const metadata = { project: '春天', width: '10' }
    put({ fileId: fileId(1), name: 'Poster.PSD', folder: '/活动//a/./../b/', origin: 'upload', metadata, state: 'syncing', batchId: 3 })
    expect(find(1)).toMatchObject({ name: 'Poster.PSD', folder: '活动/a/b', ext: 'psd', metadata, metadataReadAt: 5000, state: 'syncing' })
    expect(files.page(P, { batchId: 3 }, { key: 'name', descending: false }, 5).rows).toHaveLength(1)
  })

  test('takes size and CRC-32 from the caller only where the ID does not tell them', () => {
    const appender = fileId(2, { sizeBytes: null, crc32: 55 })
    put(
      { fileId: fileId(1), sizeBytes: 999, crc32: 999, origin: 'upload' },
      { fileId: appender, sizeBytes: 4000, crc32: 77, origin: 'upload' }
    )
    expect(find(1)).toMatchObject({ sizeBytes: 10, crc32: 1 })
    expect(files.byFileId(P, appender)).toMatchObject({ kind: 'appender', sizeBytes: 4000, crc32: 77 })
    const unknown = fileId(3, { sizeBytes: null })
    put({ fileId: unknown, origin: 'listing' })
    expect(files.byFileId(P, unknown)).toMatchObject({ sizeBytes: null, crc32: null })
  })

  test('belongs to one profile', () => {
    put({ fileId: fileId(1), origin: 'paste' })
    files.upsert('other', [{ fileId: fileId(1), name: 'x', origin: 'paste' }])
    expect(find(1).name).not.toBe('x')
    expect(files.get('other', [find(1).id])).toEqual([])
    expect(files.count('nobody', {})).toBe(0)
    expect(files.groups('nobody')).toEqual([])
  })

  test('with an ID that is none rejects the call before anything is written', () => {
    const inputs: FileInput[] = [
      { fileId: fileId(1), origin: 'paste' },
      { fileId: 'group1/nonsense', origin: 'paste' }
    ]
    expect(() => put(...inputs)).toThrow(expect.objectContaining({ code: 'FILE_ID_INVALID' }))
    expect(files.count(P, {})).toBe(0)
  })
})

describe('a file met again', () => {
  test('is merged: what is not told stays', () => {
    put({ fileId: fileId(1), name: 'a.jpg', folder: 'x', origin: 'paste', metadata: { a: '1' }, batchId: 4 })
    const before = find(1)
    now = 9000
    expect(put({ fileId: fileId(1), origin: 'listing' })).toEqual({ inserted: 0, merged: 1 })
    expect(find(1)).toEqual(before)
    put({ fileId: fileId(1), name: 'b.jpg', origin: 'listing' })
    expect(find(1)).toEqual({ ...before, name: 'b.jpg' })
    put({ fileId: fileId(1), state: 'missing', origin: 'listing' })
    expect(find(1).state).toBe('missing')
  })

  test('counts once, also within one call', () => {
    expect(put({ fileId: fileId(1), origin: 'paste' }, { fileId: fileId(1), name: 'a', origin: 'paste' })).toEqual({
      inserted: 1,
      merged: 1
    })
    expect(all().map((row) => row.name)).toEqual(['a'])
    expect(files.groups(P)).toEqual([{ group: 'group1', fileCount: 1, sizeBytes: 10 }])
  })

  test('by an upload is an upload from then on', () => {
    put({ fileId: fileId(1), origin: 'listing' })
    put({ fileId: fileId(1), origin: 'upload' })
    put({ fileId: fileId(1), origin: 'paste' })
    expect(find(1).origin).toBe('upload')
  })
})

describe('metadata', () => {
  test('is stored with the time of reading; an empty set is known to be empty', () => {
    put({ fileId: fileId(1), origin: 'paste' })
    files.setMetadata(P, fileId(1), { b: '2', a: '1', ['__proto__']: 'x' }, 77)
    expect(find(1)).toMatchObject({ metadataReadAt: 77 })
    expect(new Map(Object.entries(find(1).metadata!))).toEqual(
      new Map([
        ['__proto__', 'x'],
        ['a', '1'],
        ['b', '2']
      ])
    )
    files.setMetadata(P, fileId(1), {}, 78)
    expect(find(1)).toMatchObject({ metadata: {}, metadataReadAt: 78 })
    files.setMetadata(P, fileId(2), { a: '1' }, 1)
    expect(files.count(P, {})).toBe(1)
  })

  test('gives a file its original name unless the user gave it one', () => {
    put({ fileId: fileId(1), origin: 'listing' }, { fileId: fileId(2), name: 'mine.png', origin: 'upload' })
    files.setMetadata(P, fileId(1), { filename: '原图.PNG' }, 1)
    files.setMetadata(P, fileId(2), { filename: 'theirs.png' }, 1)
    expect(find(1)).toMatchObject({ name: '原图.PNG', ext: 'png' })
    expect(find(2).name).toBe('mine.png')
    files.setMetadata(P, fileId(1), { filename: '新.gif' }, 2)
    expect(find(1)).toMatchObject({ name: '新.gif', ext: 'gif' })
    files.setMetadata(P, fileId(1), {}, 3)
    expect(find(1).name).toBe('新.gif')
  })

  test('that is damaged in the file counts as not read', async () => {
    put({ fileId: fileId(1), origin: 'paste', metadata: { a: '1' } })
    await library.close()
    const db = new DatabaseSync(path)
    db.exec("UPDATE files SET metadata = '{\"a\":', tags = '[1'")
    db.close()
    library = await kit.open({ path })
    expect(library.files.byFileId(P, fileId(1))).toMatchObject({ metadata: null, metadataReadAt: null, tags: [] })
  })
})

describe('changing files', () => {
  beforeEach(() => {
    put(
      { fileId: fileId(1), name: 'one.jpg', folder: 'a', origin: 'upload' },
      { fileId: fileId(2), name: 'two.jpg', folder: 'a/b', origin: 'upload' },
      { fileId: fileId(3, { group: 'group2' }), name: 'three.psd', folder: 'a0', origin: 'upload' }
    )
  })

  test('moves by ids and by query, and folders count their files', () => {
    expect(files.folders(P)).toEqual([
      { path: 'a', fileCount: 1 },
      { path: 'a/b', fileCount: 1 },
      { path: 'a0', fileCount: 1 }
    ])
    expect(files.move(P, [find(1).id, 999], 'z/')).toBe(1)
    expect(files.move(P, { query: { folder: 'a', recursive: true }, exceptIds: [] }, 'z')).toBe(1)
    expect(files.folders(P)).toEqual([
      { path: 'a0', fileCount: 1 },
      { path: 'z', fileCount: 2 }
    ])
    expect(files.move(P, { query: {}, exceptIds: [find(1).id] }, '')).toBe(2)
    expect(files.folders(P)).toEqual([{ path: 'z', fileCount: 1 }])
    expect(files.count(P, { folder: '' })).toBe(2)
  })

  test('moves a selection whose query no longer finds what was moved', () => {
    put(...Array.from({ length: 1200 }, (_, i): FileInput => ({ fileId: fileId(100 + i), folder: 'big', origin: 'listing' })))
    expect(files.move(P, { query: { folder: 'big' }, exceptIds: [] }, 'target')).toBe(1200)
    expect(files.count(P, { folder: 'target' })).toBe(1200)
    expect(files.count(P, { folder: 'big' })).toBe(0)
  })

  test('renames a file, and it is found by its new name only', () => {
    files.setName(P, find(1).id, '  海报 final.AI ')
    expect(find(1)).toMatchObject({ name: '海报 final.AI', ext: 'ai' })
    expect(files.count(P, { text: '海报' })).toBe(1)
    expect(files.count(P, { text: 'one' })).toBe(0)
    expect(() => files.setName(P, 1, '  ')).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
  })

  test('tags and untags selections', () => {
    expect(files.tag(P, { query: { folder: 'a', recursive: true }, exceptIds: [] }, { add: ['英雄', ' hero ', ''] })).toBe(2)
    expect(find(1).tags).toEqual(['hero', '英雄'])
    expect(files.count(P, { tag: 'hero' })).toBe(2)
    expect(files.count(P, { text: '英雄' })).toBe(2)
    expect(files.tag(P, [find(1).id], { remove: ['hero'], add: ['new'] })).toBe(1)
    expect(find(1).tags).toEqual(['new', '英雄'])
    expect(files.count(P, { tag: 'hero' })).toBe(1)
    files.forget(P, [fileId(2)])
    expect(files.count(P, { tag: 'hero' })).toBe(0)
  })

  test('forgets files, their text and their share of the counts', () => {
    files.forget(P, [fileId(1), fileId(44)])
    expect(files.byFileId(P, fileId(1))).toBeNull()
    expect(files.count(P, { text: 'one' })).toBe(0)
    expect(files.groups(P)).toEqual([
      { group: 'group1', fileCount: 1, sizeBytes: 20 },
      { group: 'group2', fileCount: 1, sizeBytes: 30 }
    ])
    put({ fileId: fileId(1), origin: 'paste' })
    expect(find(1).id).toBe(4)
  })

  test('sets the state of files', () => {
    files.setState(P, [fileId(1), fileId(2)], 'missing')
    expect(files.count(P, { state: 'missing' })).toBe(2)
    expect(files.count(P, { state: 'present' })).toBe(1)
  })

  test('gives a file a new ID and keeps what belongs to it', () => {
    const appender = fileId(8, { sizeBytes: null })
    put({ fileId: appender, name: 'big.psd', folder: 'a', origin: 'upload', sizeBytes: 90, metadata: { k: 'v' } })
    const { id } = files.byFileId(P, appender)!
    files.tag(P, [id], { add: ['t'] })
    files.rename(P, appender, fileId(9))
    expect(files.byFileId(P, appender)).toBeNull()
    expect(find(9)).toMatchObject({
      id,
      name: 'big.psd',
      folder: 'a',
      kind: 'normal',
      sizeBytes: 90,
      crc32: 9,
      tags: ['t'],
      metadata: { k: 'v' }
    })
    files.rename(P, fileId(999), fileId(1000))
    expect(files.byFileId(P, fileId(1000))).toBeNull()
  })

  test('gives a new ID that a listing has met already: one row remains, with all that is known', () => {
    put(
      { fileId: fileId(20, { sizeBytes: null }), name: 'mine', origin: 'upload' },
      { fileId: fileId(21), folder: 'f', origin: 'listing', metadata: { k: 'v' } }
    )
    const { id } = files.byFileId(P, fileId(20, { sizeBytes: null }))!
    files.tag(P, [id], { add: ['b'] })
    files.tag(P, [id + 1], { add: ['a'] })
    files.rename(P, fileId(20, { sizeBytes: null }), fileId(21))
    expect(files.page(P, { tag: 'a' }, { key: 'name', descending: false }, 9).rows.map((row) => row.tags)).toEqual([['a', 'b']])
    expect(find(21)).toMatchObject({ id, name: 'mine', folder: 'f', metadata: { k: 'v' }, sizeBytes: 210 })
    expect(files.count(P, {})).toBe(4)
    expect(files.groups(P)[0]).toEqual({ group: 'group1', fileCount: 3, sizeBytes: 240 })
  })

  test('finds files of the same content', () => {
    put({ fileId: fileId(50, { crc32: 1, sizeBytes: 10 }), origin: 'upload' })
    expect(files.sameContent(P, 10, 1).map((row) => row.fileId)).toEqual([fileId(1), fileId(50, { crc32: 1, sizeBytes: 10 })])
    expect(files.sameContent(P, 11, 1)).toEqual([])
  })
})

describe('a selection', () => {
  beforeEach(() => put(...Array.from({ length: 25 }, (_, i): FileInput => ({ fileId: fileId(i), name: `n${i}`, origin: 'listing' }))))
  const ids = (chunks: Iterable<FileRow[]>): number[][] => Array.from(chunks, (rows) => rows.map((row) => row.id))

  test('by ids comes in the order in which they were given, in chunks, without unknown ones', () => {
    expect(ids(files.select(P, { ids: [9, 3, 700, 5, 1] }, 2))).toEqual([[9, 3], [5], [1]])
    expect(ids(files.select(P, { ids: [] }))).toEqual([])
  })

  test('by query comes in the order of ids without the excepted ones', () => {
    expect(ids(files.select(P, { query: { text: 'n1' }, exceptIds: [12] }, 4))).toEqual([
      [2, 11, 13],
      [14, 15, 16, 17],
      [18, 19, 20]
    ])
    expect(ids(files.select(P, { query: {}, exceptIds: [] }, 10)).flat()).toEqual(Array.from({ length: 25 }, (_, i) => i + 1))
  })

  test('goes on while what it yielded is forgotten', () => {
    let seen = 0
    for (const rows of files.select(P, { query: {}, exceptIds: [] }, 4)) {
      seen += rows.length
      files.forget(
        P,
        rows.map((row) => row.fileId)
      )
    }
    expect(seen).toBe(25)
    expect(files.count(P, {})).toBe(0)
  })

  test('gets rows by id in the order asked for', () => {
    expect(files.get(P, [5, 2, 99]).map((row) => row.id)).toEqual([5, 2])
  })
})
