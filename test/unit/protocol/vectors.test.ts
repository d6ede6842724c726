import { describe, expect, it } from 'vitest'
import {
  HEADER_BYTES,
  ListingParser,
  commandName,
  decodeBody,
  decodeContentRequest,
  decodeRequestHeader,
  decodeResponseHeader,
  encodeErrorResponse,
  encodeListing,
  encodeRequest,
  encodeRequestHeader,
  encodeResponse,
  fileInfoFlags,
  ByteReader,
  statusError
} from '../../../src/main/protocol/index.ts'
import type { Command, ContentCommand } from '../../../src/main/protocol/index.ts'
import { AppError } from '../../../src/shared/errors.ts'
import { ADAPTERS, readVectors } from './vectors.ts'
import type { Vector } from './vectors.ts'

const vectors = readVectors()
/** All but the commands that no client may send, and storage commands sent to a tracker, which reads none of them. */
const known = vectors.filter((v) => v.commandNumber in ADAPTERS && !v.name.includes('tracker-storage-only-command'))

/** Requests that real servers take, doing damage in silence, and that ours refuses. */
const REFUSED_BY_US = /set-metadata-(name-70-bytes|value-260-bytes|no-field-separator|duplicate-names|body-262133|value-contains-0x02)/

/** Requests that say what ours say, in other bytes: lengths cut to 32 bits, ignored bytes, separators that end instead of separate. */
const OTHER_BYTES = /nonzero-status-byte|pkg-len-2pow32|bytes-after-nul-ignored|trailing-record-separator|truncate-file-extra-bytes/

/** The reply is followed by answers to content that the storage took for requests. */
const MORE_THAN_A_REPLY = /content-taken-as-commands/

function isContent(command: Command<any, any>): command is ContentCommand<any, any> {
  return 'fixedBytes' in command
}

/** What a server does with the bytes of a request: header, fixed part, the rest is content. */
function receive(v: Vector): { value: unknown; content: Buffer } {
  const { command } = ADAPTERS[v.commandNumber]!
  const header = decodeRequestHeader(v.request)
  const body = v.request.subarray(HEADER_BYTES)
  if (!isContent(command)) return { value: decodeBody(command.request, body), content: Buffer.alloc(0) }
  const fixed = command.fixedBytes(new ByteReader(body.subarray(0, command.headBytes)))
  const value = decodeContentRequest(command, body.subarray(0, fixed), header.length)
  return { value, content: body.subarray(fixed) }
}

function tryReceive(v: Vector): ReturnType<typeof receive> | AppError {
  try {
    return receive(v)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}

describe('captured exchanges', () => {
  it('are all there', () => {
    expect(vectors.length).toBe(654)
    expect(known.length).toBe(626)
  })

  describe('as the server reads and writes them', () => {
    for (const v of known) {
      it(`reads the request of ${v.name}`, () => {
        const received = tryReceive(v)
        const status = v.response?.[9] ?? null
        if (received instanceof AppError) {
          expect(['PROTOCOL_INVALID', 'PROTOCOL_TRUNCATED']).toContain(received.code)
          // What our decoder refuses, the real server refused too (or it closed without a word).
          if (!REFUSED_BY_US.test(v.name)) expect(status).not.toBe(0)
          return
        }
        const expected = ADAPTERS[v.commandNumber]!.request(v.decoded.request)
        const bodyIsDescribed = !('totalBytesSent' in v.decoded.request)
        if (bodyIsDescribed) expect(received.value).toEqual(expected)
        if (typeof v.decoded.request.content === 'string' && v.decoded.request.content.length < 200) {
          expect(received.content.length).toBe(v.decoded.request.file_size)
        }
      })
    }

    for (const v of known.filter(
      (k) => k.response !== null && k.response.length >= HEADER_BYTES && k.commandNumber !== 26 && !MORE_THAN_A_REPLY.test(k.name)
    )) {
      it(`writes the response of ${v.name}`, () => {
        const response = v.response!
        const { command } = ADAPTERS[v.commandNumber]!
        if (response[9] !== 0) {
          // V6.06 alone sends an error with a (negative) length; nobody should.
          if (response[0] === 0xff) return
          expect(encodeErrorResponse(response[9]!)).toEqual(response)
          return
        }
        const body = response.subarray(HEADER_BYTES)
        if (v.commandNumber === 14) {
          expect(Buffer.concat([encodeResponse(command, undefined, body.length), body])).toEqual(response)
          return
        }
        const value = decodeBody(command.response, body)
        if (/after-value-contains/.test(v.name)) {
          expect(() => encodeResponse(command, value)).toThrow(expect.objectContaining({ code: 'METADATA_INVALID' }))
          return
        }
        const written = encodeResponse(command, value)
        if (isEcho(v)) expect(written.length).toBe(HEADER_BYTES)
        else if (hasDamagedMetadata(v)) expect(decodeBody(command.response, written.subarray(HEADER_BYTES))).toEqual(value)
        else if ([96, 97, 98].includes(v.commandNumber)) expect(written).toEqual(withoutStaleBytes(v))
        else expect(written).toEqual(response)
      })
    }
  })

  describe('as the client writes and reads them', () => {
    const wellFormed = known.filter((v) => !(tryReceive(v) instanceof AppError) && !OTHER_BYTES.test(v.name))

    it('leaves few requests out', () => {
      expect(wellFormed.length).toBe(495)
    })

    for (const v of wellFormed) {
      it(`writes the request of ${v.name}`, () => {
        const { command, request } = ADAPTERS[v.commandNumber]!
        const described = 'totalBytesSent' in v.decoded.request ? (receive(v).value as object) : request(v.decoded.request)
        const flags = v.commandNumber === 22 ? fileInfoFlags(v.request[9]!) : {}
        const packet = encodeRequest(command, described === undefined ? undefined : { ...(described as object), ...flags })
        expect(packet.toString('hex')).toBe(v.request.subarray(0, packet.length).toString('hex'))
        expect(v.request.length - packet.length).toBe(receive(v).content.length)
      })
    }

    for (const v of known.filter((k) => tryReceive(k) instanceof AppError)) {
      it(`refuses to write the request of ${v.name}`, () => {
        const { command, request } = ADAPTERS[v.commandNumber]!
        const described = request(v.decoded.request) as object | undefined
        if (described === undefined) return
        try {
          const packet = encodeRequest(command, described)
          expect(packet.equals(v.request.subarray(0, packet.length))).toBe(false)
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
        }
      })
    }

    for (const v of known.filter((k) => k.response !== null && k.commandNumber !== 26)) {
      it(`reads the response of ${v.name}`, () => {
        const { command, response, reduce } = ADAPTERS[v.commandNumber]!
        const bytes = v.response!
        if (bytes.length < HEADER_BYTES) {
          expect(() => decodeResponseHeader(bytes, command.maxResponse)).toThrow(expect.objectContaining({ code: 'PROTOCOL_TRUNCATED' }))
          return
        }
        if (bytes[0] === 0xff) {
          expect(() => decodeResponseHeader(bytes, command.maxResponse)).toThrow(
            expect.objectContaining({ code: 'PROTOCOL_INVALID', detail: expect.objectContaining({ reason: 'negative-length' }) })
          )
          return
        }
        const header = decodeResponseHeader(bytes, command.maxResponse)
        const body = bytes.subarray(HEADER_BYTES)
        if (!MORE_THAN_A_REPLY.test(v.name)) expect(header.length).toBe(body.length)
        if (header.status !== 0) {
          const error = statusError(header.status, { command: v.commandNumber, detail: { group: 'group1' } })
          expect(error.code).not.toBe('SERVER_STATUS')
          expect(error.detail).toMatchObject({
            status: header.status,
            statusName: v.decoded.response.status_name,
            command: commandName(v.commandNumber),
            group: 'group1'
          })
          return
        }
        if (v.commandNumber === 14) return
        const value = decodeBody(command.response, body)
        expect(reduce ? reduce(value) : value).toEqual(response(v.decoded.response, body))
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

/** 24 and 34 without content, 36 to the present size: the request's body comes back. */
function isEcho(v: Vector): boolean {
  return [24, 34, 36].includes(v.commandNumber) && v.response!.length > HEADER_BYTES
}

/** Stored by clients that sent too much or a wrong separator; our encoder writes it undamaged. */
function hasDamagedMetadata(v: Vector): boolean {
  return /get-metadata-after-(name-70|value-260|trailing|no-field|duplicate|value-contains)/.test(v.name)
}

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
  const { head, record, texts } = shapes[v.commandNumber]!
  for (let at = HEADER_BYTES + head; at < bytes.length; at += record) {
    for (const [offset, width] of texts) {
      const field = bytes.subarray(at + offset, at + offset + width)
      const nul = field.indexOf(0)
      if (nul !== -1) field.fill(0, nul)
    }
  }
  return bytes
}
