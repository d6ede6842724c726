import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createMemoryJournal } from '../../../src/main/library/memory-journal.ts'
import type { NewBatch, NewTransfer, TransferJournal } from '../../../src/main/library/types.ts'
import type { TransferTag } from '../../../src/shared/model.ts'
import { libraryKit } from './kit.ts'

const BATCH: NewBatch = {
  profileId: 'home',
  kind: 'upload',
  title: '春季',
  createdAt: 1000,
  target: null,
  options: { group: 'group1', nested: { list: [1, 2] } },
  scanning: true
}
const item = (n: number): NewTransfer => ({
  name: `图 ${n}.psd`,
  folder: 'a/b',
  localPath: `/home/w/图 ${n}.psd`,
  fileId: null,
  sizeBytes: n * 100
})
const items = (count: number): NewTransfer[] => Array.from({ length: count }, (_, n) => item(n))

const kit = libraryKit()
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journal-test-'))
})
afterEach(async () => {
  await kit.closeAll()
  await rm(folder, { recursive: true })
})

const implementations: Record<string, () => Promise<TransferJournal>> = {
  'in SQLite': async () => (await kit.open({ path: join(folder, 'library.db') })).journal,
  'in memory': async () => createMemoryJournal()
}

describe.each(Object.entries(implementations))('the transfer journal %s', (_, open) => {
  let journal: TransferJournal
  beforeEach(async () => {
    journal = await open()
  })

  const tags = (batchId: number): TransferTag[] => journal.page(batchId, {}, -1, 1000).map((row) => row.tag)

  test('returns a batch as it was added, not paused and not finished', () => {
    const batch = journal.addBatch(BATCH)
    expect(batch).toEqual({ ...BATCH, id: batch.id, paused: false, finishedAt: null })
    expect(journal.batch(batch.id)).toEqual(batch)
    expect(journal.batch(batch.id + 1)).toBeNull()
  })

  test('lists batches newest first, finished ones apart', () => {
    const ids = [1, 2, 3].map(() => journal.addBatch(BATCH).id)
    journal.patchBatch(ids[1]!, { finishedAt: 5 })
    const listed = (filter?: { finished?: boolean; limit?: number }) => journal.batches(filter).map(({ id }) => id)
    expect(listed()).toEqual(ids.toReversed())
    expect(listed({ finished: false })).toEqual([ids[2], ids[0]])
    expect(listed({ finished: true })).toEqual([ids[1]])
    expect(listed({ limit: 2 })).toEqual([ids[2], ids[1]])
  })

  test('changes only the patched fields of a batch', () => {
    const batch = journal.addBatch(BATCH)
    journal.patchBatch(batch.id, { paused: true })
    journal.patchBatch(batch.id, { scanning: false, target: '/tmp/x', title: 'new', options: { b: 2 } })
    journal.patchBatch(batch.id, {})
    expect(journal.batch(batch.id)).toEqual({ ...batch, paused: true, scanning: false, target: '/tmp/x', title: 'new', options: { b: 2 } })
    journal.patchBatch(batch.id, { finishedAt: 7 })
    journal.patchBatch(batch.id, { finishedAt: null })
    expect(journal.batch(batch.id)?.finishedAt).toBeNull()
  })

  test('keeps transfers in the order in which they were added, over several calls', () => {
    const { id } = journal.addBatch(BATCH)
    expect(journal.addTransfers(id, items(3))).toBe(3)
    expect(journal.addTransfers(id, [item(9)])).toBe(1)
    expect(journal.addTransfers(id, [])).toBe(0)
    const rows = journal.page(id, {}, -1, 10)
    expect(rows.map(({ seq, name }) => [seq, name])).toEqual([
      [0, '图 0.psd'],
      [1, '图 1.psd'],
      [2, '图 2.psd'],
      [3, '图 9.psd']
    ])
    expect(rows[1]).toEqual({
      ...item(1),
      id: rows[1]!.id,
      batchId: id,
      seq: 1,
      tag: 'queued',
      step: null,
      doneBytes: 0,
      attempt: 0,
      retryAt: null,
      error: null,
      state: null
    })
  })

  test('adds nothing when the items cannot be read to the end', () => {
    const { id } = journal.addBatch(BATCH)
    function* broken(): Generator<NewTransfer> {
      yield item(1)
      throw new Error('gone')
    }
    expect(() => journal.addTransfers(id, broken())).toThrow('gone')
    expect(journal.page(id, {}, -1, 10)).toEqual([])
    expect(journal.totals(id).totalFiles).toBe(0)
    expect(journal.addTransfers(id, items(1))).toBe(1)
  })

  test('refuses transfers of a batch that does not exist', () => {
    expect(() => journal.addTransfers(77, items(1))).toThrow(expect.objectContaining({ code: 'LIBRARY_FAILED' }))
  })

  test('keeps the opaque state, patched field by field', () => {
    const { id } = journal.addBatch(BATCH)
    journal.addTransfers(id, [{ ...item(1), state: { chunk: 1 } }])
    const row = journal.page(id, {}, -1, 1)[0]!
    expect(row.state).toEqual({ chunk: 1 })
    const error = { code: 'TIMEOUT' as const, message: 'slow', detail: { endpoint: 'a:1', timeoutMs: 5 } }
    journal.patch([{ id: row.id, tag: 'waiting', retryAt: 50, attempt: 2, error, state: { chunk: 2, crc: [7] } }], true)
    expect(journal.transfer(row.id)).toEqual({
      ...row,
      tag: 'waiting',
      retryAt: 50,
      attempt: 2,
      error,
      state: { chunk: 2, crc: [7] }
    })
    journal.patch([{ id: row.id, error: null, retryAt: null, state: null, step: 'sending', fileId: 'group1/x', sizeBytes: 5 }], false)
    expect(journal.transfer(row.id)).toMatchObject({
      error: null,
      retryAt: null,
      state: null,
      step: 'sending',
      fileId: 'group1/x',
      attempt: 2
    })
    journal.patch([{ id: row.id + 1000, tag: 'done' }], true)
    expect(journal.transfer(row.id + 1000)).toBeNull()
  })

  test('hands out copies: changing one does not change the journal', () => {
    const { id } = journal.addBatch(BATCH)
    journal.addTransfers(id, items(1))
    const row = journal.page(id, {}, -1, 1)[0]!
    row.tag = 'failed'
    journal.batch(id)!.title = 'changed'
    journal.totals(id).counts.queued = 99
    expect(journal.transfer(row.id)?.tag).toBe('queued')
    expect(journal.batch(id)?.title).toBe('春季')
    expect(journal.totals(id).counts.queued).toBe(1)
  })

  test('counts by tag what the rows say, after every kind of change', () => {
    const { id } = journal.addBatch(BATCH)
    journal.addTransfers(id, items(10))
    const other = journal.addBatch(BATCH)
    journal.addTransfers(other.id, items(2))
    const check = (): void => {
      const rows = journal.page(id, {}, -1, 1000)
      const totals = journal.totals(id)
      for (const tag of Object.keys(totals.counts) as TransferTag[]) {
        expect([tag, totals.counts[tag]]).toEqual([tag, rows.filter((row) => row.tag === tag).length])
      }
      const sum = (of: (row: (typeof rows)[number]) => number): number => rows.reduce((all, row) => all + of(row), 0)
      expect(totals).toMatchObject({ totalFiles: rows.length, totalBytes: sum((r) => r.sizeBytes), doneBytes: sum((r) => r.doneBytes) })
    }
    check()
    const rows = journal.page(id, {}, -1, 10)
    journal.patch(
      [
        { id: rows[0]!.id, tag: 'running', doneBytes: 30 },
        { id: rows[1]!.id, tag: 'done', doneBytes: 100, sizeBytes: 150 }
      ],
      false
    )
    check()
    journal.patch([{ id: rows[0]!.id, doneBytes: 60 }], false)
    check()
    journal.moveAll(id, ['queued', 'running'], 'paused')
    check()
    journal.moveAll(id, ['paused'], 'queued')
    check()
    expect(journal.totals(other.id)).toMatchObject({ totalFiles: 2, totalBytes: 100 })
    expect(journal.totals(id + 500).totalFiles).toBe(0)
  })

  test('hands out queued transfers after a position, in order', () => {
    const { id } = journal.addBatch(BATCH)
    journal.addTransfers(id, items(6))
    const rows = journal.page(id, {}, -1, 10)
    journal.patch([{ id: rows[2]!.id, tag: 'running' }], false)
    expect(journal.nextQueued(id, -1, 3).map((row) => row.seq)).toEqual([0, 1, 3])
    expect(journal.nextQueued(id, 3, 3).map((row) => row.seq)).toEqual([4, 5])
    expect(journal.nextQueued(id, 5, 3)).toEqual([])
  })

  test('pages by one tag and by several, without gaps and in order', () => {
    const { id } = journal.addBatch(BATCH)
    journal.addTransfers(id, items(9))
    const rows = journal.page(id, {}, -1, 10)
    const patch = (seqs: number[], tag: TransferTag): void =>
      journal.patch(
        seqs.map((seq) => ({ id: rows[seq]!.id, tag })),
        false
      )
    patch([1, 4, 7], 'failed')
    patch([2, 5], 'done')
    const seqs = (found: { seq: number }[]): number[] => found.map(({ seq }) => seq)
    expect(seqs(journal.page(id, { tags: ['failed'] }, -1, 2))).toEqual([1, 4])
    expect(seqs(journal.page(id, { tags: ['failed'] }, 4, 2))).toEqual([7])
    expect(seqs(journal.page(id, { tags: ['done', 'failed'] }, 1, 3))).toEqual([2, 4, 5])
    expect(seqs(journal.page(id, { tags: [] }, -1, 3))).toEqual([])
    expect(seqs(journal.page(id, {}, 6, 5))).toEqual([7, 8])
  })

  test('tells waiting transfers whose time has come, but none of a paused batch', () => {
    const first = journal.addBatch(BATCH)
    const second = journal.addBatch(BATCH)
    journal.addTransfers(first.id, items(3))
    journal.addTransfers(second.id, items(1))
    const [a, b, c] = journal.page(first.id, {}, -1, 3).map((row) => row.id)
    const [d] = journal.page(second.id, {}, -1, 3).map((row) => row.id)
    journal.patch(
      [
        { id: a!, tag: 'waiting', retryAt: 30 },
        { id: b!, tag: 'waiting', retryAt: 10 },
        { id: c!, tag: 'queued', retryAt: 5 },
        { id: d!, tag: 'waiting', retryAt: 20 }
      ],
      false
    )
    const due = (now: number, limit = 10): number[] => journal.due(now, limit).map((row) => row.id)
    expect(due(9)).toEqual([])
    expect(due(30)).toEqual([b, d, a])
    expect(due(30, 1)).toEqual([b])
    journal.patchBatch(first.id, { paused: true })
    expect(due(30)).toEqual([d])
  })

  test('moves a whole batch from some tags to another and counts what moved', () => {
    const { id } = journal.addBatch(BATCH)
    journal.addTransfers(id, items(5))
    const rows = journal.page(id, {}, -1, 10)
    const error = { code: 'TIMEOUT' as const, message: 'slow' }
    journal.patch(
      [
        { id: rows[0]!.id, tag: 'failed', error, retryAt: 5 },
        { id: rows[1]!.id, tag: 'done' }
      ],
      false
    )
    expect(journal.moveAll(id, ['failed', 'queued'], 'queued')).toBe(1)
    expect(journal.transfer(rows[0]!.id)).toMatchObject({ tag: 'queued', error: null, retryAt: null })
    expect(journal.moveAll(id, ['queued', 'running'], 'paused')).toBe(4)
    expect(tags(id)).toEqual(['paused', 'done', 'paused', 'paused', 'paused'])
    expect(journal.moveAll(id, [], 'failed')).toBe(0)
  })

  test('keeps the error of transfers that are moved anywhere but into the queue', () => {
    const { id } = journal.addBatch(BATCH)
    journal.addTransfers(id, items(1))
    const row = journal.page(id, {}, -1, 1)[0]!
    const error = { code: 'TIMEOUT' as const, message: 'slow' }
    journal.patch([{ id: row.id, tag: 'waiting', error, retryAt: 5 }], false)
    journal.moveAll(id, ['waiting'], 'cancelled')
    expect(journal.transfer(row.id)?.error).toEqual(error)
  })

  test('puts running and waiting transfers of all batches back into the queue and keeps their state', () => {
    const first = journal.addBatch(BATCH)
    const second = journal.addBatch(BATCH)
    journal.addTransfers(first.id, items(4))
    journal.addTransfers(second.id, items(1))
    const [a, b, c] = journal.page(first.id, {}, -1, 4)
    const [d] = journal.page(second.id, {}, -1, 1)
    journal.patch(
      [
        { id: a!.id, tag: 'running', step: 'sending', state: { offset: 5 }, doneBytes: 5 },
        { id: b!.id, tag: 'waiting', retryAt: 99, attempt: 3 },
        { id: c!.id, tag: 'done' },
        { id: d!.id, tag: 'running' }
      ],
      true
    )
    expect(journal.resetRunning()).toBe(3)
    expect(journal.transfer(a!.id)).toMatchObject({ tag: 'queued', step: null, state: { offset: 5 }, doneBytes: 5 })
    expect(journal.transfer(b!.id)).toMatchObject({ tag: 'queued', retryAt: null, attempt: 3 })
    expect(journal.transfer(c!.id)?.tag).toBe('done')
    expect(journal.totals(first.id).counts).toMatchObject({ queued: 3, running: 0, waiting: 0, done: 1 })
    expect(journal.resetRunning()).toBe(0)
  })

  test('removes a batch with its transfers and its counts, and never gives its number again', () => {
    const { id } = journal.addBatch(BATCH)
    journal.addTransfers(id, items(3))
    const row = journal.page(id, {}, -1, 1)[0]!
    journal.removeBatch(id)
    expect(journal.batch(id)).toBeNull()
    expect(journal.transfer(row.id)).toBeNull()
    expect(journal.totals(id).totalFiles).toBe(0)
    journal.removeBatch(id)
    expect(journal.addBatch(BATCH).id).toBeGreaterThan(id)
  })
})
