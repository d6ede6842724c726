import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createMemoryJournal } from '../../../src/main/library/memory-journal.ts'
import { openLibrary } from '../../../src/main/library/open.ts'
import type { Library, TransferJournal } from '../../../src/main/library/types.ts'
import type { TransferEngine } from '../../../src/main/transfer/engine.ts'
import { AppError } from '../../../src/shared/errors.ts'
import { fileId as idOf } from '../library/kit.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { PROFILE, makeFiles, rig, until } from './engine-kit.ts'
import type { Rig } from './engine-kit.ts'

const COUNT = 7_000

let open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const made of open.reverse()) await made.close()
  open = []
})

/** An engine that is closed as soon as the first rows of a batch are journalled. */
async function closing(library?: Library): Promise<Rig & { closed: () => Promise<void> }> {
  const inner = library?.journal ?? createMemoryJournal()
  let closed: Promise<void> | null = null
  const journal: TransferJournal = {
    ...inner,
    addTransfers(batchId, items) {
      const count = inner.addTransfers(batchId, items)
      closed ??= made.engine.close()
      return count
    }
  }
  const made = await rig({ journal, files: library?.files ?? null })
  open.push(made)
  return Object.assign(made, {
    async closed() {
      await until('some rows', () => closed !== null)
      await closed
    }
  })
}

/** Malformed, so that each ends at once when it is tried; the first comes twice. */
const IDS = ['bad 0', ...Array.from({ length: COUNT - 1 }, (_, i) => `bad ${i}`)]

/** Ends the program when a part of the rows is journalled, and starts it again. */
async function endedHalfway(
  made: Rig & { closed: () => Promise<void> },
  begin: (engine: TransferEngine) => { batchId: number }
): Promise<number> {
  const { batchId } = begin(made.engine)
  await made.closed()
  expect(made.journal.totals(batchId).totalFiles).toBeLessThan(COUNT)
  made.journal.patchBatch(batchId, { paused: true })
  await made.restart()
  await made.engine.enqueued(batchId)
  return batchId
}

const BEGIN: Record<string, (engine: TransferEngine, target: string) => { batchId: number }> = {
  download: (engine, target) => engine.download({ profileId: PROFILE, fileIds: IDS, target }),
  zip: (engine, target) => engine.zip({ profileId: PROFILE, fileIds: IDS, target: join(target, 'a.zip') }),
  metadata: (engine) => engine.metadata({ profileId: PROFILE, fileIds: IDS, set: { a: '1' }, remove: [] }),
  changes: (engine) =>
    engine.metadata({
      profileId: PROFILE,
      set: {},
      remove: [],
      changes: IDS.map((fileId, i) => ({ fileId, set: { n: String(i) }, remove: ['x'] }))
    }),
  remove: (engine) => engine.remove({ profileId: PROFILE, fileIds: IDS })
}

test.each(Object.keys(BEGIN))('a batch (%s) of which half the rows were journalled is made to its end, each row once', async (kind) => {
  const made = await closing()
  const target = await tempDir()
  const batchId = await endedHalfway(made, (engine) => BEGIN[kind]!(engine, target))
  const rows = made.journal.page(batchId, {}, -1, 2 * COUNT)
  expect(rows.map(({ fileId }) => fileId)).toEqual(IDS)
  expect(made.engine.batch(batchId)).toMatchObject({ paused: true, scanning: false, totalFiles: COUNT, counts: { queued: COUNT } })
  expect(made.notices).toEqual([])
  // What it was made of is kept no longer than needed.
  expect(JSON.stringify(made.journal.batch(batchId)!.options)).not.toContain('bad 1')
})

test('every file still gets its own change', async () => {
  const made = await closing()
  const batchId = await endedHalfway(made, (engine) => BEGIN['changes']!(engine, ''))
  const last = made.journal.page(batchId, {}, COUNT - 2, 10)
  expect(last.map(({ state }) => state)).toEqual([{ change: { set: { n: String(COUNT - 1) }, remove: ['x'] } }])
})

test('a title that is made from the rows counts those of before', async () => {
  const made = await closing()
  const target = await tempDir()
  const batchId = await endedHalfway(made, (engine) => BEGIN['download']!(engine, target))
  expect(made.engine.batch(batchId)).toMatchObject({ title: 'bad 0', more: COUNT - 1 })
})

test('a selection of the library is taken up again, whole and without doubles', async () => {
  const library = await openLibrary({ path: join(await tempDir(), 'library.db') })
  const files = Array.from({ length: COUNT }, (_, i) => ({
    fileId: idOf(i),
    name: `${i}.bin`,
    origin: 'upload' as const
  }))
  library.files.upsert(PROFILE, files)
  open.push(library)
  const made = await closing(library)
  const selection = { query: {}, exceptIds: [] }
  const batchId = await endedHalfway(made, (engine) => engine.remove({ profileId: PROFILE, selection }))
  const rows = made.journal.page(batchId, {}, -1, 2 * COUNT)
  expect(rows).toHaveLength(COUNT)
  expect(new Set(rows.map((row) => row.fileId))).toEqual(new Set(files.map((file) => file.fileId)))
})

test('dropped files of any number are enumerated again', async () => {
  const made = await closing()
  const dir = await tempDir()
  const paths = [...makeFiles(dir, Object.fromEntries(Array.from({ length: COUNT }, (_, i) => [`${i}.txt`, Buffer.alloc(0)]))).keys()]
  const batchId = await endedHalfway(made, (engine) => engine.upload({ profileId: PROFILE, paths }))
  const rows = made.journal.page(batchId, {}, -1, 2 * COUNT)
  expect(rows.map(({ localPath }) => localPath)).toEqual(paths)
})

test('a journal that takes neither rows nor the news of that is told, and ends nothing else', async () => {
  const inner = createMemoryJournal()
  const full = (): never => {
    throw new AppError('LOCAL_DISK_FULL')
  }
  const made = await rig({ journal: { ...inner, addTransfers: full, moveAll: full }, files: null })
  open.push(made)
  const dir = await tempDir()
  makeFiles(dir, { 'a.txt': 10 })
  const { batchId } = made.engine.upload({ profileId: PROFILE, paths: [dir] })
  await until('told', () => made.notices.some((notice) => notice.code === 'JOURNAL_FAILED'))
  expect(made.engine.batch(batchId)?.counts.done).toBe(0)
})
