import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Connection } from '../../../src/main/library/connection.ts'
import type { SetAsideRow } from '../../../src/main/library/set-aside.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { libraryKit } from './kit.ts'

const BATCH = { profileId: 'p', kind: 'upload' as const, title: 't', createdAt: 1, target: null, options: {}, scanning: false }
const ITEM = { name: 'a', folder: '', localPath: '/a', fileId: null, sizeBytes: 7 }

const kit = libraryKit()
let path: string
beforeEach(async () => {
  path = join(await tempDir(), 'library.db')
})
afterEach(() => kit.closeAll())

describe('the transfer journal on disk', () => {
  test('is the same after closing and opening', async () => {
    const first = await kit.open({ path })
    const batch = first.journal.addBatch(BATCH)
    first.journal.addTransfers(batch.id, [ITEM, ITEM])
    const rows = first.journal.page(batch.id, {}, -1, 10)
    first.journal.patch([{ id: rows[0]!.id, tag: 'done', fileId: 'group1/x', state: { ok: true } }], true)
    const before = [first.journal.batches(), first.journal.page(batch.id, {}, -1, 10), first.journal.totals(batch.id)]
    await first.close()
    const { journal } = await kit.open({ path })
    expect([journal.batches(), journal.page(batch.id, {}, -1, 10), journal.totals(batch.id)]).toEqual(before)
  })

  test('still has every commit, also the lazy ones, after the process was killed in the middle of writing', async () => {
    const script = `
      const { openLibrary } = await import(${JSON.stringify(new URL('../../../src/main/library/open.ts', import.meta.url).href)})
      const { journal } = await openLibrary({ path: ${JSON.stringify(path)} })
      const batch = journal.addBatch(${JSON.stringify(BATCH)})
      journal.addTransfers(batch.id, Array.from({ length: 50 }, () => (${JSON.stringify(ITEM)})))
      for (let i = 0; ; i++) {
        journal.patch([{ id: i % 50 + 1, doneBytes: i }], i % 2 === 0)
        process.stdout.write(i + '\\n')
      }`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    let told = ''
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (text: Buffer) => {
        told += text.toString()
        if (told.length > 2000) resolve()
      })
    })
    child.kill('SIGKILL')
    await once(child, 'close')
    const last = Number(told.slice(0, told.lastIndexOf('\n')).split('\n').at(-1))
    const { journal } = await kit.open({ path })
    const done = journal.page(1, {}, -1, 50).map((row) => row.doneBytes)
    expect(done).toHaveLength(50)
    expect(Math.max(...done)).toBeGreaterThanOrEqual(last)
    expect(journal.totals(1).doneBytes).toBe(done.reduce((a, b) => a + b, 0))
  })

  test('waits for the disk in durable transactions and only there', () => {
    const db = new DatabaseSync(path)
    const connection = new Connection(db, path)
    const level = (): number => connection.number('PRAGMA synchronous')
    connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE t (x)')
    const [NORMAL, FULL] = [1, 2]
    expect(connection.transaction(true, level)).toBe(FULL)
    expect(level()).toBe(NORMAL)
    expect(connection.transaction(false, level)).toBe(NORMAL)
    const fails = (): never => {
      throw new Error('no')
    }
    expect(() => connection.transaction(true, fails)).toThrow('no')
    expect(level()).toBe(NORMAL)
    expect(db.isTransaction).toBe(false)
    connection.close()
  })

  test('undoes a transaction that fails half-way', async () => {
    const { journal } = await kit.open({ path })
    const batch = journal.addBatch(BATCH)
    journal.addTransfers(batch.id, [ITEM])
    const circular: { self?: unknown } = {}
    circular.self = circular
    expect(() =>
      journal.patch(
        [
          { id: 1, tag: 'done' },
          { id: 1, state: circular }
        ],
        true
      )
    ).toThrow(TypeError)
    expect(journal.transfer(1)?.tag).toBe('queued')
    journal.patch([{ id: 1, tag: 'done' }], true)
    expect(journal.transfer(1)?.tag).toBe('done')
  })
})

describe('rows of the journal that cannot be understood', () => {
  async function damaged(sql: string): Promise<{ library: Awaited<ReturnType<typeof kit.open>>; told: SetAsideRow[] }> {
    const first = await kit.open({ path })
    const batch = first.journal.addBatch(BATCH)
    first.journal.addTransfers(batch.id, [ITEM, ITEM, ITEM])
    await first.close()
    const db = new DatabaseSync(path)
    db.exec(sql)
    db.close()
    const told: SetAsideRow[] = []
    const library = await kit.open({ path, clock: () => 42, onSetAside: (row) => told.push(row) })
    return { library, told }
  }

  test.each([
    ["UPDATE transfers SET state = '{broken' WHERE id = 2", 'state is no JSON'],
    ["UPDATE transfers SET tag = 'sleeping' WHERE id = 2", 'tag sleeping'],
    ["UPDATE transfers SET step = 'dancing' WHERE id = 2", 'step dancing'],
    ["UPDATE transfers SET error = '[1]' WHERE id = 2", 'error is no error'],
    ['UPDATE transfers SET attempt = 9007199254740993 WHERE id = 2', 'attempt']
  ])('a transfer is kept, told once, and shown as failed: %s', async (sql, reason) => {
    const { library, told } = await damaged(sql)
    const { journal } = library
    journal.page(1, {}, -1, 10)
    expect(journal.totals(1).totalFiles).toBe(3)
    const row = journal.transfer(2)
    expect(row).toMatchObject({ tag: 'failed', state: null, error: { code: 'LIBRARY_CORRUPT', detail: { row: 2 } } })
    expect(journal.page(1, {}, -1, 10).map(({ id }) => id)).toEqual([1, 2, 3])
    expect(told).toHaveLength(1)
    expect(told[0]).toMatchObject({ place: 'transfers', rowId: 2, at: 42 })
    expect(told[0]!.reason).toContain(reason)
    expect(library.setAside()).toEqual(told)
    expect(JSON.parse(told[0]!.content)).toMatchObject({ id: 2, name: 'a', local_path: '/a' })
  })

  test.each(["UPDATE batches SET options = '{' WHERE id = 1", "UPDATE batches SET kind = 'dance' WHERE id = 1"])(
    'a batch is kept and told, and hides nothing else: %s',
    async (sql) => {
      const { library, told } = await damaged(sql)
      const good = library.journal.addBatch(BATCH)
      expect(library.journal.batches().map(({ id }) => id)).toEqual([good.id])
      expect(library.journal.batch(1)).toBeNull()
      expect(library.journal.batches().map(({ id }) => id)).toEqual([good.id])
      expect(told).toHaveLength(1)
      expect(library.setAside()[0]).toMatchObject({ place: 'batches', rowId: 1 })
    }
  )
})
