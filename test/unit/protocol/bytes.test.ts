import { describe, expect, it } from 'vitest'
import { ByteReader } from '../../../src/main/protocol/reader.ts'
import { ByteWriter } from '../../../src/main/protocol/writer.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const truncated = expect.objectContaining({ code: 'PROTOCOL_TRUNCATED' })
const invalid = (reason: string) => expect.objectContaining({ code: 'PROTOCOL_INVALID', detail: expect.objectContaining({ reason }) })

describe('ByteReader', () => {
  it('reads big-endian integers', () => {
    const r = new ByteReader(hex('ff 80000001 0000000000005a01 fffffffffffffffe'))
    expect([r.u8(), r.i32(), r.i64(), r.i64()]).toEqual([255, -2_147_483_647, 23_041, -2])
    r.end()
  })

  it('takes 64-bit numbers up to 2^53 − 1 on both sides and refuses the next', () => {
    const read = (value: bigint) => {
      const bytes = Buffer.alloc(8)
      bytes.writeBigInt64BE(value)
      return new ByteReader(bytes).i64()
    }
    expect(read(2n ** 53n - 1n)).toBe(Number.MAX_SAFE_INTEGER)
    expect(read(-(2n ** 53n) + 1n)).toBe(Number.MIN_SAFE_INTEGER)
    for (const value of [2n ** 53n, 2n ** 53n + 1n, 2n ** 58n, 2n ** 63n - 1n, -(2n ** 53n), -(2n ** 63n)]) {
      expect(() => read(value)).toThrow(invalid('integer-too-large'))
    }
  })

  it('refuses a negative size', () => {
    expect(() => new ByteReader(hex('ffffffffffffffff')).size()).toThrow(invalid('negative-size'))
  })

  it('cuts text at the first NUL or at the width, and never looks behind', () => {
    const r = new ByteReader(Buffer.from('abc\0def0123', 'latin1'))
    expect(r.text(7)).toBe('abc')
    expect(r.text(3)).toBe('012')
    expect(r.remaining).toBe(1)
  })

  it('throws PROTOCOL_TRUNCATED for each kind of read past the end, and does not move', () => {
    const r = new ByteReader(Buffer.alloc(0))
    for (const read of [
      () => r.u8(),
      () => r.i32(),
      () => r.i64(),
      () => r.size(),
      () => r.text(1),
      () => r.bytes(1),
      () => r.skip(1),
      () => r.bytes(-1),
      () => r.bytes(Number.NaN)
    ]) {
      expect(read).toThrow(truncated)
    }
    expect(r.offset).toBe(0)
    expect(r.restText()).toBe('')
    expect(r.rest()).toHaveLength(0)
  })

  it('does not read the memory around a view', () => {
    const whole = Buffer.from('secretDATAsecret')
    const r = new ByteReader(new Uint8Array(whole.buffer, whole.byteOffset + 6, 4))
    expect(r.restText()).toBe('DATA')
    expect(() => r.u8()).toThrow(truncated)
    expect(new ByteReader(whole.subarray(6, 10)).peekI64(0)).toBeUndefined()
  })

  it('says how a body with surplus bytes is wrong', () => {
    expect(() => new ByteReader(hex('00')).end()).toThrow(invalid('surplus-bytes'))
  })
})

describe('ByteWriter', () => {
  it('keeps everything when it has to grow in the middle', () => {
    const w = new ByteWriter(2, 1)
    for (let i = 0; i < 100; i++) {
      w.u8(i)
      w.i32(-i)
      w.i64(i * 2 ** 40)
      w.text(`n${i}`, 5)
      w.bytes(Buffer.of(i))
    }
    const r = new ByteReader(w.finish())
    expect(r.bytes(2)).toEqual(Buffer.alloc(2))
    for (let i = 0; i < 100; i++) {
      expect([r.u8(), r.i32(), r.i64(), r.text(5), r.u8()]).toEqual([i, 0 - i, i * 2 ** 40, `n${i}`, i])
    }
    r.end()
  })

  it('pads text with zeros, whatever was in memory', () => {
    const w = new ByteWriter(0, 64)
    w.text('ab', 6)
    expect(w.finish().toString('hex')).toBe('616200000000')
  })

  it('refuses values that do not fit instead of cutting them', () => {
    const unfit = expect.objectContaining({ code: 'INPUT_INVALID' })
    const w = new ByteWriter()
    for (const write of [
      () => w.u8(256),
      () => w.u8(-1),
      () => w.u8(1.5),
      () => w.i32(2 ** 31),
      () => w.i64(2 ** 53),
      () => w.i64(2n ** 63n),
      () => w.i64(Number.NaN),
      () => w.text('toolong', 6),
      () => w.text('a\0b', 6),
      () => w.text('文', 6),
      () => w.restText('文')
    ]) {
      expect(write).toThrow(unfit)
    }
    expect(w.length).toBe(0)
  })

  it('writes the whole range of 64 bits when it is given as bigint', () => {
    const w = new ByteWriter()
    w.i64(2n ** 58n)
    w.i64(-(2n ** 63n))
    expect(w.finish().toString('hex')).toBe('04000000000000008000000000000000')
  })
})
