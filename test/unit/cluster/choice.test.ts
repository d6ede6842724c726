import { expect, test } from 'vitest'
import { bufferSource } from '../../../src/main/client/file-source.ts'
import { listStorages, queryFetchOne, queryStoreOne, queryUpdate } from '../../../src/main/protocol/index.ts'
import { parseFileId } from '../../../src/shared/file-id.ts'
import { FILE_ID, collector, pattern } from '../../support/client-kit.ts'
import { answer, cluster, storeClient, tableServer } from '../../support/cluster-kit.ts'

/** Two storages with a file that only the first has, and a tracker that offers the second for reading. */
async function lyingTracker(options: { update?: 'source' | 'replica' } = {}) {
  let written = false
  const real = await cluster({ groups: { group1: 2 } })
  real.faults.pauseSync('group1/0')
  const [source, replica] = [real.storage('group1/0'), real.storage('group1/1')]
  const group = 'group1'
  const tracker = await tableServer({
    101: answer(queryStoreOne, { group, host: source.host, port: source.port, storePathIndex: 0 }),
    102: answer(queryFetchOne, { group, host: replica.host, port: replica.port }),
    103: () => answer(queryUpdate, { group, ...(written && options.update === 'replica' ? replica : source) }),
    92: answer(listStorages, { storages: [] })
  })
  const writer = storeClient([tracker])
  const { fileId } = await writer.upload({ ext: 'bin' }, bufferSource(pattern(5000)))
  await writer.setMetadata(fileId, { a: '1' }, 'merge')
  written = true
  return { tracker, fileId, source, replica, client: storeClient([tracker]) }
}

test('a read that a replica cannot serve yet is served by the source', async () => {
  const { client, fileId, source } = await lyingTracker()
  const sink = collector()
  await expect(client.download(fileId, {}, sink)).resolves.toMatchObject({ endpoint: { host: source.host } })
  expect(sink.bytes().equals(pattern(5000))).toBe(true)
  await expect(client.info(fileId)).resolves.toMatchObject({ sizeBytes: 5000, endpoint: { host: source.host } })
  await expect(client.getMetadata(fileId)).resolves.toEqual({ a: '1' })
})

test('metadata that was just written is read where it was written, not at a replica that still has the old', async () => {
  const real = await cluster({ groups: { group1: 2 } })
  const [source, replica] = [real.storage('group1/0'), real.storage('group1/1')]
  const tracker = await tableServer({
    101: answer(queryStoreOne, { group: 'group1', ...source, storePathIndex: 0 }),
    102: answer(queryFetchOne, { group: 'group1', ...replica }),
    103: answer(queryUpdate, { group: 'group1', ...source })
  })
  let now = 0
  const client = storeClient([tracker], { now: () => now })
  const { fileId } = await client.upload({ ext: 'bin' }, bufferSource(pattern(10)))
  await client.setMetadata(fileId, { version: '1' }, 'merge')
  await real.synced()
  real.faults.pauseSync('group1/0')
  await client.setMetadata(fileId, { version: '2' }, 'merge')
  await expect(client.getMetadata(fileId)).resolves.toEqual({ version: '2' })
  expect(tracker.asked).not.toContain(102)
  // Not for ever: later the tracker is trusted again.
  now = 3_600_000
  await expect(client.getMetadata(fileId)).resolves.toEqual({ version: '1' })
})

test('a read from exactly one server goes nowhere else', async () => {
  const { client, fileId, replica } = await lyingTracker()
  const endpoint = { host: replica.host, port: replica.port }
  await expect(client.download(fileId, { endpoint }, collector())).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(client.info(fileId, { endpoint })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('a replica named for a change that has not got the file does not make it missing', async () => {
  const { client, fileId, source } = await lyingTracker({ update: 'replica' })
  const away = { code: 'SOURCE_AWAY', detail: { fileId, endpoint: source.host } }
  await expect(client.remove(fileId)).rejects.toMatchObject(away)
  await expect(client.setMetadata(fileId, { b: '2' }, 'merge')).rejects.toMatchObject(away)
  await expect(client.source(fileId)).rejects.toMatchObject(away)
})

test('a short copy on a replica is not taken for the file', async () => {
  const { client, fileId, source, replica, tracker } = await lyingTracker()
  const facts = parseFileId(fileId)
  // The replica has a shorter file under the same name.
  const { mkdirSync, writeFileSync } = await import('node:fs')
  const path = `${replica.dir}/data/${facts.remoteName.slice(4)}`
  mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true })
  writeFileSync(path, pattern(100))
  const direct = client.download(fileId, { endpoint: { host: replica.host, port: replica.port } }, collector())
  await expect(direct).rejects.toMatchObject({ code: 'SIZE_MISMATCH', detail: { expected: 5000, actual: 100 } })
  const sink = collector()
  await expect(client.download(fileId, {}, sink)).resolves.toMatchObject({ bytes: 5000, endpoint: { host: source.host } })
  expect(sink.bytes().equals(pattern(5000))).toBe(true)
  expect(tracker.asked.filter((code) => code === 102)).toHaveLength(1)
})

test('a tracker that answers for another group than asked is not followed', async () => {
  const tracker = await tableServer({
    102: answer(queryFetchOne, { group: 'group2', host: '127.0.0.1', port: 1 }),
    104: answer(queryStoreOne, { group: 'group2', host: '127.0.0.1', port: 1, storePathIndex: 0 })
  })
  const client = storeClient([tracker])
  await expect(client.queryStore('group1')).rejects.toMatchObject({ code: 'PROTOCOL_INVALID', detail: { reason: 'group-differs' } })
  await expect(client.info(FILE_ID)).rejects.toMatchObject({ code: 'PROTOCOL_INVALID', detail: { reason: 'group-differs' } })
})

test('answers for small uploads are used again in turn, those for large ones are asked for each time', async () => {
  const real = await cluster({ groups: { group1: 2 } })
  const storages = [real.storage('group1/0'), real.storage('group1/1')]
  let turn = 0
  const tracker = await tableServer({
    101: () => answer(queryStoreOne, { group: 'group1', ...storages[turn++ % 2]!, storePathIndex: 0 })
  })
  const client = storeClient([tracker], { answerCacheMs: 60_000 })
  const hosts: string[] = []
  for (let i = 0; i < 12; i++) hosts.push((await client.upload({ ext: '' }, bufferSource(pattern(10)))).endpoint.host)
  expect(tracker.asked).toHaveLength(4)
  expect(hosts.filter((host) => host === storages[0]!.host)).toHaveLength(6)
  for (let i = 0; i < 3; i++) await client.upload({ ext: '' }, bufferSource(pattern(300_000)))
  expect(tracker.asked).toHaveLength(7)
  const target = await client.queryStore()
  for (let i = 0; i < 3; i++) await client.upload({ ext: '', target }, bufferSource(pattern(300_000)))
  expect(tracker.asked).toHaveLength(8)
})

test('without a cache every small upload asks', async () => {
  const real = await cluster()
  const { host, port } = real.storage('group1/0')
  const tracker = await tableServer({ 101: answer(queryStoreOne, { group: 'group1', host, port, storePathIndex: 0 }) })
  const client = storeClient([tracker], { answerCacheMs: 0 })
  for (let i = 0; i < 6; i++) await client.upload({ ext: '' }, bufferSource(pattern(10)))
  expect(tracker.asked).toHaveLength(6)
})

test('a full storage is not used again from memory', async () => {
  const real = await cluster({ reservedBytes: 1_000_000 })
  const { host, port } = real.storage('group1/0')
  const tracker = await tableServer({ 101: answer(queryStoreOne, { group: 'group1', host, port, storePathIndex: 0 }) })
  const client = storeClient([tracker], { answerCacheMs: 60_000 })
  const upload = () => client.upload({ ext: '' }, bufferSource(pattern(10)))
  for (let i = 0; i < 5; i++) await upload()
  expect(tracker.asked).toHaveLength(4)
  real.faults.diskFull('group1/0')
  await expect(upload()).rejects.toMatchObject({ code: 'NO_SPACE', detail: { group: 'group1' } })
  await expect(upload()).rejects.toMatchObject({ code: 'NO_SPACE' })
  expect(tracker.asked).toHaveLength(5)
})
