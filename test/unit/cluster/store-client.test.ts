import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { bufferSource } from '../../../src/main/client/file-source.ts'
import type { StoreClient } from '../../../src/main/cluster/types.ts'
import { STORAGE_STATE } from '../../../src/main/protocol/index.ts'
import { parseFileId } from '../../../src/shared/file-id.ts'
import { FILE_ID, collector, pattern } from '../../support/client-kit.ts'
import { cluster, storeClient } from '../../support/cluster-kit.ts'

const MISSING = 'group1/M00/00/00/fwABAWsDCdWAQXzqAAAAFCxm7xU024.txt'

async function upload(client: StoreClient, content: Buffer, options: { appender?: boolean; group?: string; ext?: string } = {}) {
  return client.upload({ group: 'group1', ext: 'bin', ...options }, bufferSource(content))
}

async function read(client: StoreClient, fileId: string, request = {}): Promise<Buffer> {
  const sink = collector()
  const result = await client.download(fileId, request, sink)
  expect(result).toMatchObject({ bytes: sink.bytes().length, crc32: crc32(sink.bytes()) })
  return sink.bytes()
}

test.each([
  ['6.16.1', 'ip'],
  ['6.16.1', 'id'],
  ['6.06', 'ip']
] as const)('files come back as they were sent, from servers like %s with an %s as their source', async (behaveLike, addressing) => {
  const { trackers } = await cluster({ groups: { group1: 2, group2: 1 }, behaveLike, addressing, quirks: true })
  const client = storeClient(trackers)
  for (const size of [0, 1, 4096, 300_000, 2_500_000]) {
    const content = pattern(size)
    const stored = await upload(client, content)
    expect(stored).toMatchObject({ sizeBytes: size, crc32: crc32(content) })
    expect(parseFileId(stored.fileId)).toMatchObject({ sizeBytes: size, crc32: crc32(content), ext: 'bin', kind: 'normal' })
    expect((await read(client, stored.fileId)).equals(content)).toBe(true)
    await expect(client.info(stored.fileId)).resolves.toMatchObject({ sizeBytes: size, crc32: crc32(content), endpoint: stored.endpoint })
    await expect(client.source(stored.fileId)).resolves.toEqual(stored.endpoint)
  }
})

test('ranges of a file are read at the offset that was asked for', async () => {
  const { trackers } = await cluster()
  const client = storeClient(trackers)
  const content = pattern(200_000)
  const { fileId } = await upload(client, content)
  expect((await read(client, fileId, { offset: 1000, length: 500 })).equals(content.subarray(1000, 1500))).toBe(true)
  expect((await read(client, fileId, { offset: 199_999 })).equals(content.subarray(199_999))).toBe(true)
  expect(await read(client, fileId, { offset: 200_000 })).toHaveLength(0)
  expect(await read(client, fileId, { length: 0 })).toHaveLength(0)
  await expect(client.download(fileId, { offset: 200_001 }, collector())).rejects.toMatchObject({ code: 'SIZE_MISMATCH' })
})

test('an appender grows by modify at explicit offsets, and becomes a normal file', async () => {
  const { trackers, synced } = await cluster({ groups: { group1: 2 } })
  const client = storeClient(trackers)
  const content = pattern(900_000)
  const { fileId, endpoint } = await upload(client, content.subarray(0, 100_000), { appender: true })
  for (const offset of [100_000, 500_000, 500_000]) {
    const chunk = content.subarray(offset, offset + 400_000)
    await expect(client.modify(endpoint, fileId, offset, bufferSource(chunk))).resolves.toEqual({ crc32: crc32(chunk) })
  }
  expect(await client.source(fileId)).toEqual(endpoint)
  await expect(client.info(fileId)).resolves.toMatchObject({ sizeBytes: 900_000, crc32: crc32(content) })
  await expect(client.info(fileId, { skipCrc: true })).resolves.toMatchObject({ sizeBytes: 900_000, crc32: 0 })
  // The size of an appender is asked for first.
  expect((await read(client, fileId)).equals(content)).toBe(true)
  await synced()
  const newId = await client.regenerate(endpoint, fileId, content.length)
  expect(parseFileId(newId)).toMatchObject({ kind: 'normal', sizeBytes: 900_000, crc32: crc32(content) })
  await expect(client.info(fileId)).rejects.toMatchObject({ code: 'NOT_FOUND', detail: { fileId } })
  expect((await read(client, newId)).equals(content)).toBe(true)
})

test('append and truncate change the size, also to what it is', async () => {
  const { trackers } = await cluster({ quirks: true })
  const client = storeClient(trackers)
  const { fileId, endpoint } = await upload(client, pattern(1000), { appender: true })
  await client.append(endpoint, fileId, bufferSource(pattern(500, 2)))
  await client.append(endpoint, fileId, bufferSource(Buffer.alloc(0)))
  await client.modify(endpoint, fileId, 0, bufferSource(Buffer.alloc(0)))
  expect((await read(client, fileId)).equals(Buffer.concat([pattern(1000), pattern(500, 2)]))).toBe(true)
  await client.truncate(endpoint, fileId, 1500)
  await client.truncate(endpoint, fileId, 10)
  expect((await read(client, fileId)).equals(pattern(10))).toBe(true)
})

test('a refused change of an appender says why, and the next one works', async () => {
  const { trackers } = await cluster()
  const client = storeClient(trackers)
  const { fileId, endpoint } = await upload(client, pattern(1000), { appender: true })
  await expect(client.modify(endpoint, fileId, 1001, bufferSource(pattern(10)))).rejects.toMatchObject({
    code: 'REJECTED',
    detail: { fileId, offset: 1001, status: 22 }
  })
  await client.modify(endpoint, fileId, 1000, bufferSource(pattern(10)))
})

test('a slave is stored beside its master, once', async () => {
  const { trackers } = await cluster({ groups: { group1: 2 } })
  const client = storeClient(trackers)
  const master = await upload(client, pattern(100), { ext: 'jpg' })
  const slave = await client.uploadSlave(master.fileId, { prefix: '_150x150', ext: 'jpg' }, bufferSource(pattern(50)))
  expect(slave.fileId).toBe(master.fileId.replace('.jpg', '_150x150.jpg'))
  expect(slave.endpoint).toEqual(master.endpoint)
  expect((await read(client, slave.fileId)).equals(pattern(50))).toBe(true)
  const again = client.uploadSlave(master.fileId, { prefix: '_150x150', ext: 'jpg' }, bufferSource(pattern(50)))
  await expect(again).rejects.toMatchObject({ code: 'EXISTS' })
  const orphan = client.uploadSlave(MISSING, { prefix: '_s', ext: 'jpg' }, bufferSource(pattern(50)))
  await expect(orphan).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('metadata is merged and overwritten, and none is not the same as no file', async () => {
  const { trackers } = await cluster()
  const client = storeClient(trackers)
  const { fileId } = await upload(client, pattern(10))
  await expect(client.getMetadata(fileId)).resolves.toEqual({})
  await client.setMetadata(fileId, { filename: '图片 1.png', author: 'Ada' }, 'merge')
  await client.setMetadata(fileId, { author: 'Grace' }, 'merge')
  await expect(client.getMetadata(fileId)).resolves.toEqual({ filename: '图片 1.png', author: 'Grace' })
  await client.setMetadata(fileId, { only: 'this' }, 'overwrite')
  await expect(client.getMetadata(fileId)).resolves.toEqual({ only: 'this' })
  await client.setMetadata(fileId, {}, 'overwrite')
  await expect(client.getMetadata(fileId)).resolves.toEqual({})
  await client.remove(fileId)
  await expect(client.getMetadata(fileId)).rejects.toMatchObject({ code: 'NOT_FOUND', detail: { fileId } })
  await expect(client.setMetadata(fileId, { a: 'b' }, 'merge')).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('what cannot be sent is refused before anything is', async () => {
  const client = storeClient([{ host: '127.0.0.1', port: 1 }])
  const source = bufferSource(pattern(1))
  await expect(client.getMetadata('group1/nonsense')).rejects.toMatchObject({ code: 'FILE_ID_INVALID' })
  await expect(client.download('M00/00/00/x', {}, collector())).rejects.toMatchObject({ code: 'FILE_ID_INVALID' })
  await expect(client.queryStore('no group')).rejects.toMatchObject({ code: 'GROUP_INVALID' })
  await expect(client.uploadSlave(FILE_ID, { prefix: '', ext: 'jpg' }, source)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  const { trackers } = await cluster()
  const connected = storeClient(trackers)
  const { fileId } = await upload(connected, pattern(1))
  await expect(connected.setMetadata(fileId, { a: 'x'.repeat(257) }, 'merge')).rejects.toMatchObject({ code: 'METADATA_TOO_LONG' })
  await expect(connected.setMetadata(fileId, { a: '\u0001' }, 'merge')).rejects.toMatchObject({ code: 'METADATA_INVALID' })
  await expect(connected.upload({ ext: 'too-long' }, source)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
})

test('a missing file is missing, whatever is asked of it', async () => {
  const { trackers } = await cluster({ groups: { group1: 2 } })
  const client = storeClient(trackers)
  const gone = { code: 'NOT_FOUND', detail: { fileId: MISSING } }
  await expect(client.download(MISSING, {}, collector())).rejects.toMatchObject(gone)
  await expect(client.info(MISSING)).rejects.toMatchObject(gone)
  await expect(client.remove(MISSING)).rejects.toMatchObject(gone)
  await expect(client.getMetadata(MISSING)).rejects.toMatchObject(gone)
  const empty = await upload(client, Buffer.alloc(0))
  await client.remove(empty.fileId)
  await expect(client.download(empty.fileId, {}, collector())).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('an unknown group, a group without storages and a full group are told apart', async () => {
  const { trackers, faults } = await cluster({ groups: { group1: 1, group2: 1 }, reservedBytes: 1024 * 1024 })
  const client = storeClient(trackers)
  await expect(client.queryStore('nowhere')).rejects.toMatchObject({ code: 'GROUP_UNKNOWN', detail: { group: 'nowhere' } })
  await expect(client.storages('nowhere')).rejects.toMatchObject({ code: 'GROUP_UNKNOWN', detail: { group: 'nowhere' } })
  await expect(client.info(MISSING.replace('group1', 'nowhere'))).rejects.toMatchObject({ code: 'GROUP_UNKNOWN' })
  faults.diskFull('group1/0')
  await expect(client.queryStore('group1')).rejects.toMatchObject({ code: 'NO_SPACE', detail: { group: 'group1' } })
  await expect(client.queryStore()).resolves.toMatchObject({ group: 'group2' })
  await faults.kill('group2/0')
  await expect(client.queryStore('group2')).rejects.toMatchObject({ code: 'NO_STORAGE', detail: { group: 'group2' } })
})

test('the source of a file that is away is never replaced by another storage', async () => {
  const { trackers, faults, synced } = await cluster({ groups: { group1: 2 } })
  const client = storeClient(trackers, { answerCacheMs: 0 })
  const { fileId, endpoint } = await upload(client, pattern(1000), { appender: true })
  await synced()
  const name = `group1/${(await client.replicas('group1')).findIndex((e) => e.host === endpoint.host)}`
  faults.setStatus(name, STORAGE_STATE.offline)
  await expect(client.source(fileId)).rejects.toMatchObject({
    code: 'SOURCE_AWAY',
    detail: { fileId, endpoint: endpoint.host }
  })
  expect((await client.replicas('group1')).map((e) => e.host)).not.toContain(endpoint.host)
  faults.setStatus(name, null)
  await expect(client.source(fileId)).resolves.toEqual(endpoint)
})

test('a replica that does not have a file is no proof that it is gone', async () => {
  const { trackers, faults } = await cluster({ groups: { group1: 2 } })
  const writer = storeClient(trackers)
  faults.pauseSync('group1/0')
  faults.pauseSync('group1/1')
  const { fileId, endpoint } = await upload(writer, pattern(1000))
  const name = `group1/${(await writer.replicas('group1')).findIndex((e) => e.host === endpoint.host)}`
  faults.setStatus(name, STORAGE_STATE.offline)
  const reader = storeClient(trackers)
  await expect(reader.download(fileId, {}, collector())).rejects.toMatchObject({ code: 'NOT_SYNCED', detail: { fileId } })
  await expect(reader.info(fileId)).rejects.toMatchObject({ code: 'NOT_SYNCED' })
  await expect(reader.remove(fileId)).rejects.toMatchObject({ code: 'SOURCE_AWAY', detail: { fileId } })
  faults.setStatus(name, null)
  expect((await read(reader, fileId)).equals(pattern(1000))).toBe(true)
})

test('addresses are mapped before they are used, and errors name both', async () => {
  const { trackers, storage } = await cluster()
  const { host, port } = storage('group1/0')
  const told: string[] = []
  const mapped = storeClient(trackers, {
    mapAddress: (address) => {
      told.push(`${address.host}:${address.port}`)
      return { host: '127.0.0.1', port: 1 }
    }
  })
  await expect(upload(mapped, pattern(10))).rejects.toMatchObject({
    code: 'STORAGE_UNREACHABLE',
    detail: { endpoint: '127.0.0.1:1', told: `${host}:${port}`, reason: 'CONNECT_REFUSED', group: 'group1' }
  })
  expect(new Set(told)).toEqual(new Set([`${host}:${port}`]))
})

test('a storage that went away since the last answer is asked about again', async () => {
  const { trackers, faults, storage } = await cluster({ groups: { group1: 2 } })
  const client = storeClient(trackers, { answerCacheMs: 60_000 })
  for (let i = 0; i < 8; i++) await upload(client, pattern(10))
  await faults.kill('group1/0')
  // By now the loss of the kept connections has been noticed; the kept answers still name the dead storage.
  await client.trackers()
  const alive = storage('group1/1').host
  for (let i = 0; i < 8; i++) expect((await upload(client, pattern(10))).endpoint.host).toBe(alive)
})

test('what was just written is read where it was written', async () => {
  const { trackers, faults } = await cluster({ groups: { group1: 3 } })
  const client = storeClient(trackers)
  for (let i = 0; i < 3; i++) faults.pauseSync(`group1/${i}`)
  for (let i = 0; i < 6; i++) {
    const { fileId } = await upload(client, pattern(10))
    await client.setMetadata(fileId, { n: String(i) }, 'merge')
    await expect(client.getMetadata(fileId)).resolves.toEqual({ n: String(i) })
  }
})

test('answers that need a whole file to be read may take as long as its size asks for', async () => {
  const { trackers, faults } = await cluster()
  const client = storeClient(trackers, { networkTimeoutMs: 400 })
  const { fileId, endpoint } = await upload(client, pattern(1000), { appender: true })
  const rules = [22, 38].map((command) => faults.add({ server: '*', command, fault: { kind: 'delay', ms: 800 } }))
  await expect(client.info(fileId, { endpoint, expectBytes: 1000 })).rejects.toMatchObject({ code: 'TIMEOUT' })
  await expect(client.info(fileId, { endpoint, expectBytes: 500_000_000 })).resolves.toMatchObject({ sizeBytes: 1000 })
  await expect(client.regenerate(endpoint, fileId, 500_000_000)).resolves.toMatch(/^group1\//)
  expect(rules.every((rule) => rule.hits > 0)).toBe(true)
})

test('groups and storages are described in the terms of the model', async () => {
  const { trackers, faults } = await cluster({ groups: { group1: 2, group2: 1 } })
  const client = storeClient(trackers)
  faults.setMode('group1/1', { writable: false })
  await faults.kill('group2/0')
  const groups = await client.groups()
  expect(groups.map((g) => [g.name, g.storageCount, g.readableCount, g.writableCount])).toEqual([
    ['group1', 2, 2, 1],
    ['group2', 1, 0, 0]
  ])
  expect(groups[1]?.storages[0]).toMatchObject({ group: 'group2', status: 'offline', readable: false })
  const [storage] = await client.storages('group1')
  expect(storage).toMatchObject({ group: 'group1', status: 'active', version: '6.16.1', readable: true, writable: true, storePathCount: 1 })
  expect(storage?.totalBytes).toBeGreaterThan(1_000_000)
  expect(storage?.joinedAt).toBeGreaterThan(Date.UTC(2020, 0))
  expect(storage?.stats['total_upload_count']).toBe(0)
})

test('closing rejects what is under way and leaves nothing open', async () => {
  const { trackers, faults } = await cluster()
  const client = storeClient(trackers)
  await upload(client, pattern(10))
  faults.add({ server: '*', fault: { kind: 'stall' } })
  const pending = [client.queryStore(), upload(client, pattern(10)), client.groups()].map((p) =>
    p.then(String, (e: { code: string }) => e.code)
  )
  await client.close()
  expect(await Promise.all(pending)).toEqual(['ABORTED', 'ABORTED', 'ABORTED'])
  await expect(client.queryStore()).rejects.toMatchObject({ code: 'ABORTED' })
})
