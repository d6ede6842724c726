import { describe, expect, it } from 'vitest'
import {
  HEADER_BYTES,
  ListingParser,
  commandName,
  decodeBody,
  decodeContentRequest,
  decodeRequestHeader,
  decodeResponseHeader,
  encodeRequest,
  encodeRequestHeader,
  encodeResponse,
  encodeResponseHeader,
  fileInfoFlags,
  ByteReader,
  statusError
} from '../../../src/main/protocol/index.ts'
import type { ContentCommand } from '../../../src/main/protocol/index.ts'
import { AppError } from '../../../src/shared/errors.ts'
import { ADAPTERS, encodeListing, readVectors } from './vectors.ts'
import type { Vector } from './vectors.ts'

/** Requests that real servers take, doing damage in silence, and that ours refuses. */
const REFUSED_BY_US = /set-metadata-(name-70-bytes|value-260-bytes|no-field-separator|duplicate-names|body-262133|value-contains-0x02)/

/** Requests that say what ours say, in other bytes: lengths cut to 32 bits, ignored bytes, separators that end instead of separate. */
const OTHER_BYTES = /nonzero-status-byte|pkg-len-2pow32|bytes-after-nul-ignored|trailing-record-separator|truncate-file-extra-bytes/

/** The reply is followed by answers to content that the storage took for requests. */
const MORE_THAN_A_REPLY = /content-taken-as-commands/

/** Stored by clients that sent too much or a wrong separator: we read it, and write it undamaged. */
const DAMAGED_METADATA = /get-metadata-after-(name-70|value-260|trailing|no-field|duplicate)/

/** A value with a separator in it: we read it, and never write it. */
const UNWRITABLE_METADATA = /get-metadata-after-value-contains/

const vectors = readVectors()

/** All but the commands that no client may send, and storage commands sent to a tracker, which reads none of them. */
const known = vectors.filter((v) => v.commandNumber in ADAPTERS && !v.name.includes('tracker-storage-only-command'))

interface Received {
  value: any
  content: Buffer
}

/** What a server does with the bytes of a request: header, fixed part, the rest is content. */
function receive(v: Vector): Received {
  const { command } = ADAPTERS[v.commandNumber]!
  const header = decodeRequestHeader(v.request)
  const body = v.request.subarray(HEADER_BYTES)
  if (!('fixedBytes' in command)) return { value: decodeBody(command.request, body), content: Buffer.alloc(0) }
  const content = command as ContentCommand<any, any>
  const fixed = content.fixedBytes(new ByteReader(body.subarray(0, content.headBytes)))
  return { value: decodeContentRequest(content, body.subarray(0, fixed), header.length), content: body.subarray(fixed) }
}

const taken: { v: Vector; received: Received }[] = []
const refused: { v: Vector; error: unknown }[] = []
for (const v of known) {
  try {
    taken.push({ v, received: receive(v) })
  } catch (error) {
    refused.push({ v, error })
  }
}

const replies = known.filter((v) => v.response !== null && v.commandNumber !== 26 && !MORE_THAN_A_REPLY.test(v.name))
const broken = replies.filter((v) => v.response!.length < HEADER_BYTES || v.response![0] === 0xff)
const errors = replies.filter((v) => !broken.includes(v) && v.response![9] !== 0)
const successes = replies.filter((v) => !broken.includes(v) && v.response![9] === 0)
const echoes = successes.filter((v) => [24, 34, 36].includes(v.commandNumber) && v.response!.length > HEADER_BYTES)
const downloads = successes.filter((v) => v.commandNumber === 14)
const decodable = successes.filter((v) => v.commandNumber !== 14)
const rewritable = decodable.filter((v) => !echoes.includes(v) && !DAMAGED_METADATA.test(v.name) && !UNWRITABLE_METADATA.test(v.name))

const bodyOf = (v: Vector) => v.response!.subarray(HEADER_BYTES)
const commandOf = (v: Vector) => ADAPTERS[v.commandNumber]!.command

describe('captured exchanges', () => {
  it('are all there', () => {
    expect([vectors, known, taken, refused, replies, broken, errors, successes, echoes].map((list) => list.length)).toEqual([
      654, 626, 507, 119, 612, 3, 237, 372, 6
    ])
  })

  describe('as the server reads and writes them', () => {
    for (const { v, received } of taken.filter((t) => !('totalBytesSent' in t.v.decoded.request))) {
      it(`reads the request of ${v.name}`, () => {
        expect(received.value).toEqual(ADAPTERS[v.commandNumber]!.request(v.decoded.request))
      })
    }

    for (const { v, error } of refused) {
      it(`refuses the request of ${v.name}`, () => {
        expect(error).toBeInstanceOf(AppError)
        expect((error as AppError).code).toMatch(/^PROTOCOL_/)
        // The real server refused it too, or closed without a word.
        expect(v.response?.[9] !== 0 || REFUSED_BY_US.test(v.name)).toBe(true)
      })
    }

    for (const v of errors) {
      it(`writes the error of ${v.name}`, () => {
        expect(encodeResponseHeader(v.response![9]!, 0)).toEqual(v.response)
      })
    }

    for (const v of rewritable) {
      it(`writes the response of ${v.name}`, () => {
        expect(encodeResponse(commandOf(v), decodeBody(commandOf(v).response, bodyOf(v)))).toEqual(withoutStaleBytes(v))
      })
    }

    for (const v of downloads) {
      it(`announces the content of ${v.name}`, () => {
        expect(Buffer.concat([encodeResponse(commandOf(v), undefined, bodyOf(v).length), bodyOf(v)])).toEqual(v.response)
      })
    }

    for (const v of echoes) {
      it(`writes no echo for ${v.name}`, () => {
        expect(bodyOf(v)).toEqual(v.request.subarray(HEADER_BYTES))
        expect(encodeResponse(commandOf(v), undefined).length).toBe(HEADER_BYTES)
      })
    }

    for (const v of decodable.filter((d) => DAMAGED_METADATA.test(d.name))) {
      it(`writes undamaged what it read from ${v.name}`, () => {
        const value = decodeBody(commandOf(v).response, bodyOf(v))
        const written = encodeResponse(commandOf(v), value).subarray(HEADER_BYTES)
        expect(written).not.toEqual(bodyOf(v))
        expect(decodeBody(commandOf(v).response, written)).toEqual(value)
      })
    }

    for (const v of decodable.filter((d) => UNWRITABLE_METADATA.test(d.name))) {
      it(`does not write what it read from ${v.name}`, () => {
        const value = decodeBody(commandOf(v).response, bodyOf(v))
        expect(() => encodeResponse(commandOf(v), value)).toThrow(expect.objectContaining({ code: 'METADATA_INVALID' }))
      })
    }
  })

  describe('as the client writes and reads them', () => {
    for (const { v, received } of taken.filter((t) => !OTHER_BYTES.test(t.v.name))) {
      it(`writes the request of ${v.name}`, () => {
        const described = ADAPTERS[v.commandNumber]!.request(v.decoded.request) ?? received.value
        const packet = encodeRequest(commandOf(v), withFlags(v, described))
        expect(packet.toString('hex')).toBe(v.request.subarray(0, packet.length).toString('hex'))
        expect(v.request.length - packet.length).toBe(received.content.length)
      })
    }

    for (const { v } of refused) {
      it(`never writes the request of ${v.name}`, () => {
        const packet = tryEncode(v)
        expect(packet instanceof AppError || !packet.equals(v.request.subarray(0, packet.length))).toBe(true)
      })
    }

    for (const v of broken) {
      it(`refuses the response of ${v.name}`, () => {
        const short = v.response!.length < HEADER_BYTES
        const expected = short ? { code: 'PROTOCOL_TRUNCATED' } : { code: 'PROTOCOL_INVALID', detail: { reason: 'negative-length' } }
        expect(() => decodeResponseHeader(v.response!, commandOf(v).maxResponse)).toThrow(expect.objectContaining(expected))
      })
    }

    for (const v of errors) {
      it(`reads the error of ${v.name}`, () => {
        const header = decodeResponseHeader(v.response!, commandOf(v).maxResponse)
        const error = statusError(header.status, { command: v.commandNumber, detail: { group: 'group1' } })
        expect(error.code).not.toBe('SERVER_STATUS')
        expect(error.detail).toMatchObject({
          status: header.status,
          statusName: v.decoded.response.status_name,
          command: commandName(v.commandNumber),
          group: 'group1'
        })
      })
    }

    for (const v of decodable) {
      it(`reads the response of ${v.name}`, () => {
        const { command, response, reduce } = ADAPTERS[v.commandNumber]!
        expect(decodeResponseHeader(v.response!, command.maxResponse).length).toBe(bodyOf(v).length)
        const value = decodeBody(command.response, bodyOf(v))
        expect(reduce ? reduce(value) : value).toEqual(response(v.decoded.response, bodyOf(v)))
      })
    }
  })

  it('refuses to build the commands that no client may send', () => {
    const forbidden = [...new Set(vectors.filter((v) => !(v.commandNumber in ADAPTERS)).map((v) => v.commandNumber))]
    expect(forbidden.sort((a, b) => a - b)).toEqual([83, 93, 94, 108, 200])
    for (const code of [...forbidden, 79, 81, 88]) {
      expect(() => encodeRequestHeader(code, 0)).toThrow(expect.objectContaining({ code: 'INTERNAL' }))
    }
  })

  for (const v of known.filter((k) => k.commandNumber === 26)) {
    it(`reads and writes the listing of ${v.name}`, () => {
      const stream = v.response!.subarray(HEADER_BYTES)
      expect(decodeResponseHeader(v.response!, 2 ** 58).length).toBe(2 ** 58)
      const parser = new ListingParser()
      const files = parser.push(stream)
      parser.finish()
      const lines = v.decoded.response.lines as string[]
      expect(parser.skipped).toBe(0)
      expect(files.map((f) => `${f.timestamp} C ${f.remoteName}`)).toEqual(lines)
      expect(encodeListing(files)).toEqual(stream)
    })
  }
})

/** 96, 97 and 98 leak old memory behind the NUL of their texts: blank it. */
function withoutStaleBytes(v: Vector): Buffer {
  const bytes = Buffer.from(v.response!)
  const shapes: Record<number, { head: number; record: number; texts: [at: number, width: number][] }> = {
    96: {
      head: 1,
      record: 90,
      texts: [
        [0, 52],
        [66, 8]
      ]
    },
    97: {
      head: 6,
      record: 106,
      texts: [
        [0, 16],
        [16, 52],
        [82, 8]
      ]
    },
    98: { head: 5, record: 59, texts: [[0, 17]] }
  }
  const shape = shapes[v.commandNumber]
  if (shape === undefined) return bytes
  const { head, record, texts } = shape
  for (let at = HEADER_BYTES + head; at < bytes.length; at += record) {
    for (const [offset, width] of texts) {
      const field = bytes.subarray(at + offset, at + offset + width)
      const nul = field.indexOf(0)
      if (nul !== -1) field.fill(0, nul)
    }
  }
  return bytes
}

function withFlags(v: Vector, request: unknown): unknown {
  return v.commandNumber === 22 ? { ...(request as object), ...fileInfoFlags(v.request[9]!) } : request
}

function tryEncode(v: Vector): Buffer | AppError {
  try {
    return encodeRequest(commandOf(v), ADAPTERS[v.commandNumber]!.request(v.decoded.request) ?? {})
  } catch (error) {
    if (error instanceof AppError || error instanceof TypeError) return error instanceof AppError ? error : new AppError('INTERNAL')
    throw error
  }
}
