import { expect, test } from 'vitest'
import { ConnectionPool } from '../../../src/main/client/pool.ts'
import type { Connection } from '../../../src/main/client/connection.ts'
import { bufferSource } from '../../../src/main/client/file-source.ts'
import {
  downloadFile,
  getMetadata,
  listAllGroups,
  listStorages,
  modifyFile,
  queryFileInfo,
  queryStoreOne,
  uploadFile
} from '../../../src/main/protocol/index.ts'
import { AppError, ERRORS } from '../../../src/shared/errors.ts'
import { REMOTE_NAME, afterwards, pattern, serve, storedAs } from '../../support/client-kit.ts'
import { type Peer, header } from '../../support/scripted-server.ts'

const ROUNDS = Number(process.env['FUZZ_ROUNDS'] ?? 1500)
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000)
const ref = { group: 'group1', remoteName: REMOTE_NAME }
const content = pattern(300_000)

/** Exchanges of every shape. A hostile answer may make them fail, but only in the ways that the table knows. */
const exchanges: ((c: Connection) => Promise<unknown>)[] = [
  (c) => c.exchange(queryStoreOne, undefined),
  (c) => c.exchange(listAllGroups, undefined),
  (c) => c.exchange(listStorages, { group: 'group1' }),
  (c) => c.exchange(queryFileInfo, ref),
  (c) => c.exchange(getMetadata, ref),
  (c) => c.receive(downloadFile, { ...ref, offset: 0, count: 1000 }, 1000, { write() {} }),
  (c) => c.receive(downloadFile, { ...ref, offset: 0, count: content.length }, content.length, { write: () => Promise.resolve() }),
  (c) => c.send(uploadFile, { storePathIndex: 0, sizeBytes: content.length, ext: '' }, bufferSource(content)),
  (c) => c.send(modifyFile, { remoteName: REMOTE_NAME, offset: 0, sizeBytes: 10 }, bufferSource(pattern(10)))
]

function generator(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 0x1_0000_0000) * below)
  }
}

/** Mostly right answers with something wrong about them. */
function hostileAnswer(random: (below: number) => number): Buffer {
  const bodies = [
    Buffer.alloc(0),
    storedAs('group1', REMOTE_NAME),
    Buffer.concat([Buffer.from('group1'.padEnd(16, '\0') + '127.0.0.3'.padEnd(15, '\0')), Buffer.from('00000000000059d800', 'hex')]),
    pattern(random(2000), random(1000)),
    content.subarray(0, 1000),
    content
  ]
  const body = bodies[random(bodies.length)] ?? Buffer.alloc(0)
  const lengths = [body.length, body.length, body.length, body.length + random(100), random(1000), -1, 2n ** 58n, 2n ** 63n - 1n]
  const bytes = Buffer.concat([
    header(lengths[random(lengths.length)] ?? 0, random(4) === 0 ? random(256) : 0, random(12) === 0 ? random(256) : 100),
    body
  ])
  for (let flips = random(3); flips > 0; flips--) bytes[random(Math.min(bytes.length, 60))]! ^= 1 << random(8)
  return bytes.subarray(0, random(4) === 0 ? random(bytes.length) : bytes.length)
}

async function hostile(peer: Peer, random: (below: number) => number): Promise<void> {
  // Content is only sent to a peer that has answered once.
  if (random(5) > 0) {
    await peer.take(10)
    if (random(2) === 0) peer.answer(0)
  }
  while (!peer.socket.destroyed) {
    if (random(3) > 0 && (await peer.take(1 + random(400))) === null) return
    const bytes = hostileAnswer(random)
    const pieces = random(3) === 0 ? 1 + random(20) : 1
    for (let i = 0; i < pieces; i++) {
      peer.send(bytes.subarray(Math.floor((bytes.length * i) / pieces), Math.floor((bytes.length * (i + 1)) / pieces)))
      if (random(3) === 0) await new Promise((resolve) => setTimeout(resolve, random(30)))
    }
    const end = random(6)
    if (end === 0) return peer.fin()
    if (end === 1) return peer.rst()
    if (end === 2) return
  }
}

test(`hostile peers cause nothing but known errors (seed ${SEED})`, { timeout: 120_000 }, async () => {
  const random = generator(SEED)
  const server = await serve((peer) => hostile(peer, random))
  const pool = new ConnectionPool({
    connectTimeoutMs: 10_000,
    networkTimeoutMs: 40,
    maxConnectionsPerEndpoint: 16,
    idleLimitMs: 60_000,
    now: () => performance.now()
  })
  afterwards(() => pool.close())
  const codes = new Map<string, number>()
  let round = 0
  const worker = async (): Promise<void> => {
    while (round++ < ROUNDS) {
      const exchange = exchanges[random(exchanges.length)]!
      const outcome = await pool.use(server, exchange, { repeatable: random(2) === 0 }).then(
        () => 'answered',
        (error: unknown) => (error instanceof AppError ? error.code : String(error))
      )
      codes.set(outcome, (codes.get(outcome) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: 32 }, worker))
  const unknown = [...codes.keys()].filter((code) => code !== 'answered' && (!Object.hasOwn(ERRORS, code) || code === 'INTERNAL'))
  expect(unknown).toEqual([])
  // The peers were hostile in every way there is, and still some answers got through.
  expect([...codes.keys()]).toEqual(expect.arrayContaining(['answered', 'CONNECTION_LOST', 'TIMEOUT', 'PROTOCOL_INVALID', 'NOT_FASTDFS']))
  await pool.close()
  expect(pool.size).toBe(0)
})
