import { expect, test } from 'vitest'
import { getLeader, listAllGroups, queryStoreOne, trackerStatus } from '../../../src/main/protocol/index.ts'
import { serve } from '../../support/client-kit.ts'
import { answer, storeClient, tableServer } from '../../support/cluster-kit.ts'

const STORE = answer(queryStoreOne, { group: 'group1', host: '127.0.0.3', port: 23000, storePathIndex: 1 })

/** An endpoint where nothing listens. */
async function dead(): Promise<{ host: string; port: number }> {
  const { host, port, close } = await serve(() => {})
  await close()
  return { host, port }
}

test('a tracker that refuses connections is passed over, and asked last for a while', async () => {
  const good = await tableServer({ 101: STORE })
  const alsoGood = await tableServer({ 101: STORE })
  const client = storeClient([await dead(), good, alsoGood])
  for (let i = 0; i < 5; i++) await expect(client.queryStore()).resolves.toMatchObject({ group: 'group1', storePathIndex: 1 })
  expect(good.asked).toEqual([101, 101, 101, 101, 101])
  expect(alsoGood.asked).toEqual([])
})

test.each([
  ['closes at once', (peer: { fin(): void }) => peer.fin()],
  ['is not FastDFS', (peer: { send(text: string): void }) => peer.send('220 mail.example.com ESMTP ready\r\n')],
  [
    'breaks off its answer',
    async (peer: { request(): Promise<unknown>; send(b: Buffer): void; fin(): void }) => {
      await peer.request()
      peer.send(STORE.subarray(0, 20))
      peer.fin()
    }
  ]
])('a tracker that %s is passed over', async (_, script) => {
  const bad = await serve(script as never)
  const good = await tableServer({ 101: STORE })
  const client = storeClient([bad, good])
  await expect(client.queryStore()).resolves.toMatchObject({ endpoint: { host: '127.0.0.3', port: 23000 } })
  await client.queryStore()
  expect(bad.accepted).toBe(1)
})

test('the tracker that answered last is asked first, also when the failure of the other is forgotten', async () => {
  let now = 0
  const bad = await serve((peer) => peer.fin())
  const good = await tableServer({ 101: STORE })
  const client = storeClient([bad, good], { now: () => now })
  await client.queryStore()
  now = 3_600_000
  await client.queryStore()
  expect(bad.accepted).toBe(1)
})

test('a tracker that stays silent is passed over', async () => {
  const mute = await serve(() => {})
  const good = await tableServer({ 101: STORE })
  const client = storeClient([mute, good], { networkTimeoutMs: 500 })
  await expect(client.queryStore()).resolves.toMatchObject({ group: 'group1' })
})

test('a status is an answer: no other tracker is asked', async () => {
  const first = await tableServer({ 101: 28 })
  const second = await tableServer({ 101: STORE })
  const client = storeClient([first, second])
  await expect(client.queryStore()).rejects.toMatchObject({ code: 'NO_SPACE', detail: { endpoint: `127.0.0.1:${first.port}` } })
  expect(second.accepted).toBe(0)
})

test('one dead tracker reports its own error, several are unreachable together', async () => {
  const [a, b] = [await dead(), await dead()]
  await expect(storeClient([a]).queryStore()).rejects.toMatchObject({
    code: 'CONNECT_REFUSED',
    detail: { endpoint: `127.0.0.1:${a.port}` }
  })
  await expect(storeClient([a, b]).queryStore()).rejects.toMatchObject({
    code: 'TRACKER_UNREACHABLE',
    detail: { endpoint: `127.0.0.1:${a.port}, 127.0.0.1:${b.port}`, reason: 'CONNECT_REFUSED, CONNECT_REFUSED' }
  })
  await expect(storeClient([]).queryStore()).rejects.toMatchObject({ code: 'TRACKER_UNREACHABLE' })
})

test('when one of the dead trackers is something else, that is said', async () => {
  const web = await serve(async (peer) => {
    await peer.take(10)
    peer.send('HTTP/1.1 400 Bad Request\r\n\r\n')
    peer.fin()
  })
  await expect(storeClient([await dead(), web]).queryStore()).rejects.toMatchObject({
    code: 'NOT_FASTDFS',
    detail: { endpoint: `127.0.0.1:${web.port}` }
  })
})

test('an abort asks no further tracker', async () => {
  const abort = new AbortController()
  const mute = await serve(async (peer) => {
    await peer.request()
    abort.abort()
  })
  const good = await tableServer({ 101: STORE })
  await expect(storeClient([mute, good]).queryStore(undefined, { signal: abort.signal })).rejects.toMatchObject({ code: 'ABORTED' })
  expect(good.accepted).toBe(0)
})

test('every tracker is shown with what is wrong with it', async () => {
  const good = await tableServer({ 64: 2, 95: 2 })
  const gone = await dead()
  const trackers = await storeClient([gone, good]).trackers()
  expect(trackers).toEqual([
    {
      address: `127.0.0.1:${gone.port}`,
      reachable: false,
      leader: null,
      latencyMs: null,
      error: expect.objectContaining({ code: 'CONNECT_REFUSED' })
    },
    { address: `127.0.0.1:${good.port}`, reachable: true, leader: false, leaderAddress: null, latencyMs: expect.any(Number), error: null }
  ])
})

test('who is the leader is taken from the tracker itself, or from the address of the leader, or is unknown', async () => {
  const itself = await tableServer({ 64: answer(trackerStatus, { isLeader: true, runningSeconds: 100, restartIntervalSeconds: 0 }) })
  const byAddress = await tableServer({ 64: 2, 95: () => answer(getLeader, { host: '127.0.0.1', port: byAddress.port }) })
  const other = await tableServer({ 64: 2, 95: () => answer(getLeader, { host: '127.0.0.1', port: byAddress.port }) })
  const old = await tableServer({ 64: 2, 95: 22 })
  const follower = answer(trackerStatus, { isLeader: false, runningSeconds: 100, restartIntervalSeconds: 0 })
  const newFollower = await tableServer({ 64: follower, 95: () => answer(getLeader, { host: '10.0.0.9', port: 1 }) })
  // Of V6.06: it knows that it is not the leader, and not how to say who is.
  const oldFollower = await tableServer({ 64: follower, 95: 22 })
  const trackers = await storeClient([itself, byAddress, other, old, newFollower, oldFollower]).trackers()
  expect(trackers.map((tracker) => tracker.leader)).toEqual([true, true, false, null, false, false])
  const named = `127.0.0.1:${byAddress.port}`
  expect(trackers.map((tracker) => tracker.leaderAddress)).toEqual([undefined, named, named, undefined, '10.0.0.9:1', undefined])
  expect(trackers.every((tracker) => tracker.reachable)).toBe(true)
})

test('a cluster without groups is an empty list, not an error', async () => {
  const tracker = await tableServer({ 91: answer(listAllGroups, { groups: [] }) })
  await expect(storeClient([tracker]).groups()).resolves.toEqual([])
})
