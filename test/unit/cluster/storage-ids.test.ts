import { expect, test } from 'vitest'
import { bufferSource } from '../../../src/main/client/file-source.ts'
import { fetchStorageIds, queryUpdate } from '../../../src/main/protocol/index.ts'
import { encodeFileName } from '../../../src/shared/file-id.ts'
import { type Answer, answer, cluster, storeClient, tableServer } from '../../support/cluster-kit.ts'

const FILE_ID = `group1/${encodeFileName({
  storePathIndex: 0,
  directories: [0, 0],
  source: { type: 'id', id: 100_002 },
  timestampSeconds: 1_795_000_000,
  sizeBytes: 17,
  crc32: 1,
  ext: 'txt',
  random: 1,
  digits: '1234567'
})}`
const SOURCE = { group: 'group1', host: '10.0.0.2', port: 23000 }
const line = (id: number, address: string, group = 'group1') => ({ id, group, address, rw: '' })
const LINES = [line(100_001, '10.0.0.1'), line(100_002, '10.0.0.9', 'group2'), line(100_002, '192.168.7.2,10.0.0.2:23000')]

/** A tracker that does not list its storages, and tells its ids page by page to who asks in `bodyBytes`. */
async function tracker(bodyBytes: 4 | 5, more: Record<number, Answer> = {}) {
  return tableServer({
    103: answer(queryUpdate, SOURCE),
    69: (body) => {
      if (body.length !== bodyBytes) return 22
      const start = body.readInt32BE(0)
      return answer(fetchStorageIds, { total: LINES.length, entries: LINES.slice(start, start + 2) })
    },
    ...more
  })
}

test.each([5, 4] as const)('ids are asked for with %i bytes where the list of storages is not told', async (bodyBytes) => {
  const server = await tracker(bodyBytes)
  const client = storeClient([server])
  await expect(client.source(FILE_ID)).resolves.toEqual({ host: SOURCE.host, port: SOURCE.port })
  expect(server.asked.slice(0, 2)).toEqual([103, 92])
  expect(server.asked.filter((code) => code === 69)).toHaveLength(bodyBytes === 5 ? 2 : 4)
  await client.source(FILE_ID)
  expect(server.asked.filter((code) => code === 92)).toHaveLength(1)
})

test('a list of storages that makes no sense is no answer either', async () => {
  const server = await tracker(5, { 92: Buffer.from('00000000000000036400010203', 'hex') })
  await expect(storeClient([server]).source(FILE_ID)).resolves.toMatchObject({ host: SOURCE.host })
})

test('another storage than the one with the id is not the source', async () => {
  const server = await tracker(5, { 103: answer(queryUpdate, { ...SOURCE, host: '10.0.0.9' }) })
  await expect(storeClient([server]).source(FILE_ID)).rejects.toMatchObject({ code: 'SOURCE_AWAY' })
})

test('a tracker that tells neither is reported with its first refusal', async () => {
  const server = await tracker(5, { 69: 95 })
  await expect(storeClient([server]).source(FILE_ID)).rejects.toMatchObject({ detail: { status: 22, command: 'LIST_STORAGE' } })
})

test('the list of storages is enough where it is told', async () => {
  const real = await cluster({ groups: { group1: 2 }, addressing: 'id' })
  const client = storeClient(real.trackers)
  const { fileId, endpoint } = await client.upload({ ext: 'txt' }, bufferSource(Buffer.from('by id')))
  await expect(client.source(fileId)).resolves.toEqual(endpoint)
})
