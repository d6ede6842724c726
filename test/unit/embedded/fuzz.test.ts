import { randomBytes } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import net from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { parseTrackerAddress } from '../../../src/shared/address.ts'
import { uploadAppender } from '../../../src/main/protocol/storage/upload-file.ts'
import { startCluster } from '../../support/cluster.ts'
import type { TestCluster } from '../../support/cluster.ts'
import { askRaw, get } from '../../support/wire.ts'

// Machines under load are slow, and nothing here depends on how fast it is.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const ROUNDS = 3000
const seed = Number(process.env['FUZZ_SEED'] ?? randomBytes(4).readUInt32BE(0))
let cluster: TestCluster

beforeAll(async () => {
  console.log(`FUZZ_SEED=${seed}`)
  cluster = await startCluster({ groups: { group1: 2 }, networkTimeoutMs: 2000 })
})
afterAll(() => cluster.close())

/** Small and repeatable (mulberry32). */
function generator(state: number): (below: number) => number {
  let a = state >>> 0
  return (below) => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

/** Real requests of real clients, as the captured vectors hold them. */
function requests(): Buffer[] {
  const dir = new URL('../../fixtures/vectors/', import.meta.url)
  return readdirSync(dir)
    .filter((file) => file.startsWith('v6'))
    .flatMap((file) => (JSON.parse(readFileSync(new URL(file, dir), 'utf8')) as { vectors: { request: string }[] }).vectors)
    .map((vector) => Buffer.from(vector.request, 'hex'))
    .filter((bytes) => bytes.length < 5000)
}

function mutate(bytes: Buffer, next: (below: number) => number): Buffer {
  const out = Buffer.from(bytes)
  switch (next(6)) {
    case 0: // some bytes anywhere
      for (let i = next(4) + 1; i > 0 && out.length > 0; i--) out[next(out.length)] = next(256)
      return out
    case 1: // another command
      out[8] = next(256)
      return out
    case 2: // another length, small, large or negative
      if (out.length >= 8) out.writeBigInt64BE([BigInt(next(300)), BigInt(next(2 ** 31)), -1n, 2n ** 62n, 2n ** 32n + 5n][next(5)]!, 0)
      return out
    case 3: // cut off
      return out.subarray(0, next(out.length + 1))
    case 4: // a 64-bit field of the body
      if (out.length >= 18) out.writeBigInt64BE([0n, -1n, 2n ** 63n - 1n, BigInt(next(1000))][next(4)]!, 10 + next(out.length - 17))
      return out
    default: // something behind it
      return Buffer.concat([out, Buffer.from(Array.from({ length: next(40) }, () => next(256)))])
  }
}

function throwAt(address: { host: string; port: number }, pieces: Buffer[]): Promise<void> {
  return new Promise((resolve) => {
    const socket = net.connect(address, () => {
      for (const piece of pieces) socket.write(piece)
      socket.end()
    })
    socket.on('data', () => {})
    socket.on('error', () => {})
    socket.on('close', () => resolve())
    setTimeout(() => socket.destroy(), 300).unref()
  })
}

test(`${ROUNDS} damaged requests neither stop a server nor reach a file`, { timeout: 120_000 }, async () => {
  const next = generator(seed)
  const storage = cluster.storage('group1/0')
  const tracker = parseTrackerAddress(cluster.trackers[0]!)
  const content = Buffer.from('must stay as it is')
  const file = await get(storage, uploadAppender, { storePathIndex: 0, sizeBytes: content.length, ext: 'txt' }, content)
  const known = requests()
  let left = ROUNDS
  const worker = async () => {
    while (left-- > 0) {
      const bytes = mutate(known[next(known.length)]!, next)
      const cut = next(bytes.length + 1)
      await throwAt(next(3) === 0 ? tracker : storage, [bytes.subarray(0, cut), bytes.subarray(cut)])
    }
  }
  await Promise.all(Array.from({ length: 32 }, worker))
  for (const server of [tracker, storage]) expect((await askRaw(server, 111, Buffer.alloc(0))).status).toBe(0)
  const path = `${storage.dir}/data/${file.remoteName.slice(4)}`
  expect(readFileSync(path, 'utf8')).toBe(content.toString())
})
