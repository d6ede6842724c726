import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { afterEach, expect, test, vi } from 'vitest'
import type { EmbeddedClusterOptions } from '../../../src/main/embedded/index.ts'
import { activeTest } from '../../../src/main/protocol/both.ts'
import { encodeRequest } from '../../../src/main/protocol/packet.ts'
import { appendFile } from '../../../src/main/protocol/storage/change-appender.ts'
import { downloadFile } from '../../../src/main/protocol/storage/download-file.ts'
import { queryFileInfo } from '../../../src/main/protocol/storage/query-file-info.ts'
import { uploadAppender, uploadFile } from '../../../src/main/protocol/storage/upload-file.ts'
import { startCluster } from '../../support/cluster.ts'
import type { TestCluster } from '../../support/cluster.ts'
import { Wire, ask, get, i64, packet, text } from '../../support/wire.ts'

// Machines under load are slow, and nothing here depends on how fast it is.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const EINVAL = 22
const NONE = Buffer.alloc(0)
let cluster: TestCluster

afterEach(() => cluster.close())

async function start(options: Partial<EmbeddedClusterOptions> = {}) {
  cluster = await startCluster({ groups: { group1: 1 }, ...options })
  return cluster.storage('group1/0')
}

function put(to: { host: string; port: number }, bytes: Buffer, appender = false) {
  return get(to, appender ? uploadAppender : uploadFile, { storePathIndex: 0, sizeBytes: bytes.length, ext: 'bin' }, bytes)
}

test('content around the size at which it is streamed arrives whole', async () => {
  const storage = await start()
  for (const size of [262_143, 262_144, 262_145, 524_288, 1_048_577]) {
    const bytes = randomBytes(size)
    const file = await put(storage, bytes)
    expect(await get(storage, queryFileInfo, file)).toMatchObject({ sizeBytes: size, crc32: crc32(bytes) })
    expect((await ask(storage, downloadFile, { ...file, offset: 0, count: 0 })).body.equals(bytes)).toBe(true)
  }
})

test('every cut of two small requests in one stream gives the same two answers', async () => {
  const storage = await start()
  const file = await put(storage, Buffer.from('cut'), true)
  const append = Buffer.concat([encodeRequest(appendFile, { remoteName: file.remoteName, sizeBytes: 1 }), Buffer.from('!')])
  const bytes = Buffer.concat([append, encodeRequest(activeTest, undefined)])
  for (let cut = 1; cut < bytes.length; cut++) {
    const wire = await Wire.open(storage)
    wire.send(bytes.subarray(0, cut))
    await new Promise((resolve) => setImmediate(resolve))
    wire.send(bytes.subarray(cut))
    expect([await wire.answer(), await wire.answer()]).toEqual([
      { status: 0, body: NONE },
      { status: 0, body: NONE }
    ])
    wire.close()
  }
  expect(await get(storage, queryFileInfo, file)).toMatchObject({ sizeBytes: 3 + bytes.length - 1 })
})

test('large content of a refused request is dropped, and the connection stays in step', async () => {
  const storage = await start()
  const name = (await put(storage, Buffer.from('x'), true)).remoteName.replace('/00/00/', '/00/01/')
  const size = 3_000_000
  const wire = await Wire.open(storage)
  wire.send(encodeRequest(appendFile, { remoteName: name, sizeBytes: size }))
  // What a careless storage would read as requests.
  wire.send(Buffer.concat(Array.from({ length: size / 10 }, () => packet(111, NONE))))
  expect((await wire.answer())?.status).toBe(2)
  wire.send(encodeRequest(activeTest, undefined))
  expect(await wire.answer()).toEqual({ status: 0, body: NONE })
  wire.close()
})

test('an EINVAL in large content arrives although the client is still sending', async () => {
  const storage = await start()
  const size = 50_000_000
  const wire = await Wire.open(storage)
  const head = Buffer.concat([Buffer.from([9]), i64(size), text('bin', 6)])
  wire.send(packet(11, head, 0, head.length + size))
  for (let i = 0; i < 20; i++) wire.send(Buffer.alloc(1_000_000))
  expect(await wire.answer()).toMatchObject({ status: EINVAL })
  wire.close()
})

test('the largest bodies without content are read, longer ones refused or closed', async () => {
  const storage = await start()
  const wire = await Wire.open(storage)
  wire.send(packet(15, Buffer.alloc(262_134)))
  expect(await wire.answer()).toMatchObject({ status: EINVAL })
  wire.close()
  const [host, port] = cluster.trackers[0]!.split(':')
  const long = await Wire.open({ host: host!, port: Number(port) })
  long.send(packet(102, Buffer.alloc(262_135)))
  expect(await long.answer()).toBeNull()
  long.close()
  // Header and rest in one read: nothing behind the refused header is looked at.
  const whole = await Wire.open({ host: host!, port: Number(port) })
  whole.send(packet(102, Buffer.alloc(1000), 0, 262_135))
  expect(await whole.answer()).toBeNull()
  whole.close()
})

test('more connections than allowed are closed at once, and a freed place is used again', async () => {
  const storage = await start({ maxConnections: 3 })
  const open = await Promise.all([1, 2, 3].map(() => Wire.open(storage)))
  for (const wire of open) {
    wire.send(encodeRequest(activeTest, undefined))
    expect((await wire.answer())?.status).toBe(0)
  }
  const fourth = await Wire.open(storage)
  expect(await fourth.answer()).toBeNull()
  fourth.close()
  open[0]!.close()
  await expect
    .poll(
      async () => {
        const wire = await Wire.open(storage)
        const closed = await wire.isClosed()
        wire.close()
        return closed
      },
      { timeout: 20_000 }
    )
    .toBe(false)
  for (const wire of open) wire.close()
})

test('silence ends a connection that never asked or stopped half way, and keeps one that asked before', async () => {
  const storage = await start({ networkTimeoutMs: 300 })
  const used = await Wire.open(storage)
  used.send(encodeRequest(activeTest, undefined))
  await used.answer()
  const silent = await Wire.open(storage)
  const half = await Wire.open(storage)
  half.send('0000')
  const content = await Wire.open(storage)
  content.send(packet(11, Buffer.concat([Buffer.from([0]), i64(1_000_000), text('bin', 6), Buffer.alloc(400_000)]), 0, 1_000_015))
  for (const wire of [silent, half, content]) {
    expect(await wire.answer()).toBeNull()
    wire.close()
  }
  await new Promise((resolve) => setTimeout(resolve, 900))
  expect(await used.isClosed()).toBe(false)
  used.close()
})

test('a reader that stops reading is cut off', async () => {
  const storage = await start({ networkTimeoutMs: 700 })
  const file = await put(storage, Buffer.alloc(40_000_000))
  const wire = await Wire.open(storage)
  wire.send(encodeRequest(downloadFile, { ...file, offset: 0, count: 0 }))
  wire.socket.pause()
  await new Promise((resolve) => setTimeout(resolve, 2000))
  wire.socket.resume()
  expect((await wire.toEnd()).length).toBeLessThan(40_000_000)
  wire.close()
})

test('a thousand connections are served at a time', async () => {
  const storage = await start()
  const wires = await Promise.all(Array.from({ length: 1000 }, () => Wire.open(storage)))
  const bytes = Buffer.concat([encodeRequest(uploadFile, { storePathIndex: 0, sizeBytes: 4, ext: 'txt' }), Buffer.from('1000')])
  for (const wire of wires) wire.send(bytes)
  const names = new Set<string>()
  for (const wire of wires) {
    const answer = await wire.answer()
    expect(answer?.status).toBe(0)
    names.add(answer!.body.toString('latin1', 16))
    wire.close()
  }
  expect(names.size).toBe(1000)
})

test('closing the cluster in the middle of transfers leaves nothing open', async () => {
  const storage = await start()
  const file = await put(storage, Buffer.alloc(20_000_000))
  const down = await Wire.open(storage)
  down.send(encodeRequest(downloadFile, { ...file, offset: 0, count: 0 }))
  await down.bytes(1000)
  const up = await Wire.open(storage)
  up.send(packet(11, Buffer.concat([Buffer.from([0]), i64(1_000_000), text('bin', 6), Buffer.alloc(400_000)]), 0, 1_000_015))
  await cluster.close()
  expect(await up.answer()).toBeNull()
  await down.toEnd()
})
