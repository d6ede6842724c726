import { expect, test } from 'vitest'
import type { BatchPriority } from '../../../src/shared/model.ts'
import { createMemoryJournal } from '../../../src/main/library/memory-journal.ts'
import type { TransferJournal, TransferRecord } from '../../../src/main/library/types.ts'
import { Batch } from '../../../src/main/transfer/batch.ts'
import type { SlotSize } from '../../../src/main/transfer/batch.ts'
import { pickNext } from '../../../src/main/transfer/scheduler.ts'
import type { Pick } from '../../../src/main/transfer/scheduler.ts'
import { parseOptions } from '../../../src/main/transfer/states.ts'
import { encodeFileName } from '../../../src/shared/file-id.ts'

const MB = 1_048_576
const SLOTS: Record<SlotSize, number> = { small: 16, large: 4 }

function upload(journal: TransferJournal, sizes: readonly number[], priority: BatchPriority = 'normal'): Batch {
  const options = parseOptions({ kind: 'upload', paths: [], group: null, folder: '', metadata: {}, duplicates: 'send', priority })
  const record = journal.addBatch({ profileId: 'p', kind: 'upload', title: '', createdAt: 0, target: null, options, scanning: false })
  journal.addTransfers(
    record.id,
    sizes.map((sizeBytes, i) => ({ name: `${i}`, folder: '', localPath: `/${i}`, fileId: null, sizeBytes }))
  )
  return new Batch(journal, () => undefined, record, options)
}

/** Runs transfers that end in the order in which they began, as many at once as there are slots; tells each that begins. */
class Machine {
  readonly used: Record<SlotSize, number> = { small: 0, large: 0 }
  readonly running: Pick[] = []
  #turn = 0
  readonly #batches: Batch[]
  readonly #journal: TransferJournal
  readonly #accept: (batch: Batch, record: TransferRecord) => boolean

  constructor(batches: Batch[], journal: TransferJournal, accept: (batch: Batch, record: TransferRecord) => boolean = () => true) {
    this.#batches = batches
    this.#journal = journal
    this.#accept = accept
  }

  fill(): Pick[] {
    const begun: Pick[] = []
    for (;;) {
      const pick = pickNext(this.#batches, { used: this.used, total: (size) => SLOTS[size] }, this.#accept)
      if (pick === null) return begun
      pick.batch.turn = ++this.#turn
      pick.batch.running[pick.size] += 1
      pick.batch.moved('queued', 'running')
      this.#journal.patch([{ id: pick.record.id, tag: 'running' }], false)
      this.used[pick.size] += 1
      this.running.push(pick)
      begun.push(pick)
    }
  }

  end(size: SlotSize): void {
    const index = this.running.findIndex((pick) => pick.size === size)
    const [pick] = this.running.splice(index, 1)
    if (pick === undefined || index === -1) return
    pick.batch.running[size] -= 1
    pick.batch.moved('running', 'done')
    this.#journal.patch([{ id: pick.record.id, tag: 'done' }], false)
    this.used[size] -= 1
  }
}

test('a big file begins at once behind 100,000 tiny ones of another batch, and the tiny ones go on', () => {
  const journal = createMemoryJournal()
  const tiny = upload(
    journal,
    Array.from({ length: 100_000 }, () => 4096)
  )
  const big = upload(journal, [5_000 * MB])
  const machine = new Machine([tiny, big], journal)
  const begun = machine.fill()
  expect(begun.filter((pick) => pick.batch === big)).toHaveLength(1)
  for (let i = 0; i < 1_000; i++) {
    machine.end('small')
    expect(machine.fill().map((pick) => pick.batch)).toEqual([tiny])
  }
})

test('tiny files do not wait behind 1,000 big ones, in another batch or in the same', () => {
  const journal = createMemoryJournal()
  const big = upload(
    journal,
    Array.from({ length: 1_000 }, () => 5_000 * MB)
  )
  const mixed = upload(journal, [...Array.from({ length: 1_000 }, () => 5_000 * MB), ...Array.from({ length: 50 }, () => 4096)])
  const tiny = upload(
    journal,
    Array.from({ length: 50 }, () => 4096)
  )
  const machine = new Machine([big, mixed, tiny], journal)
  const begun = machine.fill()
  const small = begun.filter((pick) => pick.size === 'small')
  expect(small.filter((pick) => pick.batch === tiny)).toHaveLength(8)
  expect(small.filter((pick) => pick.batch === mixed)).toHaveLength(8)
  expect(begun.filter((pick) => pick.size === 'large').map((pick) => pick.batch)).toEqual(expect.arrayContaining([big, mixed]))
})

test('inside a batch the order of the user holds', () => {
  const journal = createMemoryJournal()
  const batch = upload(
    journal,
    Array.from({ length: 3_000 }, (_, i) => (i % 10 === 0 ? 100 * MB : 100))
  )
  const machine = new Machine([batch], journal)
  const order: Record<SlotSize, number[]> = { small: [], large: [] }
  for (let round = 0; round < 4_000; round++) {
    for (const pick of machine.fill()) order[pick.size].push(pick.record.seq)
    machine.end(round % 10 === 0 ? 'large' : 'small')
  }
  for (const size of ['small', 'large'] as const) expect(order[size]).toEqual(order[size].toSorted((a, b) => a - b))
  expect(order.small.length + order.large.length).toBe(3_000)
})

test('batches share evenly; a high priority gets most, a low one little, and nobody nothing', () => {
  const journal = createMemoryJournal()
  const sizes = Array.from({ length: 20_000 }, () => 4096)
  const [high, normal, low] = (['high', 'normal', 'low'] as const).map((priority) => upload(journal, sizes, priority))
  const machine = new Machine([low!, normal!, high!], journal)
  const begun = new Map<Batch, number>()
  for (let i = 0; i < 10_000; i++) {
    for (const { batch } of machine.fill()) begun.set(batch, (begun.get(batch) ?? 0) + 1)
    machine.end('small')
  }
  expect(begun.get(high!)!).toBeGreaterThan(2 * begun.get(normal!)!)
  expect(begun.get(normal!)!).toBeGreaterThan(2 * begun.get(low!)!)
  expect(begun.get(low!)!).toBeGreaterThan(100)
})

test('a server that is away does not hold up files of another behind 1,000 of its own', () => {
  const journal = createMemoryJournal()
  const idIn = (group: string, i: number): string =>
    `${group}/${encodeFileName({
      storePathIndex: 0,
      directories: [0, 0],
      source: { type: 'ip', address: group === 'group1' ? '10.0.0.1' : '10.0.0.2' },
      timestampSeconds: 1_700_000_000 + i,
      sizeBytes: 100,
      crc32: i,
      ext: 'jpg',
      random: i,
      digits: '0000001'
    })}`
  const options = parseOptions({ kind: 'download', keepFolders: true, conflict: 'rename' })
  const record = journal.addBatch({ profileId: 'p', kind: 'download', title: '', createdAt: 0, target: '/', options, scanning: false })
  journal.addTransfers(
    record.id,
    Array.from({ length: 1_010 }, (_, i) => ({
      name: `${i}`,
      folder: '',
      localPath: null,
      fileId: idIn(i < 1_000 ? 'group1' : 'group2', i),
      sizeBytes: 100
    }))
  )
  const batch = new Batch(journal, () => undefined, record, options)
  let asked = 0
  const machine = new Machine([batch], journal, (_, row) => {
    asked += 1
    return row.fileId!.startsWith('group2/')
  })
  expect(machine.fill().map((pick) => pick.record.seq)).toEqual(Array.from({ length: 10 }, (_, i) => 1_000 + i))
  // The files of the server that is away are not asked one by one.
  expect(asked).toBeLessThan(60)
})
