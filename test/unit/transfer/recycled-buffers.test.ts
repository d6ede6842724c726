import { expect, it } from 'vitest'
import { RecycledBuffers } from '../../../src/main/transfer/zip/recycled-buffers.ts'

it('gives memory of the asked length, and the same memory again once it was given back', () => {
  const buffers = new RecycledBuffers()
  const first = buffers.take(200_000)
  const other = buffers.take(200_000)
  expect(first.length).toBe(200_000)
  expect(other.buffer).not.toBe(first.buffer)
  buffers.give(first)
  const again = buffers.take(199_000)
  expect(again.length).toBe(199_000)
  expect(again.buffer).toBe(first.buffer)
  expect(buffers.take(199_000).buffer).not.toBe(first.buffer)
})

it('takes memory of another size for nothing but that size, and keeps a bounded amount', () => {
  const buffers = new RecycledBuffers()
  const large = buffers.take(20 * 1_048_576)
  const second = buffers.take(20 * 1_048_576)
  buffers.give(large)
  buffers.give(second)
  expect(buffers.take(100_000).buffer.byteLength).toBe(131_072)
  expect(buffers.take(20 * 1_048_576).buffer).toBe(large.buffer)
  expect(buffers.take(20 * 1_048_576).buffer).not.toBe(second.buffer)
})

it('leaves tiny buffers to the runtime', () => {
  const buffers = new RecycledBuffers()
  const tiny = buffers.take(100)
  expect(tiny.length).toBe(100)
  buffers.give(tiny)
  expect(buffers.take(0).length).toBe(0)
})
