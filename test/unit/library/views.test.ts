import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { connect } from '../../../src/main/library/connection.ts'
import { createViewEngine } from '../../../src/main/library/view-engine.ts'
import type { OpenedView } from '../../../src/main/library/view-engine.ts'
import type { FileInput, Library } from '../../../src/main/library/types.ts'
import { libraryWorkerUrl } from '../../../src/main/library/worker-url.ts'
import type { FileSort } from '../../../src/shared/model.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { fileId, libraryKit } from './kit.ts'

const P = 'p'
const BY_NAME: FileSort = { key: 'name', descending: false }
const kit = libraryKit()
let library: Library
let path: string
beforeEach(async () => {
  path = join(await tempDir(), 'library.db')
  library = await kit.open({ path })
})
afterEach(() => kit.closeAll())

const files = (from: number, count: number): FileInput[] =>
  Array.from({ length: count }, (_, i) => ({ fileId: fileId(from + i), name: `n ${from + i}`, origin: 'listing' }))
const names = (rows: { name: string }[]): string[] => rows.map((row) => row.name)

describe('a view', () => {
  test('gives its first rows and its length, then any rows by their number', async () => {
    library.files.upsert(P, files(0, 1000))
    const { view, rows, total } = await library.views.open(P, {}, BY_NAME, 3)
    expect([names(rows), total]).toEqual([['n 0', 'n 1', 'n 2'], 1000])
    expect(names(await library.views.rows(view, 500, 2))).toEqual(['n 500', 'n 501'])
    expect(names(await library.views.rows(view, 998, 10))).toEqual(['n 998', 'n 999'])
    expect(await library.views.rows(view, 5000, 10)).toEqual([])
    expect(await library.views.ids(view, 10, 3)).toEqual([11, 12, 13])
  })

  test('backwards is read from its other end', async () => {
    library.files.upsert(P, files(0, 10))
    const { view, rows } = await library.views.open(P, {}, { ...BY_NAME, descending: true }, 2)
    expect(names(rows)).toEqual(['n 9', 'n 8'])
    expect(names(await library.views.rows(view, 8, 5))).toEqual(['n 1', 'n 0'])
    expect(await library.views.ids(view, 9, 5)).toEqual([1])
  })

  test('stays as it was opened while files change; rows that are gone keep their place', async () => {
    library.files.upsert(P, files(10, 5))
    const { view } = await library.views.open(P, {}, BY_NAME, 1)
    library.files.upsert(P, files(0, 5))
    library.files.forget(P, [fileId(11)])
    const rows = await library.views.rows(view, 0, 10)
    expect(rows.map(({ name, state }) => [name, state])).toEqual([
      ['n 10', 'present'],
      ['', 'deleted'],
      ['n 12', 'present'],
      ['n 13', 'present'],
      ['n 14', 'present']
    ])
    const fresh = await library.views.open(P, {}, BY_NAME, 20)
    expect(names(fresh.rows)).toEqual(['n 0', 'n 1', 'n 2', 'n 3', 'n 4', 'n 10', 'n 12', 'n 13', 'n 14'])
    expect(fresh.total).toBe(9)
  })

  test('of nothing is empty', async () => {
    expect(await library.views.open('nobody', {}, BY_NAME, 10)).toMatchObject({ rows: [], total: 0 })
    expect(await library.views.open(P, { text: 'x' }, BY_NAME, 10)).toMatchObject({ rows: [], total: 0 })
  })

  test('that was closed, or never opened, is refused', async () => {
    library.files.upsert(P, files(0, 5))
    const { view } = await library.views.open(P, {}, BY_NAME, 1)
    library.views.close(view)
    await expect(library.views.rows(view, 0, 1)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    await expect(library.views.ids(999, 0, 1)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })

  test('of many that nobody closed is dropped: the one that was not looked at for longest', async () => {
    library.files.upsert(P, files(0, 3))
    const opened = []
    for (let i = 0; i < 65; i++) {
      opened.push((await library.views.open(P, {}, BY_NAME, 1)).view)
      expect(await library.views.ids(opened[0]!, 0, 1)).toEqual([1])
    }
    await expect(library.views.ids(opened[1]!, 0, 1)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    expect(await library.views.ids(opened[2]!, 0, 1)).toEqual([1])
  })

  test('of a library with more files than are sorted at once is right, early and after changes', { timeout: 60_000 }, async () => {
    library.files.upsert(P, files(0, 12_000))
    const first = await library.views.open(P, { group: 'group1' }, BY_NAME, 2)
    expect([names(first.rows), first.total]).toEqual([['n 0', 'n 1'], 12_000])
    expect(names(await library.views.rows(first.view, 11_998, 5))).toEqual(['n 11998', 'n 11999'])
    library.files.upsert(P, [{ fileId: fileId(20_000), name: 'a', origin: 'upload' }])
    const second = await library.views.open(P, { group: 'group1' }, BY_NAME, 2)
    expect([names(second.rows), second.total]).toEqual([['a', 'n 0'], 12_001])
    await library.bulk.indexTexts()
    const short = await library.views.open(P, { text: '"n 1"' }, { key: 'sizeBytes', descending: true }, 1)
    expect([names(short.rows), short.total]).toEqual([['n 11999'], 3111])
    const dense = await library.views.open(P, { text: 'n', state: 'present' }, { key: 'sizeBytes', descending: true }, 1)
    expect([names(dense.rows), await library.views.total(dense.view)]).toEqual([['n 11999'], 12_000])
  })

  test(
    'of a search tells the first rows at once and the exact number later; changed in between it is unknown',
    { timeout: 60_000 },
    async () => {
      library.files.upsert(P, files(0, 12_000))
      await library.bulk.indexTexts()
      const query = { text: 'n', state: 'present' } as const
      const opened = await library.views.open(P, query, BY_NAME, 2)
      expect(opened).toMatchObject({ total: 2, exact: false })
      const rows = library.views.rows(opened.view, 11_999, 5)
      expect(names(await rows)).toEqual(['n 11999'])
      expect(await library.views.total(opened.view)).toBe(12_000)
      // Without the thread, which makes a view whole as soon as it has time.
      const connection = await connect(path)
      const engine = createViewEngine(connection)
      const replies: OpenedView[] = []
      engine.open(P, query, BY_NAME, 2, (reply) => replies.push(reply))
      expect(replies).toMatchObject([{ total: 2, exact: false }])
      library.files.setName(P, opened.rows[0]!.id, 'zzn')
      expect(() => engine.rows(replies[0]!.view, 2, 5)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
      connection.close()
      const closed = await library.views.open(P, { text: 'n', kind: 'normal' }, BY_NAME, 2)
      const total = library.views.total(closed.view)
      library.views.close(closed.view)
      await expect(total).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    }
  )
})

describe('the worker', () => {
  test('ends with the library: calls under way are aborted, later ones refused', async () => {
    library.files.upsert(P, files(0, 5))
    const opening = library.views.open(P, {}, BY_NAME, 1)
    const closing = library.close()
    await expect(opening).rejects.toMatchObject({ code: 'ABORTED' })
    await closing
    await expect(library.views.open(P, {}, BY_NAME, 1)).rejects.toMatchObject({ code: 'ABORTED' })
  })

  test('that cannot start fails the calls, not the program, and is tried again', async () => {
    await library.close()
    const broken = await kit.open({ path, workerUrl: pathToFileURL(join(path, 'nothing.js')) })
    for (let i = 0; i < 2; i++) await expect(broken.views.open(P, {}, BY_NAME, 1)).rejects.toMatchObject({ code: 'LIBRARY_FAILED' })
    expect(broken.files.count(P, {})).toBe(0)
  })
})

describe('the worker, meanwhile,', () => {
  test('moves the write-ahead log into the database', async () => {
    await library.views.open(P, {}, BY_NAME, 1)
    const batch = { profileId: P, kind: 'upload' as const, title: '', createdAt: 0, target: null, options: null, scanning: false }
    const transfer = { name: 'n', folder: '', localPath: 'x'.repeat(1000), fileId: null, sizeBytes: 1 }
    library.journal.addTransfers(
      library.journal.addBatch(batch).id,
      Array.from({ length: 10_000 }, () => transfer)
    )
    const before = (await stat(path)).size
    await vi.waitFor(async () => expect((await stat(path)).size).toBeGreaterThan(before), { timeout: 20_000, interval: 50 })
  }, 30_000)
})

describe('the place of the worker', () => {
  test('is beside the sources when these run', () => {
    expect(libraryWorkerUrl().pathname).toMatch(/src\/main\/library\/worker\.ts$/)
  })

  test.each(['index.js', 'chunks/open-1234.js'])('is found from a bundle in %s', async (module) => {
    const folder = await tempDir()
    await mkdir(join(folder, 'chunks'))
    await writeFile(join(folder, 'library-worker.js'), '')
    expect(libraryWorkerUrl(pathToFileURL(join(folder, module)).href)).toEqual(pathToFileURL(join(folder, 'library-worker.js')))
  })
})
