import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import {
  BodyFramer,
  ByteReader,
  HEADER_BYTES,
  HeaderFramer,
  ListingParser,
  decodeBody,
  decodeMetadata,
  decodeRequestHeader,
  decodeResponseHeader,
  encodeRequest,
  encodeResponse
} from '../../../src/main/protocol/index.ts'
import type { Codec, Command, ContentCommand } from '../../../src/main/protocol/index.ts'
import { AppError } from '../../../src/shared/errors.ts'
import { CASES } from './arbitraries.ts'

const SEED = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31))
const TOTAL = Number(process.env.FUZZ_CASES ?? 100_000)

/** mulberry32 */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const LENGTHS = [0, 1, 3, 4, 5, 8, 15, 16, 17, 21, 24, 33, 37, 38, 39, 40, 44, 60, 67, 69, 70, 96, 105, 113, 127, 210, 384, 487, 517, 612]

/** Bytes that look like something: random, zeros, digits, or a legal body with a few bytes changed, cut or repeated. */
function hostileBody(random: () => number, legal: Buffer): Buffer {
  const pick = (n: number) => Math.floor(random() * n)
  const kind = pick(4)
  if (kind === 0) return Buffer.from(Array.from({ length: LENGTHS[pick(LENGTHS.length)]! }, () => pick(256)))
  if (kind === 1) return Buffer.alloc(LENGTHS[pick(LENGTHS.length)]!, pick(256))
  const body = Buffer.from(legal)
  for (let i = pick(4); i > 0 && body.length > 0; i--) body[pick(body.length)] = pick(256)
  if (kind === 2) return body.subarray(0, pick(body.length + 1))
  return pick(2) === 0 ? body : Buffer.concat([body, body.subarray(pick(body.length + 1))])
}

/** A decoder may return or refuse; anything else is a defect. Returns whether it refused. */
function decodesOrRefuses(codec: Codec<unknown>, body: Buffer, round: number): boolean {
  return returnsOrRefuses(() => decodeBody(codec, body), `seed ${SEED} case ${round} body ${body.toString('hex')}`)
}

function returnsOrRefuses(act: () => unknown, what: string): boolean {
  try {
    act()
    return false
  } catch (error) {
    if (error instanceof AppError && (error.code === 'PROTOCOL_INVALID' || error.code === 'PROTOCOL_TRUNCATED')) return true
    throw new Error(what, { cause: error })
  }
}

const TAKES_ANYTHING = /^(getMetadata|trackerParameters|appendFile|modifyFile|truncateFile)$/

describe(`hostile bytes (FUZZ_SEED=${SEED})`, () => {
  const each = Math.ceil(TOTAL / (CASES.length * 2))

  for (const { command, request, response } of CASES) {
    for (const side of ['request', 'response'] as const) {
      it(`${command.name}: ${each} ${side}s are decoded or refused, nothing else`, () => {
        const samples = fc.sample(side === 'request' ? request : response, { numRuns: 10, seed: SEED })
        const legal = samples.map((value) => legalBody(command, side, value))
        const random = generator(SEED ^ command.code)
        let refused = 0
        for (let i = 0; i < each; i++) {
          const body = hostileBody(random, legal[i % legal.length]!)
          if (decodesOrRefuses(command[side] as Codec<unknown>, body, i)) refused++
        }
        // Some answers are content or an echo, and mean nothing: those alone take everything.
        const takesAnything = side === 'response' && TAKES_ANYTHING.test(command.name)
        expect(refused > 0).toBe(!takesAnything)
      })
    }
  }

  it('headers and fixed parts of any bytes are read or refused', () => {
    const random = generator(SEED)
    const contents = CASES.map((c) => c.command).filter((c): c is ContentCommand<any, any> => 'fixedBytes' in c)
    let refused = 0
    let longest = 0
    for (let i = 0; i < 20_000; i++) {
      const bytes = Buffer.from(Array.from({ length: 40 }, () => (random() < 0.6 ? 0 : Math.floor(random() * 256))))
      const reads = [
        () => decodeResponseHeader(bytes, 1000),
        () => decodeRequestHeader(bytes),
        ...contents.map((c) => () => {
          longest = Math.max(longest, c.fixedBytes(new ByteReader(bytes.subarray(0, c.headBytes))))
        })
      ]
      for (const read of reads) if (returnsOrRefuses(read, `seed ${SEED} case ${i} ${bytes.toString('hex')}`)) refused++
    }
    expect(refused).toBeGreaterThan(0)
    expect(longest).toBeLessThanOrEqual(38 + 127)
  })

  it('metadata of any bytes is read', () => {
    const random = generator(SEED)
    for (let i = 0; i < 20_000; i++) {
      const bytes = Buffer.from(Array.from({ length: Math.floor(random() * 60) }, () => Math.floor(random() * (random() < 0.5 ? 4 : 256))))
      for (const [name, value] of Object.entries(decodeMetadata(bytes))) {
        expect(name).not.toBe('')
        expect(name + value).not.toContain('\0')
      }
    }
  })

  it('a listing of any bytes is read or refused, and never holds more than a line', () => {
    const random = generator(SEED)
    let refused = 0
    for (let i = 0; i < 500; i++) {
      const parser = new ListingParser()
      const readAll = () => {
        for (let n = 0; n < 20; n++) {
          parser.push(Buffer.from(Array.from({ length: 200 }, () => (random() < 0.01 ? 10 : Math.floor(random() * 256)))))
        }
        parser.finish()
      }
      if (returnsOrRefuses(readAll, `seed ${SEED} listing ${i}`)) refused++
    }
    expect(refused).toBe(500)
  })
})

describe('frames cut at every position', () => {
  for (const { command, response } of CASES) {
    it(`${command.name} arrives whole whatever the cut`, () => {
      const [value] = fc.sample(response, { numRuns: 1, seed: 7 })
      const packet = encodeResponse(command, value)
      const next = Buffer.from('next')
      const stream = Buffer.concat([packet, next])
      for (let cut = 0; cut <= Math.min(stream.length, 2000); cut++) {
        const result = receive(command, [stream.subarray(0, cut), stream.subarray(cut)])
        expect(result.body).toEqual(packet.subarray(HEADER_BYTES))
        expect(result.rest).toEqual(next)
      }
      const single = receive(
        command,
        [...stream].map((byte) => Buffer.of(byte))
      )
      expect(decodeBody(command.response, single.body)).toEqual(value)
    })
  }
})

/** What a connection does: header, limit, body, and what belongs to the next frame. */
function receive(command: Command<any, any>, chunks: Buffer[]): { body: Buffer; rest: Buffer } {
  const headers = new HeaderFramer()
  let bodies: BodyFramer | null = null
  let body: Buffer | null = null
  let rest = Buffer.alloc(0)
  for (let chunk of chunks) {
    if (body === null && bodies === null) {
      const framed = headers.push(chunk, (bytes) => decodeResponseHeader(bytes, command.maxResponse))
      if (framed === null) continue
      bodies = new BodyFramer(framed.header.length)
      chunk = framed.rest
    }
    if (body === null) {
      const done = bodies!.push(chunk)
      if (done === null) continue
      body = done.body
      chunk = done.rest
    }
    rest = Buffer.concat([rest, chunk])
  }
  return { body: body!, rest }
}

function legalBody(command: Command<any, any>, side: 'request' | 'response', value: any): Buffer {
  const content = 'sizeBytes' in Object(value) && side === 'request' ? { ...value, sizeBytes: 1 } : value
  return (side === 'request' ? encodeRequest(command, content) : encodeResponse(command, value)).subarray(HEADER_BYTES)
}
