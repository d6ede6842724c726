import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import type { Connection } from '../../../src/main/client/connection.ts'
import { bufferSource } from '../../../src/main/client/file-source.ts'
import { ConnectionPool } from '../../../src/main/client/pool.ts'
import { HEADER_BYTES, type Command, encodeResponse } from '../../../src/main/protocol/index.ts'
import { AppError, ERRORS } from '../../../src/shared/errors.ts'
import { afterwards, pattern, serve } from '../../support/client-kit.ts'
import { type Peer, header } from '../../support/scripted-server.ts'
import { CASES } from '../protocol/arbitraries.ts'

const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000)
const ANSWERS = Number(process.env['FUZZ_CASES'] ?? 100_000)
const LANES = 64
/** Of the client for silence. Nothing here depends on how quick anything is: whoever hung would never let the test end. */
const NETWORK_TIMEOUT_MS = 40
/** More than this is never allocated, whatever an answer announces. */
const LARGEST_BYTES = 2 * 1_048_576
const SAMPLES = 8

type Random = (below: number) => number

function generator(seed: number): Random {
  let state = seed >>> 0 || 1
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 0x1_0000_0000) * below)
  }
}

const samples = CASES.map(({ command, request, response }) => ({
  command: command as Command<any, any>,
  requests: fc.sample(request, { numRuns: SAMPLES, seed: SEED }),
  answers: fc
    .sample(response, { numRuns: SAMPLES, seed: SEED })
    .map((value) => encodeResponse(command as Command<any, any>, value as never))
}))
const byCode = new Map(samples.map((sample) => [sample.command.code, sample]))
const content = pattern(4096)

/** Every exchange that a connection knows, with a request that can be sent. */
function exchange(random: Random): (connection: Connection) => Promise<unknown> {
  const { command, requests } = samples[random(samples.length)]!
  const request = requests[random(requests.length)]
  const way = random(8)
  if ('fixedBytes' in command) {
    const sizeBytes = random(content.length)
    return (c) => c.send(command as never, { ...request, sizeBytes } as never, bufferSource(content.subarray(0, sizeBytes)))
  }
  if (way === 0) return (c) => c.receive(command, request, random(2000), { write: () => (random(2) === 0 ? undefined : Promise.resolve()) })
  if (way === 1) return (c) => c.receiveUntilClose(command, request, [0, 100, 2 ** 58][random(3)]!, { write: () => endless(random) })
  return (c) => c.exchange(command, request)
}

/** Who reads an answer without an end has enough of it at some time. */
function endless(random: Random): void {
  if (random(50) === 0) throw new AppError('LOCAL_DISK_FULL')
}

/** An answer to this command, or to another one, with something wrong about it; now and then it is right. */
function hostileAnswer(code: number, random: Random): Buffer {
  const { answers } = random(6) === 0 ? samples[random(samples.length)]! : (byCode.get(code) ?? samples[0]!)
  const bytes = Buffer.from(answers[random(answers.length)]!)
  const body = bytes.length - HEADER_BYTES
  if (random(8) === 0) {
    const lengths = [body + 1 + random(100), random(body + 1), -1, 2 ** 31, 2n ** 40n, 2n ** 58n, 2n ** 63n - 1n]
    header(lengths[random(lengths.length)]!, random(3) === 0 ? random(256) : 0).copy(bytes)
  }
  for (let flips = random(4); flips > 0; flips--) bytes[random(2) === 0 ? random(bytes.length) : random(10)]! ^= 1 << random(8)
  return bytes
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

async function drip(peer: Peer, bytes: Buffer): Promise<void> {
  for (let at = 0; !peer.socket.destroyed; at = (at + 1) % bytes.length) {
    peer.send(bytes.subarray(at, at + 1))
    await pause()
  }
}

async function flood(peer: Peer, bytes: Buffer): Promise<void> {
  while (!peer.socket.destroyed) {
    peer.send(Buffer.concat(Array.from({ length: 100 }, () => bytes)))
    await pause()
  }
}

async function hostile(peer: Peer, random: Random, sent: (kind: string) => void): Promise<void> {
  if (random(40) === 0) {
    sent('unasked')
    peer.send(hostileAnswer(111, random))
  }
  for (let request = await peer.request(); request; request = await peer.request()) {
    const { code } = request
    // Content goes only to who has answered before, and most that follows needs somebody who goes on.
    if (code === 111 && random(10) > 0) {
      peer.answer(0)
      continue
    }
    const bytes = hostileAnswer(code, random)
    const kind = random(400)
    if (kind < 1) return (sent('slow'), drip(peer, bytes))
    if (kind < 2) return (sent('endless'), flood(peer, bytes))
    if (kind < 4) return (sent('silent'), peer.send(bytes.subarray(0, random(bytes.length))))
    if (kind < 40) {
      sent('truncated')
      peer.send(bytes.subarray(0, random(bytes.length)))
      return kind < 20 ? peer.rst() : peer.fin()
    }
    if (kind < 60) {
      sent('interleaved')
      peer.send(Buffer.concat([bytes, hostileAnswer(code, random)]))
    } else if (kind < 80) {
      sent('in pieces')
      const cut = random(bytes.length)
      peer.send(bytes.subarray(0, cut))
      await new Promise((resolve) => setImmediate(resolve))
      peer.send(bytes.subarray(cut))
    } else {
      sent('changed')
      peer.send(bytes)
    }
  }
}

afterEach(() => {
  vi.restoreAllMocks()
})

test(`${ANSWERS} hostile answers to every command cause nothing but known errors (FUZZ_SEED=${SEED})`, { timeout: 600_000 }, async () => {
  const random = generator(SEED)
  const kinds = new Map<string, number>()
  let left = ANSWERS
  const sent = (kind: string): void => {
    left--
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  }
  const server = await serve((peer) => hostile(peer, random, sent))
  const pool = new ConnectionPool({
    connectTimeoutMs: 10_000,
    networkTimeoutMs: NETWORK_TIMEOUT_MS,
    maxConnectionsPerEndpoint: LANES,
    idleLimitMs: 60_000,
    now: () => performance.now()
  })
  afterwards(() => pool.close())

  let largest = 0
  for (const method of ['alloc', 'allocUnsafe', 'allocUnsafeSlow'] as const) {
    const allocate = Buffer[method].bind(Buffer) as typeof Buffer.alloc
    vi.spyOn(Buffer, method).mockImplementation((bytes: number, ...rest: []) => {
      largest = Math.max(largest, bytes)
      return allocate(bytes, ...rest)
    })
  }

  const outcomes = new Map<string, number>()
  const lane = async (): Promise<void> => {
    while (left > 0) {
      const outcome = await pool.use(server, exchange(random), { repeatable: random(2) === 0 }).then(
        () => 'answered',
        (error: unknown) => (error instanceof AppError ? error.code : String(error))
      )
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))

  const outsideTheTable = [...outcomes.keys()].filter(
    (code) => code !== 'answered' && (!Object.hasOwn(ERRORS, code) || code === 'INTERNAL')
  )
  expect(outsideTheTable).toEqual([])
  expect(largest).toBeLessThanOrEqual(LARGEST_BYTES)
  // They were hostile in every way, and some answers got through nevertheless.
  expect([...kinds.keys()].toSorted()).toEqual(['changed', 'endless', 'in pieces', 'interleaved', 'silent', 'slow', 'truncated', 'unasked'])
  expect([...outcomes.keys()]).toEqual(
    expect.arrayContaining(['answered', 'CONNECTION_LOST', 'TIMEOUT', 'PROTOCOL_INVALID', 'PROTOCOL_TRUNCATED', 'NOT_FASTDFS'])
  )
  await pool.close()
  expect(pool.size).toBe(0)
})
