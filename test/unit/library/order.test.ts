import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Library } from '../../../src/main/library/types.ts'
import type { FileQuery, FileSort } from '../../../src/shared/model.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { fileId, libraryKit } from './kit.ts'

const kit = libraryKit()
let library: Library
let path: string
beforeEach(async () => {
  path = join(await tempDir(), 'library.db')
  library = await kit.open({ path, clock: () => 1_000 })
})
afterEach(() => kit.closeAll())

const put = (n: number, more: { name?: string; folder?: string; batchId?: number; metadata?: Record<string, string> } = {}): number => {
  library.files.upsert('p', [{ fileId: fileId(n), origin: 'upload', ...more }])
  return library.files.byFileId('p', fileId(n))!.id
}
const view = async (query: FileQuery, sort: FileSort): Promise<string[]> =>
  (await library.views.open('p', query, sort, 100)).rows.map((row) => row.name)

describe('tags', () => {
  test('are counted as they come and go, and stay with their colour when no file has them', () => {
    const [a, b] = [put(1), put(2)]
    library.order.saveTag('p', ' hero ', 'red')
    library.files.tag('p', [a, b], { add: ['hero', '英雄'] })
    expect(library.order.tags('p')).toEqual([
      { name: 'hero', color: 'red', fileCount: 2 },
      { name: '英雄', color: 'none', fileCount: 2 }
    ])
    library.files.tag('p', [a, b], { add: ['hero'], remove: ['英雄'] })
    library.files.forget('p', [fileId(1)])
    library.order.saveTag('p', 'hero', 'blue')
    expect(library.order.tags('p')).toEqual([
      { name: 'hero', color: 'blue', fileCount: 1 },
      { name: '英雄', color: 'none', fileCount: 0 }
    ])
    library.order.dropTag('p', 'hero')
    library.order.dropTag('p', '英雄')
    expect(library.order.tags('p').map((tag) => tag.name)).toEqual(['hero'])
  })

  test('are one tag however they are written', () => {
    library.order.saveTag('p', 'Hero', 'red')
    expect(library.order.tagNames('p', ['hero', ' HERO ', 'new'])).toEqual(['Hero', 'Hero', 'new'])
    expect(() => library.order.saveTag('p', ' ', 'red')).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
  })
})

test('favourites are marked and found', async () => {
  const [a, b] = [put(1, { name: 'a' }), put(2, { name: 'b' })]
  library.order.setFavourite('p', [a, b], true)
  library.order.setFavourite('p', [a], false)
  library.order.setFavourite('other', [a], true)
  expect(library.files.get('p', [a, b]).map((row) => row.favourite)).toEqual([false, true])
  expect(await view({ text: 'is:favourite' }, { key: 'name', descending: false })).toEqual(['b'])
})

test('folders that were made stay when they are empty, with those below them until they are dropped', () => {
  put(1, { folder: 'a/b' })
  library.order.addFolders('p', ['/c//d/', 'a/b', 'c', ''])
  expect(library.order.folders('p')).toEqual([
    { path: 'a/b', fileCount: 1 },
    { path: 'c', fileCount: 0 },
    { path: 'c/d', fileCount: 0 }
  ])
  library.order.dropFolder('p', 'c')
  library.order.dropFolder('p', 'a')
  expect(library.order.folders('p')).toEqual([{ path: 'a/b', fileCount: 1 }])
  library.files.forget('p', [fileId(1)])
  expect(library.order.folders('p')).toEqual([])
})

test('saved searches are kept per connection', () => {
  const sort: FileSort = { key: 'meta.width', descending: true }
  const id = library.order.saveSearch('p', { name: ' Heroes ', query: { text: 'tag:hero' }, sort })
  library.order.saveSearch('q', { name: 'Other', query: {}, sort: null })
  expect(library.order.searches('p')).toEqual([{ id, name: 'Heroes', query: { text: 'tag:hero' }, sort }])
  library.order.saveSearch('p', { id, name: 'Heros', query: { folder: 'a' }, sort: null })
  expect(library.order.searches('p')).toEqual([{ id, name: 'Heros', query: { folder: 'a' }, sort: null }])
  expect(() => library.order.saveSearch('q', { id, name: 'x', query: {}, sort: null })).toThrow(
    expect.objectContaining({ code: 'INPUT_INVALID' })
  )
  library.order.dropSearch('q', id)
  library.order.dropSearch('p', id)
  expect(library.order.searches('p')).toEqual([])
})

test('batches are told newest first, with the title that the transfers know', () => {
  const batch = library.journal.addBatch({
    profileId: 'p',
    kind: 'upload',
    title: 'autumn',
    createdAt: 1,
    target: null,
    options: null,
    scanning: false
  })
  put(1, { batchId: batch.id })
  put(2, { batchId: batch.id })
  put(3, { batchId: batch.id + 7 })
  put(4)
  expect(library.order.batches('p', 10)).toEqual([
    { batchId: batch.id + 7, title: '', addedAt: 1_000, fileCount: 1 },
    { batchId: batch.id, title: 'autumn', addedAt: 1_000, fileCount: 2 }
  ])
  expect(library.order.batches('p', 1)).toHaveLength(1)
  expect(library.order.batches('nobody', 10)).toEqual([])
})

test('a master and its slaves are one family', () => {
  const master = fileId(7)
  const slave = master.replace('.jpg', '_150x150.jpg')
  const other = master.replace('.jpg', '_big.jpg')
  library.files.upsert(
    'p',
    [master, slave, other, fileId(8)].map((one) => ({ fileId: one, origin: 'paste' as const }))
  )
  const family = (id: string): string[] => library.order.family('p', library.files.byFileId('p', id)!, 10).map((row) => row.fileId)
  expect(family(master)).toEqual([slave, other])
  expect(family(slave)).toEqual([master, other])
  expect(family(fileId(8))).toEqual([])
})

test('suggestions come from what the files have', () => {
  put(1, { metadata: { project: 'spring', width: '10' } })
  put(2, { metadata: { project: 'spring' } })
  put(3, { name: 'a.psd', metadata: { project: 'autumn' } })
  expect(library.order.suggestions('p')).toEqual({
    exts: ['jpg', 'psd'],
    metadataKeys: ['project', 'width'],
    metadataValues: { project: ['spring', 'autumn'], width: ['10'] }
  })
  expect(library.order.suggestions('nobody')).toEqual({ exts: [], metadataKeys: [], metadataValues: {} })
})

describe('duplicates', () => {
  const same = (n: number, sizeBytes: number, crc32: number, name: string): void => {
    library.files.upsert('p', [{ fileId: fileId(n, { sizeBytes, crc32 }), name, origin: 'upload' }])
  }

  test('stand together, those that cost most first, and what is gone costs nothing', async () => {
    same(1, 100, 1, 'small 1')
    same(2, 500, 2, 'large 1')
    same(3, 100, 1, 'small 2')
    same(4, 500, 2, 'large 2')
    same(5, 100, 1, 'small 3')
    same(6, 900, 3, 'alone')
    same(7, 700, 4, 'kept')
    same(8, 700, 4, 'gone')
    same(9, 0, 0, 'empty 1')
    same(10, 0, 0, 'empty 2')
    library.files.setState('p', [fileId(8, { sizeBytes: 700, crc32: 4 })], 'missing')
    expect(await library.views.duplicates('p')).toEqual({ contents: 2, files: 5, wastedBytes: 700 })
    const sort: FileSort = { key: 'copies', descending: true }
    expect(await view({}, sort)).toEqual(['large 1', 'large 2', 'small 1', 'small 2', 'small 3'])
    expect(await view({ text: '2' }, sort)).toEqual(['large 2', 'small 2'])
    const { rows } = await library.views.open('p', {}, sort, 100)
    expect(rows.map((row) => row.copies)).toEqual([2, 2, 3, 3, 3])
    const names = async (keep: 'oldest' | 'newest'): Promise<string[]> =>
      library.files.get('p', await library.views.spareCopies('p', keep)).map((row) => row.name)
    expect((await names('oldest')).sort()).toEqual(['large 2', 'small 2', 'small 3'])
    expect((await names('newest')).sort()).toEqual(['large 1', 'small 1', 'small 2'])
  })

  test('of nobody are none', async () => {
    expect(await library.views.duplicates('p')).toEqual({ contents: 0, files: 0, wastedBytes: 0 })
    expect(await library.views.spareCopies('p', 'oldest')).toEqual([])
  })
})

describe('orders without an index', () => {
  const asc = (key: FileSort['key']): FileSort => ({ key, descending: false })
  const desc = (key: FileSort['key']): FileSort => ({ key, descending: true })

  test('of metadata put numbers by value and files without the key last', async () => {
    put(1, { name: 'a', metadata: { width: '900' } })
    put(2, { name: 'b', metadata: { width: '1920' } })
    put(3, { name: 'c' })
    put(4, { name: 'd', metadata: { width: '150' } })
    expect(await view({}, asc('meta.width'))).toEqual(['d', 'a', 'b', 'c'])
    expect(await view({}, desc('meta.width'))).toEqual(['b', 'a', 'd', 'c'])
    expect(await view({ text: 'meta.width:*' }, desc('meta.width'))).toEqual(['b', 'a', 'd'])
    expect(await view({}, asc("meta.it's"))).toHaveLength(4)
  })

  test('of folders, tags and favourites', async () => {
    const [a, b, c] = [put(1, { name: 'a', folder: 'z' }), put(2, { name: 'b', folder: 'y' }), put(3, { name: 'c' })]
    library.files.tag('p', [a], { add: ['x'] })
    library.files.tag('p', [b!], { add: ['w'] })
    library.order.setFavourite('p', [c!], true)
    expect(await view({}, asc('folder'))).toEqual(['c', 'b', 'a'])
    expect(await view({}, asc('tags'))).toEqual(['b', 'a', 'c'])
    expect(await view({}, desc('favourite'))).toEqual(['c', 'a', 'b'])
  })
})
