import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { readBinlog } from '../../../src/main/embedded/binlog.ts'
import { FileStore } from '../../../src/main/embedded/store.ts'
import type { FileStoreOptions } from '../../../src/main/embedded/store.ts'
import { encodeFileName } from '../../../src/shared/file-id.ts'
import { tempDir } from '../../support/temp-dir.ts'

// Machines under load are slow, and nothing here depends on how fast it is.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const EBUSY = 16
const FACTS = { sizeBytes: 5, crc32: 7, ext: 'txt' }

function open(basePath: string, options: Partial<FileStoreOptions> = {}): FileStore {
  let random = 0
  return new FileStore({
    basePath,
    storePathCount: 1,
    subdirCount: 256,
    nowMs: () => 1_795_361_442_000,
    makeName: (storePathIndex, directories, facts) =>
      encodeFileName({
        storePathIndex,
        directories,
        source: { type: 'ip', address: '127.0.1.1' },
        timestampSeconds: 1_795_361_442,
        ...facts,
        random: random++,
        digits: '1234567'
      }),
    ...options
  })
}

function put(store: FileStore, content = 'hello', appender = false): string {
  const temp = store.newTemp(0)
  writeFileSync(temp, content)
  const name = store.publishNew(temp, 0, { ...FACTS, sizeBytes: appender ? null : content.length })
  if (typeof name === 'number') throw new Error(`status ${name}`)
  return name
}

function records(base: string): string[] {
  return readBinlog(join(base, 'data', 'sync'), { index: 0, offset: 0 }).records.map(({ record: r }) =>
    [r.op, r.name, r.extra].join(' ').trim()
  )
}

function tempsIn(base: string): string[] {
  return readdirSync(join(base, 'data', '.tmp'))
}

/** A store whose process died: its files are open no more, nothing was tidied up. */
function crash(store: FileStore): void {
  store.journal.close()
}

test('a published file is on disk where its name says, and in the binlog', async () => {
  const dir = await tempDir()
  const store = open(dir)
  const name = put(store)
  expect(readFileSync(join(dir, 'data', name.slice(4)), 'utf8')).toBe('hello')
  expect(records(dir)).toEqual([`C ${name}`])
  expect(store.find(name)).toMatchObject({ sizeBytes: 5 })
  store.close()
})

test('a taken name is not used again: another random part is tried, and none left is EBUSY', async () => {
  const dir = await tempDir()
  const fixed = open(dir, { makeName: () => 'M00/00/00/fwABAWsDMZaAd-yrAAAAFCxm7xU371.txt' })
  put(fixed)
  const temp = fixed.newTemp(0)
  writeFileSync(temp, 'other')
  expect(fixed.publishNew(temp, 0, FACTS)).toBe(EBUSY)
  expect(readFileSync(join(dir, 'data/00/00/fwABAWsDMZaAd-yrAAAAFCxm7xU371.txt'), 'utf8')).toBe('hello')
  fixed.close()
})

test('directories are filled with 100 files each, also over a restart', async () => {
  const dir = await tempDir()
  const store = open(dir)
  const names = Array.from({ length: 150 }, () => put(store))
  expect(names[99]).toMatch(/^M00\/00\/00\//)
  expect(names[100]).toMatch(/^M00\/00\/01\//)
  store.close()
  const again = open(dir)
  let last = ''
  for (let i = 0; i < 51; i++) last = put(again)
  expect(last).toMatch(/^M00\/00\/02\//)
  again.close()
})

test('counters are kept', async () => {
  const dir = await tempDir()
  const store = open(dir)
  store.counters.count('upload', true)
  store.counters.count('upload', false)
  store.counters.bytes('upload', 10, 5)
  store.close()
  expect(open(dir).counters.values).toMatchObject({
    total_upload_count: 2,
    success_upload_count: 1,
    total_upload_bytes: 10,
    success_upload_bytes: 5
  })
})

test('several store paths have directories of their own', async () => {
  const dir = await tempDir()
  const store = open(dir, { storePathCount: 2 })
  const temp = store.newTemp(1)
  writeFileSync(temp, 'second')
  const name = store.publishNew(temp, 1, FACTS) as string
  expect(name).toMatch(/^M01\//)
  expect(existsSync(join(dir, 'path1/data', name.slice(4)))).toBe(true)
  store.close()
})

test('the directory itself is EISDIR', async () => {
  const store = open(await tempDir())
  put(store)
  expect(store.find('M00/00/00/..')).toBe(21)
  expect(store.remove('M00/00/00/..')).toBe(21)
  store.close()
})

test('deleting takes the metadata along and records both', async () => {
  const dir = await tempDir()
  const store = open(dir)
  const name = put(store)
  store.setMetadata(name, Buffer.from('a\x021'), 'O')
  store.setMetadata(name, Buffer.from('b\x022'), 'M')
  store.remove(name)
  expect(records(dir)).toEqual([`C ${name}`, `C ${name}-m`, `U ${name}-m`, `D ${name}`, `D ${name}-m`])
  expect(readdirSync(join(dir, 'data/00/00'))).toEqual([])
  store.close()
})

// ── After a crash ────────────────────────────────────────────────────────────────────────────────────────────

test('a file whose record was written before the process died is published at the next start', async () => {
  const dir = await tempDir()
  const store = open(dir)
  put(store, 'before')
  const temp = store.newTemp(0)
  writeFileSync(temp, 'content')
  const name = 'M00/00/05/fwABAWsDMZaAd-yrAAAAFCxm7xU371.txt'
  const final = join(dir, 'data/00/05/fwABAWsDMZaAd-yrAAAAFCxm7xU371.txt')
  // The rename is the first thing that fails: its directory is a file.
  mkdirSync(join(dir, 'data/00'), { recursive: true })
  writeFileSync(join(dir, 'data/00/05'), '')
  expect(() => store.journal.publish('U', name, { temp, final })).toThrow('ENOTDIR')
  crash(store)
  rmSync(join(dir, 'data/00/05'))
  const again = open(dir)
  expect(readFileSync(final, 'utf8')).toBe('content')
  expect(tempsIn(dir)).toEqual([])
  again.close()
})

test('a temporary file without a record is removed, and a note from earlier does not publish it', async () => {
  const dir = await tempDir()
  const store = open(dir)
  const name = put(store)
  writeFileSync(store.newTemp(0), 'half of a fi')
  crash(store)
  const again = open(dir)
  expect(tempsIn(dir)).toEqual([])
  expect(readdirSync(join(dir, 'data/00/00'))).toEqual([name.slice(10)])
  again.close()
})

test('a delete that was recorded but not done is done at the next start', async () => {
  const dir = await tempDir()
  const store = open(dir)
  const name = put(store)
  store.journal.note('D', name)
  crash(store)
  const again = open(dir)
  expect(again.find(name)).toBe(2)
  again.close()
})

test('a rename that was recorded but not done is done at the next start', async () => {
  const dir = await tempDir()
  const store = open(dir)
  const old = put(store, 'hello', true)
  const name = old.replace('1234567'.slice(0, 3), '999')
  store.journal.note('R', name, old)
  crash(store)
  const again = open(dir)
  expect(again.find(old)).toBe(2)
  expect(again.find(name)).toMatchObject({ sizeBytes: 5 })
  again.close()
})

test('a truncate that was recorded but not done is done once', async () => {
  const dir = await tempDir()
  const store = open(dir)
  const name = put(store, 'hello', true)
  store.journal.note('T', name, '5 2')
  crash(store)
  let again = open(dir)
  expect(again.find(name)).toMatchObject({ sizeBytes: 2 })
  crash(again)
  again = open(dir)
  expect(again.find(name)).toMatchObject({ sizeBytes: 2 })
  again.close()
})

test('an append that did not end is cut back at the next start; one that did stays', async () => {
  const dir = await tempDir()
  const store = open(dir)
  const broken = put(store, 'begin', true)
  const whole = put(store, 'begin', true)
  for (const name of [broken, whole]) {
    const found = store.find(name)
    if (typeof found === 'number') throw new Error('not there')
    store.beginAppend(name, found)
    writeFileSync(found.path, 'begin and more')
  }
  store.journal.note('A', whole, '5 9')
  crash(store)
  const again = open(dir)
  expect(again.find(broken)).toMatchObject({ sizeBytes: 5 })
  expect(again.find(whole)).toMatchObject({ sizeBytes: 14 })
  expect(tempsIn(dir)).toEqual([])
  again.close()
})

test('an append mark cut short by a crash is passed over', async () => {
  const dir = await tempDir()
  const store = open(dir)
  const name = put(store, 'begin', true)
  writeFileSync(join(dir, 'data/.tmp/append-x'), '{"file":"/')
  crash(store)
  const again = open(dir)
  expect(statSync(join(dir, 'data', name.slice(4))).size).toBe(5)
  again.close()
})
