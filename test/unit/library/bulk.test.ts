import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { MergeCounts } from '../../../src/shared/import.ts'
import type { FileQuery, FileRow } from '../../../src/shared/model.ts'
import { createBulk } from '../../../src/main/library/bulk.ts'
import { libraryWorkerUrl } from '../../../src/main/library/worker-url.ts'
import { WriteGate } from '../../../src/main/library/write-gate.ts'
import type { Library } from '../../../src/main/library/types.ts'
import { slaveFileId } from '../../../src/shared/file-id.ts'
import { fileId, libraryKit } from './kit.ts'

vi.setConfig({ testTimeout: 60_000 })

const kit = libraryKit()
const DAY = 86_400_000
/** A day after the files of `fileId` were made. */
const NOW = 1_795_361_442_000 + DAY

let folder: string
let library: Library
let opened = 0
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bulk-'))
  library = await kit.open({ path: join(folder, 'library.db'), clock: () => NOW })
})
afterEach(async () => {
  await kit.closeAll()
  await rm(folder, { recursive: true, force: true })
})

const never = new AbortController().signal
const bare = (id: string): string => id.slice(id.indexOf('/') + 1)
const rows = (query: FileQuery = {}, profile = 'p'): FileRow[] => [...library.files.select(profile, { query, exceptIds: [] })].flat()
const ids = (query: FileQuery = {}, profile = 'p'): string[] => rows(query, profile).map((row) => row.fileId)

async function list(names: string[], complete = true, read = false, sources: string[] | null = null): Promise<MergeCounts> {
  const merge = await library.bulk.listing('p', 'group1', read, sources)
  await merge.add(names.slice(0, names.length / 2))
  await merge.add(names.slice(names.length / 2))
  return merge.end(complete)
}
async function replay(lines: string[], options: { read?: boolean; lookup?: boolean } = {}) {
  const path = join(folder, 'binlog.000')
  await writeFile(path, lines.map((line) => `${line}\n`).join(''))
  return library.bulk.binlogs('p', { paths: [path], group: 'group1', read: false, lookup: false, ...options }, () => {}, never)
}

describe('a listing', () => {
  test('brings what the IDs tell, and nothing twice', async () => {
    const names = [1, 2, 3].map((n) => bare(fileId(n)))
    expect(await list([...names, ...names])).toMatchObject({ added: 3, known: 0, missing: 0 })
    expect(await list(names)).toMatchObject({ added: 0, known: 3, missing: 0 })
    expect(rows().map(({ fileId: id, sizeBytes, crc32, origin, state }) => ({ id, sizeBytes, crc32, origin, state }))).toEqual(
      [1, 2, 3].map((n) => ({ id: fileId(n), sizeBytes: n * 10, crc32: n, origin: 'listing', state: 'present' }))
    )
    expect(library.files.groups('p')).toEqual([{ group: 'group1', fileCount: 3, sizeBytes: 60 }])
  })

  test('keeps the name, folder and tags that a file has', async () => {
    library.files.upsert('p', [{ fileId: fileId(1), name: 'Hero.jpg', folder: 'a/b', origin: 'upload', tags: ['x'] }])
    const before = rows()
    expect(await list([bare(fileId(1))])).toMatchObject({ added: 0, known: 1 })
    expect(rows()).toEqual(before)
  })

  test('what it did not meet is missing, in its group only, and comes back when it is met again', async () => {
    library.files.upsert(
      'p',
      [1, 2, 3].map((n) => ({ fileId: fileId(n), origin: 'upload' as const }))
    )
    library.files.upsert('p', [{ fileId: fileId(4, { group: 'group2' }), origin: 'upload' }])
    // Made by a clock that is behind the listing's: files added in the same millisecond are not judged.
    library = await reopen(NOW + 11_000)
    expect(await list([bare(fileId(1))])).toMatchObject({ known: 1, missing: 2 })
    expect(ids({ state: 'missing' })).toEqual([fileId(2), fileId(3)])
    expect(await list([1, 2, 3].map((n) => bare(fileId(n))))).toMatchObject({ known: 3, returned: 2, missing: 0 })
    expect(ids({ state: 'missing' })).toEqual([])
  })

  test('nothing is missing when it did not come to its end', async () => {
    library.files.upsert('p', [{ fileId: fileId(1), origin: 'upload' }])
    library = await reopen(NOW + 11_000)
    expect(await list([bare(fileId(2))], false)).toMatchObject({ added: 1, missing: 0 })
    const dropped = await library.bulk.listing('p', 'group1', false, null)
    await dropped.add([bare(fileId(3))])
    dropped.drop()
    expect(ids({ state: 'missing' })).toEqual([])
    expect(ids()).toEqual([fileId(1), fileId(2), fileId(3)])
  })

  test('files that may be on their way are not judged', async () => {
    library.files.upsert('p', [{ fileId: fileId(1), origin: 'upload' }])
    library = await reopen(NOW + 9_000)
    expect(await list([])).toMatchObject({ missing: 0 })
    library = await reopen(NOW + 11_000)
    expect(await list([], true, false, ['127.0.0.9'])).toMatchObject({ missing: 0 })
    expect(await list([], true, false, ['127.0.0.3', 'id:1'])).toMatchObject({ missing: 1 })
    library.files.setState('p', [fileId(1)], 'present')
    library = await reopen(NOW + 3_601_000)
    expect(await list([], true, false, ['127.0.0.9'])).toMatchObject({ missing: 1 })
  })

  test('metadata names are no files, whatever the order; metadata without its file is counted', async () => {
    // Metadata of an appender that became a normal file: its old name is gone.
    const appender = `${bare(fileId(4, { sizeBytes: null }))}-m`
    const counts = await list([`${bare(fileId(1))}-m`, bare(fileId(1)), `${bare(fileId(2))}-m`, appender, bare(fileId(3, { ext: 'a-m' }))])
    expect(counts).toMatchObject({ added: 2, described: 1, orphans: 2, unreadable: 0 })
    expect(ids()).toEqual([fileId(1), fileId(3, { ext: 'a-m' })])
  })

  test('names that no server makes are counted', async () => {
    expect(await list(['M00/00/00/x', '../../etc/passwd', 'M00/00/00/../../x', bare(fileId(1))])).toMatchObject({ added: 1, unreadable: 3 })
  })

  test('a file in a trunk file that is known to be gone stays gone: servers list it without looking', async () => {
    const trunk = 'M00/00/00/oYYBAGsDBZGIBJnSAAAAEbuesPQAAAAAQAAAAAAAAEA953.txt'
    expect(await list([trunk])).toMatchObject({ added: 1, unchecked: 1 })
    library.files.setState('p', [`group1/${trunk}`], 'missing')
    expect(await list([trunk])).toMatchObject({ known: 1, returned: 0, unchecked: 1 })
    expect(ids({ state: 'missing' })).toHaveLength(1)
  })

  test('a file in the trash stays there', async () => {
    const connection = await kit.connection(join(folder, 'library.db'))
    await list([bare(fileId(1))])
    connection.exec(
      `INSERT INTO trash (profile, file_id, name, size, content, deleted_at, remove_at) VALUES (1, '${fileId(2)}', 'n', 1, '{}', 1, 2)`
    )
    expect(await list([1, 2].map((n) => bare(fileId(n))))).toMatchObject({ known: 1, trashed: 1 })
    expect(ids()).toEqual([fileId(1)])
  })

  test('what the names do not tell waits to be asked, over a restart', async () => {
    const appender = fileId(2, { sizeBytes: null })
    const slave = slaveFileId(fileId(1), '_150x150', 'jpg')
    await list([bare(fileId(1)), `${bare(fileId(1))}-m`, bare(appender), bare(slave), bare(fileId(4))], true, true)
    library = await reopen(NOW)
    const { tasks, left } = await library.bulk.toRead('p', 2)
    expect({ left, tasks: tasks.map(({ fileId: id, metadata, info }) => ({ id, metadata, info })) }).toEqual({
      left: 3,
      tasks: [
        { id: fileId(1), metadata: true, info: false },
        { id: appender, metadata: false, info: true }
      ]
    })
    await library.bulk.learned('p', [
      { ...tasks[0]!, metadata: { filename: '主图.psd' }, info: null, gone: false, at: 5 },
      { ...tasks[1]!, metadata: null, info: { sizeBytes: 77, crc32: 9 }, gone: false, at: 5 }
    ])
    expect(
      rows()
        .map((row) => [row.name, row.sizeBytes])
        .slice(0, 2)
    ).toEqual([
      ['主图.psd', 10],
      [bare(appender).slice(10), 77]
    ])
    const rest = await library.bulk.toRead('p', 10)
    expect(rest.tasks.map((task) => task.fileId)).toEqual([slave])
    await library.bulk.learned('p', [{ ...rest.tasks[0]!, metadata: null, info: null, gone: true, at: 5 }])
    expect(ids({ state: 'missing' })).toEqual([slave])
    expect((await library.bulk.toRead('p', 10)).left).toBe(0)
  })
})

describe('a binlog', () => {
  test('adds what exists at its end and marks what it deleted', async () => {
    library.files.upsert('p', [{ fileId: fileId(2), name: 'two.jpg', origin: 'upload' }])
    const lines = [1, 2, 3].map((n) => `1 C ${bare(fileId(n))}`)
    const { report, counts } = await replay([
      ...lines,
      `2 D ${bare(fileId(2))}`,
      `2 D ${bare(fileId(3))}`,
      `2 D ${bare(fileId(9))}`,
      'garbage'
    ])
    expect(report).toMatchObject({ files: 1, gone: 3, skipped: { malformed: 1 } })
    expect(counts).toMatchObject({ added: 1, missing: 1 })
    expect(ids()).toEqual([fileId(2), fileId(1)])
    expect(ids({ state: 'missing' })).toEqual([fileId(2)])
  })

  test('a look at it changes nothing and says what would be new', async () => {
    library.files.upsert('p', [{ fileId: fileId(2), origin: 'upload' }])
    const { counts } = await replay(
      [1, 2, 3].map((n) => `1 C ${bare(fileId(n))}`),
      { lookup: true }
    )
    expect(counts).toMatchObject({ added: 2, known: 1 })
    expect(ids()).toEqual([fileId(2)])
  })

  test('a cancelled import leaves whole transactions, and doing it again completes it', async () => {
    const lines = Array.from({ length: 30_000 }, (_, n) => `1 C ${bare(fileId(n + 1))}`)
    const path = join(folder, 'binlog.000')
    await writeFile(path, `${lines.join('\n')}\n`)
    const abort = new AbortController()
    const request = { paths: [path], group: 'group1', read: false, lookup: false }
    const first = library.bulk.binlogs('p', request, ({ counts }) => counts.added > 0 && abort.abort(), abort.signal)
    await expect(first).rejects.toMatchObject({ code: 'ABORTED' })
    const { counts } = await library.bulk.binlogs('p', request, () => {}, never)
    expect(counts.added + counts.known).toBe(30_000)
    expect(library.files.count('p', {})).toBe(30_000)
    expect(library.files.groups('p')[0]!.fileCount).toBe(30_000)
  }, 30_000)
})

describe('a change of many files', () => {
  test('does what the same change of single files does', async () => {
    const files = Array.from({ length: 1203 }, (_, n) => ({ fileId: fileId(n + 1), name: `n${n}.jpg`, origin: 'upload' as const }))
    await library.bulk.upsert('p', files)
    const query = { query: { text: 'n1' }, exceptIds: [rows({ text: 'n10.' })[0]!.id] }
    const expected = rows({ text: 'n1' }).length - 1
    expect(await library.bulk.change('p', query, { type: 'tag', add: ['hero', ' '], remove: [] })).toBe(expected)
    expect(library.files.count('p', { tag: 'hero' })).toBe(expected)
    expect(await library.bulk.change('p', { query: { tag: 'hero' }, exceptIds: [] }, { type: 'move', folder: 'x/y' })).toBe(expected)
    expect(library.files.folders('p')).toContainEqual({ path: 'x/y', fileCount: expected })
    await library.bulk.indexTexts()
    expect(library.files.count('p', { text: 'x/y' })).toBe(expected)
    expect(await library.bulk.change('p', { query: { tag: 'hero' }, exceptIds: [] }, { type: 'forget' })).toBe(expected)
    expect(library.files.count('p', {})).toBe(1203 - expected)
    expect(library.files.count('p', { text: 'x/y' })).toBe(0)
  })

  test('the main thread writes meanwhile', async () => {
    await library.bulk.upsert(
      'p',
      Array.from({ length: 5000 }, (_, n) => ({ fileId: fileId(n + 1), origin: 'upload' as const }))
    )
    const changing = library.bulk.change('p', { query: {}, exceptIds: [] }, { type: 'tag', add: ['a'], remove: [] })
    let ended = false
    void changing.then(() => (ended = true))
    let writes = 0
    for (let n = 1; !ended; n++) {
      library.files.setName('p', n, `renamed ${n}`)
      writes += 1
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await changing).toBe(5000)
    expect(writes).toBeGreaterThan(0)
    expect(library.files.count('p', { tag: 'a' })).toBe(5000)
    expect(rows({ text: 'renamed' }).length).toBe(Math.min(writes, 5000))
  })
})

test('while another program holds the library, an import fails with what to do, and is complete when it is done again', async () => {
  const other = await kit.connection(join(folder, 'library.db'))
  const files = Array.from({ length: 10 }, (_, n) => ({ fileId: fileId(n + 1), origin: 'paste' as const }))
  await library.bulk.upsert('p', files.slice(0, 1))
  other.exec('BEGIN IMMEDIATE')
  await expect(library.bulk.upsert('p', files)).rejects.toMatchObject({ code: 'LIBRARY_LOCKED' })
  await expect(list([bare(fileId(1))])).rejects.toMatchObject({ code: 'LIBRARY_LOCKED' })
  other.exec('ROLLBACK')
  expect(ids()).toEqual([fileId(1)])
  expect(await library.bulk.upsert('p', files)).toEqual({ inserted: 9, merged: 1 })
}, 60_000)

test('a library that became damaged under an import is told, and the import ends', async () => {
  const path = join(folder, 'library.db')
  await library.bulk.upsert(
    'p',
    Array.from({ length: 3_000 }, (_, n) => ({ fileId: fileId(n + 1), name: `n ${n}`, origin: 'paste' as const }))
  )
  await library.close()
  const bytes = await readFile(path)
  // All pages but the schema's.
  bytes.fill(0xa5, 80 * 4096)
  library = await kit.open({ path: join(folder, 'other.db'), clock: () => NOW })
  const damaged = createBulk({
    path,
    workerUrl: libraryWorkerUrl(),
    gate: new WriteGate(),
    now: () => NOW,
    changed: () => {},
    textsChanged: () => {}
  })
  await writeFile(path, bytes)
  try {
    const files = Array.from({ length: 3_000 }, (_, n) => ({ fileId: fileId(n + 1), name: `again ${n}`, origin: 'paste' as const }))
    await expect(damaged.upsert('p', files)).rejects.toMatchObject({ code: 'LIBRARY_CORRUPT' })
  } finally {
    await damaged.stop()
  }
}, 60_000)

test('importing in any order, twice, gives the same library: nothing doubles', async () => {
  const numbers = fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 8 })
  const step = fc.oneof(
    fc.record({ by: fc.constant('listing' as const), numbers }),
    fc.record({ by: fc.constant('binlog' as const), numbers }),
    fc.record({ by: fc.constant('list' as const), numbers })
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
      opened += 1
      const profile = `p${opened}`
      const all = new Set<number>()
      for (const { by, numbers: some } of [...steps, ...steps.toReversed()]) {
        for (const n of some) all.add(n)
        if (by === 'list')
          await library.bulk.upsert(
            profile,
            some.map((n) => ({ fileId: fileId(n), origin: 'paste' as const }))
          )
        else if (by === 'listing') {
          const merge = await library.bulk.listing(profile, 'group1', true, null)
          await merge.add(some.map((n) => bare(fileId(n))))
          await merge.end(false)
        } else {
          const path = join(folder, 'binlog.000')
          await writeFile(path, some.map((n) => `1 C ${bare(fileId(n))}\n`).join(''))
          await library.bulk.binlogs(profile, { paths: [path], group: 'group1', read: true, lookup: false }, () => {}, never)
        }
      }
      expect(ids({}, profile).toSorted()).toEqual([...all].map((n) => fileId(n)).sort())
      expect(library.files.groups(profile).map((group) => group.fileCount)).toEqual(all.size === 0 ? [] : [all.size])
      expect(rows({ text: 'jpg' }, profile)).toHaveLength(all.size)
    }),
    { numRuns: 30 }
  )
}, 60_000)

async function reopen(now: number): Promise<Library> {
  await library.close()
  return kit.open({ path: join(folder, 'library.db'), clock: () => now })
}
