import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crc32Combine } from '../../../src/main/transfer/crc32-combine.ts'

test('is the CRC-32 of both parts together, wherever the cut is', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (bytes, where) => {
      const cut = Math.floor(bytes.length * where)
      const [a, b] = [bytes.subarray(0, cut), bytes.subarray(cut)]
      expect(crc32Combine(crc32(a), crc32(b), b.length)).toBe(crc32(bytes))
    }),
    { numRuns: 1_000 }
  )
})

test('many parts in a row', () => {
  const bytes = randomBytes(1_000_003)
  let crc = 0
  for (let at = 0; at < bytes.length; at += 65_536) {
    const part = bytes.subarray(at, at + 65_536)
    crc = crc32Combine(crc, crc32(part), part.length)
  }
  expect(crc).toBe(crc32(bytes))
})

test('lengths beyond 4 GiB count', () => {
  // CRC of n zero bytes after A, twice 3 GiB at once and one after the other.
  const a = crc32(Buffer.from('head'))
  const zeros = (length: number): number => zeroCrc(length)
  const half = 3 * 2 ** 30
  const once = crc32Combine(a, zeros(2 * half), 2 * half)
  const twice = crc32Combine(crc32Combine(a, zeros(half), half), zeros(half), half)
  expect(once).toBe(twice)
})

/** CRC-32 of zero bytes, by doubling. */
function zeroCrc(length: number): number {
  if (length === 0) return 0
  if (length < 1024) return crc32(Buffer.alloc(length))
  const half = Math.floor(length / 2)
  const crc = zeroCrc(half)
  const both = crc32Combine(crc, crc, half)
  return length % 2 === 0 ? both : crc32Combine(both, crc32(Buffer.alloc(1)), 1)
}
