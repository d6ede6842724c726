import { expect, test } from 'vitest'
import { activeTest, getMetadata, listAllGroups, queryFileInfo, queryStoreOne } from '../../../src/main/protocol/index.ts'
import { FILE_ID, REMOTE_NAME, connectTo, serve } from '../../support/client-kit.ts'
import { PATIENCE, type Peer, header } from '../../support/scripted-server.ts'

const ref = { group: 'group1', remoteName: REMOTE_NAME }
// Captured from v6.16.1: group1, 127.0.0.3, port 23000, store path 0.
const STORE_ONE = Buffer.from(
  '000000000000002864006' + '7726f75703100000000000000000000' + '3132372e302e302e33000000000000' + '00000000000059d8' + '00',
  'hex'
)

/** Answers every request with the same bytes. */
function always(bytes: Buffer | string, then?: (peer: Peer) => void): (peer: Peer) => Promise<void> {
  return async (peer) => {
    while (await peer.request()) {
      peer.send(bytes)
      then?.(peer)
    }
  }
}

test('an answer is understood wherever it is cut', async () => {
  const server = await serve(async (peer) => {
    for (let cut = 1; (await peer.request()) !== null; cut++) {
      peer.send(STORE_ONE.subarray(0, cut))
      await new Promise((resolve) => setImmediate(resolve))
      peer.send(STORE_ONE.subarray(cut))
    }
  })
  const connection = await connectTo(server)
  for (let cut = 1; cut < STORE_ONE.length; cut++) {
    await expect(connection.exchange(queryStoreOne, undefined)).resolves.toMatchObject({ group: 'group1', host: '127.0.0.3', port: 23000 })
  }
  expect(server.accepted).toBe(1)
})

test('an answer that comes byte by byte is understood', async () => {
  const server = await serve(async (peer) => {
    await peer.request()
    for (const byte of STORE_ONE) {
      peer.send(Buffer.of(byte))
      await new Promise((resolve) => setImmediate(resolve))
    }
  })
  const connection = await connectTo(server)
  await expect(connection.exchange(queryStoreOne, undefined)).resolves.toMatchObject({ storePathIndex: 0 })
})

test('a connection that is closed anywhere within an answer is lost, not an answer', async () => {
  const server = await serve(async (peer) => {
    await peer.request()
    peer.answer(0)
    await peer.request()
    peer.send(STORE_ONE.subarray(0, peer.index))
    peer.fin()
  })
  for (let cut = 0; cut < STORE_ONE.length; cut++) {
    const connection = await connectTo(server)
    await connection.exchange(activeTest, undefined)
    const exchange = connection.exchange(queryStoreOne, undefined)
    await expect(exchange).rejects.toMatchObject({ code: 'CONNECTION_LOST', detail: { command: 'QUERY_STORE_WITHOUT_GROUP_ONE' } })
    expect(connection.usable).toBe(false)
    expect(connection.unanswered).toBe(cut === 0)
  }
})

test('every error names the endpoint and the command', async () => {
  const server = await serve(async (peer) => {
    await peer.request()
    peer.answer(2)
  })
  const connection = await connectTo(server)
  await expect(connection.exchange(queryStoreOne, undefined)).rejects.toMatchObject({
    code: 'NO_STORAGE',
    detail: { endpoint: `127.0.0.1:${server.port}`, command: 'QUERY_STORE_WITHOUT_GROUP_ONE', status: 2 }
  })
})

test('a refusal leaves the connection in use, but EINVAL ends it', async () => {
  let status = 2
  const server = await serve(async (peer) => {
    while (await peer.request()) peer.answer(status)
  })
  const connection = await connectTo(server)
  await expect(connection.exchange(queryFileInfo, ref)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(connection.usable).toBe(true)
  status = 22
  await expect(connection.exchange(queryFileInfo, ref)).rejects.toMatchObject({ code: 'REJECTED' })
  expect(connection.usable).toBe(false)
})

test.each([
  ['a wrong command', 'PROTOCOL_INVALID', header(0, 0, 99), 'not-a-response'],
  ['a negative length', 'PROTOCOL_INVALID', header(-1), 'negative-length'],
  ['an error with a body', 'PROTOCOL_INVALID', header(5, 2), 'error-with-body'],
  ['a body beyond the limit', 'PROTOCOL_INVALID', header(71), 'response-too-long'],
  ['an impossible body', 'PROTOCOL_INVALID', header(2n ** 62n), 'response-too-long'],
  ['more than it announced', 'PROTOCOL_INVALID', Buffer.concat([STORE_ONE, Buffer.of(1)]), 'surplus-bytes'],
  ['no body and bytes after it', 'PROTOCOL_INVALID', Buffer.concat([header(0), Buffer.of(1)]), 'surplus-bytes'],
  ['a body that ends too soon', 'PROTOCOL_TRUNCATED', header(0), undefined]
])('an answer with %s ends the connection', async (_, code, bytes, reason) => {
  const server = await serve(async (peer) => {
    await peer.request()
    peer.answer(0)
    await peer.request()
    peer.send(bytes)
    await peer.closed
  })
  const connection = await connectTo(server)
  await connection.exchange(activeTest, undefined)
  await expect(connection.exchange(queryStoreOne, undefined)).rejects.toMatchObject({ code, detail: reason ? { reason } : {} })
  expect(connection.usable).toBe(false)
})

test.each([
  ['a web server', 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'],
  ['a mail server that speaks first', '220 mail.example.com ESMTP\r\n'],
  ['a TLS alert shorter than a header', Buffer.from('15030100020246', 'hex')]
])('%s is recognised as not FastDFS', async (_, bytes) => {
  const server = await serve(async (peer) => {
    if (String(bytes).startsWith('220')) peer.send(bytes)
    else {
      await peer.take(1)
      peer.send(bytes)
    }
    peer.fin()
  })
  const connection = await connectTo(server)
  await expect(connection.exchange(activeTest, undefined)).rejects.toMatchObject({ code: 'NOT_FASTDFS' })
})

test('a server that closes a new connection at once is full', async () => {
  const polite = await serve((peer) => peer.fin())
  await expect(connectTo(polite).then((c) => c.exchange(activeTest, undefined))).rejects.toMatchObject({ code: 'SERVER_FULL' })
  const rude = await serve(async (peer) => {
    await peer.request()
    peer.rst()
  })
  await expect(connectTo(rude).then((c) => c.exchange(activeTest, undefined))).rejects.toMatchObject({
    code: 'SERVER_FULL',
    detail: { reason: 'reset before any answer' }
  })
})

test('silence ends an exchange, and so does an answer that never comes to an end', async () => {
  const mute = await serve(() => {})
  const silent = await connectTo(mute, { networkTimeoutMs: 50 })
  await expect(silent.exchange(activeTest, undefined)).rejects.toMatchObject({ code: 'TIMEOUT', detail: { timeoutMs: 50 } })
  expect(silent.usable).toBe(false)

  const drip = await serve(async (peer) => {
    await peer.request()
    peer.send(header(1000))
    while (!peer.socket.destroyed) {
      peer.send('x')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  })
  const slow = await connectTo(drip, { networkTimeoutMs: 500 })
  await expect(slow.exchange(getMetadata, ref)).rejects.toMatchObject({ code: 'TIMEOUT', detail: { reason: 'answer too slow' } })
})

test('the time limit begins anew with each exchange, also after a pause that was longer', async () => {
  const server = await serve(async (peer) => {
    await peer.request()
    peer.answer(0)
    await peer.request()
  })
  const connection = await connectTo(server, { networkTimeoutMs: 50 })
  await connection.exchange(activeTest, undefined)
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect(connection.usable).toBe(true)
  await expect(connection.exchange(activeTest, undefined)).rejects.toMatchObject({ code: 'TIMEOUT' })
})

test('a longer limit for one exchange does not change the next', async () => {
  const server = await serve(async (peer) => {
    await peer.request()
    await new Promise((resolve) => setTimeout(resolve, 120))
    peer.answer(0)
    await peer.request()
  })
  const connection = await connectTo(server, { networkTimeoutMs: 40 })
  await connection.exchange(activeTest, undefined, { timeoutMs: 10_000 })
  await expect(connection.exchange(activeTest, undefined)).rejects.toMatchObject({ code: 'TIMEOUT' })
})

test('an abort resets the connection, and rejects only when it is closed', async () => {
  let seen: () => void = () => {}
  const reset = new Promise<string>((resolve) => {
    seen = () => resolve('reset')
  })
  const server = await serve(async (peer) => {
    peer.socket.once('error', (error) => (error as NodeJS.ErrnoException).code === 'ECONNRESET' && seen())
    await peer.request()
    abort.abort()
  })
  const abort = new AbortController()
  const connection = await connectTo(server)
  await expect(connection.exchange(activeTest, undefined, { signal: abort.signal })).rejects.toMatchObject({ code: 'ABORTED' })
  expect(connection.usable).toBe(false)
  await expect(reset).resolves.toBe('reset')
})

test('an aborted signal sends nothing', async () => {
  let requests = 0
  const server = await serve(async (peer) => {
    while (await peer.request()) {
      requests++
      peer.answer(0)
    }
  })
  const connection = await connectTo(server)
  await expect(connection.exchange(activeTest, undefined, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' })
  await connection.exchange(activeTest, undefined)
  expect(requests).toBe(1)
})

test('bytes that nobody asked for end an idle connection', async () => {
  const answered = Promise.withResolvers<void>()
  const server = await serve(async (peer) => {
    await peer.request()
    peer.answer(0)
    await answered.promise
    peer.answer(0)
  })
  const connection = await connectTo(server)
  const closed = new Promise<void>((resolve) => {
    connection.onClosed = resolve
  })
  await connection.exchange(activeTest, undefined)
  answered.resolve()
  await closed
  await expect(connection.exchange(activeTest, undefined)).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
})

test('an answer that decodes to nothing sensible ends the connection', async () => {
  const server = await serve(always(Buffer.concat([header(40), Buffer.alloc(40, 0xff)])))
  const connection = await connectTo(server)
  await expect(connection.exchange(queryStoreOne, undefined)).rejects.toMatchObject({
    code: 'PROTOCOL_INVALID',
    detail: { endpoint: `127.0.0.1:${server.port}`, command: 'QUERY_STORE_WITHOUT_GROUP_ONE' }
  })
  expect(connection.usable).toBe(false)
})

test('a request that cannot be built leaves the connection alone', async () => {
  const server = await serve(always(header(0)))
  const connection = await connectTo(server)
  await expect(connection.exchange(queryFileInfo, { group: 'no group', remoteName: REMOTE_NAME })).rejects.toMatchObject({
    code: 'GROUP_INVALID'
  })
  await expect(connection.exchange(queryFileInfo, { group: 'group1', remoteName: FILE_ID })).rejects.toMatchObject({
    code: 'FILE_ID_INVALID'
  })
  expect(connection.usable).toBe(true)
})

test('a second exchange at the same time is a mistake of the program', async () => {
  const server = await serve(always(header(0)))
  const connection = await connectTo(server)
  const first = connection.exchange(activeTest, undefined)
  await expect(connection.exchange(activeTest, undefined)).rejects.toMatchObject({ code: 'INTERNAL' })
  await first
})

test('connecting reports what went wrong', async () => {
  const server = await serve(() => {})
  const { port } = server
  await server.close()
  await expect(connectTo({ host: '127.0.0.1', port })).rejects.toMatchObject({
    code: 'CONNECT_REFUSED',
    detail: { endpoint: `127.0.0.1:${port}`, errno: 'ECONNREFUSED' }
  })
  await expect(connectTo({ host: 'no-such-host.invalid', port: 1 })).rejects.toMatchObject({ code: 'HOST_NOT_FOUND' })
  await expect(connectTo({ host: '127.0.0.1', port }, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' })
})

test('an IPv6 endpoint is connected to and shown in brackets', async () => {
  await expect(connectTo({ host: '::1', port: 1 })).rejects.toMatchObject({ detail: { endpoint: '[::1]:1' } })
})

test('no listener stays on a signal, and no socket on the machine', async () => {
  const server = await serve(always(header(0)))
  const controller = new AbortController()
  let listeners = 0
  const { addEventListener, removeEventListener } = controller.signal
  controller.signal.addEventListener = ((...args: Parameters<typeof addEventListener>) => {
    listeners++
    addEventListener.apply(controller.signal, args)
  }) as typeof addEventListener
  controller.signal.removeEventListener = ((...args: Parameters<typeof removeEventListener>) => {
    listeners--
    removeEventListener.apply(controller.signal, args)
  }) as typeof removeEventListener

  const connection = await connectTo(server, { signal: controller.signal })
  for (let i = 0; i < 20; i++) await connection.exchange(activeTest, undefined, { signal: controller.signal })
  await expect(connection.exchange(listAllGroups, undefined, { signal: controller.signal })).resolves.toEqual({ groups: [] })
  expect(listeners).toBe(0)
  await connection.close()
  await expect.poll(() => server.open, PATIENCE).toBe(0)
})
