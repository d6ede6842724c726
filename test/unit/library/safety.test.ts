import { existsSync, mkdirSync, openSync, readFileSync, readdirSync, writeFileSync, writeSync, closeSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { backupName, backupPath, keepAside, listBackups, pruneBackups } from '../../../src/main/library/backup.ts'
import { runJob } from '../../../src/main/library/jobs.ts'
import type { Library } from '../../../src/main/library/types.ts'
import { libraryWorkerUrl } from '../../../src/main/library/worker-url.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { fileId, libraryKit } from './kit.ts'

vi.setConfig({ testTimeout: 60_000 })

const kit = libraryKit()
afterEach(() => kit.closeAll())

const P = 'p'
const url = libraryWorkerUrl()
const sort = { key: 'fileId', descending: false } as const
const everything = (library: Library, profile = P) => library.files.page(profile, {}, sort, 100_000).rows

/** A closed library of `count` files with names, folders, tags and metadata. */
async function made(count: number, path: string): Promise<ReturnType<typeof everything>> {
  const library = await kit.open({ path, clock: () => 5_000 })
  library.files.upsert(
    P,
    Array.from({ length: count }, (_, n) => ({
      fileId: fileId(n + 1),
      name: `海报 ${n}.psd`,
      folder: `春季/${n % 7}`,
      origin: 'upload' as const,
      metadata: { project: `p${n % 5}`, note: 'x'.repeat(80) }
    }))
  )
  library.files.tag(P, { query: { folder: '春季/3' }, exceptIds: [] }, { add: ['hero'] })
  library.order.saveTag(P, 'hero', 'red')
  const rows = everything(library)
  // What is on which page must not depend on how far another thread is.
  await library.bulk.indexTexts()
  await library.close()
  return rows
}

/** Overwrites bytes of a closed library. */
function damage(path: string, ...places: { at: number; bytes: number }[]): void {
  const file = openSync(path, 'r+')
  for (const { at, bytes } of places) writeSync(file, Buffer.alloc(bytes, 0xa5), 0, bytes, at)
  closeSync(file)
}

describe('copies of the library', () => {
  test('are whole, can be opened, and do not stop anybody from writing', async () => {
    const dir = await tempDir()
    const path = join(dir, 'library.db')
    const rows = await made(300, path)
    const library = await kit.open({ path })
    const target = join(dir, 'backups', backupName(1_000))
    const copying = runJob(url, 'backup', { path, target })
    library.files.upsert(P, [{ fileId: fileId(9_999), origin: 'paste' }])
    expect(await copying).toMatchObject({ files: expect.any(Number) as number })
    const copy = await kit.open({ path: target })
    const known = new Map(everything(copy).map((row) => [row.fileId, row]))
    for (const row of rows) expect(known.get(row.fileId)).toEqual(row)
    expect(readdirSync(join(dir, 'backups')).filter((name) => name.includes('.part'))).toEqual([])
  })

  test('a damaged library is never copied over good ones', async () => {
    const dir = await tempDir()
    const path = join(dir, 'library.db')
    await made(2_000, path)
    damage(path, { at: 4096 * 30, bytes: 4096 * 20 })
    const target = join(dir, backupName(1_000))
    await expect(runJob(url, 'backup', { path, target })).rejects.toMatchObject({ code: 'LIBRARY_CORRUPT' })
    expect(readdirSync(dir).filter((name) => name.startsWith('library-'))).toEqual([])
    expect(await runJob(url, 'check', { path })).not.toBeNull()
  })

  test('are listed newest first and pruned; those made before a new schema have a count of their own', async () => {
    const folder = join(await tempDir(), 'backups')
    expect(listBackups(folder)).toEqual([])
    mkdirSync(folder)
    for (const at of [1_000, 2_000, 3_000]) writeFileSync(join(folder, backupName(at)), 'x')
    writeFileSync(join(folder, backupName(500, 1)), 'x')
    writeFileSync(join(folder, 'library-2026.db'), 'somebody else')
    expect(listBackups(folder).map(({ at }) => at)).toEqual([3_000, 2_000, 1_000, 500])
    pruneBackups(folder, 2)
    expect(listBackups(folder).map(({ at }) => at)).toEqual([3_000, 2_000, 500])
    expect(existsSync(join(folder, 'library-2026.db'))).toBe(true)
    expect(() => backupPath(folder, '../library.db')).toThrow('INPUT_INVALID')
  })

  test('a library is kept aside with its log', async () => {
    const path = join(await tempDir(), 'library.db')
    for (const end of ['', '-wal']) writeFileSync(path + end, end)
    const kept = keepAside(path, 1_000)!
    expect([existsSync(path), existsSync(kept), readFileSync(`${kept}-wal`, 'utf8')]).toEqual([false, true, '-wal'])
    expect(keepAside(path, 1_000)).toBeNull()
  })
})

describe('repair', () => {
  test('a library with flipped pages keeps every file that can still be read, with tags, folders and search', async () => {
    const dir = await tempDir()
    const path = join(dir, 'library.db')
    const rows = await made(3_000, path)
    damage(path, { at: 4096 * 40, bytes: 4096 * 6 }, { at: 4096 * 90 + 100, bytes: 3_000 }, { at: 4096 * 200, bytes: 9_000 })
    const target = join(dir, 'repaired.db')
    const report = await runJob(url, 'salvage', { path, target })
    expect(report.files).toBeGreaterThan(2_000)
    const repaired = await kit.open({ path: target })
    const known = new Map(rows.map((row) => [row.fileId, row]))
    const found = everything(repaired)
    expect(found).toHaveLength(report.files)
    for (const row of found) expect(known.get(row.fileId)).toEqual(row)
    expect(repaired.files.count(P, { tag: 'hero' })).toBe(found.filter((row) => row.tags.includes('hero')).length)
    expect(repaired.order.tags(P)).toMatchObject([{ name: 'hero', color: 'red' }])
    expect(repaired.files.count(P, { text: '海报' })).toBe(report.files)
    expect(repaired.files.groups(P)).toMatchObject([{ fileCount: report.files }])
    expect(await runJob(url, 'check', { path: target })).toBeNull()
  })

  test('a sound library is copied whole', async () => {
    const dir = await tempDir()
    const path = join(dir, 'library.db')
    const rows = await made(500, path)
    const target = join(dir, 'repaired.db')
    expect(await runJob(url, 'salvage', { path, target })).toMatchObject({ files: 500, gaps: 0 })
    const repaired = await kit.open({ path: target })
    expect(everything(repaired)).toEqual(rows)
  })

  test('a file that is no library at all cannot be repaired, and is left alone', async () => {
    const dir = await tempDir()
    const path = join(dir, 'library.db')
    writeFileSync(path, Buffer.alloc(20_000, 0x5a))
    await expect(runJob(url, 'salvage', { path, target: join(dir, 'r.db') })).rejects.toMatchObject({ code: 'LIBRARY_CORRUPT' })
    expect(readFileSync(path)).toEqual(Buffer.alloc(20_000, 0x5a))
  })
})

describe('export', () => {
  test('writes every file as CSV that no spreadsheet calculates, and as JSON lines', async () => {
    const dir = await tempDir()
    const path = join(dir, 'library.db')
    const library = await kit.open({ path })
    library.files.upsert(P, [
      { fileId: fileId(1), name: '=cmd|"x"!A0', folder: 'a,b', origin: 'upload', metadata: { k: 'v' } },
      { fileId: fileId(2), name: '海报.psd', origin: 'upload' }
    ])
    library.files.upsert('q', [{ fileId: fileId(3), origin: 'paste' }])
    const csv = join(dir, 'all.csv')
    expect(await runJob(url, 'export', { path, target: csv, format: 'csv' })).toBe(3)
    const text = readFileSync(csv, 'utf8')
    expect(text.startsWith('\uFEFFconnection,file_id,name,')).toBe(true)
    expect(text).toContain(`,"'=cmd|""x""!A0","a,b",`)
    expect(text.trimEnd().split('\r\n')).toHaveLength(4)
    const lines = join(dir, 'some.jsonl')
    expect(await runJob(url, 'export', { path, target: lines, format: 'jsonl', profileId: P })).toBe(2)
    const parsed = readFileSync(lines, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { name: string })
    expect(parsed.map(({ name }) => name)).toEqual(['=cmd|"x"!A0', '海报.psd'])
    await expect(runJob(url, 'export', { path, target: join(dir, 'no', 'such', 'x.csv'), format: 'csv' })).rejects.toMatchObject({
      code: 'LOCAL_NOT_FOUND'
    })
  })
})

describe('another library', () => {
  async function two() {
    const dir = await tempDir()
    const mine = await kit.open({ path: join(dir, 'mine.db') })
    const other = await kit.open({ path: join(dir, 'other.db') })
    mine.files.upsert(P, [
      { fileId: fileId(1), name: 'same.txt', origin: 'upload' },
      { fileId: fileId(2), name: 'mine.txt', folder: 'a', origin: 'upload', metadata: { k: '1' } },
      { fileId: fileId(3), origin: 'paste' }
    ])
    other.files.upsert('theirs', [
      { fileId: fileId(1), name: 'same.txt', origin: 'upload' },
      { fileId: fileId(2), name: 'theirs.txt', folder: 'b', origin: 'upload', metadata: { k: '2' }, tags: ['t'] },
      { fileId: fileId(3), name: 'told.txt', origin: 'upload' },
      { fileId: fileId(4), name: 'new.txt', origin: 'upload', tags: ['n'] }
    ])
    await other.close()
    const input = { path: join(dir, 'mine.db'), other: join(dir, 'other.db'), map: { theirs: P } }
    const merge = async (prefer: 'mine' | 'theirs', choices: Record<string, 'mine' | 'theirs'> = {}) => {
      await runJob(
        url,
        'merge',
        { ...input, rules: { prefer, choices } },
        {
          progress: ({ profileId, files }) => void mine.files.upsert(profileId, files)
        }
      )
      return everything(mine)
    }
    return { mine, input, merge }
  }

  test('is compared: what is new, the same, more complete, and in conflict', async () => {
    const { input } = await two()
    expect(await runJob(url, 'compare', input)).toEqual({
      profiles: [{ id: 'theirs', fileCount: 4, groups: ['group1'] }],
      added: 1,
      same: 1,
      completed: 1,
      conflictCount: 1,
      conflicts: [
        {
          fileId: fileId(2),
          name: 'mine.txt',
          fields: [
            { field: 'name', mine: 'mine.txt', theirs: 'theirs.txt' },
            { field: 'folder', mine: 'a', theirs: 'b' },
            { field: 'metadata', mine: 'k=1', theirs: 'k=2' }
          ]
        }
      ]
    })
    // Connections that are not mapped are left out.
    expect(await runJob(url, 'compare', { ...input, map: { theirs: null } })).toMatchObject({ added: 0, same: 0 })
  })

  test('is merged by the rule, twice with the same result; tags are never lost', async () => {
    const { merge } = await two()
    const rows = await merge('mine')
    expect(rows.map((row) => [row.name, row.tags])).toEqual(
      expect.arrayContaining([
        ['mine.txt', ['t']],
        ['told.txt', []],
        ['new.txt', ['n']]
      ])
    )
    expect(rows).toHaveLength(4)
    expect(await merge('mine')).toEqual(rows)
  })

  test('is merged by what was chosen for a file', async () => {
    const { merge } = await two()
    const rows = await merge('mine', { [fileId(2)]: 'theirs' })
    expect(rows.find((row) => row.fileId === fileId(2))).toMatchObject({ name: 'theirs.txt', folder: 'b', metadata: { k: '2' } })
  })
})
