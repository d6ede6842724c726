import { expect, test } from 'vitest'
import { ConnectionPool, type PoolOptions } from '../../../src/main/client/pool.ts'
import { activeTest, queryFileInfo, trackerStatus } from '../../../src/main/protocol/index.ts'
import { REMOTE_NAME, afterwards, serve } from '../../support/client-kit.ts'
import { PATIENCE, type Peer } from '../../support/scripted-server.ts'

const ref = { group: 'group1', remoteName: REMOTE_NAME }

function newPool(options: Partial<PoolOptions> = {}): ConnectionPool {
  const pool = new ConnectionPool({
    connectTimeoutMs: 20_000,
    networkTimeoutMs: 20_000,
    maxConnectionsPerEndpoint: 4,
    idleLimitMs: 60_000,
    now: () => performance.now(),
    ...options
  })
  afterwards(() => pool.close())
  return pool
}

/** Answers every request with success and notes its command. */
function friendly(codes: number[] = []): (peer: Peer) => Promise<void> {
  return async (peer) => {
    for (let request = await peer.request(); request; request = await peer.request()) {
      codes.push(request.code)
      peer.answer(0)
    }
  }
}

test('a connection is used again, and no more are opened than allowed', async () => {
  const server = await serve(friendly())
  const pool = newPool({ maxConnectionsPerEndpoint: 3 })
  for (let i = 0; i < 5; i++) await pool.use(server, (c) => c.exchange(activeTest, undefined))
  expect(server.accepted).toBe(1)
  await Promise.all(Array.from({ length: 30 }, () => pool.use(server, (c) => c.exchange(activeTest, undefined))))
  expect(server.accepted).toBe(3)
  expect(pool.size).toBe(3)
})

test('who waits first is served first', async () => {
  const server = await serve(friendly())
  const pool = newPool({ maxConnectionsPerEndpoint: 1 })
  const order: number[] = []
  await Promise.all(
    Array.from({ length: 10 }, (_, i) =>
      pool.use(server, async (c) => {
        order.push(i)
        await c.exchange(activeTest, undefined)
      })
    )
  )
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

test('an aborted wait leaves the queue and takes nothing with it', async () => {
  const server = await serve(friendly())
  const pool = newPool({ maxConnectionsPerEndpoint: 1 })
  const release = Promise.withResolvers<void>()
  const holding = pool.use(server, () => release.promise)
  const abort = new AbortController()
  const waiting = pool.use(server, (c) => c.exchange(activeTest, undefined), { signal: abort.signal })
  const behind = pool.use(server, (c) => c.exchange(activeTest, undefined))
  abort.abort()
  await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' })
  release.resolve()
  await Promise.all([holding, behind])
  expect(server.accepted).toBe(1)
})

test('a failed connect gives its place to the next in the queue', async () => {
  const server = await serve(friendly())
  const pool = newPool({ maxConnectionsPerEndpoint: 1 })
  await server.close()
  const results = await Promise.allSettled([1, 2, 3].map(() => pool.use(server, (c) => c.exchange(activeTest, undefined))))
  expect(results.map((r) => r.status === 'rejected' && (r.reason as { code: string }).code)).toEqual(Array(3).fill('CONNECT_REFUSED'))
  expect(pool.size).toBe(0)
})

test('a broken connection gives its place to the next in the queue', async () => {
  const server = await serve(async (peer) => {
    await peer.request()
    peer.answer(22)
  })
  const pool = newPool({ maxConnectionsPerEndpoint: 1 })
  const results = await Promise.allSettled([1, 2, 3].map(() => pool.use(server, (c) => c.exchange(queryFileInfo, ref))))
  expect(results.map((r) => r.status === 'rejected' && (r.reason as { code: string }).code)).toEqual(Array(3).fill('REJECTED'))
  expect(server.accepted).toBe(3)
  await expect.poll(() => [pool.size, server.open], PATIENCE).toEqual([0, 0])
})

test('a connection that was idle is probed before it is used, one that was just used is not', async () => {
  const codes: number[] = []
  const server = await serve(friendly(codes))
  let now = 0
  const pool = newPool({ now: () => now })
  await pool.use(server, (c) => c.exchange(trackerStatus, undefined)).catch(() => {})
  codes.length = 0
  const use = () => pool.use(server, (c) => c.exchange(activeTest, undefined))
  await use()
  now += 500
  await use()
  expect(codes).toHaveLength(2)
  now += 5000
  await use()
  expect(codes).toHaveLength(4)
})

test('an idle connection that fails its probe is replaced', async () => {
  const server = await serve(async (peer) => {
    await peer.request()
    peer.answer(0)
    await peer.request()
    if (peer.index === 0) peer.rst()
    else peer.answer(0)
  })
  let now = 0
  const pool = newPool({ now: () => now })
  await pool.use(server, (c) => c.exchange(activeTest, undefined))
  now += 5000
  await pool.use(server, (c) => c.exchange(activeTest, undefined))
  expect(server.accepted).toBe(2)
})

test('a kept connection that dies unanswered is replaced once for work that may be repeated, and for no other', async () => {
  const requests: number[] = []
  const server = await serve(async (peer) => {
    await peer.request()
    peer.answer(0)
    await peer.request()
    requests.push(peer.index)
    peer.rst()
  })
  const pool = newPool()
  const use = (repeatable: boolean) => pool.use(server, (c) => c.exchange(activeTest, undefined), { repeatable })
  await use(true)
  await use(true)
  expect(requests).toEqual([0])
  expect(server.accepted).toBe(2)
  await expect(use(false)).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
  expect(server.accepted).toBe(2)
})

test('an exchange that was partly answered is not repeated', async () => {
  const server = await serve(async (peer) => {
    await peer.request()
    peer.answer(0)
    await peer.request()
    peer.send(Buffer.alloc(5))
    peer.fin()
  })
  const pool = newPool()
  const use = () => pool.use(server, (c) => c.exchange(activeTest, undefined), { repeatable: true })
  await use()
  await expect(use()).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
  expect(server.accepted).toBe(1)
})

test('connections of a server that goes away are forgotten', async () => {
  const server = await serve(friendly())
  const pool = newPool()
  await Promise.all([1, 2, 3].map(() => pool.use(server, (c) => c.exchange(activeTest, undefined))))
  await server.close()
  await expect.poll(() => pool.size, PATIENCE).toBe(0)
})

test('connections that nobody uses are closed after a while', async () => {
  const server = await serve(friendly())
  const pool = newPool({ idleLimitMs: 100 })
  await Promise.all([1, 2, 3].map(() => pool.use(server, (c) => c.exchange(activeTest, undefined))))
  expect(pool.size).toBe(3)
  await expect.poll(() => [pool.size, server.open], PATIENCE).toEqual([0, 0])
  await pool.use(server, (c) => c.exchange(activeTest, undefined))
})

test('closing ends idle, busy and connecting connections and those who wait', async () => {
  const server = await serve(async (peer) => {
    await peer.request()
    peer.answer(0)
  })
  const pool = newPool({ maxConnectionsPerEndpoint: 2 })
  await pool.use(server, (c) => c.exchange(activeTest, undefined))
  const outcomes = [1, 2, 3, 4].map(() =>
    pool.use(server, (c) => c.exchange(activeTest, undefined)).then(String, (e: { code: string }) => e.code)
  )
  await expect.poll(() => server.accepted, PATIENCE).toBe(2)
  await pool.close()
  const codes = await Promise.all(outcomes)
  // One of them may have been answered before the end.
  expect(codes.filter((code) => code === 'ABORTED').length).toBeGreaterThanOrEqual(3)
  await expect.poll(() => server.open, PATIENCE).toBe(0)
  expect(pool.size).toBe(0)
  await expect(pool.use(server, (c) => c.exchange(activeTest, undefined))).rejects.toMatchObject({ code: 'ABORTED' })
})

test('closing ends connections that are just being made', async () => {
  const server = await serve(friendly())
  const pool = newPool()
  const controller = new AbortController()
  const uses = [undefined, controller.signal].map((signal) =>
    pool.use(server, (c) => c.exchange(activeTest, undefined), { signal }).then(String, (e: { code: string }) => e.code)
  )
  await pool.close()
  expect(await Promise.all(uses)).toEqual(['ABORTED', 'ABORTED'])
  expect(pool.size).toBe(0)
  await expect.poll(() => server.open, PATIENCE).toBe(0)
})

test('endpoints do not wait for each other', async () => {
  const mute = await serve(() => {})
  const server = await serve(friendly())
  const pool = newPool({ maxConnectionsPerEndpoint: 1 })
  const abort = new AbortController()
  const stuck = pool.use(mute, (c) => c.exchange(activeTest, undefined, { signal: abort.signal })).catch((e: { code: string }) => e.code)
  await pool.use(server, (c) => c.exchange(activeTest, undefined))
  abort.abort()
  await expect(stuck).resolves.toBe('ABORTED')
})
