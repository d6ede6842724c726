import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { AppError } from '../../../src/shared/errors.ts'
import { bufferSource } from '../../../src/main/client/file-source.ts'
import { createMemoryJournal } from '../../../src/main/library/memory-journal.ts'
import { openLibrary } from '../../../src/main/library/open.ts'
import type { FileCatalogue, TransferJournal } from '../../../src/main/library/types.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { PROFILE, isReconciled, makeFiles, rig, until } from './engine-kit.ts'
import type { Rig, RigOptions } from './engine-kit.ts'

let open: Rig[] = []
const mounts: string[] = []
async function started(options: RigOptions = {}): Promise<Rig> {
  const made = await rig(options)
  open.push(made)
  return made
}
afterEach(async () => {
  for (const made of open) await made.close()
  for (const path of mounts.splice(0)) execFileSync('umount', [path])
  open = []
})

/** A folder with room for so many bytes; null where the test may not make one. */
async function smallDisk(bytes: number): Promise<string | null> {
  const path = join(await tempDir(), 'disk')
  mkdirSync(path)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', path], { stdio: 'ignore' })
  } catch {
    return null
  }
  mounts.push(path)
  return path
}

/** A journal that refuses every change while `broken()`. */
function fragile(inner: TransferJournal, broken: () => boolean): TransferJournal {
  const check = (): void => {
    if (broken()) throw new AppError('LIBRARY_FAILED', { detail: { reason: 'disk is full' } })
  }
  return {
    ...inner,
    patch(patches, durable) {
      check()
      inner.patch(patches, durable)
    },
    patchBatch(id, patch) {
      check()
      inner.patchBatch(id, patch)
    }
  }
}

test('while the journal cannot be written nothing counts as done, nothing is lost, and the user is told once', async () => {
  let broken = false
  const made = await started({ journal: fragile(createMemoryJournal(), () => broken) })
  const dir = await tempDir()
  makeFiles(dir, Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`${i}.txt`, 2_000])))
  const { batchId } = made.engine.upload({ profileId: PROFILE, paths: [dir] })
  await until('begun', () => (made.engine.batch(batchId)?.counts.done ?? 0) > 20)
  broken = true
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  const { done } = made.engine.batch(batchId)!.counts
  expect(done).toBeLessThan(400)
  broken = false
  const view = await made.engine.settled(batchId)
  expect(view.counts.done).toBe(400)
  expect(isReconciled(view)).toBe(true)
  expect(made.notices.filter((notice) => notice.code === 'JOURNAL_FAILED').length).toBe(1)
  // Each file once: whatever was under way was kept, not sent again.
  expect(new Set(made.rows(batchId).map((row) => row.fileId)).size).toBe(400)
}, 30_000)

test('while the library refuses, uploads do not count as done; afterwards each is listed', async () => {
  const library = await openLibrary({ path: join(await tempDir(), 'library.sqlite') })
  let broken = true
  const files: FileCatalogue = {
    ...library.files,
    upsert(profileId, inputs) {
      if (broken) throw new AppError('LIBRARY_LOCKED')
      return library.files.upsert(profileId, inputs)
    }
  }
  const made = await started({ journal: library.journal, files })
  const dir = await tempDir()
  makeFiles(dir, { 'a.txt': 10, 'b.txt': 20 })
  const { batchId } = made.engine.upload({ profileId: PROFILE, paths: [dir] })
  await until('told', () => made.notices.some((notice) => notice.code === 'JOURNAL_FAILED'))
  expect(made.engine.batch(batchId)!.counts.done).toBe(0)
  broken = false
  expect((await made.engine.settled(batchId)).counts.done).toBe(2)
  expect(library.files.count(PROFILE, {})).toBe(2)
  await made.close()
  open = []
  await library.close()
}, 30_000)

test('a full disk fails downloads with its own code, leaves no broken file, and trying again after making room helps', async (context) => {
  const disk = await smallDisk(3_000_000)
  if (disk === null) return context.skip()
  const made = await started()
  const put = async (size: number) => (await made.store.upload({ ext: 'bin' }, bufferSource(randomBytes(size)))).fileId
  const fileIds = [await put(1_000), await put(2_900_000), await put(200_000)]
  writeFileSync(join(disk, 'filler'), randomBytes(1_500_000))
  const { batchId } = made.engine.download({ profileId: PROFILE, fileIds, target: disk })
  const view = await made.engine.settled(batchId)
  expect(view.counts).toMatchObject({ done: 2, failed: 1 })
  expect(view.error?.code).toBe('LOCAL_DISK_FULL')
  rmSync(join(disk, 'filler'))
  rmSync(made.rows(batchId)[2]!.localPath!)
  await made.engine.control('retry', { batchId })
  expect((await made.engine.settled(batchId)).counts.done).toBe(3)
  expect(readdirSync(disk).some((name) => name.endsWith('.part'))).toBe(false)
}, 30_000)

test('a disk that fills up in the middle of an archive: no archive, no member done; it goes on after making room', async (context) => {
  const disk = await smallDisk(4_000_000)
  if (disk === null) return context.skip()
  const made = await started()
  const fileIds: string[] = []
  for (let i = 0; i < 10; i++) fileIds.push((await made.store.upload({ ext: 'bin' }, bufferSource(randomBytes(300_000)))).fileId)
  writeFileSync(join(disk, 'filler'), randomBytes(2_000_000))
  const target = join(disk, 'all.zip')
  const { batchId } = made.engine.zip({ profileId: PROFILE, fileIds, target })
  const view = await made.engine.settled(batchId)
  expect(view.error?.code).toBe('LOCAL_DISK_FULL')
  expect(view.counts.done).toBe(0)
  expect(isReconciled(view)).toBe(true)
  rmSync(join(disk, 'filler'))
  await made.engine.control('retry', { batchId })
  const again = await made.engine.settled(batchId)
  expect(again.counts.done).toBe(10)
  expect(again.doneBytes).toBe(3_000_000)
  expect(readdirSync(disk)).toEqual(['all.zip'])
}, 30_000)

test('while the disk takes its time, further files are sent, but not without limit, and none counts as stored before it is on disk', async () => {
  const flushes: (() => void)[] = []
  let slow = true
  const journal: TransferJournal = {
    ...createMemoryJournal(),
    sync: () => (slow ? new Promise((resolve) => flushes.push(resolve)) : Promise.resolve())
  }
  const made = await started({ journal, settings: { concurrency: 4, storeFileName: false } })
  const root = await tempDir()
  makeFiles(root, Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`f${i}.bin`, 64])))
  const { batchId } = made.engine.upload({ profileId: PROFILE, paths: [root] })
  const sent = (): number => made.rows(batchId).filter((row) => row.fileId !== null).length
  await until('many more than there are slots', () => sent() >= 256)
  await new Promise((resolve) => setTimeout(resolve, 100))
  // 256 may wait, and what the slots held when that was reached.
  expect(sent()).toBeLessThanOrEqual(256 + 32)
  expect(made.engine.batch(batchId)?.counts.done).toBe(0)
  slow = false
  for (const flush of flushes) flush()
  const view = await made.engine.settled(batchId)
  expect(view.counts.done).toBe(400)
  expect(isReconciled(view)).toBe(true)
})
