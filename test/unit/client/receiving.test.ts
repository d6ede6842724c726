import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import type { ByteSink } from '../../../src/main/client/types.ts'
import { activeTest, downloadFile, fetchOnePathBinlog } from '../../../src/main/protocol/index.ts'
import { REMOTE_NAME, collector, connectTo, pattern, serve } from '../../support/client-kit.ts'
import { PATIENCE, type Peer, header } from '../../support/scripted-server.ts'

const MIB = 1024 * 1024
const asked = (count: number) => ({ group: 'group1', remoteName: REMOTE_NAME, offset: 0, count })

/** Answers a download with `content`, in pieces of `step` bytes, respecting the client's pace; other requests with success. */
function storage(content: Buffer, step = content.length): (peer: Peer) => Promise<void> {
  return async (peer) => {
    for (let request = await peer.request(); request; request = await peer.request()) {
      if (request.code !== 14) {
        peer.answer(0)
        continue
      }
      peer.send(header(content.length))
      for (let at = 0; at < content.length; at += step) {
        const more = peer.socket.write(content.subarray(at, at + step))
        if (!more) await Promise.race([new Promise((resolve) => peer.socket.once('drain', resolve)), peer.closed])
        if (peer.socket.destroyed) return
      }
    }
  }
}

test.each([1, 4096, 64 * 1024 - 10, 64 * 1024, 700_000, MIB, 5 * MIB + 3])('%i bytes arrive whole, with their CRC-32', async (size) => {
  const content = pattern(size)
  const connection = await connectTo(await serve(storage(content, 100_000)))
  const sink = collector()
  const progress: number[] = []
  const result = await connection.receive(downloadFile, asked(size), size, sink, { onProgress: (bytes) => progress.push(bytes) })
  expect(result).toEqual({ bytes: size, crc32: crc32(content) })
  expect(sink.bytes().equals(content)).toBe(true)
  expect(progress.at(-1)).toBe(size)
  await connection.exchange(activeTest, undefined)
})

test('the header may come alone, and with any part of the content', async () => {
  const content = pattern(1000)
  let cut = 0
  const server = await serve(async (peer) => {
    while (await peer.request()) {
      const bytes = Buffer.concat([header(content.length), content])
      peer.send(bytes.subarray(0, ++cut))
      await new Promise((resolve) => setImmediate(resolve))
      peer.send(bytes.subarray(cut))
    }
  })
  const connection = await connectTo(server)
  for (let i = 0; i < 40; i++) {
    const sink = collector()
    await connection.receive(downloadFile, asked(1000), 1000, sink)
    expect(sink.bytes().equals(content)).toBe(true)
  }
})

test('large content reaches the sink in few large pieces', async () => {
  const content = pattern(8 * MIB)
  const connection = await connectTo(await serve(storage(content, 10_000)))
  const pieces: number[] = []
  await connection.receive(downloadFile, asked(content.length), content.length, {
    write(chunk) {
      pieces.push(chunk.length)
    }
  })
  expect(pieces).toEqual(Array.from({ length: 4 }, () => 2 * MIB))
})

test.each([undefined, 1, 3])('a sink of concurrency %s is never given more at once, and gets its bytes in order', async (concurrency) => {
  const content = pattern(9 * MIB)
  const connection = await connectTo(await serve(storage(content, 50_000)))
  let busy = 0
  let most = 0
  const out = Buffer.alloc(content.length)
  let at = 0
  const full = Promise.withResolvers<void>()
  const sink: ByteSink = {
    concurrency,
    async write(chunk) {
      const position = at
      at += chunk.length
      most = Math.max(most, ++busy)
      // However slowly the content arrives: nothing is written before as many as are allowed are there.
      if (busy === (concurrency ?? 1)) full.resolve()
      await full.promise
      await new Promise((resolve) => setTimeout(resolve, 5))
      chunk.copy(out, position)
      busy--
    }
  }
  await expect(connection.receive(downloadFile, asked(content.length), content.length, sink)).resolves.toEqual({
    bytes: content.length,
    crc32: crc32(content)
  })
  expect(out.equals(content)).toBe(true)
  expect(most).toBe(concurrency ?? 1)
})

test('a sink that does not come along stops the reading, and its slowness is not the server’s silence', async () => {
  const content = pattern(64 * MIB)
  let sent = 0
  const server = await serve(async (peer) => {
    await peer.request()
    peer.send(header(content.length))
    for (; sent < content.length; sent += 100_000) {
      if (!peer.socket.write(content.subarray(sent, sent + 100_000))) await new Promise((resolve) => peer.socket.once('drain', resolve))
    }
  })
  const connection = await connectTo(server, { networkTimeoutMs: 400 })
  const release = Promise.withResolvers<void>()
  let delivered = 0
  const receiving = connection.receive(downloadFile, asked(content.length), content.length, {
    async write(chunk) {
      delivered += chunk.length
      await release.promise
    }
  })
  // Longer than the limit for silence, and long enough for everything to come if nothing held it back.
  await new Promise((resolve) => setTimeout(resolve, 1000))
  expect(delivered).toBe(2 * MIB)
  expect(sent).toBeLessThan(48 * MIB)
  release.resolve()
  await expect(receiving).resolves.toMatchObject({ bytes: content.length })
})

test('a length other than the one asked for is refused before anything is delivered', async () => {
  const server = await serve(async (peer) => {
    const request = await peer.request()
    peer.send(Buffer.concat([header(request?.body.length === 76 ? 999 : 0), Buffer.alloc(999)]))
    await peer.closed
  })
  const sink = collector()
  const short = await connectTo(server)
  await expect(short.receive(downloadFile, asked(1000), 1000, sink)).rejects.toMatchObject({
    code: 'SIZE_MISMATCH',
    detail: { expected: 1000, actual: 999 }
  })
  const long = await connectTo(server)
  await expect(long.receive(downloadFile, asked(998), 998, sink)).rejects.toMatchObject({
    code: 'PROTOCOL_INVALID',
    detail: { reason: 'response-too-long' }
  })
  expect(sink.bytes()).toHaveLength(0)
  expect(short.usable || long.usable).toBe(false)
})

test('the negative length of old storages is fatal at once', async () => {
  const server = await serve(async (peer) => {
    await peer.request()
    peer.send(header(-1, 14))
    await peer.closed
  })
  const connection = await connectTo(server)
  await expect(connection.receive(downloadFile, asked(10), 10, collector())).rejects.toMatchObject({
    code: 'PROTOCOL_INVALID',
    detail: { reason: 'negative-length' }
  })
})

test('more content than announced is an error', async () => {
  const server = await serve(async (peer) => {
    await peer.request()
    peer.send(Buffer.concat([header(1000), Buffer.alloc(1001)]))
    await peer.closed
  })
  const connection = await connectTo(server)
  await expect(connection.receive(downloadFile, asked(1000), 1000, collector())).rejects.toMatchObject({ code: 'PROTOCOL_INVALID' })
})

test('what had arrived when the connection broke has reached the sink', async () => {
  const content = pattern(3 * MIB)
  for (const end of ['fin', 'rst'] as const) {
    const received = Promise.withResolvers<void>()
    const server = await serve(async (peer) => {
      await peer.request()
      peer.send(Buffer.concat([header(content.length), content.subarray(0, 1_500_000)]))
      await received.promise
      peer[end]()
    })
    const connection = await connectTo(server)
    const sink = collector()
    const receiving = connection.receive(downloadFile, asked(content.length), content.length, sink, {
      onProgress: (bytes) => bytes === 1_500_000 && received.resolve()
    })
    await expect(receiving).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
    expect(sink.bytes().equals(content.subarray(0, 1_500_000))).toBe(true)
  }
})

test('everything has arrived: that the server closes then does not matter', async () => {
  const content = pattern(100_000)
  const server = await serve(async (peer) => {
    await peer.request()
    peer.send(Buffer.concat([header(content.length), content]))
    peer.fin()
  })
  const connection = await connectTo(server)
  const sink = collector()
  const slow: ByteSink = {
    async write(chunk) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      await sink.write(chunk)
    }
  }
  await expect(connection.receive(downloadFile, asked(100_000), 100_000, slow)).resolves.toMatchObject({ crc32: crc32(content) })
  expect(sink.bytes().equals(content)).toBe(true)
  expect(connection.usable).toBe(false)
})

test.each([true, false])('a sink that fails (later: %s) aborts the download and resets the connection', async (later) => {
  const content = pattern(40 * MIB)
  const server = await serve(storage(content, 100_000))
  const connection = await connectTo(server)
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' })
  let writes = 0
  const sink: ByteSink = {
    write() {
      writes++
      if (later) return Promise.reject(full)
      throw full
    }
  }
  await expect(connection.receive(downloadFile, asked(content.length), content.length, sink)).rejects.toMatchObject({
    code: 'LOCAL_DISK_FULL'
  })
  expect(writes).toBe(1)
  expect(connection.usable).toBe(false)
  await expect.poll(() => server.open, PATIENCE).toBe(0)
})

test('an abort rejects when the sink has finished its last write', async () => {
  const content = pattern(10 * MIB)
  const server = await serve(storage(content, 100_000))
  const connection = await connectTo(server)
  const abort = new AbortController()
  const writing = Promise.withResolvers<void>()
  let rejected = false
  const outcome = connection
    .receive(
      downloadFile,
      asked(content.length),
      content.length,
      {
        write() {
          abort.abort()
          return writing.promise
        }
      },
      { signal: abort.signal }
    )
    .catch((error: unknown) => {
      rejected = true
      return error
    })
  await expect.poll(() => server.open, PATIENCE).toBe(0)
  expect(rejected).toBe(false)
  writing.resolve()
  expect(await outcome).toMatchObject({ code: 'ABORTED' })
})

test('silence in the middle of the content ends the download', async () => {
  const server = await serve(async (peer) => {
    await peer.request()
    peer.send(Buffer.concat([header(1000), Buffer.alloc(500)]))
    await peer.closed
  })
  const connection = await connectTo(server, { networkTimeoutMs: 50 })
  await expect(connection.receive(downloadFile, asked(1000), 1000, collector())).rejects.toMatchObject({ code: 'TIMEOUT' })
})

test('an answer without an end streams until the server closes', async () => {
  const text = pattern(300_000)
  const server = await serve(async (peer) => {
    await peer.request()
    peer.send(header(2n ** 58n))
    for (let at = 0; at < text.length; at += 7000) peer.send(text.subarray(at, at + 7000))
    peer.fin()
  })
  const connection = await connectTo(server)
  const sink = collector()
  const request = { group: 'group1', storePathIndex: 0 }
  await expect(connection.receiveUntilClose(fetchOnePathBinlog, request, 2 ** 58, sink)).resolves.toBe(text.length)
  expect(sink.bytes().equals(text)).toBe(true)
  expect(connection.usable).toBe(false)
})

test('an answer without an end that is reset is lost', async () => {
  const server = await serve(async (peer) => {
    await peer.request()
    peer.answer(0)
    await peer.request()
    peer.rst()
  })
  const connection = await connectTo(server)
  await connection.exchange(activeTest, undefined)
  const request = { group: 'group1', storePathIndex: 0 }
  await expect(connection.receiveUntilClose(fetchOnePathBinlog, request, 2 ** 58, collector())).rejects.toMatchObject({
    code: 'CONNECTION_LOST'
  })
})
