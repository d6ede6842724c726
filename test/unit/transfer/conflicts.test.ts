import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { tempDir } from '../../support/temp-dir.ts'
import { isReconciled, makeFiles, PROFILE, rig, until } from './engine-kit.ts'
import type { Rig, RigOptions } from './engine-kit.ts'

const rigs: Rig[] = []
afterEach(async () => {
  for (const made of rigs.splice(0)) await made.close()
})

async function started(options: RigOptions = {}): Promise<Rig> {
  const made = await rig(options)
  rigs.push(made)
  return made
}

/** Uploads files; returns their IDs and contents by name. */
async function stored(made: Rig, files: Record<string, number>): Promise<Map<string, { id: string; bytes: Buffer }>> {
  const dir = await tempDir()
  const contents = makeFiles(dir, files)
  const { batchId } = made.engine.upload({ profileId: PROFILE, paths: [dir] })
  await made.engine.settled(batchId)
  const rows = made.rows(batchId)
  return new Map(rows.map((row) => [row.name, { id: row.fileId!, bytes: contents.get(row.localPath!)! }]))
}

/** A batch that asks, with everything else of it done. */
async function asking(made: Rig, ids: readonly string[], target: string): Promise<number> {
  const { batchId } = made.engine.download({ profileId: PROFILE, fileIds: ids, target, conflict: 'ask' })
  await made.engine.enqueued(batchId)
  await until('only questions are left', () => {
    const { counts } = made.engine.batch(batchId)!
    return counts.queued + counts.running + counts.waiting === 0
  })
  return batchId
}

const old = Buffer.from('what was there')

/** Names of the remote files are only known to the server, so they are asked for while the transfer runs. */
async function threeOfWhichTwoAreThere(
  made: Rig
): Promise<{ batchId: number; target: string; files: Map<string, { id: string; bytes: Buffer }> }> {
  const files = await stored(made, { 'a.txt': 100, 'b.txt': 200, 'c.txt': 300_000 })
  const target = await tempDir()
  for (const name of ['a.txt', 'c.txt']) writeFileSync(join(target, name), old)
  await new Promise((resolve) => setTimeout(resolve, 20))
  const batchId = await asking(
    made,
    [...files.values()].map((file) => file.id),
    target
  )
  return { batchId, target, files }
}

test('what is there is asked about once, with everything else done meanwhile; each file gets what was chosen for it', async () => {
  const made = await started()
  const { batchId, target, files } = await threeOfWhichTwoAreThere(made)
  expect(made.engine.batch(batchId)).toMatchObject({ conflicts: 2, finishedAt: null, counts: { done: 1, paused: 2 } })
  const { rows, cursor } = made.engine.conflicts.list(batchId, -1, 100)
  expect(rows.map((row) => [row.name, row.path, row.local?.sizeBytes, row.remote.sizeBytes])).toEqual([
    ['a.txt', join(target, 'a.txt'), old.length, 100],
    ['c.txt', join(target, 'c.txt'), old.length, 300_000]
  ])
  expect(cursor).toBeNull()
  await made.engine.conflicts.resolve(
    batchId,
    [
      { transferId: rows[0]!.transferId, choice: 'overwrite' },
      { transferId: rows[1]!.transferId, choice: 'rename' }
    ],
    undefined
  )
  const view = await made.engine.settled(batchId)
  expect(view).toMatchObject({ conflicts: 0, counts: { done: 3 } })
  expect(isReconciled(view)).toBe(true)
  expect(readFileSync(join(target, 'a.txt'))).toEqual(files.get('a.txt')!.bytes)
  expect(readFileSync(join(target, 'c.txt'))).toEqual(old)
  expect(readFileSync(join(target, 'c (2).txt'))).toEqual(files.get('c.txt')!.bytes)
  expect(readdirSync(target).toSorted()).toEqual(['a.txt', 'b.txt', 'c (2).txt', 'c.txt'])
})

test('one choice for all of them, also for those that are met later', async () => {
  const made = await started()
  const { batchId, target } = await threeOfWhichTwoAreThere(made)
  await made.engine.conflicts.resolve(batchId, [], 'skip')
  expect(await made.engine.settled(batchId)).toMatchObject({ counts: { done: 1, skipped: 2 }, conflicts: 0 })
  for (const name of ['a.txt', 'c.txt']) expect(readFileSync(join(target, name))).toEqual(old)
})

test('questions survive a restart, pausing and resuming the batch; cancelling ends them', async () => {
  const made = await started()
  const { batchId, target } = await threeOfWhichTwoAreThere(made)
  await made.restart()
  expect(made.engine.batch(batchId)).toMatchObject({ conflicts: 2, counts: { paused: 2 } })
  await made.engine.control('pause', { batchId })
  await made.engine.control('resume', { batchId })
  expect(made.engine.batch(batchId)).toMatchObject({ conflicts: 2, counts: { paused: 2 } })
  await made.engine.control('cancel', { batchId })
  expect(made.engine.batch(batchId)).toMatchObject({ conflicts: 0, counts: { done: 1, cancelled: 2 } })
  expect(readFileSync(join(target, 'a.txt'))).toEqual(old)
})

test('resuming one asks again, and deciding it afterwards works', async () => {
  const made = await started()
  const { batchId } = await threeOfWhichTwoAreThere(made)
  const { transferId } = made.engine.conflicts.list(batchId, -1, 1).rows[0]!
  await made.engine.control('resume', { transferId })
  await until('asked again', () => made.engine.batch(batchId)!.counts.paused === 2)
  expect(made.engine.batch(batchId)!.conflicts).toBe(2)
  await made.engine.conflicts.resolve(batchId, [], 'overwrite')
  expect((await made.engine.settled(batchId)).counts.done).toBe(3)
})

test('names that are known beforehand are asked about before anything runs, and files of the batch itself are no conflict', async () => {
  const made = await started({ settings: { downloadNames: 'fileId' } })
  const files = await stored(made, { 'a.txt': 100, 'b.txt': 50 })
  const [first, second] = [...files.values()]
  const target = await tempDir()
  const name = first!.id.split('/').at(-1)!
  writeFileSync(join(target, name), old)
  await new Promise((resolve) => setTimeout(resolve, 20))
  const { batchId } = made.engine.download({
    profileId: PROFILE,
    fileIds: [first!.id, second!.id, second!.id],
    target,
    conflict: 'ask'
  })
  await made.engine.enqueued(batchId)
  expect(made.engine.batch(batchId)!.conflicts).toBe(1)
  await until('the others are done', () => made.engine.batch(batchId)!.counts.done === 2)
  expect(made.engine.batch(batchId)!.counts.paused).toBe(1)
})

test('comparing tells size and CRC-32 of both sides, and what cannot be compared', async () => {
  const made = await started()
  const files = await stored(made, { 'same.txt': 100, 'other.txt': 100, 'folder.txt': 100 })
  const target = await tempDir()
  writeFileSync(join(target, 'same.txt'), files.get('same.txt')!.bytes)
  writeFileSync(join(target, 'other.txt'), old)
  mkdirSync(join(target, 'folder.txt'))
  await new Promise((resolve) => setTimeout(resolve, 20))
  const batchId = await asking(
    made,
    [...files.values()].map((file) => file.id),
    target
  )
  const { rows } = made.engine.conflicts.list(batchId, -1, 100)
  const found = await made.engine.conflicts.compare(rows.map((row) => row.transferId))
  const byName = new Map(rows.map((row, i) => [row.name, found[i]]))
  expect(byName.get('same.txt')).toMatchObject({ same: true, local: { sizeBytes: 100 }, remote: { sizeBytes: 100 }, error: null })
  expect(byName.get('other.txt')).toMatchObject({ same: false, local: { sizeBytes: old.length }, error: null })
  expect(byName.get('folder.txt')).toMatchObject({ same: null, error: expect.objectContaining({ code: expect.stringMatching(/^LOCAL_/) }) })
})
