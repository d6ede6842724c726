import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { bufferSource } from '../../../src/main/client/file-source.ts'
import { openLibrary } from '../../../src/main/library/open.ts'
import type { Library } from '../../../src/main/library/types.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { PROFILE, isReconciled, makeFiles, rig, until, watched } from './engine-kit.ts'
import type { Rig, RigOptions } from './engine-kit.ts'

let open: Rig[] = []
let libraries: Library[] = []
async function started(options: RigOptions = {}): Promise<Rig> {
  const made = await rig(options)
  open.push(made)
  return made
}
async function withLibrary(options: RigOptions = {}): Promise<Rig & { library: Library }> {
  const library = await openLibrary({ path: join(await tempDir(), 'library.sqlite') })
  libraries.push(library)
  return Object.assign(await started({ ...options, journal: library.journal, files: library.files }), { library })
}
afterEach(async () => {
  for (const made of open) await made.close()
  for (const library of libraries) await library.close()
  open = []
  libraries = []
})

async function put(made: Rig, text: string): Promise<string> {
  return (await made.store.upload({ ext: 'txt' }, bufferSource(Buffer.from(text)))).fileId
}

const all = (made: { library: Library }) => made.library.files.page(PROFILE, {}, { key: 'name', descending: false }, 10_000).rows

test('uploads are in the library with name, folder, size and metadata by the time they are done', async () => {
  const made = await withLibrary()
  const dir = await tempDir()
  makeFiles(dir, { '项目/图.png': 100, '项目/a/b.txt': 7 })
  const { batchId } = made.engine.upload({ profileId: PROFILE, paths: [join(dir, '项目')], folder: '客户', metadata: { by: '李' } })
  await made.engine.settled(batchId)
  expect(all(made).map((row) => [row.folder, row.name, row.sizeBytes, row.origin, row.metadata])).toEqual([
    ['客户/项目/a', 'b.txt', 7, 'upload', { by: '李', filename: 'b.txt' }],
    ['客户/项目', '图.png', 100, 'upload', { by: '李', filename: '图.png' }]
  ])
})

test('without the setting the name is not written to the server', async () => {
  const made = await started({ settings: { storeFileName: false } })
  const dir = await tempDir()
  makeFiles(dir, { 'a.txt': 3 })
  const { batchId } = made.engine.upload({ profileId: PROFILE, paths: [join(dir, 'a.txt')] })
  await made.engine.settled(batchId)
  expect(await made.store.getMetadata(made.rows(batchId)[0]!.fileId!)).toEqual({})
})

test('metadata of many files: add and change, remove some, replace all; server and library agree', async () => {
  const made = await withLibrary()
  const fileIds = await Promise.all(['1', '2', '3'].map((text) => put(made, text)))
  made.library.files.upsert(
    PROFILE,
    fileIds.map((fileId) => ({ fileId, origin: 'paste' as const }))
  )
  for (const fileId of fileIds) await made.store.setMetadata(fileId, { filename: 'x', old: fileId.slice(-8), keep: 'k' }, 'overwrite')
  const change = async (set: Record<string, string>, remove: string[], overwrite = false) => {
    const { batchId } = made.engine.metadata({ profileId: PROFILE, fileIds, set, remove, overwrite })
    const view = await made.engine.settled(batchId)
    expect(view.counts.done).toBe(3)
  }
  await change({ author: '王' }, [])
  for (const fileId of fileIds) expect(await made.store.getMetadata(fileId)).toMatchObject({ author: '王', keep: 'k', filename: 'x' })
  await change({ author: 'Li' }, ['old', 'never-there'])
  for (const fileId of fileIds) expect(await made.store.getMetadata(fileId)).toEqual({ author: 'Li', keep: 'k', filename: 'x' })
  await change({ only: 'this' }, [], true)
  for (const row of all(made)) {
    expect(await made.store.getMetadata(row.fileId)).toEqual({ only: 'this' })
    expect(row.metadata).toEqual({ only: 'this' })
  }
})

test('metadata that the server would cut or garble is refused before anything is sent', async () => {
  const made = await started()
  const change = (set: Record<string, string>) => () => made.engine.metadata({ profileId: PROFILE, fileIds: [], set, remove: [] })
  expect(change({ ['图'.repeat(22)]: 'x' })).toThrow('METADATA_TOO_LONG')
  expect(change({ a: '图'.repeat(86) })).toThrow('METADATA_TOO_LONG')
  expect(change({ a: 'b\u0002c' })).toThrow('METADATA_INVALID')
  expect(change({ '': 'x' })).toThrow('METADATA_INVALID')
})

test('deletes; what is gone already is fine; the library forgets them', async () => {
  const made = await withLibrary()
  const fileIds = await Promise.all(['1', '2', '3'].map((text) => put(made, text)))
  made.library.files.upsert(
    PROFILE,
    fileIds.map((fileId) => ({ fileId, origin: 'paste' as const }))
  )
  await made.store.remove(fileIds[0]!)
  const { batchId } = made.engine.remove({
    profileId: PROFILE,
    selection: { query: {}, exceptIds: [all(made).find((row) => row.fileId === fileIds[2])!.id] }
  })
  expect((await made.engine.settled(batchId)).counts.done).toBe(2)
  expect(all(made).map((row) => row.fileId)).toEqual([fileIds[2]])
  await expect(made.store.info(fileIds[1]!)).rejects.toThrow('NOT_FOUND')
})

test('a read-only profile refuses every change, and still downloads', async () => {
  let readOnly = true
  const made = await started({ engine: { profile: () => ({ readOnly }) } })
  const fileId = await put(made, 'x')
  const dir = await tempDir()
  makeFiles(dir, { 'a.txt': 3 })
  expect(() => made.engine.upload({ profileId: PROFILE, paths: [dir] })).toThrow('PROFILE_READ_ONLY')
  expect(() => made.engine.metadata({ profileId: PROFILE, fileIds: [fileId], set: {}, remove: [] })).toThrow('PROFILE_READ_ONLY')
  expect(() => made.engine.remove({ profileId: PROFILE, fileIds: [fileId] })).toThrow('PROFILE_READ_ONLY')
  const down = made.engine.download({ profileId: PROFILE, fileIds: [fileId], target: join(dir, 'out') })
  expect((await made.engine.settled(down.batchId)).counts.done).toBe(1)
  // It became read-only after the batch was made.
  readOnly = false
  const { batchId } = made.engine.remove({ profileId: PROFILE, fileIds: [fileId] })
  readOnly = true
  expect((await made.engine.settled(batchId)).error?.code).toBe('PROFILE_READ_ONLY')
})

test('an unknown group fails with its own code, once per file, without waiting', async () => {
  const made = await started()
  const dir = await tempDir()
  makeFiles(dir, { 'a.txt': 3, 'b.txt': 3 })
  const { batchId } = made.engine.upload({ profileId: PROFILE, paths: [dir], group: 'nowhere' })
  const view = await made.engine.settled(batchId)
  expect(view.counts.failed).toBe(2)
  expect(view.error?.code).toBe('GROUP_UNKNOWN')
  expect(() => made.engine.upload({ profileId: PROFILE, paths: [dir], group: 'bad group' })).toThrow('GROUP_INVALID')
})

test('thousands of small files: all arrive, counts add up, the snapshots are few and in order', async () => {
  const made = await withLibrary()
  const dir = await tempDir()
  makeFiles(dir, Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`${i % 25}/${i}.txt`, i % 300])))
  const { batchId } = made.engine.upload({ profileId: PROFILE, paths: [dir] })
  const view = await made.engine.settled(batchId)
  expect(view.counts.done).toBe(2_000)
  expect(isReconciled(view)).toBe(true)
  expect(view.doneBytes).toBe(view.totalBytes)
  expect(made.library.files.count(PROFILE, {})).toBe(2_000)
  const revisions = made.snapshots.map((snapshot) => snapshot.revision)
  expect(revisions).toEqual([...revisions].sort((a, b) => a - b))
  expect(made.snapshots.every((snapshot) => snapshot.active.length <= 64)).toBe(true)
}, 60_000)

test('pausing one transfer leaves the others running; resuming ends it', async () => {
  const made = await started({ settings: { uploadLimitBytes: 2_000_000 } })
  const dir = await tempDir()
  makeFiles(dir, { 'a.bin': 3_000_000, 'b.bin': 10 })
  const { batchId } = made.engine.upload({ profileId: PROFILE, paths: [dir] })
  await until('a runs', () => made.rows(batchId)[0]?.tag === 'running')
  const transferId = made.rows(batchId)[0]!.id
  await made.engine.control('pause', { transferId })
  await until('a rests', () => made.rows(batchId)[0]!.tag === 'paused')
  await until('b is done', () => made.rows(batchId)[1]!.tag === 'done')
  expect(made.engine.batch(batchId)!.finishedAt).toBe(null)
  made.settings.uploadLimitBytes = 0
  await made.engine.control('resume', { transferId })
  expect((await made.engine.settled(batchId)).counts.done).toBe(2)
})

test('pausing everything stops everything, and survives a restart', async () => {
  const made = await started()
  const dir = await tempDir()
  makeFiles(dir, Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`${i}.txt`, 50_000])))
  const { batchId } = made.engine.upload({ profileId: PROFILE, paths: [dir] })
  await until('begun', () => (made.engine.batch(batchId)?.counts.done ?? 0) > 5)
  await made.engine.control('pause')
  await until('still', () => made.engine.snapshot().totals.counts.running === 0)
  const { done } = made.engine.batch(batchId)!.counts
  expect(made.engine.snapshot().totals.paused).toBe(true)
  await made.restart()
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(made.engine.batch(batchId)!.counts.done).toBe(done)
  await made.engine.control('resume')
  expect((await made.engine.settled(batchId)).counts.done).toBe(300)
}, 30_000)

test('cancelling a batch ends it at once; trying again takes up what was cancelled', async () => {
  const made = await started()
  const dir = await tempDir()
  makeFiles(dir, Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`${i}.txt`, 20_000])))
  const { batchId } = made.engine.upload({ profileId: PROFILE, paths: [dir] })
  await until('begun', () => (made.engine.batch(batchId)?.counts.done ?? 0) > 5)
  await made.engine.control('cancel', { batchId })
  const view = await made.engine.settled(batchId)
  expect(view.counts.cancelled).toBeGreaterThan(0)
  expect(isReconciled(view)).toBe(true)
  await made.engine.control('retry', { batchId })
  expect((await made.engine.settled(batchId)).counts.done).toBe(500)
})

test('a cancelled enumeration ends without starting anything', async () => {
  const made = await started()
  const dir = await tempDir()
  makeFiles(dir, Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`${i}.txt`, 1])))
  const { batchId } = made.engine.upload({ profileId: PROFILE, paths: [dir] })
  await made.engine.control('cancel', { batchId })
  const view = await made.engine.settled(batchId)
  expect(view.counts.done).toBe(0)
  expect(isReconciled(view)).toBe(true)
})

test('removing clears a finished batch away; whoever waits for it is told', async () => {
  const made = await started({ settings: { uploadLimitBytes: 100_000 } })
  const dir = await tempDir()
  makeFiles(dir, { 'a.bin': 3_000_000 })
  const { batchId } = made.engine.upload({ profileId: PROFILE, paths: [dir] })
  await made.engine.enqueued(batchId)
  const settled = made.engine.settled(batchId).then(
    (view) => view.counts.cancelled,
    (error: unknown) => String(error)
  )
  await made.engine.control('remove', { batchId })
  expect(await settled).toBe(1)
  expect(made.engine.batch(batchId)).toBe(null)
  expect(made.engine.snapshot().batches).toEqual([])
})

test('small files do not wait behind large ones, and a new batch not behind an old one', async () => {
  const made = await started({ settings: { concurrency: 1, uploadLimitBytes: 3_000_000 } })
  const dir = await tempDir()
  makeFiles(dir, { 'one/0.bin': 6_000_000, 'one/1.bin': 6_000_000, 'one/small.txt': 10, 'two/big.bin': 400_000 })
  const one = made.engine.upload({ profileId: PROFILE, paths: [join(dir, 'one')] })
  await until('one runs', () => made.rows(one.batchId)[0]?.tag === 'running')
  const two = made.engine.upload({ profileId: PROFILE, paths: [join(dir, 'two')] })
  await made.engine.settled(two.batchId)
  expect(made.rows(one.batchId).map((row) => row.tag)).toEqual(['running', 'queued', 'done'])
  made.settings.uploadLimitBytes = 0
  await made.engine.control('resume')
  expect((await made.engine.settled(one.batchId)).counts.done).toBe(3)
}, 30_000)

test('no more large transfers run at once than the settings say', async () => {
  const made = await started({ settings: { concurrency: 3 } })
  let now = 0
  let most = 0
  const store = watched(
    made.store,
    (call) => {
      if (call === 'upload') most = Math.max(most, ++now)
    },
    (call) => {
      if (call === 'upload') now -= 1
    }
  )
  await made.restart({ store: () => store })
  const dir = await tempDir()
  makeFiles(dir, Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${i}.bin`, 400_000])))
  const { batchId } = made.engine.upload({ profileId: PROFILE, paths: [dir] })
  expect((await made.engine.settled(batchId)).counts.done).toBe(20)
  expect(most).toBe(3)
})

test('files in the spool are removed once they are sent or cancelled; others are never touched', async () => {
  const spoolRoot = await tempDir()
  const made = await started({ engine: { spoolRoot } })
  const dir = await tempDir()
  makeFiles(spoolRoot, { 'drop-1/设计/a.txt': 10, 'drop-1/设计/b.txt': 20 })
  makeFiles(dir, { 'own.txt': 5 })
  const { batchId } = made.engine.upload({ profileId: PROFILE, paths: [join(spoolRoot, 'drop-1/设计'), join(dir, 'own.txt')] })
  await made.engine.settled(batchId)
  await until('spool empty', () => readdirSync(spoolRoot).length === 0)
  expect(existsSync(join(dir, 'own.txt'))).toBe(true)
  makeFiles(spoolRoot, { 'drop-2/c.txt': 10 })
  await made.engine.control('pause')
  const second = made.engine.upload({ profileId: PROFILE, paths: [join(spoolRoot, 'drop-2/c.txt')] })
  await made.engine.control('pause', { batchId: second.batchId })
  await made.engine.enqueued(second.batchId)
  await made.engine.control('cancel', { batchId: second.batchId })
  await until('spool empty', () => readdirSync(spoolRoot).length === 0)
})

test('content that the library has already is left out where the user asked for that', async () => {
  const made = await withLibrary()
  const dir = await tempDir()
  const files = makeFiles(dir, { 'a.bin': 1_000, 'big.bin': 500_000 })
  const first = made.engine.upload({ profileId: PROFILE, paths: [dir] })
  await made.engine.settled(first.batchId)
  const again = await tempDir()
  for (const [path, bytes] of files) writeFileSync(join(again, `copy of ${path.split('/').at(-1)}`), bytes)
  writeFileSync(join(again, 'new.bin'), 'new')
  const second = made.engine.upload({ profileId: PROFILE, paths: [again], duplicates: 'skip' })
  const view = await made.engine.settled(second.batchId)
  expect(view.counts).toMatchObject({ skipped: 2, done: 1 })
  const known = new Set(made.rows(first.batchId).map((row) => row.fileId))
  for (const row of made.rows(second.batchId).filter((other) => other.tag === 'skipped')) expect(known.has(row.fileId)).toBe(true)
  const third = made.engine.upload({ profileId: PROFILE, paths: [again] })
  expect((await made.engine.settled(third.batchId)).counts.done).toBe(3)
})

test('a batch that was still being enumerated when the program ended is enumerated to its end, each file once', async () => {
  const made = await started()
  const dir = await tempDir()
  makeFiles(dir, { 'a.txt': 1, 'b.txt': 2 })
  await made.engine.close()
  const options = { kind: 'upload', paths: [dir], group: null, folder: '', metadata: {}, duplicates: 'send', leftovers: [] }
  const lost = made.journal.addBatch({
    profileId: PROFILE,
    kind: 'upload',
    title: 'dir',
    createdAt: 1,
    target: null,
    options,
    scanning: true
  })
  made.journal.addTransfers(lost.id, [{ name: 'a.txt', folder: '', localPath: join(dir, 'a.txt'), fileId: null, sizeBytes: 1 }])
  made.journal.patchBatch(lost.id, { paused: true })
  await made.restart()
  await made.engine.enqueued(lost.id)
  // Whoever had paused it finds it paused.
  expect(made.engine.batch(lost.id)).toMatchObject({ id: lost.id, paused: true, counts: { queued: 2, done: 0 } })
  await made.engine.control('resume', { batchId: lost.id })
  const view = await made.engine.settled(lost.id)
  expect(view.counts.done).toBe(2)
  expect(view.title).toBe('dir')
  expect(made.rows(lost.id).map(({ name }) => name)).toEqual(['a.txt', 'b.txt'])
})

test('rows that cannot be read are reported, and the others go on', async () => {
  const made = await started()
  const dir = await tempDir()
  makeFiles(dir, { 'a.txt': 1, 'b.txt': 2 })
  const { batchId } = made.engine.upload({ profileId: PROFILE, paths: [dir] })
  await made.engine.control('pause', { batchId })
  await made.engine.enqueued(batchId)
  made.journal.patch([{ id: made.rows(batchId)[0]!.id, state: { appender: 'nonsense' } }], true)
  const broken = made.journal.addBatch({
    profileId: PROFILE,
    kind: 'upload',
    title: 'broken',
    createdAt: 1,
    target: null,
    options: { kind: '?' },
    scanning: false
  })
  await made.restart()
  expect(made.notices).toContainEqual(
    expect.objectContaining({ code: 'ROW_UNREADABLE', detail: expect.objectContaining({ batchId: broken.id }) })
  )
  await made.engine.control('resume', { batchId })
  const view = await made.engine.settled(batchId)
  expect(view.counts).toMatchObject({ done: 1, failed: 1 })
  expect(view.error?.code).toBe('LIBRARY_CORRUPT')
})

test('an empty folder is a batch of nothing that ends at once', async () => {
  const made = await started()
  const dir = join(await tempDir(), 'empty')
  mkdirSync(dir)
  const { batchId } = made.engine.upload({ profileId: PROFILE, paths: [dir] })
  expect((await made.engine.settled(batchId)).totalFiles).toBe(0)
})

test('one message tells how a batch ended, however many failed', async () => {
  const made = await started()
  const dir = await tempDir()
  const { batchId } = made.engine.download({ profileId: PROFILE, fileIds: Array.from({ length: 500 }, (_, i) => `bad ${i}`), target: dir })
  await made.engine.settled(batchId)
  expect(made.notices).toEqual([
    expect.objectContaining({ kind: 'error', code: 'BATCH_FAILED', detail: expect.objectContaining({ failed: 500, total: 500 }) })
  ])
})
