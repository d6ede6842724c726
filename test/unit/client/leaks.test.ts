import { getEventListeners } from 'node:events'
import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { bufferSource } from '../../../src/main/client/file-source.ts'
import { ConnectionPool } from '../../../src/main/client/pool.ts'
import type { ByteSource } from '../../../src/main/client/types.ts'
import { activeTest, downloadFile, queryFileInfo, uploadFile } from '../../../src/main/protocol/index.ts'
import { AppError } from '../../../src/shared/errors.ts'
import { REMOTE_NAME, collector, connectTo, pattern, serve } from '../../support/client-kit.ts'
import { cluster, storeClient } from '../../support/cluster-kit.ts'
import { type Peer, header } from '../../support/scripted-server.ts'

const FILE = { group: 'group1', remoteName: REMOTE_NAME }
const ROUNDS = 200

/** What keeps this process alive, by kind: sockets, timers, name lookups. */
function handles(): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) {
    if (/TCPSocket|Timeout|GetAddrInfo/.test(kind)) counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}

/** Waits a while for what is on its way out. (`expect.poll` has a timer of its own, which would count.) */
async function settled(condition: () => boolean): Promise<void> {
  const patient = Date.now() + 20_000
  while (!condition() && Date.now() < patient) await new Promise((resolve) => setTimeout(resolve, 20))
}

test('after a thousand exchanges, good, refused, broken and aborted, everything is given back', { timeout: 60_000 }, async () => {
  const real = await cluster({ groups: { group1: 2 } })
  await real.synced()
  await settled(() => handles()['Timeout'] === undefined)
  const before = handles()
  const signal = new AbortController().signal
  const client = storeClient(real.trackers, { networkTimeoutMs: 5000 })
  const missing = `group1/${REMOTE_NAME}`
  const broken = real.faults.add({ server: '*', command: 15, fault: { kind: 'cut', afterBytes: 0, reset: true } })
  const rounds = Array.from({ length: ROUNDS }, async (_, i) => {
    const { fileId } = await client.upload({ ext: 'txt' }, bufferSource(pattern(1000 + i)), { signal })
    await client.download(fileId, {}, collector(), { signal })
    await client.setMetadata(fileId, { index: String(i) }, 'overwrite', { signal })
    await expect(client.getMetadata(fileId, { signal })).rejects.toMatchObject({ code: expect.any(String) })
    await expect(client.info(missing, {}, { signal })).rejects.toMatchObject({ code: expect.any(String) })
    const abort = new AbortController()
    const aborted = client.upload({ ext: 'bin' }, bufferSource(pattern(300_000)), { signal: abort.signal })
    if (i % 2 === 0) setImmediate(() => abort.abort())
    else abort.abort()
    expect(['done', 'ABORTED']).toContain(
      await aborted.then(
        () => 'done',
        (error: unknown) => (error instanceof AppError ? error.code : error)
      )
    )
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0)
  })
  await Promise.all(rounds)
  expect(broken.hits).toBeGreaterThanOrEqual(ROUNDS)
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  await client.close()
  await settled(() => isDeepStrictEqual(handles(), before))
  expect(handles()).toEqual(before)
})

/** Turns of the event loop until the promise has settled. */
async function turnsUntil(settled: Promise<unknown>): Promise<number> {
  let turns = 0
  let done = false
  void settled.then(() => (done = true))
  for (; !done && turns < 1000; turns++) await new Promise((resolve) => setImmediate(resolve))
  return turns
}

const silent = (peer: Peer): Promise<void> => peer.closed
const endlessly: ByteSource = { size: 2 ** 40, read: (into) => into.length }

test.each([
  {
    phase: 'the answer is waited for',
    script: silent,
    start: (c: Awaited<ReturnType<typeof connectTo>>, signal: AbortSignal) => c.exchange(queryFileInfo, FILE, { signal })
  },
  {
    phase: 'content arrives',
    script: async (peer: Peer) => {
      await peer.request()
      peer.send(Buffer.concat([header(1_000_000), Buffer.alloc(1000)]))
      await peer.closed
    },
    start: (c: Awaited<ReturnType<typeof connectTo>>, signal: AbortSignal) =>
      c.receive(downloadFile, { ...FILE, offset: 0, count: 0 }, 1_000_000, { write() {} }, { signal })
  },
  {
    phase: 'content is sent',
    script: async (peer: Peer) => {
      await peer.request()
      peer.answer(0)
      await peer.take(1_000_000)
      peer.socket.pause()
      await peer.closed
    },
    start: (c: Awaited<ReturnType<typeof connectTo>>, signal: AbortSignal) =>
      c.send(uploadFile, { storePathIndex: 0, sizeBytes: endlessly.size, ext: '' }, endlessly, { signal })
  }
])('an abort while $phase waits for nothing', async ({ script, start }) => {
  const server = await serve(script)
  const connection = await connectTo(server)
  const abort = new AbortController()
  const outcome = start(connection, abort.signal).catch((error: unknown) => error)
  await new Promise((resolve) => setTimeout(resolve, 50))
  abort.abort()
  // The socket is gone before anything else runs; what is left is Node telling so.
  expect(connection.usable).toBe(false)
  expect(await turnsUntil(outcome)).toBeLessThan(20)
  expect(await outcome).toMatchObject({ code: 'ABORTED' })
})

test('an abort while a connection is made or waited for waits for nothing', async () => {
  const server = await serve(silent)
  const pool = new ConnectionPool({
    connectTimeoutMs: 60_000,
    networkTimeoutMs: 60_000,
    maxConnectionsPerEndpoint: 1,
    idleLimitMs: 60_000,
    now: () => performance.now()
  })
  const busy = pool.use(server, (c) => c.exchange(activeTest, undefined)).catch((error: unknown) => error)
  // 192.0.2.0/24 is nobody's: nothing answers, not even a refusal.
  for (const endpoint of [server, { host: '192.0.2.1', port: 23000 }]) {
    const abort = new AbortController()
    const outcome = pool.use(endpoint, (c) => c.exchange(activeTest, undefined), { signal: abort.signal }).catch((error: unknown) => error)
    await new Promise((resolve) => setTimeout(resolve, 20))
    abort.abort()
    expect(await turnsUntil(outcome)).toBeLessThan(20)
  }
  await pool.close()
  expect(await busy).toMatchObject({ code: 'ABORTED' })
})
