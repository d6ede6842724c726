import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { parseTrackerAddress } from '../../../src/shared/address.ts'
import { parseFileId } from '../../../src/shared/file-id.ts'
import { activeTest } from '../../../src/main/protocol/both.ts'
import { encodeRequest } from '../../../src/main/protocol/packet.ts'
import type { ContentCommand } from '../../../src/main/protocol/types.ts'
import { appendFile, modifyFile } from '../../../src/main/protocol/storage/change-appender.ts'
import { downloadFile } from '../../../src/main/protocol/storage/download-file.ts'
import { queryFileInfo } from '../../../src/main/protocol/storage/query-file-info.ts'
import { uploadAppender, uploadFile } from '../../../src/main/protocol/storage/upload-file.ts'
import { listStorages } from '../../../src/main/protocol/tracker/list-storages.ts'
import { queryFetchOne, queryUpdate } from '../../../src/main/protocol/tracker/query-fetch.ts'
import { queryStoreOne, queryStoreOneInGroup } from '../../../src/main/protocol/tracker/query-store.ts'
import { startCluster } from '../../support/cluster.ts'
import type { TestCluster } from '../../support/cluster.ts'
import { Wire, ask, get } from '../../support/wire.ts'

// Machines under load are slow, and nothing here depends on how fast it is.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const ENOENT = 2
const ENOSPC = 28
let cluster: TestCluster

beforeEach(async () => {
  cluster = await startCluster({ groups: { group1: 2, group2: 1 } })
})
afterEach(() => cluster.close())

const tracker = () => parseTrackerAddress(cluster.trackers[0]!)
const storage = () => cluster.storage('group1/0')

function put(content: Buffer | string = 'content', appender = false, to = storage()) {
  const bytes = Buffer.from(content)
  return get(to, appender ? uploadAppender : uploadFile, { storePathIndex: 0, sizeBytes: bytes.length, ext: 'txt' }, bytes)
}

/** Sends an upload and whatever comes back until the connection ends or nothing more comes for a moment. */
async function uploadRaw(bytes: Buffer): Promise<Wire> {
  const wire = await Wire.open(storage())
  wire.send(Buffer.concat([encodeRequest(uploadFile, { storePathIndex: 0, sizeBytes: bytes.length, ext: 'txt' }), bytes]))
  return wire
}

async function downloadRaw(file: { group: string; remoteName: string }): Promise<Wire> {
  const wire = await Wire.open(storage())
  wire.send(encodeRequest(downloadFile, { ...file, offset: 0, count: 0 }))
  return wire
}

function storedFiles(): string[] {
  const dir = join(storage().dir, 'data/00/00')
  return existsSync(dir) ? readdirSync(dir) : []
}

test('a wrong status comes instead of the command', async () => {
  const rule = cluster.faults.add({ server: 'group1/0', command: 11, fault: { kind: 'status', status: ENOSPC } })
  expect(await ask(storage(), uploadFile, { storePathIndex: 0, sizeBytes: 1, ext: '' }, Buffer.from('x'))).toMatchObject({
    status: ENOSPC,
    closed: false
  })
  expect(rule.hits).toBe(1)
  expect(storedFiles()).toEqual([])
  rule.remove()
  await put()
})

test('rules may leave requests alone first, hit a number of times, and concern one server', async () => {
  const rule = cluster.faults.add({ server: 'group1/0', command: 111, skip: 1, times: 2, fault: { kind: 'status', status: 5 } })
  const wire = await Wire.open(storage())
  const statuses: (number | undefined)[] = []
  for (let i = 0; i < 5; i++) {
    wire.send(encodeRequest(activeTest, undefined))
    statuses.push((await wire.answer())?.status)
  }
  wire.close()
  expect(statuses).toEqual([0, 5, 5, 0, 0])
  expect(rule.hits).toBe(2)
  expect((await ask(cluster.storage('group1/1'), activeTest, undefined)).status).toBe(0)
})

test('a dropped answer belongs to an executed command', async () => {
  cluster.faults.add({ server: 'group1/0', command: 11, fault: { kind: 'drop-answer' } })
  const wire = await uploadRaw(Buffer.from('orphan'))
  expect(await wire.answer()).toBeNull()
  wire.close()
  expect(storedFiles()).toHaveLength(1)
})

test('an upload is cut after a number of bytes, and nothing stays of it', async () => {
  cluster.faults.add({ server: 'group1/0', command: 11, fault: { kind: 'cut', afterBytes: 700_000, reset: true } })
  const wire = await uploadRaw(Buffer.alloc(1_000_000, 'x'))
  expect(await wire.answer()).toBeNull()
  wire.close()
  await expect.poll(() => readdirSync(join(storage().dir, 'data/.tmp')), { timeout: 20_000 }).toEqual([])
  expect(storedFiles()).toEqual([])
})

test('a download is cut after a number of bytes', async () => {
  const file = await put(Buffer.alloc(1_000_000, 'x'))
  cluster.faults.add({ server: 'group1/0', command: 14, fault: { kind: 'cut', afterBytes: 300_000 } })
  const wire = await downloadRaw(file)
  expect(await wire.toEnd()).toHaveLength(300_010)
  wire.close()
})

test('small answers are cut too, and 0 bytes means no answer at all', async () => {
  const file = await put('small content')
  cluster.faults.add({ server: 'group1/0', command: 14, times: 1, fault: { kind: 'cut', afterBytes: 5 } })
  let wire = await downloadRaw(file)
  expect((await wire.toEnd()).toString('latin1', 10)).toBe('small')
  cluster.faults.clear()
  cluster.faults.add({ server: 'group1/0', command: 14, fault: { kind: 'cut' } })
  wire = await downloadRaw(file)
  expect(await wire.toEnd()).toHaveLength(0)
})

test('a stalled answer stays open in silence', async () => {
  const file = await put(Buffer.alloc(1_000_000, 'x'))
  cluster.faults.add({ server: 'group1/0', command: 14, fault: { kind: 'stall', afterBytes: 300_000 } })
  const wire = await downloadRaw(file)
  expect(await wire.bytes(300_010)).toHaveLength(300_010)
  const more = await Promise.race([wire.bytes(1), new Promise((resolve) => setTimeout(() => resolve('silence'), 100))])
  expect(more).toBe('silence')
  wire.close()
})

test('one byte of a download arrives wrong', async () => {
  const content = Buffer.alloc(1_000_000, 'x')
  const file = await put(content)
  cluster.faults.add({ server: 'group1/0', command: 14, fault: { kind: 'corrupt', atByte: 654_321 } })
  const { body } = await ask(storage(), downloadFile, { ...file, offset: 0, count: 0 })
  expect(body.length).toBe(content.length)
  const wrong = [...body.entries()].filter(([i, byte]) => byte !== content[i]).map(([i]) => i)
  expect(wrong).toEqual([654_321])
})

test('a delayed answer comes later', async () => {
  cluster.faults.add({ server: 'tracker', command: 101, fault: { kind: 'delay', ms: 150 } })
  const began = performance.now()
  await get(tracker(), queryStoreOne, undefined)
  expect(performance.now() - began).toBeGreaterThanOrEqual(149)
})

test('refused connections fail while open ones live on', async () => {
  const open = await Wire.open(storage())
  await cluster.faults.refuse('group1/0')
  await expect(Wire.open(storage())).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  open.send(encodeRequest(activeTest, undefined))
  expect((await open.answer())?.status).toBe(0)
  open.close()
  await cluster.faults.refuse('group1/0', false)
  await put()
})

test('a frozen storage takes connections and answers when it thaws', async () => {
  cluster.faults.freeze('group1/0')
  const wire = await Wire.open(storage())
  wire.send(encodeRequest(activeTest, undefined))
  const answer = wire.answer()
  expect(await Promise.race([answer, new Promise((resolve) => setTimeout(() => resolve('silence'), 100))])).toBe('silence')
  cluster.faults.freeze('group1/0', false)
  expect((await answer)?.status).toBe(0)
  wire.close()
})

test('a killed storage resets its connections, is OFFLINE at the tracker, and serves its files after a restart', async () => {
  const file = await put('survives')
  const appender = await put('begin', true)
  const wire = await Wire.open(storage())
  wire.send(Buffer.concat([encodeRequest(appendFile, { remoteName: appender.remoteName, sizeBytes: 3_000_000 }), Buffer.alloc(1_500_000)]))
  await expect
    .poll(async () => (await get(storage(), queryFileInfo, { ...appender, skipCrc: true })).sizeBytes, { timeout: 20_000 })
    .toBeGreaterThan(5)
  await cluster.faults.kill('group1/0')
  expect(await wire.answer()).toBeNull()
  await expect(Wire.open(storage())).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  const { storages } = await get(tracker(), listStorages, { group: 'group1' })
  expect(storages.map((s) => s.status)).toEqual([5, 7])
  expect(await get(tracker(), queryUpdate, file)).toMatchObject({ host: cluster.storage('group1/1').host })
  const { port } = storage()
  await cluster.faults.restart('group1/0')
  expect(storage().port).toBe(port)
  expect(await get(storage(), queryFileInfo, file)).toMatchObject({ sizeBytes: 8 })
  expect(await get(storage(), queryFileInfo, appender)).toMatchObject({ sizeBytes: 5 })
})

test('with the only storage of a group away, its questions are ENOENT and others go elsewhere', async () => {
  const file = await put('x', false, cluster.storage('group2/0'))
  await cluster.faults.kill('group2/0')
  expect((await ask(tracker(), queryStoreOneInGroup, { group: 'group2' })).status).toBe(ENOENT)
  expect((await ask(tracker(), queryFetchOne, file)).status).toBe(ENOENT)
  for (let i = 0; i < 3; i++) expect((await get(tracker(), queryStoreOne, undefined)).group).toBe('group1')
  await cluster.faults.kill('group1/0')
  await cluster.faults.kill('group1/1')
  expect((await ask(tracker(), queryStoreOne, undefined)).status).toBe(ENOENT)
})

test('a full disk is 28 at the tracker, for direct uploads and in the middle of an append', async () => {
  const appender = await put('begin', true)
  const wire = await Wire.open(storage())
  wire.send(Buffer.concat([encodeRequest(appendFile, { remoteName: appender.remoteName, sizeBytes: 3_000_000 }), Buffer.alloc(1_500_000)]))
  await expect
    .poll(async () => (await get(storage(), queryFileInfo, { ...appender, skipCrc: true })).sizeBytes, { timeout: 20_000 })
    .toBeGreaterThan(5)
  for (const name of ['group1/0', 'group1/1', 'group2/0']) cluster.faults.diskFull(name)
  wire.send(Buffer.alloc(1_500_000))
  expect((await wire.answer())?.status).toBe(ENOSPC)
  wire.close()
  expect(await get(storage(), queryFileInfo, appender)).toMatchObject({ sizeBytes: 5 })
  expect(await ask(storage(), uploadFile, { storePathIndex: 0, sizeBytes: 1, ext: '' }, Buffer.from('x'))).toMatchObject({
    status: ENOSPC,
    closed: false
  })
  // The tracker looks at the space that is there, and a reserve of 0 is met by 0.
  cluster.faults.freeSpace('group1/0', -1)
  cluster.faults.freeSpace('group1/1', -1)
  expect((await ask(tracker(), queryStoreOneInGroup, { group: 'group1' })).status).toBe(ENOSPC)
  cluster.faults.freeSpace('group1/0', null)
  await put()
})

test.each([appendFile, modifyFile])('$name that no longer fits with its last piece is answered once', async (command) => {
  const appender = await put('begin', true)
  cluster.faults.diskFull('group1/0')
  const wire = await Wire.open(storage())
  const content = Buffer.alloc(300_000)
  const request = { remoteName: appender.remoteName, offset: 0, sizeBytes: content.length }
  wire.send(Buffer.concat([encodeRequest(command as ContentCommand<typeof request, void>, request), content]))
  expect((await wire.answer())?.status).toBe(ENOSPC)
  wire.send(encodeRequest(activeTest, undefined))
  expect(await wire.answer()).toEqual({ status: 0, body: Buffer.alloc(0) })
  wire.close()
  expect(await get(storage(), queryFileInfo, appender)).toMatchObject({ sizeBytes: 5 })
})

test.each([
  { command: appendFile, fault: { kind: 'cut', afterBytes: 0 } },
  { command: appendFile, fault: { kind: 'cut', afterBytes: 0, reset: true } },
  { command: modifyFile, fault: { kind: 'cut', afterBytes: 0 } },
  { command: modifyFile, fault: { kind: 'cut', afterBytes: 0, reset: true } }
] as const)('$command.name cut before its first byte ($fault) changes nothing', async ({ command, fault }) => {
  const appender = await put('begin', true)
  const rule = cluster.faults.add({ server: 'group1/0', command: command.code, fault })
  for (const bytes of [0, 10, 3_000_000]) {
    const wire = await Wire.open(storage())
    const request = { remoteName: appender.remoteName, offset: 0, sizeBytes: bytes }
    wire.send(Buffer.concat([encodeRequest(command as ContentCommand<typeof request, void>, request), Buffer.alloc(bytes)]))
    expect(await wire.answer()).toBeNull()
    wire.close()
  }
  expect(rule.hits).toBe(3)
  expect(await get(storage(), queryFileInfo, appender)).toMatchObject({ sizeBytes: 5 })
})

test('content that stalls before its first byte is not answered and holds nobody else up', async () => {
  const appender = await put('begin', true)
  cluster.faults.add({ server: 'group1/0', command: modifyFile.code, fault: { kind: 'stall', afterBytes: 0 } })
  const wire = await Wire.open(storage())
  wire.send(Buffer.concat([encodeRequest(modifyFile, { ...appender, offset: 0, sizeBytes: 3_000_000 }), Buffer.alloc(3_000_000)]))
  for (let i = 0; i < 5; i++) expect(await get(storage(), queryFileInfo, appender)).toMatchObject({ sizeBytes: 5 })
  expect(wire.socket.readableEnded).toBe(false)
  wire.close()
})

test('a shifted clock shows in the names', async () => {
  cluster.faults.clockShift('group1/0', 3_600_000)
  const file = await put()
  const { createdAtSeconds } = parseFileId(`${file.group}/${file.remoteName}`)
  expect(createdAtSeconds - Date.now() / 1000).toBeGreaterThan(3590)
})

test('a forced status and mode decide what the tracker offers', async () => {
  cluster.faults.setStatus('group1/0', 1)
  for (let i = 0; i < 3; i++)
    expect(await get(tracker(), queryStoreOneInGroup, { group: 'group1' })).toMatchObject({ host: cluster.storage('group1/1').host })
  await put() // asked directly it serves
  cluster.faults.setStatus('group1/0', null)
  cluster.faults.setMode('group1/1', { writable: false })
  for (let i = 0; i < 3; i++)
    expect(await get(tracker(), queryStoreOneInGroup, { group: 'group1' })).toMatchObject({ host: storage().host })
  const { storages } = await get(tracker(), listStorages, { group: 'group1' })
  expect(storages.map((s) => s.rwMode)).toEqual([6, 4])
})

test('an unknown server is refused', () => {
  expect(() => cluster.faults.add({ server: 'group9/0', fault: { kind: 'cut' } })).toThrow(
    expect.objectContaining({ code: 'INPUT_INVALID' })
  )
})
