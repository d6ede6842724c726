import { expect, test } from 'vitest'
import { AppError } from '../../../src/shared/errors.ts'
import { createMemoryJournal } from '../../../src/main/library/memory-journal.ts'
import type { TransferJournal, TransferPatch } from '../../../src/main/library/types.ts'
import { createJournalWriter } from '../../../src/main/transfer/journal-writer.ts'
import { FakeClock } from './fake-clock.ts'

function setup(fails: () => boolean = () => false) {
  const written: { patches: TransferPatch[]; onDisk: boolean }[] = []
  const journal: TransferJournal = {
    ...createMemoryJournal(),
    patch(patches) {
      if (fails()) throw new AppError('LIBRARY_FAILED')
      written.push({ patches: [...patches], onDisk: false })
    },
    sync() {
      if (fails()) return Promise.reject(new AppError('LIBRARY_FAILED'))
      for (const transaction of written) transaction.onDisk = true
      return Promise.resolve()
    }
  }
  const troubles: string[] = []
  const clock = new FakeClock()
  const writer = createJournalWriter(journal, clock, (error) => troubles.push(error.code))
  return { writer, written, troubles, clock }
}

test('what comes together is one transaction, on disk before whoever waits for it goes on', async () => {
  const { writer, written } = setup()
  writer.write({ id: 1, doneBytes: 5 })
  const a = writer.commit({ id: 2, tag: 'done' })
  const b = writer.commit({ id: 3, tag: 'done' })
  await Promise.all([a, b])
  expect(written).toEqual([
    {
      patches: [
        { id: 1, doneBytes: 5 },
        { id: 2, tag: 'done' },
        { id: 3, tag: 'done' }
      ],
      onDisk: true
    }
  ])
})

test('several patches of one row become one, later fields winning', () => {
  const { writer, written } = setup()
  writer.write({ id: 1, tag: 'running', doneBytes: 0 })
  writer.write({ id: 1, doneBytes: 7 })
  writer.flush()
  expect(written).toEqual([{ patches: [{ id: 1, tag: 'running', doneBytes: 7 }], onDisk: false }])
})

test('while the journal refuses, nothing is lost and whoever waits goes on waiting; trouble is told once', async () => {
  let broken = true
  const { writer, written, troubles, clock } = setup(() => broken)
  let committed = false
  const commit = writer.commit({ id: 1, fileId: 'x' }).then(() => (committed = true))
  await new Promise((resolve) => setImmediate(resolve))
  clock.advance(3_500)
  writer.write({ id: 2, doneBytes: 1 })
  expect(() => writer.flush()).toThrow('LIBRARY_FAILED')
  expect(committed).toBe(false)
  expect(troubles).toEqual(['LIBRARY_FAILED'])
  broken = false
  clock.advance(2_000)
  await commit
  expect(written).toEqual([
    {
      patches: [
        { id: 1, fileId: 'x' },
        { id: 2, doneBytes: 1 }
      ],
      onDisk: true
    }
  ])
})

test('a disk that refuses to flush makes whoever waits wait, and is asked again', async () => {
  let broken = false
  const { writer, written, troubles, clock } = setup(() => broken)
  let committed = false
  const commit = writer.commit({ id: 1, fileId: 'x' }).then(() => (committed = true))
  writer.flush()
  broken = true
  await new Promise((resolve) => setImmediate(resolve))
  const second = writer.commit({ id: 2, fileId: 'y' })
  await new Promise((resolve) => setImmediate(resolve))
  expect(troubles).toEqual(['LIBRARY_FAILED'])
  broken = false
  clock.advance(2_000)
  await Promise.all([commit, second])
  expect(committed).toBe(true)
  expect(written.every((transaction) => transaction.onDisk)).toBe(true)
})
