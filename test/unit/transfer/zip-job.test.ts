import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { bufferSource } from '../../../src/main/client/file-source.ts'
import { readZip } from '../../support/read-zip.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { PROFILE, isReconciled, rig, until, watched } from './engine-kit.ts'
import type { Rig, RigOptions } from './engine-kit.ts'

const DOWNLOAD = 14
const MB = 1_000_000

let open: Rig[] = []
async function started(options: RigOptions = {}): Promise<Rig> {
  const made = await rig({ ...options, store: { networkTimeoutMs: 1_000, ...options.store } })
  open.push(made)
  return made
}
afterEach(async () => {
  for (const made of open) await made.close()
  open = []
})

/** Uploads contents under names, in order. */
async function put(made: Rig, files: Record<string, Buffer>): Promise<string[]> {
  const ids: string[] = []
  for (const [name, content] of Object.entries(files)) {
    const { fileId } = await made.store.upload({ ext: 'bin' }, bufferSource(content))
    await made.store.setMetadata(fileId, { filename: name }, 'overwrite')
    ids.push(fileId)
  }
  return ids
}

function expectSame(found: Map<string, Buffer>, wanted: Record<string, Buffer>): void {
  expect([...found.keys()]).toEqual(Object.keys(wanted))
  for (const [name, content] of Object.entries(wanted)) expect(found.get(name)!.equals(content)).toBe(true)
}

const FILES = {
  'a.txt': Buffer.from('first'),
  '设计图.png': randomBytes(300_000),
  'empty.bin': Buffer.alloc(0),
  'large.bin': randomBytes(20 * MB),
  'z.txt': Buffer.from('last')
}

test('holds every member in order, small and large, under its own name', async () => {
  const made = await started()
  const fileIds = await put(made, FILES)
  const target = join(await tempDir(), 'all.zip')
  const { batchId } = made.engine.zip({ profileId: PROFILE, fileIds, target })
  const view = await made.engine.settled(batchId)
  expect(view.counts.done).toBe(5)
  expect(view.doneBytes).toBe(view.totalBytes)
  expectSame(await readZip(target), FILES)
})

test('equal names get numbers, and no member can take the place of the report', async () => {
  const made = await started()
  const a = await put(made, { 'a.txt': Buffer.from('1') })
  const b = await put(made, { 'A.TXT': Buffer.from('2') })
  const c = await put(made, { '_missing.txt': Buffer.from('3') })
  const d = await put(made, { '../../x/evil.txt': Buffer.from('4') })
  const target = join(await tempDir(), 'all.zip')
  const { batchId } = made.engine.zip({ profileId: PROFILE, fileIds: [...a, ...b, ...c, ...d], target })
  await made.engine.settled(batchId)
  expect([...(await readZip(target)).keys()]).toEqual(['a.txt', 'A (2).TXT', '_missing (2).txt', 'evil.txt'])
})

test('under cuts, silence and wrong bytes the archive is right', async () => {
  const made = await started()
  const fileIds = await put(made, FILES)
  const { faults } = made.cluster
  faults.add({ server: 'group1/0', command: DOWNLOAD, skip: 1, times: 2, fault: { kind: 'cut', afterBytes: 100, reset: true } })
  faults.add({ server: 'group1/0', command: DOWNLOAD, skip: 3, times: 1, fault: { kind: 'corrupt', atByte: 1 } })
  faults.add({ server: 'group1/0', command: DOWNLOAD, skip: 4, times: 1, fault: { kind: 'stall', afterBytes: 50 } })
  const target = join(await tempDir(), 'all.zip')
  const { batchId } = made.engine.zip({ profileId: PROFILE, fileIds, target })
  expect((await made.engine.settled(batchId)).counts.done).toBe(5)
  expectSame(await readZip(target), FILES)
}, 30_000)

test('what cannot be had is left out, counted and listed in the archive', async () => {
  const made = await started()
  const fileIds = await put(made, FILES)
  await made.store.remove(fileIds[1]!)
  await made.store.remove(fileIds[3]!)
  const target = join(await tempDir(), 'all.zip')
  const { batchId } = made.engine.zip({ profileId: PROFILE, fileIds: [...fileIds, 'nonsense'], target })
  const view = await made.engine.settled(batchId)
  expect(view.counts).toMatchObject({ done: 3, failed: 3 })
  expect(isReconciled(view)).toBe(true)
  const found = await readZip(target)
  expect([...found.keys()]).toEqual(['a.txt', 'empty.bin', 'z.txt', '_missing.txt'])
  const report = found.get('_missing.txt')!.toString()
  for (const id of [fileIds[1]!, fileIds[3]!, 'nonsense']) expect(report).toContain(id)
  expect(report).toContain('NOT_FOUND')
})

test('asked to stop at the first missing file, there is no archive; trying again goes on', async () => {
  const made = await started()
  const fileIds = await put(made, FILES)
  await made.store.remove(fileIds[3]!)
  const dir = await tempDir()
  const target = join(dir, 'all.zip')
  const { batchId } = made.engine.zip({ profileId: PROFILE, fileIds, target, onMissing: 'stop' })
  const view = await made.engine.settled(batchId)
  expect(view.error?.code).toBe('NOT_FOUND')
  expect(existsSync(target)).toBe(false)
  expect(isReconciled(view)).toBe(true)
})

test('nothing at all to be had: no archive, every member failed by name', async () => {
  const made = await started()
  const dir = await tempDir()
  const { batchId } = made.engine.zip({ profileId: PROFILE, fileIds: ['a', 'b'], target: join(dir, 'none.zip') })
  const view = await made.engine.settled(batchId)
  expect(view.counts.failed).toBe(2)
  expect(readdirSync(dir)).toEqual([])
})

test('closed in the middle, it goes on where it was; a damaged beginning is noticed', async () => {
  for (const damage of [false, true]) {
    const made = await started()
    const files = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`${i}.bin`, randomBytes(MB / 5)]))
    const fileIds = await put(made, files)
    const dir = await tempDir()
    const target = join(dir, 'all.zip')
    made.settings.downloadLimitBytes = 6 * MB
    const { batchId } = made.engine.zip({ profileId: PROFILE, fileIds, target })
    await until('half', () => (made.engine.batch(batchId)?.counts.done ?? 0) >= 5)
    await made.engine.close()
    const done = made.journal.totals(batchId).counts.done
    expect(done).toBeGreaterThanOrEqual(5)
    expect(done).toBeLessThan(60)
    const part = join(dir, 'all.zip.part')
    if (damage) {
      const bytes = readFileSync(part)
      bytes[MB / 2] = bytes[MB / 2]! ^ 1
      writeFileSync(part, bytes)
    }
    made.settings.downloadLimitBytes = 0
    await made.restart()
    const view = await made.engine.settled(batchId)
    expect(view.counts.done).toBe(60)
    expect(view.doneBytes).toBe(12 * MB)
    expectSame(await readZip(target), files)
    expect(readdirSync(dir)).toEqual(['all.zip'])
  }
}, 30_000)

test('a beginning that was cut at any byte is gone on with', async () => {
  const made = await started()
  const files = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`图 ${i}.bin`, randomBytes(i % 3 === 0 ? MB / 5 : MB / 10)]))
  const fileIds = await put(made, files)
  for (const share of [0, 0.001, 0.3, Math.random(), Math.random(), 1]) {
    const dir = await tempDir()
    const target = join(dir, 'all.zip')
    made.settings.downloadLimitBytes = 4 * MB
    const { batchId } = made.engine.zip({ profileId: PROFILE, fileIds, target })
    await until('some', () => (made.engine.batch(batchId)?.counts.done ?? 0) >= 3)
    await made.engine.close()
    const part = join(dir, 'all.zip.part')
    truncateSync(part, Math.floor(statSync(part).size * share))
    made.settings.downloadLimitBytes = 0
    await made.restart()
    expect((await made.engine.settled(batchId)).counts.done).toBe(40)
    expectSame(await readZip(target), files)
    expect(readdirSync(dir)).toEqual(['all.zip'])
  }
}, 60_000)

test('an existing archive is not replaced; cancelling leaves nothing', async () => {
  const made = await started()
  const fileIds = await put(made, FILES)
  const dir = await tempDir()
  writeFileSync(join(dir, 'all.zip'), 'mine')
  await made.engine.settled(made.engine.zip({ profileId: PROFILE, fileIds, target: join(dir, 'all.zip') }).batchId)
  expect(readdirSync(dir).sort()).toEqual(['all (2).zip', 'all.zip'])
  made.settings.downloadLimitBytes = MB
  const { batchId } = made.engine.zip({ profileId: PROFILE, fileIds, target: join(dir, 'other.zip') })
  await until('begun', () => existsSync(join(dir, 'other.zip.part')))
  await made.engine.control('cancel', { batchId })
  expect(isReconciled(await made.engine.settled(batchId))).toBe(true)
  expect(readdirSync(dir).sort()).toEqual(['all (2).zip', 'all.zip'])
}, 30_000)

test('after failures, trying again makes the archive anew in its place', async () => {
  const made = await started()
  const fileIds = await put(made, FILES)
  made.cluster.faults.add({ server: 'group1/0', command: DOWNLOAD, skip: 1, times: 1, fault: { kind: 'status', status: 2 } })
  const dir = await tempDir()
  const target = join(dir, 'all.zip')
  const { batchId } = made.engine.zip({ profileId: PROFILE, fileIds, target })
  expect((await made.engine.settled(batchId)).counts.failed).toBe(1)
  const before = statSync(target).size
  await made.engine.control('retry', { batchId })
  const view = await made.engine.settled(batchId)
  expect(view.counts.done).toBe(5)
  expect(view.doneBytes).toBe(view.totalBytes)
  expectSame(await readZip(target), FILES)
  expect(statSync(target).size).not.toBe(before)
  expect(readdirSync(dir)).toEqual(['all.zip'])
}, 30_000)

test('pausing stops it, resuming goes on', async () => {
  const made = await started()
  const fileIds = await put(made, FILES)
  const target = join(await tempDir(), 'all.zip')
  made.settings.downloadLimitBytes = 4 * MB
  const { batchId } = made.engine.zip({ profileId: PROFILE, fileIds, target })
  await until('begun', () => (made.engine.batch(batchId)?.doneBytes ?? 0) > MB)
  await made.engine.control('pause', { batchId })
  const still = made.engine.batch(batchId)!
  expect(still.counts.running).toBe(0)
  made.settings.downloadLimitBytes = 0
  await made.engine.control('resume', { batchId })
  expect((await made.engine.settled(batchId)).counts.done).toBe(5)
  expectSame(await readZip(target), FILES)
}, 30_000)

/** An engine whose requests for content are noted: file ID and offset. */
async function notingOffsets(): Promise<{ made: Rig; again: () => Promise<void>; offsetsOf: (fileId: string) => number[] }> {
  const made = await started()
  const asked: { fileId: string; offset: number }[] = []
  const store = watched(made.store, (call, [fileId, request]) => {
    if (call === 'download') asked.push({ fileId: fileId as string, offset: (request as { offset: number }).offset })
  })
  const again = (): Promise<void> => made.restart({ store: () => store })
  await again()
  return { made, again, offsetsOf: (wanted) => asked.flatMap(({ fileId, offset }) => (fileId === wanted ? [offset] : [])) }
}

const LARGE = { 'before.txt': Buffer.from('before'), 'large.bin': randomBytes(20 * MB), 'after.bin': randomBytes(MB) }

test('a large member goes on where its connection broke, however often that happens', async () => {
  const { made, offsetsOf } = await notingOffsets()
  const fileIds = await put(made, LARGE)
  made.settings.maxAttempts = 2
  made.cluster.faults.add({
    server: 'group1/0',
    command: DOWNLOAD,
    skip: 2,
    times: 4,
    fault: { kind: 'cut', afterBytes: 3 * MB, reset: false }
  })
  const target = join(await tempDir(), 'all.zip')
  const { batchId } = made.engine.zip({ profileId: PROFILE, fileIds, target })
  const view = await made.engine.settled(batchId)
  expect(view.counts.done).toBe(3)
  expect(view.doneBytes).toBe(view.totalBytes)
  const offsets = offsetsOf(fileIds[1]!)
  expect(offsets.length).toBeGreaterThanOrEqual(4)
  expect(offsets[0]).toBe(0)
  const steps = offsets.slice(1).map((offset, i) => offset - offsets[i]!)
  expect(Math.min(...steps)).toBeGreaterThan(2 * MB)
  expectSame(await readZip(target), LARGE)
}, 30_000)

/** The program ends while a large member is on its way; `meanwhile` happens to what is there; then it goes on. Its requests. */
async function endedInside(meanwhile: (part: string) => void): Promise<number[]> {
  const { made, again, offsetsOf } = await notingOffsets()
  const fileIds = await put(made, LARGE)
  const dir = await tempDir()
  made.settings.downloadLimitBytes = 8 * MB
  const { batchId } = made.engine.zip({ profileId: PROFILE, fileIds, target: join(dir, 'all.zip') })
  await until('some of it', () => (made.engine.batch(batchId)?.doneBytes ?? 0) > 4 * MB)
  await made.engine.close()
  meanwhile(join(dir, 'all.zip.part'))
  made.settings.downloadLimitBytes = 0
  await again()
  const view = await made.engine.settled(batchId)
  expect(view.counts.done).toBe(3)
  expect(view.doneBytes).toBe(view.totalBytes)
  expectSame(await readZip(join(dir, 'all.zip')), LARGE)
  expect(readdirSync(dir)).toEqual(['all.zip'])
  return offsetsOf(fileIds[1]!)
}

test('a large member goes on where the program ended', async () => {
  const offsets = await endedInside(() => undefined)
  expect(offsets).toEqual([0, expect.any(Number)])
  expect(offsets[1]).toBeGreaterThan(3 * MB)
}, 30_000)

test('of a large member that was damaged meanwhile nothing is kept', async () => {
  const offsets = await endedInside((part) => {
    const bytes = readFileSync(part)
    bytes[2 * MB] = bytes[2 * MB]! ^ 1
    writeFileSync(part, bytes)
  })
  expect(offsets).toEqual([0, expect.any(Number), 0])
}, 30_000)

test('a large member goes on from any byte, also where there is more behind it than belongs to it', async () => {
  const cut = await endedInside((part) => truncateSync(part, Math.floor(1 + Math.random() * statSync(part).size)))
  expect(cut).toHaveLength(2)
  const longer = await endedInside((part) => writeFileSync(part, Buffer.concat([readFileSync(part), randomBytes(30 * MB)])))
  expect(longer.at(-1)).toBe(0)
}, 30_000)

test('a large member that vanishes half-way leaves nothing of itself in the archive', async () => {
  const { made } = await notingOffsets()
  const files = { ...LARGE, 'last.bin': randomBytes(100) }
  const fileIds = await put(made, files)
  const { faults } = made.cluster
  faults.add({ server: 'group1/0', command: DOWNLOAD, skip: 3, times: 1, fault: { kind: 'cut', afterBytes: 9 * MB, reset: true } })
  faults.add({ server: 'group1/0', command: DOWNLOAD, skip: 3, times: 1, fault: { kind: 'status', status: 2 } })
  const target = join(await tempDir(), 'all.zip')
  const view = await made.engine.settled(made.engine.zip({ profileId: PROFILE, fileIds, target }).batchId)
  expect(view.counts).toMatchObject({ done: 3, failed: 1 })
  const found = await readZip(target)
  expect([...found.keys()]).toEqual(['before.txt', 'after.bin', 'last.bin', '_missing.txt'])
  expect(found.get('last.bin')!.equals(files['last.bin'])).toBe(true)
}, 30_000)
