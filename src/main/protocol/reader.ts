import { AppError } from '../../shared/errors.ts'

/**
 * Reads the fields of one body from left to right. Every read is checked against the bounds: reading past the end
 * throws PROTOCOL_TRUNCATED, an impossible value throws PROTOCOL_INVALID. Nothing is copied; `bytes` and `rest` are views.
 */
export class ByteReader {
  private readonly buffer: Buffer
  private position = 0

  constructor(bytes: Uint8Array) {
    this.buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get offset(): number {
    return this.position
  }

  get remaining(): number {
    return this.buffer.length - this.position
  }

  u8(): number {
    return this.buffer.readUInt8(this.take(1))
  }

  i32(): number {
    return this.buffer.readInt32BE(this.take(4))
  }

  /** A signed 64-bit integer as a number. Beyond ±(2^53 − 1): PROTOCOL_INVALID. */
  i64(): number {
    const at = this.take(8)
    const value = this.buffer.readInt32BE(at) * 0x1_0000_0000 + this.buffer.readUInt32BE(at + 4)
    // The sum of the halves rounds only beyond the safe range, and rounding never leads back into it.
    if (!Number.isSafeInteger(value)) throw invalid('integer-too-large', at)
    return value
  }

  /** A 64-bit length, size, count or offset: like `i64`, and never negative. */
  size(): number {
    const at = this.position
    const value = this.i64()
    if (value < 0) throw invalid('negative-size', at)
    return value
  }

  /** The int64 at `position + ahead`, without moving; undefined when it does not lie inside the body. */
  peekI64(ahead: number): bigint | undefined {
    const at = this.position + ahead
    return ahead >= 0 && at + 8 <= this.buffer.length ? this.buffer.readBigInt64BE(at) : undefined
  }

  /** Text of `width` bytes: ends at the first NUL or at the width. What follows the NUL is never looked at. One char per byte. */
  text(width: number): string {
    const at = this.take(width)
    let end = at
    while (end < at + width && this.buffer[end] !== 0) end++
    return this.buffer.toString('latin1', at, end)
  }

  /** Everything that is left, as text, one char per byte, cut at the first NUL. */
  restText(): string {
    return this.text(this.remaining)
  }

  bytes(length: number): Buffer {
    const at = this.take(length)
    return this.buffer.subarray(at, at + length)
  }

  rest(): Buffer {
    return this.bytes(this.remaining)
  }

  skip(length: number): void {
    this.take(length)
  }

  /** A second reader of the same bytes at the same place, to look ahead. */
  fork(): ByteReader {
    return new ByteReader(this.buffer.subarray(this.position))
  }

  /** Ends a decoding: bytes that nobody asked for make the body invalid. */
  end(): void {
    if (this.remaining !== 0) throw invalid('surplus-bytes', this.position)
  }

  private take(length: number): number {
    if (!(length >= 0) || length > this.buffer.length - this.position) {
      throw new AppError('PROTOCOL_TRUNCATED', { detail: { offset: this.position, wanted: length, have: this.remaining } })
    }
    const at = this.position
    this.position += length
    return at
  }
}

/** The error for bytes that are all there but cannot mean anything. `reason` is a short stable word for logs and tests. */
export function invalid(reason: string, offset?: number): AppError {
  return new AppError('PROTOCOL_INVALID', { detail: { reason, offset } })
}
