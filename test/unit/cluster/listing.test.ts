import { expect, test } from 'vitest'
import { bufferSource } from '../../../src/main/client/file-source.ts'
import type { ListedLine } from '../../../src/main/cluster/types.ts'
import { REMOTE_NAME, pattern, serve } from '../../support/client-kit.ts'
import { cluster, storeClient } from '../../support/cluster-kit.ts'
import { PATIENCE, type Peer, type ScriptedServer, header } from '../../support/scripted-server.ts'

async function all(lines: AsyncIterable<ListedLine[]>): Promise<ListedLine[]> {
  const result: ListedLine[] = []
  for await (const some of lines) result.push(...some)
  return result
}

interface Record {
  timestamp: number
  remoteName: string
}

/** The text of a listing and its length, as section 7.10 of the protocol describes it. */
function encodeListing(files: Record[]): Buffer {
  const text = Buffer.from(files.map((file) => `${file.timestamp} C ${file.remoteName}\n`).join(''))
  const trailer = Buffer.alloc(8)
  trailer.writeBigInt64BE(BigInt(text.length))
  return Buffer.concat([text, trailer])
}

async function drained(peer: Peer): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      peer.socket.off('drain', done).off('close', done)
      resolve()
    }
    peer.socket.on('drain', done).on('close', done)
  })
}

/** A storage that lists `bytes` and closes. */
function lister(bytes: Buffer, end: 'fin' | 'rst' = 'fin'): Promise<ScriptedServer> {
  return serve(async (peer) => {
    await peer.request()
    peer.send(header(2n ** 58n))
    for (let at = 0; at < bytes.length; at += 5000) {
      if (!peer.socket.write(bytes.subarray(at, at + 5000))) await drained(peer)
    }
    peer[end]()
  })
}

const MANY = Array.from({ length: 20_000 }, (_, i) => ({
  timestamp: 1_795_358_506 + i,
  remoteName: REMOTE_NAME.replace('024', String(i % 1000).padStart(3, '0'))
}))

test('every file of a storage is listed', async () => {
  const { trackers } = await cluster({ groups: { group1: 1 }, storePathCount: 1 })
  const client = storeClient(trackers)
  const stored: string[] = []
  for (let i = 0; i < 30; i++) stored.push((await client.upload({ ext: 'txt' }, bufferSource(pattern(10)))).fileId)
  await client.remove(stored.pop()!)
  const [storage] = await client.replicas('group1')
  const lines = await all(client.list(storage!, 'group1', 0))
  expect(lines.map((line) => `group1/${line.remoteName}`).toSorted()).toEqual(stored.toSorted())
  expect(lines[0]).toMatchObject({ op: 'C', source: null })
  await expect(all(client.list(storage!, 'group1', 7))).rejects.toMatchObject({ code: 'REJECTED' })
})

test('a long listing arrives in pieces, whole', async () => {
  const client = storeClient([])
  const server = await lister(encodeListing(MANY))
  let pieces = 0
  const lines: ListedLine[] = []
  for await (const some of client.list(server, 'group1', 0)) {
    pieces++
    lines.push(...some)
  }
  expect(lines).toHaveLength(MANY.length)
  expect(lines.at(-1)).toEqual({ timestampSeconds: MANY.at(-1)!.timestamp, op: 'C', remoteName: MANY.at(-1)!.remoteName, source: null })
  expect(pieces).toBeGreaterThan(5)
})

test('a listing that ends too soon, or whose trailer lies, is an error', async () => {
  const client = storeClient([])
  const whole = encodeListing(MANY.slice(0, 500))
  const lying = Buffer.from(whole)
  lying[lying.length - 1]! ^= 1
  for (const bytes of [whole.subarray(0, -8), whole.subarray(0, -1), whole.subarray(0, 1000), Buffer.alloc(0), lying]) {
    await expect(all(client.list(await lister(bytes), 'group1', 0))).rejects.toMatchObject({
      code: 'PROTOCOL_INVALID',
      detail: { reason: 'listing-incomplete' }
    })
  }
})

test('names that no storage makes are left out and counted; a colon for a digit is none of them', async () => {
  const client = storeClient([])
  const odd = { timestamp: 1, remoteName: 'M00/0F/54/fwAACGsDeKOAflzeAAAQAM5-rrc63:.bin' }
  const bad = ['M00/00/00/../../etc/passwd', 'M00/00/00/..', 'M00/00/00/a?b', 'x'].map((remoteName) => ({ timestamp: 1, remoteName }))
  const server = await lister(encodeListing([MANY[0]!, ...bad, odd]))
  let unreadable = 0
  const lines = await all(client.list(server, 'group1', 0, { unreadable: (count) => (unreadable += count) }))
  expect(lines.map((line) => line.remoteName)).toEqual([MANY[0]!.remoteName, odd.remoteName])
  expect(unreadable).toBe(bad.length)
})

test('a line without an end is not collected for ever', async () => {
  const client = storeClient([])
  const server = await lister(Buffer.alloc(50_000_000, 0x61))
  await expect(all(client.list(server, 'group1', 0))).rejects.toMatchObject({
    code: 'PROTOCOL_INVALID',
    detail: { reason: 'endless-line' }
  })
})

test('a reader that takes its time holds the storage back, and one that leaves closes the connection', async () => {
  const client = storeClient([])
  const big = encodeListing(Array.from({ length: 40 }, () => MANY).flat())
  let sent = 0
  const server = await serve(async (peer) => {
    await peer.request()
    peer.send(header(2n ** 58n))
    for (; sent < big.length; sent += 5000) {
      if (!peer.socket.write(big.subarray(sent, sent + 5000))) await drained(peer)
      if (peer.socket.destroyed) return
    }
  })
  for await (const lines of client.list(server, 'group1', 0)) {
    expect(lines.length).toBeGreaterThan(0)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(sent).toBeLessThan(big.length / 2)
    break
  }
  await expect.poll(() => server.open, PATIENCE).toBe(0)
})

test('an aborted listing rejects', async () => {
  const client = storeClient([])
  const abort = new AbortController()
  const server = await serve(async (peer) => {
    await peer.request()
    peer.send(Buffer.concat([header(2n ** 58n), encodeListing(MANY).subarray(0, 300_000)]))
  })
  const reading = (async () => {
    for await (const lines of client.list(server, 'group1', 0, { signal: abort.signal })) if (lines.length > 0) abort.abort()
  })()
  await expect(reading).rejects.toMatchObject({ code: 'ABORTED' })
})
