import { AppError } from '../../shared/errors.ts'

/**
 * Builds one body from left to right. A value that does not fit its field is an INPUT_INVALID: fields are never cut silently.
 * `finish` hands out a view of the memory; the writer is not used afterwards.
 */
export class ByteWriter {
  private buffer: Buffer
  private position = 0

  /** `reserve` bytes at the start are left for a header that is written later (see `encodeRequest`). */
  constructor(reserve = 0, capacity = 160) {
    this.buffer = Buffer.allocUnsafe(reserve + capacity)
    this.buffer.fill(0, 0, reserve)
    this.position = reserve
  }

  get length(): number {
    return this.position
  }

  u8(value: number): void {
    if (!Number.isInteger(value) || value < 0 || value > 0xff) throw unfit('byte', value)
    const at = this.grow(1)
    this.buffer.writeUInt8(value, at)
  }

  i32(value: number): void {
    if (!Number.isInteger(value) || value < -0x8000_0000 || value > 0x7fff_ffff) throw unfit('int32', value)
    const at = this.grow(4)
    this.buffer.writeInt32BE(value, at)
  }

  i64(value: number | bigint): void {
    if (typeof value === 'bigint' ? BigInt.asIntN(64, value) !== value : !Number.isSafeInteger(value)) throw unfit('int64', String(value))
    const at = this.grow(8)
    if (typeof value === 'bigint') return void this.buffer.writeBigInt64BE(value, at)
    const high = Math.floor(value / 2 ** 32)
    this.buffer.writeInt32BE(high, at)
    this.buffer.writeUInt32BE(value - high * 2 ** 32, at + 4)
  }

  /** Text in a field of `width` bytes, padded with NUL. One byte per char: longer text, NUL or chars above U+00FF are refused. */
  text(value: string, width: number): void {
    checkText(value)
    if (value.length > width) throw unfit('text', value.length)
    const at = this.grow(width)
    this.buffer.fill(0, at + value.length, at + width)
    this.buffer.write(value, at, 'latin1')
  }

  /** Text of its own length, at the end of a body or after a length field. */
  restText(value: string): void {
    this.text(value, value.length)
  }

  bytes(value: Uint8Array): void {
    const at = this.grow(value.length)
    this.buffer.set(value, at)
  }

  finish(): Buffer {
    return this.buffer.subarray(0, this.position)
  }

  /** Claims the next bytes. It may replace the buffer, so it is called before `this.buffer` is read again. */
  private grow(length: number): number {
    const at = this.position
    if (at + length > this.buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(at + length, this.buffer.length * 2))
      this.buffer.copy(larger, 0, 0, at)
      this.buffer = larger
    }
    this.position = at + length
    return at
  }
}

function checkText(value: string): void {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i)
    if (code === 0 || code > 0xff) throw unfit('text', `char ${code} at ${i}`)
  }
}

function unfit(field: string, value: number | string): AppError {
  return new AppError('INPUT_INVALID', { detail: { reason: 'does-not-fit', field, value } })
}
