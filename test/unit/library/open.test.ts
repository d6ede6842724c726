import { spawnSync } from 'node:child_process'
import { chmod, mkdir, open, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { getuid } from 'node:process'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { libraryError, type Connection } from '../../../src/main/library/connection.ts'
import { migrate, migrations, SCHEMA_VERSION } from '../../../src/main/library/migrations/index.ts'
import type { FileInput } from '../../../src/main/library/types.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { fileId, libraryKit } from './kit.ts'

const kit = libraryKit()
let folder: string
let path: string
beforeEach(async () => {
  folder = await tempDir()
  path = join(folder, 'library.db')
})
afterEach(() => kit.closeAll())

const code = (expected: string, detail: Record<string, unknown> = {}): unknown =>
  expect.objectContaining({ code: expected, detail: expect.objectContaining(detail) as unknown })
const files = (count: number): FileInput[] =>
  Array.from({ length: count }, (_, i) => ({ fileId: fileId(i), name: `n ${i}`, origin: 'listing' }))

describe('opening', () => {
  test('makes the file and its folder, and finds everything again', async () => {
    const deep = join(folder, 'a/b/library.db')
    const first = await kit.open({ path: deep })
    first.files.upsert('p', files(3))
    await first.close()
    await first.close()
    const second = await kit.open({ path: deep })
    expect(second.files.count('p', { text: 'n 2' })).toBe(1)
    expect(second.setAside()).toEqual([])
  })

  test('leaves one file behind after closing', async () => {
    const library = await kit.open({ path })
    library.files.upsert('p', files(3))
    await library.views.open('p', {}, { key: 'name', descending: false }, 2)
    await library.close()
    await expect(stat(`${path}-wal`)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('of a library that another connection holds for itself says so', async () => {
    await (await kit.open({ path })).close()
    const other = new DatabaseSync(path)
    other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    await expect(kit.open({ path, busyTimeoutMs: 50 })).rejects.toEqual(code('LIBRARY_LOCKED', { path }))
    other.close()
    await kit.open({ path })
  })

  test('where the folder cannot be made says what it cannot reach', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(kit.open({ path: join(folder, 'file/library.db') })).rejects.toEqual(code('LOCAL_DENIED'))
    await mkdir(path)
    await expect(kit.open({ path })).rejects.toEqual(code('LOCAL_DENIED', { path }))
  })

  test.skipIf(getuid?.() === 0)('of a file that may not be written says so', async () => {
    await (await kit.open({ path })).close()
    await chmod(path, 0o444)
    await expect(kit.open({ path })).rejects.toEqual(code('LOCAL_READ_ONLY', { path }))
  })
})

describe('a damaged library', () => {
  test('that is no database at all is told and kept', async () => {
    const content = 'this is a text, not a database; '.repeat(400)
    await writeFile(path, content)
    await expect(kit.open({ path })).rejects.toEqual(code('LIBRARY_CORRUPT', { path }))
    expect(await readFile(path, 'utf8')).toBe(content)
  })

  test('with flipped bytes in its schema is told and kept', async () => {
    const library = await kit.open({ path })
    library.files.upsert('p', files(50))
    await library.close()
    const before = await flip(path, 100, 4096)
    await expect(kit.open({ path })).rejects.toEqual(code('LIBRARY_CORRUPT', { path }))
    expect(Buffer.compare(await readFile(path), before)).toBe(0)
  })

  test('with flipped bytes among its files is told at opening', async () => {
    const library = await kit.open({ path })
    library.files.upsert('p', files(2000))
    await library.close()
    const { size } = await stat(path)
    await flip(path, 80 * 4096, size)
    await expect(kit.open({ path })).rejects.toEqual(code('LIBRARY_CORRUPT', { path }))
  })

  test('that was cut off is told', async () => {
    const library = await kit.open({ path })
    library.files.upsert('p', files(2000))
    await library.close()
    await truncate(path, 80 * 4096)
    await expect(kit.open({ path })).rejects.toEqual(code('LIBRARY_CORRUPT', { path }))
  })

  async function flip(target: string, from: number, to: number): Promise<Buffer> {
    const bytes = await readFile(target)
    for (let at = from; at < to; at += 7) bytes[at]! ^= 0xff
    const handle = await open(target, 'r+')
    await handle.write(bytes, 0, bytes.length, 0)
    await handle.close()
    return bytes
  }
})

describe('a full disk', () => {
  test('is told, and what was there before is unharmed', async () => {
    const connection = await kit.connection(path)
    migrate(connection)
    connection.exec(`PRAGMA max_page_count = ${connection.number('PRAGMA page_count') + 2}`)
    connection.transaction(true, () => connection.insert("INSERT INTO profiles (id) VALUES ('kept')"))
    const fill = (): void => {
      connection.transaction(true, () => {
        for (let i = 0; i < 5000; i++) connection.insert('INSERT INTO profiles (id) VALUES (?)', [`profile ${i} ${'x'.repeat(50)}`])
      })
    }
    expect(fill).toThrow(code('LOCAL_DISK_FULL', { path }) as Error)
    expect(connection.all('SELECT id FROM profiles')).toEqual([{ id: 'kept' }])
    connection.exec('PRAGMA max_page_count = 100000')
    fill()
    expect(connection.number('SELECT count(*) FROM profiles')).toBe(5001)
  })
})

describe('migrations', () => {
  test('are numbered without gaps and released ones are never reordered', () => {
    expect(migrations.map(({ version }) => version)).toEqual(Array.from({ length: SCHEMA_VERSION }, (_, i) => i + 1))
  })

  test.each(Array.from({ length: SCHEMA_VERSION }, (_, i) => i))(
    'lead from version %i to the newest and keep its rows',
    async (version) => {
      const old = await kit.connection(path)
      migrate(old, version)
      expect(old.number('PRAGMA user_version')).toBe(version)
      fillOldSchema[version]?.(old)
      old.close()
      const library = await kit.open({ path })
      expect(library.files.upsert('p', files(2))).toEqual({ inserted: 2, merged: 0 })
      const again = await kit.connection(path)
      expect(again.number('PRAGMA user_version')).toBe(SCHEMA_VERSION)
      expect(again.all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
      expect(again.all('PRAGMA foreign_key_check')).toEqual([])
    }
  )

  /** Rows of each earlier schema; version 0 is an empty file. */
  const fillOldSchema: Record<number, (connection: Connection) => void> = {}

  test('that fail leave the library as it was', async () => {
    const db = new DatabaseSync(path)
    db.exec('CREATE TABLE transfers (x)')
    db.close()
    await expect(kit.open({ path })).rejects.toEqual(code('LIBRARY_FAILED'))
    const after = new DatabaseSync(path)
    expect(after.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'transfers' }])
    after.close()
  })

  test('refuse a library of a newer version and leave it alone', async () => {
    await (await kit.open({ path })).close()
    const db = new DatabaseSync(path)
    db.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`)
    db.close()
    const before = await readFile(path)
    await expect(kit.open({ path })).rejects.toEqual(
      code('LIBRARY_FAILED', { reason: 'newer', version: SCHEMA_VERSION + 1, supported: SCHEMA_VERSION })
    )
    expect(Buffer.compare(await readFile(path), before)).toBe(0)
  })
})

test.each([
  [{ errcode: 5 }, 'LIBRARY_LOCKED'],
  [{ errcode: 6 }, 'LIBRARY_LOCKED'],
  [{ errcode: 517 }, 'LIBRARY_LOCKED'],
  [{ errcode: 8 }, 'LOCAL_READ_ONLY'],
  [{ errcode: 1032 }, 'LOCAL_READ_ONLY'],
  [{ errcode: 10 }, 'LOCAL_IO'],
  [{ errcode: 8458 }, 'LIBRARY_CORRUPT'],
  [{ errcode: 11 }, 'LIBRARY_CORRUPT'],
  [{ errcode: 267 }, 'LIBRARY_CORRUPT'],
  [{ errcode: 26 }, 'LIBRARY_CORRUPT'],
  [{ errcode: 13 }, 'LOCAL_DISK_FULL'],
  [{ errcode: 14 }, 'LOCAL_DENIED'],
  [{ errcode: 1 }, 'LIBRARY_FAILED'],
  [{}, 'LIBRARY_FAILED']
])('the SQLite error %j is %s', (fields, expected) => {
  const cause = Object.assign(new Error('why'), fields)
  expect(libraryError(cause, { path: '/x' })).toMatchObject({ code: expected, cause, detail: { path: '/x', reason: 'why' } })
})

test('nothing but opening a library needs SQLite', () => {
  const load = (file: string): string =>
    `await import(${JSON.stringify(new URL(`../../../src/main/library/${file}`, import.meta.url).href)})`
  const script = `
    const { createMemoryJournal } = ${load('memory-journal.ts')}
    const { openLibrary } = ${load('open.ts')}
    createMemoryJournal().batches()
    await openLibrary({ path: ${JSON.stringify(path)} }).catch((error) => console.log(error.code))`
  const run = spawnSync(process.execPath, ['--no-experimental-sqlite', '--input-type=module', '-e', script], { encoding: 'utf8' })
  expect([run.stdout, run.stderr]).toEqual(['LIBRARY_FAILED\n', ''])
})
