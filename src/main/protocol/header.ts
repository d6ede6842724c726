import { AppError } from '../../shared/errors.ts'
import { RESPONSE_CODE, commandName, isBuildable } from './codes.ts'
import { invalid } from './reader.ts'

/** pkg_len 8 (body, without these 10 bytes) | cmd 1 | status 1 */
export const HEADER_BYTES = 10

export interface Header {
  /** Length of the body. Beyond 2^53 − 1 it is rounded (command 26 announces 2^58): compare it, never count with it. */
  length: number
  code: number
  /** Response: 0 or a Linux errno. Request: 0, except QUERY_FILE_INFO's flags. */
  status: number
}

/**
 * The header of a request. Throws INTERNAL for a command that this program must never send: storage-to-storage and
 * tracker-to-tracker commands, 79 and 88 (they crash a tracker), 93, 94 and 108 (they change a cluster).
 * `into`: written to its first ten bytes, and returned.
 */
export function encodeRequestHeader(code: number, length: number, status = 0, into: Buffer = Buffer.allocUnsafe(HEADER_BYTES)): Buffer {
  if (!isBuildable(code)) throw new AppError('INTERNAL', { detail: { reason: 'command-not-buildable', command: code } })
  return encodeHeader(into, code, length, status)
}

/** The header of a response. An error (`status` ≠ 0) never has a body. */
export function encodeResponseHeader(status: number, length: number, into: Buffer = Buffer.allocUnsafe(HEADER_BYTES)): Buffer {
  if (status !== 0 && length !== 0) throw new AppError('INTERNAL', { detail: { reason: 'error-with-body', status, length } })
  return encodeHeader(into, RESPONSE_CODE, length, status)
}

function encodeHeader(into: Buffer, code: number, length: number, status: number): Buffer {
  if (!Number.isInteger(length) || length < 0 || length >= 2 ** 63) {
    throw new AppError('INTERNAL', { detail: { reason: 'bad-length', length } })
  }
  into.writeInt32BE(Math.floor(length / 2 ** 32), 0)
  into.writeUInt32BE(length % 2 ** 32, 4)
  into.writeUInt8(code, 8)
  into.writeUInt8(status, 9)
  return into
}

/**
 * Reads and checks the header of a response before anything is allocated for its body.
 * `limit` is the largest legal body (`Command.maxResponse`, or what was asked for in a download).
 * Throws PROTOCOL_INVALID with `reason` not-a-response, negative-length (storages up to 6.15.3 answer so to a download
 * beyond the end, and then stall), error-with-body, or response-too-long. After each of them the connection is lost.
 */
export function decodeResponseHeader(bytes: Uint8Array, limit: number): Header {
  const header = decodeHeader(bytes)
  if (header.code !== RESPONSE_CODE) throw invalid('not-a-response')
  if (header.length < 0) throw invalid('negative-length')
  if (header.status !== 0 && header.length !== 0) throw invalid('error-with-body')
  if (header.length > limit) {
    throw new AppError('PROTOCOL_INVALID', { detail: { reason: 'response-too-long', length: header.length, limit } })
  }
  return header
}

/** Reads the header of a request. A negative length is PROTOCOL_INVALID: the server closes without an answer. */
export function decodeRequestHeader(bytes: Uint8Array): Header {
  const header = decodeHeader(bytes)
  if (header.length < 0) {
    throw new AppError('PROTOCOL_INVALID', { detail: { reason: 'negative-length', command: commandName(header.code) } })
  }
  return header
}

function decodeHeader(bytes: Uint8Array): Header {
  if (bytes.length < HEADER_BYTES) {
    throw new AppError('PROTOCOL_TRUNCATED', { detail: { wanted: HEADER_BYTES, have: bytes.length } })
  }
  const view = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, HEADER_BYTES)
  return { length: view.readInt32BE(0) * 2 ** 32 + view.readUInt32BE(4), code: view.readUInt8(8), status: view.readUInt8(9) }
}

/**
 * Push parser for one header at a time, whatever way the peer cuts the stream: `push` returns null until ten bytes are
 * together, then the header and the bytes of the chunk that follow it (a view). It is then ready for the next header.
 * `parse` is `decodeRequestHeader`, or `decodeResponseHeader` with its limit; what it throws passes through.
 */
export class HeaderFramer {
  private partial: Buffer | null = null
  private have = 0

  push(chunk: Buffer, parse: (bytes: Buffer) => Header): { header: Header; rest: Buffer } | null {
    // Nearly always the header comes in one piece.
    if (this.have === 0 && chunk.length >= HEADER_BYTES) return { header: parse(chunk), rest: chunk.subarray(HEADER_BYTES) }
    this.partial ??= Buffer.allocUnsafe(HEADER_BYTES)
    const used = Math.min(HEADER_BYTES - this.have, chunk.length)
    chunk.copy(this.partial, this.have, 0, used)
    this.have += used
    if (this.have < HEADER_BYTES) return null
    this.have = 0
    return { header: parse(this.partial), rest: chunk.subarray(used) }
  }

  /** True between two headers: the peer may close here without anything being lost. */
  get idle(): boolean {
    return this.have === 0
  }
}

/** Collects a body of known length. The length must have been checked against a limit before. */
export class BodyFramer {
  private readonly body: Buffer
  private have = 0

  constructor(length: number) {
    this.body = Buffer.allocUnsafe(length)
  }

  /** null until the body is complete; then the body and the bytes of the chunk that follow it. */
  push(chunk: Buffer): { body: Buffer; rest: Buffer } | null {
    const used = Math.min(this.body.length - this.have, chunk.length)
    chunk.copy(this.body, this.have, 0, used)
    this.have += used
    return this.have < this.body.length ? null : { body: this.body, rest: chunk.subarray(used) }
  }
}
