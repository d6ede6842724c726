import { randomBytes } from 'node:crypto'
import { appendFileSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { StoreClient } from '../../../src/main/cluster/types.ts'
import { parseFileId } from '../../../src/shared/file-id.ts'
import { systemClock } from '../../../src/main/transfer/clock.ts'
import { parseUploadState } from '../../../src/main/transfer/states.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { PROFILE, isReconciled, makeFiles, remoteBytes, rig, until, watched } from './engine-kit.ts'
import type { Rig, RigOptions } from './engine-kit.ts'

const MODIFY = 34
const UPLOAD = 11
const REGENERATE = 38
const CHUNK = 1_000_000
const RESUMABLE = { resumableThresholdBytes: 1_000_000, chunkBytes: CHUNK }

let open: Rig[] = []
async function started(options: RigOptions = {}): Promise<Rig> {
  const made = await rig({
    ...options,
    settings: { ...RESUMABLE, ...options.settings },
    store: { networkTimeoutMs: 1_000, ...options.store }
  })
  open.push(made)
  return made
}
afterEach(async () => {
  for (const made of open) await made.close()
  open = []
})

/** Every remote file of the cluster's storages, by looking at their disks. */
function storedFiles(rig: Rig): string[] {
  return Object.values(rig.cluster.groups)
    .flat()
    .flatMap((storage) => readdirSync(storage.dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.length >= 27 && !entry.name.endsWith('-m') && /^[A-Za-z0-9_.-]+$/.test(entry.name))
    .filter((entry) => /data\/[0-9A-F]{2}\/[0-9A-F]{2}$/.test(entry.parentPath))
    .map((entry) => join(entry.parentPath, entry.name))
}

async function uploadOne(made: Rig, size: number, path?: string): Promise<{ batchId: number; content: Buffer }> {
  const dir = await tempDir()
  const content = randomBytes(size)
  const file = path ?? join(dir, 'file.bin')
  writeFileSync(file, content)
  return { batchId: made.engine.upload({ profileId: PROFILE, paths: [file] }).batchId, content }
}

async function expectStored(made: Rig, batchId: number, content: Buffer): Promise<string> {
  const view = await made.engine.settled(batchId)
  expect(view.error).toBe(null)
  expect(view.counts.done).toBe(1)
  const fileId = made.rows(batchId)[0]!.fileId!
  expect((await remoteBytes(made.store, fileId)).equals(content)).toBe(true)
  return fileId
}

test('a chunk that is cut, stalled or whose answer is lost is sent again to the same place; one remote file in the end', async () => {
  const made = await started()
  const storage = 'group1/0'
  made.cluster.faults.add({ server: storage, command: MODIFY, skip: 0, times: 1, fault: { kind: 'cut', afterBytes: 400_000 } })
  made.cluster.faults.add({ server: storage, command: MODIFY, skip: 1, times: 1, fault: { kind: 'drop-answer', reset: true } })
  made.cluster.faults.add({ server: storage, command: MODIFY, skip: 2, times: 1, fault: { kind: 'cut', afterBytes: 10, reset: true } })
  made.cluster.faults.add({ server: storage, command: MODIFY, skip: 3, times: 1, fault: { kind: 'stall', afterBytes: 300_000 } })
  const { batchId, content } = await uploadOne(made, 5_500_000)
  const fileId = await expectStored(made, batchId, content)
  expect(parseFileId(fileId).kind).toBe('normal')
  expect(storedFiles(made).length).toBe(1)
}, 30_000)

test('a storage killed in the middle of a chunk and started again ends with exactly the bytes', async () => {
  const made = await started()
  let kills = 0
  const store: StoreClient = watched(made.store, (call, args) => {
    if (call === 'modify' && (args[2] as number) >= 2 * CHUNK && kills === 0) {
      kills += 1
      setTimeout(
        () => void made.cluster.faults.kill('group1/0').then(() => setTimeout(() => void made.cluster.faults.restart('group1/0'), 300)),
        3
      )
    }
  })
  await made.restart({ store: () => store })
  const { batchId, content } = await uploadOne(made, 6_000_000)
  await expectStored(made, batchId, content)
  expect(kills).toBe(1)
}, 30_000)

test('bytes that the source lost are noticed and sent again from where it is whole', async () => {
  const made = await started()
  let lost = false
  const store = watched(made.store, (call, args) => {
    if (call === 'modify' && (args[2] as number) === 3 * CHUNK && !lost) {
      lost = true
      truncateSync(storedFiles(made)[0]!, 1_234_567)
    }
  })
  await made.restart({ store: () => store })
  const { batchId, content } = await uploadOne(made, 5_000_000)
  await expectStored(made, batchId, content)
  expect(lost).toBe(true)
}, 30_000)

test('damage on the source is found by its CRC-32, removed, and the file is sent anew', async () => {
  const made = await started()
  let damaged = false
  const store = watched(made.store, (call, args) => {
    if (call === 'modify' && (args[2] as number) === 2 * CHUNK && !damaged) {
      damaged = true
      const path = storedFiles(made)[0]!
      const size = statSync(path).size
      truncateSync(path, 70_000)
      truncateSync(path, size)
    }
  })
  await made.restart({ store: () => store })
  const { batchId, content } = await uploadOne(made, 4_000_000)
  await expectStored(made, batchId, content)
  expect(damaged).toBe(true)
  expect(storedFiles(made).length).toBe(1)
}, 30_000)

test('the engine closed in the middle goes on afterwards, and sends at most one chunk twice', async () => {
  const made = await started()
  const offsets: number[] = []
  const store = watched(made.store, (call, args) => {
    if (call === 'modify') offsets.push(args[2] as number)
  })
  await made.restart({ store: () => store })
  made.settings.uploadLimitBytes = 8_000_000
  const { batchId, content } = await uploadOne(made, 12_000_000)
  await until('some chunks', () => offsets.length >= 4)
  const before = [...offsets]
  made.settings.uploadLimitBytes = 0
  await made.restart({ store: () => store })
  await expectStored(made, batchId, content)
  const twice = offsets.slice(before.length).filter((offset) => before.includes(offset))
  expect(twice.length).toBeLessThanOrEqual(1)
  expect(storedFiles(made).length).toBe(1)
}, 30_000)

test('a source file that changed in between, in size or only in content, is sent anew from the start, and the user is told', async () => {
  for (const size of [5_000_000, 6_000_000]) {
    const made = await started()
    const dir = await tempDir()
    const path = join(dir, 'changing.bin')
    made.settings.uploadLimitBytes = 4_000_000
    const { batchId } = await uploadOne(made, 6_000_000, path)
    await until('half of it', () => (made.engine.batch(batchId)?.doneBytes ?? 0) > 2_500_000)
    await made.engine.control('pause', { batchId })
    const other = randomBytes(size)
    writeFileSync(path, other)
    made.settings.uploadLimitBytes = 0
    await made.engine.control('resume', { batchId })
    await expectStored(made, batchId, other)
    expect(made.notices.map((notice) => notice.code)).toContain('SOURCE_CHANGED')
    expect(storedFiles(made).length).toBe(1)
  }
}, 30_000)

test('a source file replaced by an equal one goes on where it was', async () => {
  const made = await started()
  const dir = await tempDir()
  const path = join(dir, 'touched.bin')
  made.settings.uploadLimitBytes = 4_000_000
  const { batchId, content } = await uploadOne(made, 6_000_000, path)
  await until('half of it', () => (made.engine.batch(batchId)?.doneBytes ?? 0) > 2_500_000)
  await made.engine.control('pause', { batchId })
  const { mtime } = statSync(path)
  renameSync(path, `${path}.2`)
  writeFileSync(path, content)
  utimesSync(path, mtime, mtime)
  made.settings.uploadLimitBytes = 0
  await made.engine.control('resume', { batchId })
  await expectStored(made, batchId, content)
  expect(made.notices.map((notice) => notice.code)).not.toContain('SOURCE_CHANGED')
}, 30_000)

test('a file that never stops changing is given up with its own code, and nothing of it stays on the server', async () => {
  const made = await started()
  const dir = await tempDir()
  const path = join(dir, 'log.txt')
  const store = watched(made.store, (call) => {
    if (call === 'upload' || call === 'modify') appendFileSync(path, 'one more line\n')
  })
  await made.restart({ store: () => store })
  const { batchId } = await uploadOne(made, 1_500_000, path)
  const view = await made.engine.settled(batchId)
  expect(view.error?.code).toBe('SOURCE_CHANGED')
  await until('cleaned up', () => storedFiles(made).length === 0)
}, 30_000)

test('a lost answer of command 38 is resolved by the listing: the file has its new ID', async () => {
  const made = await started()
  const lost = made.cluster.faults.add({ server: 'group1/0', command: REGENERATE, times: 1, fault: { kind: 'drop-answer', reset: true } })
  const { batchId, content } = await uploadOne(made, 2_500_000)
  const fileId = await expectStored(made, batchId, content)
  expect(lost.hits).toBe(1)
  expect(parseFileId(fileId)).toMatchObject({ kind: 'normal', sizeBytes: 2_500_000 })
  expect(await made.store.getMetadata(fileId)).toEqual({ filename: 'file.bin' })
  expect(storedFiles(made).length).toBe(1)
}, 30_000)

test('with a replica away the appender keeps its ID, complete and described', async () => {
  const made = await started({ cluster: { groups: { group1: 2 } } })
  made.cluster.faults.setStatus('group1/1', 5)
  made.cluster.faults.pauseSync('group1/0')
  const { batchId, content } = await uploadOne(made, 2_500_000)
  const fileId = await expectStored(made, batchId, content)
  expect(parseFileId(fileId).kind).toBe('appender')
  expect(await made.store.getMetadata(fileId)).toEqual({ filename: 'file.bin' })
}, 30_000)

test('a replica that is a little behind is waited for before the file is finished', async () => {
  const made = await started({ cluster: { groups: { group1: 2 }, syncDelayMs: 400 } })
  const { batchId, content } = await uploadOne(made, 2_500_000)
  const fileId = await expectStored(made, batchId, content)
  expect(parseFileId(fileId).kind).toBe('normal')
  await made.cluster.synced(10_000)
  for (const endpoint of await made.store.replicas('group1')) {
    expect(await made.store.info(fileId, { endpoint })).toMatchObject({ sizeBytes: 2_500_000, crc32: parseFileId(fileId).crc32 })
  }
}, 30_000)

test('a setting keeps appenders as they are', async () => {
  const made = await started({ settings: { finishAppender: 'never' } })
  const { batchId, content } = await uploadOne(made, 2_500_000)
  expect(parseFileId(await expectStored(made, batchId, content)).kind).toBe('appender')
})

test('cancelling deletes the unfinished remote file; what cannot be deleted is listed and removed at the next start', async () => {
  const made = await started()
  made.settings.uploadLimitBytes = 2_000_000
  const first = await uploadOne(made, 6_000_000)
  await until('under way', () => (made.engine.batch(first.batchId)?.doneBytes ?? 0) > 1_500_000)
  await made.engine.control('cancel', { batchId: first.batchId })
  expect((await made.engine.settled(first.batchId)).counts.cancelled).toBe(1)
  await until('deleted', () => storedFiles(made).length === 0)

  const second = await uploadOne(made, 6_000_000)
  await until('under way', () => (made.engine.batch(second.batchId)?.doneBytes ?? 0) > 1_500_000)
  await made.cluster.faults.refuse('tracker')
  await made.cluster.faults.kill('group1/0')
  await made.engine.control('cancel', { batchId: second.batchId })
  await until('listed', () => made.engine.leftovers().length === 1)
  await made.cluster.faults.refuse('tracker', false)
  await made.cluster.faults.restart('group1/0')
  await made.restart()
  await until('deleted', () => made.engine.leftovers().length === 0)
  expect(storedFiles(made).length).toBe(0)
}, 30_000)

test('an answer lost after the last byte of a plain upload is tried again, and the possible orphan is counted', async () => {
  const made = await started()
  made.cluster.faults.add({ server: 'group1/0', command: UPLOAD, times: 1, fault: { kind: 'drop-answer', reset: true } })
  const { batchId, content } = await uploadOne(made, 200_000)
  await expectStored(made, batchId, content)
  const row = made.journal.page(batchId, {}, -1, 1)[0]!
  expect(parseUploadState(row.state).possibleOrphans).toBe(1)
  expect(storedFiles(made).length).toBe(2)
})

test('a full server is waited for', async () => {
  const made = await started()
  made.cluster.faults.diskFull('group1/0')
  const { batchId, content } = await uploadOne(made, 100_000)
  await until('refused once', () => (made.engine.batch(batchId)?.counts.waiting ?? 0) === 1)
  expect(made.engine.snapshot().active[0]!.error?.code).toBe('NO_SPACE')
  made.cluster.faults.diskFull('group1/0', false)
  await expectStored(made, batchId, content)
}, 30_000)

test('with the trackers away the batch waits quietly, tells why, and goes on by itself', async () => {
  const made = await started({ store: { connectTimeoutMs: 500 } })
  await made.cluster.faults.refuse('tracker')
  const dir = await tempDir()
  makeFiles(dir, Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`${i}.txt`, 100])))
  const { batchId } = made.engine.upload({ profileId: PROFILE, paths: [dir] })
  await until('parked', () => made.engine.batch(batchId)?.error?.code === 'CONNECT_REFUSED')
  await new Promise((resolve) => setTimeout(resolve, 700))
  expect(made.engine.batch(batchId)!.counts.failed).toBe(0)
  await made.cluster.faults.refuse('tracker', false)
  const view = await made.engine.settled(batchId)
  expect(view.counts.done).toBe(50)
  expect(isReconciled(view)).toBe(true)
}, 30_000)

test('where waiting for ever is not wanted, a dead tracker fails the whole batch with one code', async () => {
  const made = await started({ store: { connectTimeoutMs: 500 }, engine: { parkAttempts: 2 } })
  await made.cluster.faults.refuse('tracker')
  const dir = await tempDir()
  makeFiles(dir, Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`${i}.txt`, 100])))
  const { batchId } = made.engine.upload({ profileId: PROFILE, paths: [dir] })
  const view = await made.engine.settled(batchId)
  expect(view.counts.failed).toBe(200)
  expect(view.error?.code).toBe('CONNECT_REFUSED')
}, 30_000)

test('files that cannot be sent fail by name with a reason, and the rest of the batch goes on', async () => {
  const made = await started()
  const dir = await tempDir()
  makeFiles(dir, { 'in/ok.txt': 10, 'in/vanishing.txt': 10 })
  symlinkSync('nowhere', join(dir, 'in/broken'))
  await made.engine.control('pause')
  const { batchId } = made.engine.upload({ profileId: PROFILE, paths: [join(dir, 'in'), join(dir, 'never-there')] })
  await made.engine.control('pause', { batchId })
  await made.engine.enqueued(batchId)
  rmSync(join(dir, 'in/vanishing.txt'))
  await made.engine.control('resume', { batchId })
  const view = await made.engine.settled(batchId)
  expect(made.rows(batchId).map((row) => [row.name, row.tag, row.error?.code ?? ''])).toEqual([
    ['broken', 'failed', 'LOCAL_NOT_FOUND'],
    ['ok.txt', 'done', ''],
    ['vanishing.txt', 'failed', 'LOCAL_NOT_FOUND'],
    ['never-there', 'failed', 'LOCAL_NOT_FOUND']
  ])
  expect(isReconciled(view)).toBe(true)
  // The reason is gone: trying again helps.
  makeFiles(dir, { 'in/vanishing.txt': 20, 'never-there': 5 })
  await made.engine.control('retry', { batchId })
  expect((await made.engine.settled(batchId)).counts).toMatchObject({ done: 3, failed: 1 })
})

test('a replica that lost a record is made to fetch the whole file before it is finished', async () => {
  const made = await started({ cluster: { groups: { group1: 2 } } })
  const repairs: number[] = []
  let held = true
  const store = watched(made.store, (call, args) => {
    // As if a record had been lost with a killed source: replication stands still until something new is written.
    if (call === 'modify' && (args[3] as { size: number }).size === 1_048_576) {
      repairs.push(args[2] as number)
      if (held) made.cluster.faults.pauseSync('group1/0', false)
      held = false
    }
  })
  let skipMs = 0
  const clock = { ...systemClock, now: () => Date.now() + skipMs }
  await made.restart({ store: () => store, clock })
  made.cluster.faults.pauseSync('group1/0')
  const { batchId, content } = await uploadOne(made, 3_500_000)
  await until('checking', () => made.rows(batchId)[0]?.step === 'checking')
  await new Promise((resolve) => setTimeout(resolve, 400))
  // More than half of the time a replica is given.
  skipMs = 12_000
  const fileId = await expectStored(made, batchId, content)
  expect(repairs).toEqual([3_500_000 - 1_048_576])
  expect(parseFileId(fileId).kind).toBe('normal')
}, 30_000)
