import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { fileSink } from '../../../src/main/client/file-sink.ts'
import { bufferSource } from '../../../src/main/client/file-source.ts'
import type { StoreClientOptions } from '../../../src/main/cluster/types.ts'
import { toAppError } from '../../../src/shared/errors.ts'
import { afterwards, collector, pattern } from '../../support/client-kit.ts'
import { cluster, storeClient } from '../../support/cluster-kit.ts'
import { DROP_ANSWER, type Fault, type FaultProxy, faultProxy } from '../../support/fault-proxy.ts'
import { PATIENCE } from '../../support/scripted-server.ts'
import { tempDir } from '../../support/temp-dir.ts'

const REQUEST_HEAD = 10 + 15
const HANDSHAKE = 10

/** A cluster of one storage behind a proxy that breaks things. */
async function behindProxy(options: Partial<StoreClientOptions> = {}) {
  const real = await cluster()
  const proxy: FaultProxy = await faultProxy(real.storage('group1/0'))
  afterwards(() => proxy.close())
  const client = storeClient(real.trackers, { mapAddress: () => ({ host: proxy.host, port: proxy.port }), ...options })
  return { real, proxy, client }
}

test('an upload that is cut anywhere is lost, and leaves nothing on the server', async () => {
  const { real, proxy, client } = await behindProxy()
  const content = pattern(1_000_000)
  const upload = () => client.upload({ group: 'group1', ext: 'bin' }, bufferSource(content))
  for (const how of ['rst', 'fin'] as const) {
    for (const cutAfter of [1, 9, 10, 24, 25, 26, 262_144, 999_999, REQUEST_HEAD + content.length - 1]) {
      proxy.inject({ up: { cutAfter: HANDSHAKE + cutAfter }, how, times: 1 })
      await expect(upload()).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
    }
  }
  proxy.inject(null)
  const { fileId } = await upload()
  const names: string[] = []
  for await (const lines of client.list({ host: proxy.host, port: proxy.port }, 'group1', 0)) {
    names.push(...lines.map((line) => `group1/${line.remoteName}`))
  }
  expect(names).toEqual([fileId])
  expect(real.groups).toHaveProperty('group1')
})

test('a lost answer is an error also when the file is there', async () => {
  const { proxy, client } = await behindProxy()
  const endpoint = { host: proxy.host, port: proxy.port }
  const { fileId } = await client.upload({ group: 'group1', ext: 'bin', appender: true }, bufferSource(pattern(1000)))
  for (const fault of [DROP_ANSWER, { down: { cutAfter: 5 } }, { down: { cutAfter: 9 }, how: 'fin' }] as const) {
    proxy.inject({ ...fault, times: 1 })
    await expect(client.modify(endpoint, fileId, 1000, bufferSource(pattern(500)))).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
    proxy.inject(null)
    await expect(client.info(fileId)).resolves.toMatchObject({ sizeBytes: 1500 })
  }
})

test('a file sent by modify under many faults is whole in the end', async () => {
  const { proxy, client } = await behindProxy({ networkTimeoutMs: 300 })
  const content = pattern(3_000_000)
  const step = 400_000
  const { fileId } = await client.upload({ group: 'group1', ext: 'bin', appender: true }, bufferSource(Buffer.alloc(0)))
  const endpoint = { host: proxy.host, port: proxy.port }
  // The same faults each time: where each of them strikes is what differs.
  const faults: Fault[] = [1, 5, 60_000, 262_144, 300_000, 400_000].flatMap((at): Fault[] => [
    { up: { cutAfter: at } },
    { up: { cutAfter: at }, how: 'fin' },
    { up: { stallAfter: at } }
  ])
  faults.push({ down: { cutAfter: 0 } }, { down: { stallAfter: 3 } })
  const codes = new Set<string>()
  let failures = 0
  for (let offset = 0; offset < content.length;) {
    proxy.inject({ ...faults[failures % faults.length], times: failures < faults.length ? 1 : 0 })
    const chunk = content.subarray(offset, offset + step)
    try {
      await client.modify(endpoint, fileId, offset, bufferSource(chunk))
      offset += chunk.length
    } catch (error) {
      codes.add(toAppError(error).code)
      failures++
    }
  }
  proxy.inject(null)
  expect(failures).toBeGreaterThanOrEqual(faults.length)
  // Cut before its first answer, a new connection looks as if the server had no room for it.
  expect([...codes].toSorted()).toEqual(['CONNECTION_LOST', 'SERVER_FULL', 'TIMEOUT'])
  await expect(client.info(fileId, { endpoint })).resolves.toMatchObject({ sizeBytes: content.length, crc32: crc32(content) })
})

test('a download that is cut again and again continues where it stopped', async () => {
  const { proxy, client } = await behindProxy()
  const content = pattern(2_000_000)
  const { fileId } = await client.upload({ group: 'group1', ext: 'bin' }, bufferSource(content))
  const path = join(await tempDir(), 'download')
  const file = await open(path, 'w')
  afterwards(() => file.close())
  let have = 0
  const cuts: string[] = []
  while (have < content.length) {
    const sink = fileSink(file, have)
    proxy.inject({ down: { cutAfter: 150_000 }, how: cuts.length % 2 === 0 ? 'rst' : 'fin' })
    try {
      await client.download(fileId, { offset: have }, sink)
    } catch (error) {
      cuts.push(toAppError(error).code)
    }
    expect(sink.contiguous).toBeGreaterThan(0)
    have += sink.contiguous
  }
  expect(cuts.length).toBeGreaterThan(10)
  expect(new Set(cuts)).toEqual(new Set(['CONNECTION_LOST']))
  expect((await readFile(path)).equals(content)).toBe(true)
})

test('a byte that changes on the way shows in the checksum', async () => {
  const { proxy, client } = await behindProxy()
  const content = pattern(100_000)
  const stored = await client.upload({ group: 'group1', ext: 'bin' }, bufferSource(content))
  proxy.inject({ down: { corruptAt: 50_000 }, times: 1 })
  const damaged = await client.download(stored.fileId, {}, collector())
  expect(damaged.crc32).not.toBe(stored.crc32)
  proxy.inject(null)
  await expect(client.download(stored.fileId, {}, collector())).resolves.toMatchObject({ crc32: stored.crc32 })

  proxy.inject({ up: { corruptAt: REQUEST_HEAD + 500 }, times: 1 })
  const sent = await client.upload({ group: 'group1', ext: 'bin' }, bufferSource(content))
  expect(sent.crc32).toBe(crc32(content))
  // What the server made of it is in the ID: whoever asks, sees the difference.
  await expect(client.info(sent.fileId)).resolves.not.toMatchObject({ crc32: sent.crc32 })
})

test('a storage that refuses connections for a moment is full, and used again afterwards', async () => {
  const { proxy, client } = await behindProxy()
  proxy.inject({ refuse: true, times: 1 })
  const upload = () => client.upload({ group: 'group1', ext: 'bin' }, bufferSource(pattern(10)))
  await expect(upload()).rejects.toMatchObject({ code: 'SERVER_FULL' })
  await expect(upload()).resolves.toMatchObject({ sizeBytes: 10 })
})

test('slow bytes are only slow', async () => {
  const { proxy, client } = await behindProxy({ networkTimeoutMs: 2000 })
  const content = pattern(400_000)
  proxy.inject({ up: { delayMs: 5 }, down: { delayMs: 5 } })
  const { fileId } = await client.upload({ group: 'group1', ext: 'bin' }, bufferSource(content))
  const sink = collector()
  await client.download(fileId, {}, sink)
  expect(sink.bytes().equals(content)).toBe(true)
})

test('no connection is left over after all kinds of failures', async () => {
  const { proxy, client } = await behindProxy({ networkTimeoutMs: 100, idleConnectionMs: 200 })
  const { fileId } = await client.upload({ group: 'group1', ext: 'bin' }, bufferSource(pattern(300_000)))
  for (const fault of [DROP_ANSWER, { down: { stallAfter: 20 } }, { down: { cutAfter: 100_000 } }, { refuse: true }]) {
    proxy.inject(fault)
    const work = [client.info(fileId), client.download(fileId, {}, collector()), client.getMetadata(fileId), client.remove(fileId)]
    const results = await Promise.allSettled(work)
    expect(results.map((result) => result.status)).toContain('rejected')
  }
  proxy.inject(null)
  await expect.poll(() => proxy.open, PATIENCE).toBe(0)
})
