import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bufferSource } from '../../../src/main/client/file-source.ts'
import type { Endpoint } from '../../../src/main/client/types.ts'
import { createStoreClient } from '../../../src/main/cluster/index.ts'
import type { StoreClient } from '../../../src/main/cluster/types.ts'
import { repairReplicas } from '../../../src/main/transfer/operations/repair.ts'
import { parseTrackerAddress } from '../../../src/shared/address.ts'
import { parseFileId } from '../../../src/shared/file-id.ts'
import { startCluster } from '../../support/cluster.ts'
import type { TestCluster } from '../../support/cluster.ts'
import { watched } from './engine-kit.ts'

let cluster: TestCluster
let store: StoreClient
beforeEach(async () => {
  cluster = await startCluster({ groups: { group1: 2 } })
  store = createStoreClient({ trackers: [parseTrackerAddress(cluster.trackers[0]!)], answerCacheMs: 0 })
})
afterEach(async () => {
  await store.close()
  await cluster.close()
})

async function stored(
  bytes: Buffer,
  metadata: Record<string, string> = {}
): Promise<{ fileId: string; source: Endpoint; replica: Endpoint }> {
  const { fileId } = await store.upload({ ext: 'bin' }, bufferSource(bytes))
  if (Object.keys(metadata).length > 0) await store.setMetadata(fileId, metadata, 'overwrite')
  await cluster.synced(10_000)
  const source = await store.source(fileId)
  const replica = (await store.replicas('group1')).find(({ host, port }) => host !== source.host || port !== source.port)!
  return { fileId, source, replica }
}

/** The file as a storage has it on disk. */
function onDisk(endpoint: Endpoint, fileId: string): string {
  const storage = cluster.groups['group1']!.find(({ host, port }) => host === endpoint.host && port === endpoint.port)!
  return join(storage.dir, 'data', parseFileId(fileId).remoteName.slice(4))
}

const bytesOf = (length: number): Buffer => Buffer.alloc(length, Buffer.from(Array.from({ length: 7_919 }, (_, i) => (i * 31) & 0xff)))

test.each([0, 5_000, 5_000_000])(
  'a replica that never heard of a file of %i bytes gets it under its name, with its metadata',
  async (size) => {
    const { fileId, source, replica } = await stored(bytesOf(size), { filename: 'Bild 图.png' })
    rmSync(onDisk(replica, fileId))
    rmSync(`${onDisk(replica, fileId)}-m`)
    await expect(store.info(fileId, { endpoint: replica })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await repairReplicas(store, fileId, [replica])
    expect(readFileSync(onDisk(replica, fileId)).equals(readFileSync(onDisk(source, fileId)))).toBe(true)
    await cluster.synced(10_000)
    expect(await store.getMetadata(fileId, { endpoint: replica })).toEqual({ filename: 'Bild 图.png' })
    // Once more does no harm.
    await repairReplicas(store, fileId, [replica])
  }
)

test('a replica with a short copy of a file gets all of it', async () => {
  const { fileId, source, replica } = await stored(bytesOf(300_000))
  truncateSync(onDisk(replica, fileId), 1_000)
  await repairReplicas(store, fileId, [replica])
  expect(readFileSync(onDisk(replica, fileId)).equals(readFileSync(onDisk(source, fileId)))).toBe(true)
})

test('damage at the source never reaches a replica', async () => {
  const { fileId, source, replica } = await stored(bytesOf(300_000))
  rmSync(onDisk(replica, fileId))
  const damaged = readFileSync(onDisk(source, fileId))
  damaged[200_000]! ^= 1
  writeFileSync(onDisk(source, fileId), damaged)
  await expect(repairReplicas(store, fileId, [replica])).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH' })
  await expect(store.info(fileId, { endpoint: replica })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('a file that is deleted while it is copied does not come back on the replica', async () => {
  const { fileId, replica } = await stored(bytesOf(300_000))
  rmSync(onDisk(replica, fileId))
  const meddling = watched(store, async (call) => {
    if (call === 'putCopy') await store.remove(fileId)
  })
  await expect(repairReplicas(meddling, fileId, [replica])).rejects.toMatchObject({
    code: expect.stringMatching(/NOT_FOUND|CONNECTION_LOST/)
  })
  await cluster.synced(10_000)
  await expect(store.info(fileId, { endpoint: replica })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('a replica of an appender that is behind fetches it whole', async () => {
  const { fileId } = await store.upload({ ext: 'bin', appender: true }, bufferSource(bytesOf(10)))
  const source = await store.source(fileId)
  await store.modify(source, fileId, 10, bufferSource(bytesOf(400_000)))
  await cluster.synced(10_000)
  const replica = (await store.replicas('group1')).find(({ port, host }) => port !== source.port || host !== source.host)!
  truncateSync(onDisk(replica, fileId), 10)
  await repairReplicas(store, fileId, [replica])
  await cluster.synced(10_000)
  expect(readFileSync(onDisk(replica, fileId)).equals(readFileSync(onDisk(source, fileId)))).toBe(true)
})

test('a replica of an appender that is as long but not the same gets every byte again', async () => {
  const { fileId } = await store.upload({ ext: 'bin', appender: true }, bufferSource(bytesOf(5_000_000)))
  await cluster.synced(10_000)
  const source = await store.source(fileId)
  const replica = (await store.replicas('group1')).find(({ port, host }) => port !== source.port || host !== source.host)!
  const damaged = readFileSync(onDisk(replica, fileId))
  damaged[1_000_000]! ^= 1
  writeFileSync(onDisk(replica, fileId), damaged)
  await repairReplicas(store, fileId, [replica])
  await cluster.synced(10_000)
  expect(readFileSync(onDisk(replica, fileId)).equals(readFileSync(onDisk(source, fileId)))).toBe(true)
}, 20_000)

test('what is damaged on its way from an appender is not written back to it', async () => {
  const content = bytesOf(300_000)
  const { fileId } = await store.upload({ ext: 'bin', appender: true }, bufferSource(content))
  await cluster.synced(10_000)
  const source = await store.source(fileId)
  const replica = (await store.replicas('group1')).find(({ port, host }) => port !== source.port || host !== source.host)!
  truncateSync(onDisk(replica, fileId), 10)
  cluster.faults.add({ server: '*', command: 14, times: 1, fault: { kind: 'corrupt', atByte: 1_000 } })
  await expect(repairReplicas(store, fileId, [replica])).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH' })
  expect(readFileSync(onDisk(source, fileId)).equals(content)).toBe(true)
})
