import { Worker } from 'node:worker_threads'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { bufferSource } from '../../../src/main/client/file-source.ts'
import type { ByteSource } from '../../../src/main/client/types.ts'
import { BufferPool } from '../../../src/main/client/buffers.ts'
import { activeTest, modifyFile, uploadFile } from '../../../src/main/protocol/index.ts'
import { REMOTE_NAME, afterwards, connectTo, pattern, serve, storedAs } from '../../support/client-kit.ts'
import { PATIENCE, type Peer } from '../../support/scripted-server.ts'

const MIB = 1024 * 1024
const STORED = storedAs('group1', REMOTE_NAME)
const upload = (sizeBytes: number) => ({ storePathIndex: 0, sizeBytes, ext: 'txt' })

/** Takes uploads whole and answers them; keeps the contents. */
function storage(contents: Buffer[] = []): (peer: Peer) => Promise<void> {
  return async (peer) => {
    for (let request = await peer.request(); request; request = await peer.request()) {
      if (request.code === 11) contents.push(request.body.subarray(15))
      peer.answer(0, request.code === 11 ? STORED : undefined)
    }
  }
}

/** Answers the ACTIVE_TEST that goes before content, then leaves the rest to `script`. */
function afterHandshake(script: (peer: Peer) => unknown): (peer: Peer) => Promise<void> {
  return async (peer) => {
    await peer.request()
    peer.answer(0)
    await script(peer)
  }
}

/** A source that counts how far it was read. */
function counting(size: number): ByteSource & { delivered: number } {
  return {
    size,
    delivered: 0,
    read(into) {
      const count = Math.min(into.length, size - this.delivered)
      into.fill(0x61, 0, count)
      this.delivered += count
      return count
    }
  }
}

test.each([0, 1, 4096, 256 * 1024, MIB - 25, MIB, 3 * MIB + 17])('content of %i bytes arrives whole, with its CRC-32', async (size) => {
  const contents: Buffer[] = []
  const server = await serve(storage(contents))
  const connection = await connectTo(server)
  const content = pattern(size)
  const progress: number[] = []
  const result = await connection.send(uploadFile, upload(size), bufferSource(content), { onProgress: (bytes) => progress.push(bytes) })
  expect(result).toEqual({ response: { group: 'group1', remoteName: REMOTE_NAME }, crc32: crc32(content) })
  expect(contents[0]?.equals(content)).toBe(true)
  expect(progress.at(-1)).toBe(size)
  expect(progress).toEqual(progress.toSorted((a, b) => a - b))
  expect(connection.usable).toBe(true)
})

test('content of a source that answers later, and in odd pieces, arrives whole', async () => {
  const contents: Buffer[] = []
  const server = await serve(storage(contents))
  const connection = await connectTo(server)
  const content = pattern(300_000)
  const inner = bufferSource(content)
  const source: ByteSource = {
    size: content.length,
    async read(into) {
      await new Promise((resolve) => setImmediate(resolve))
      return inner.read(into.subarray(0, Math.min(into.length, 7777)))
    }
  }
  const { crc32: sum } = await connection.send(uploadFile, upload(content.length), source)
  expect(sum).toBe(crc32(content))
  expect(contents[0]?.equals(content)).toBe(true)
})

test('header and content of a small file leave in one piece', async () => {
  const pieces: number[] = []
  const server = await serve(
    afterHandshake(async (peer) => {
      peer.socket.on('data', (chunk) => pieces.push(chunk.length))
      await peer.request()
      peer.answer(0, STORED)
    })
  )
  const connection = await connectTo(server)
  await connection.send(uploadFile, upload(4096), bufferSource(pattern(4096)))
  expect(pieces).toEqual([10 + 15 + 4096])
})

test('content goes only to a server that has proved to be one', async () => {
  let received = 0
  const server = await serve((peer) => {
    peer.socket.on('data', (chunk) => {
      received += chunk.length
      peer.fin()
    })
  })
  const connection = await connectTo(server)
  const source = counting(5 * MIB)
  await expect(connection.send(uploadFile, upload(5 * MIB), source)).rejects.toMatchObject({ code: 'SERVER_FULL' })
  expect(received).toBe(10)
  expect(source.delivered).toBe(0)
})

test.each(['fin', 'rst'] as const)('an error answered in the middle of the content is reported, not the %s that follows', async (end) => {
  const server = await serve(
    afterHandshake(async (peer) => {
      await peer.take(300_000)
      peer.answer(28)
      setImmediate(() => peer[end]())
    })
  )
  for (let i = 0; i < 5; i++) {
    const connection = await connectTo(server)
    await expect(connection.send(uploadFile, upload(50 * MIB), counting(50 * MIB))).rejects.toMatchObject({ code: 'NO_SPACE' })
    expect(connection.usable).toBe(false)
  }
})

test('an answer that was sent before a write failed is still read', async () => {
  // The server runs in a thread of its own, so that it can answer and reset while this one is held between two writes.
  const done = new Int32Array(new SharedArrayBuffer(4))
  const server = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads')
    const { createServer } = require('node:net')
    createServer((socket) => {
      let received = 0
      socket.on('error', () => {})
      socket.on('data', (chunk) => {
        if (received === 0) socket.write(Buffer.from('00000000000000006400', 'hex'))
        received += chunk.length
        if (received < 300000 || socket.writableEnded) return
        socket.pause()
        socket.write(Buffer.from('0000000000000000641c', 'hex'), () => {
          socket.on('close', () => {
            Atomics.store(workerData, 0, 1)
            Atomics.notify(workerData, 0)
          })
          socket.resetAndDestroy()
        })
      })
    }).listen(0, '127.0.0.1', function () { parentPort.postMessage(this.address().port) })`,
    { eval: true, workerData: done }
  )
  afterwards(() => server.terminate())
  const port = await new Promise<number>((resolve) => server.once('message', resolve))
  const connection = await connectTo({ host: '127.0.0.1', port })
  const inner = counting(50 * MIB)
  const source: ByteSource = {
    size: inner.size,
    read(into) {
      if (inner.delivered >= 2 * MIB) Atomics.wait(done, 0, 0, 10_000)
      return inner.read(into)
    }
  }
  await expect(connection.send(uploadFile, upload(source.size), source)).rejects.toMatchObject({ code: 'NO_SPACE' })
})

test('after an error on content nothing more of it is sent', async () => {
  const sawReset = Promise.withResolvers<number>()
  const server = await serve(
    afterHandshake(async (peer) => {
      let received = 0
      peer.socket.on('data', (chunk) => (received += chunk.length))
      peer.socket.on('error', () => sawReset.resolve(received))
      await peer.take(262_144)
      peer.answer(2)
    })
  )
  const connection = await connectTo(server)
  const source = counting(200 * MIB)
  await expect(connection.send(uploadFile, upload(source.size), source)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(await sawReset.promise).toBeLessThan(source.size / 2)
  expect(source.delivered).toBeLessThan(source.size / 2)
})

test('any error on content ends the connection, also one that would otherwise keep it', async () => {
  const server = await serve(
    afterHandshake(async (peer) => {
      await peer.request()
      peer.answer(2)
    })
  )
  const connection = await connectTo(server)
  await expect(
    connection.send(modifyFile, { remoteName: REMOTE_NAME, offset: 0, sizeBytes: 10 }, bufferSource(pattern(10)))
  ).rejects.toMatchObject({ code: 'NOT_FOUND', detail: { command: 'MODIFY_FILE' } })
  expect(connection.usable).toBe(false)
})

test('success that comes before the content is no success', async () => {
  const server = await serve(
    afterHandshake(async (peer) => {
      await peer.take(100)
      peer.answer(0, STORED)
      await peer.closed
    })
  )
  const connection = await connectTo(server)
  await expect(connection.send(uploadFile, upload(80 * MIB), counting(80 * MIB))).rejects.toMatchObject({
    code: 'PROTOCOL_INVALID',
    detail: { reason: 'answer-before-the-content' }
  })
})

test.each([
  ['shorter', 1000, 900],
  ['much shorter', 5 * MIB, 2 * MIB],
  ['empty', 1000, 0],
  ['longer', 1000, 1001],
  ['much longer', 3 * MIB, 9 * MIB],
  ['longer than nothing', 0, 1]
])('a source that is %s than announced resets the connection before the request is complete', async (_, announced, actual) => {
  let complete = false
  const server = await serve(
    afterHandshake(async (peer) => {
      complete = (await peer.request()) !== null
    })
  )
  const connection = await connectTo(server)
  const inner = counting(actual)
  const source: ByteSource = { size: announced, read: (into) => inner.read(into) }
  await expect(connection.send(uploadFile, upload(announced), source)).rejects.toMatchObject({ code: 'SOURCE_CHANGED' })
  expect(connection.usable).toBe(false)
  await expect.poll(() => server.open, PATIENCE).toBe(0)
  expect(complete).toBe(false)
})

test('what the source throws is what is reported', async () => {
  const server = await serve(storage())
  const failing = (error: Error): ByteSource => ({ size: 10, read: () => Promise.reject(error) })
  const disk = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', syscall: 'read' })
  const first = await connectTo(server)
  await expect(first.send(uploadFile, upload(10), failing(disk))).rejects.toMatchObject({ code: 'LOCAL_IO' })
  const second = await connectTo(server)
  await expect(second.send(uploadFile, upload(10), failing(new Error('bug')))).rejects.toMatchObject({ code: 'INTERNAL' })
  expect(first.usable || second.usable).toBe(false)
})

test('a storage that does not read stops the source after a few buffers', async () => {
  const buffers = new BufferPool()
  let taken = 0
  const { take } = buffers
  buffers.take = (bytes) => {
    taken++
    return take.call(buffers, bytes)
  }
  const abort = new AbortController()
  const server = await serve(afterHandshake((peer) => peer.socket.pause()))
  const connection = await connectTo(server, { buffers })
  const source = counting(500 * MIB)
  const sending = connection.send(uploadFile, upload(source.size), source, { signal: abort.signal })
  const outcome = sending.catch((error: unknown) => error)
  let before = -1
  await expect
    .poll(() => {
      const same = source.delivered === before
      before = source.delivered
      return same && source.delivered > 0
    }, PATIENCE)
    .toBe(true)
  // What the kernel takes is gone from our memory; at most four buffers are not.
  expect(source.delivered).toBeLessThan(100 * MIB)
  expect(taken).toBeLessThan(100)
  abort.abort()
  expect(await outcome).toMatchObject({ code: 'ABORTED' })
})

test('a storage that stops reading for too long is silent, a source that is slow is not', async () => {
  const server = await serve(afterHandshake((peer) => peer.socket.pause()))
  const stalled = await connectTo(server, { networkTimeoutMs: 80 })
  await expect(stalled.send(uploadFile, upload(100 * MIB), counting(100 * MIB))).rejects.toMatchObject({ code: 'TIMEOUT' })

  const willing = await serve(storage())
  const patient = await connectTo(willing, { networkTimeoutMs: 400 })
  const inner = bufferSource(pattern(10))
  const source: ByteSource = {
    size: 10,
    async read(into) {
      await new Promise((resolve) => setTimeout(resolve, 900))
      return inner.read(into)
    }
  }
  await expect(patient.send(uploadFile, upload(10), source)).resolves.toMatchObject({ crc32: crc32(pattern(10)) })
})

test('an abort waits for the source that is still being read', async () => {
  const server = await serve(storage())
  const connection = await connectTo(server)
  const abort = new AbortController()
  const reading = Promise.withResolvers<number>()
  let rejected = false
  const source: ByteSource = {
    size: 10,
    read: () => {
      abort.abort()
      return reading.promise
    }
  }
  const outcome = connection.send(uploadFile, upload(10), source, { signal: abort.signal }).catch((error: unknown) => {
    rejected = true
    return error
  })
  await expect.poll(() => server.open, PATIENCE).toBe(0)
  expect(rejected).toBe(false)
  reading.resolve(10)
  expect(await outcome).toMatchObject({ code: 'ABORTED' })
})

test('the echo of an empty modify is read and dropped', async () => {
  let echo: Buffer = Buffer.alloc(0)
  const server = await serve(
    afterHandshake(async (peer) => {
      for (let request = await peer.request(); request; request = await peer.request()) {
        echo = request.body
        peer.answer(0, request.code === 34 ? echo : undefined)
      }
    })
  )
  const connection = await connectTo(server)
  await connection.send(modifyFile, { remoteName: REMOTE_NAME, offset: 0, sizeBytes: 0 }, bufferSource(Buffer.alloc(0)))
  expect(echo).toHaveLength(24 + 44)
  await connection.exchange(activeTest, undefined)
  expect(server.accepted).toBe(1)
})
