import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createStoreClient } from '../../src/main/cluster/store-client.ts'
import type { StoreClient } from '../../src/main/cluster/types.ts'
import { parseFileId } from '../../src/shared/file-id.ts'
import { conformance } from './target.ts'

conformance('our own client', (target) => {
  let client: StoreClient

  beforeAll(() => {
    client = createStoreClient({ trackers: target().trackers })
  })
  afterAll(() => client.close())

  function source(bytes: Buffer) {
    let at = 0
    return {
      size: bytes.length,
      read(into: Buffer) {
        const count = bytes.copy(into, 0, at)
        at += count
        return count
      }
    }
  }

  async function download(fileId: string, request = {}): Promise<Buffer> {
    const chunks: Buffer[] = []
    await client.download(fileId, request, { write: (chunk) => void chunks.push(Buffer.from(chunk)) })
    return Buffer.concat(chunks)
  }

  test.each([0, 1, 4096, 262_144, 5_000_000])('uploads, reads and deletes %i bytes', async (size) => {
    const bytes = randomBytes(size)
    const { fileId, crc32: sent } = await client.upload({ ext: 'bin' }, source(bytes))
    expect(sent).toBe(crc32(bytes))
    expect(parseFileId(fileId)).toMatchObject({ sizeBytes: size, crc32: crc32(bytes) })
    expect(await client.info(fileId)).toMatchObject({ sizeBytes: size, crc32: crc32(bytes) })
    expect((await download(fileId)).equals(bytes)).toBe(true)
    await client.remove(fileId)
    await expect(client.info(fileId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('reads a range', async () => {
    const bytes = randomBytes(100_000)
    const { fileId } = await client.upload({ ext: '' }, source(bytes))
    expect((await download(fileId, { offset: 1000, length: 5000 })).equals(bytes.subarray(1000, 6000))).toBe(true)
  })

  test('builds an appender by modifies and makes a normal file of it', async () => {
    const bytes = randomBytes(3_000_000)
    const first = bytes.subarray(0, 1_000_000)
    const { fileId, endpoint } = await client.upload({ ext: 'dat', appender: true }, source(first))
    await client.modify(endpoint, fileId, 1_000_000, source(bytes.subarray(1_000_000)))
    expect(await client.info(fileId, { endpoint })).toMatchObject({ sizeBytes: 3_000_000, crc32: crc32(bytes) })
    const final = await client.regenerate(endpoint, fileId, 3_000_000)
    expect(parseFileId(final)).toMatchObject({ kind: 'normal', sizeBytes: 3_000_000, crc32: crc32(bytes) })
    expect((await download(final)).equals(bytes)).toBe(true)
  })

  test('keeps metadata', async () => {
    const { fileId } = await client.upload({ ext: 'txt' }, source(Buffer.from('described')))
    expect(await client.getMetadata(fileId)).toEqual({})
    await client.setMetadata(fileId, { filename: '夏天.txt', a: '1' }, 'overwrite')
    await client.setMetadata(fileId, { a: '2', b: '' }, 'merge')
    expect(await client.getMetadata(fileId)).toEqual({ filename: '夏天.txt', a: '2', b: '' })
  })

  test('makes slaves', async () => {
    const { fileId } = await client.upload({ ext: 'jpg' }, source(Buffer.from('image')))
    const slave = await client.uploadSlave(fileId, { prefix: '_small', ext: 'jpg' }, source(Buffer.from('thumb')))
    expect((await download(slave.fileId)).toString()).toBe('thumb')
  })

  test('sees groups, storages and trackers, and lists a store path', async () => {
    const groups = await client.groups()
    expect(groups.map((g) => g.name)).toContain(target().group)
    expect((await client.trackers())[0]).toMatchObject({ reachable: true })
    const { fileId, endpoint } = await client.upload({ ext: 'lst' }, source(Buffer.from('listed')))
    const { group, remoteName } = parseFileId(fileId)
    await expect
      .poll(
        async () => {
          const names: string[] = []
          for await (const lines of client.list(endpoint, group, 0)) names.push(...lines.map((l) => l.remoteName))
          return names
        },
        { timeout: 50_000, interval: 250 }
      )
      .toContain(remoteName)
  })
})
