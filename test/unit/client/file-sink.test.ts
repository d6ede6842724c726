import { readFileSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fileSink } from '../../../src/main/client/file-sink.ts'
import { tempDir } from '../../support/temp-dir.ts'

/** What a look at the clock tells; each look takes as long as this. */
let now = 1_000_000
let lookMs = 0
let handle: FileHandle | undefined
beforeEach(() => {
  now += 1_000_000
  lookMs = 0
  vi.spyOn(performance, 'now').mockImplementation(() => (now += lookMs))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await handle?.close().catch(() => {})
})

async function target(flags = 'w'): Promise<{ path: string; handle: FileHandle }> {
  const path = join(await tempDir(), 'file')
  handle = await open(path, flags)
  return { path, handle }
}

const sizes = [10, 200_000, 64 * 1024, 1_000_000, 1]

test.each([
  { disk: 'quick', lookMs: 0 },
  { disk: 'slow', lookMs: 20 }
])('writes pieces one after the other from its offset, to a $disk disk', async (options) => {
  lookMs = options.lookMs
  const { path, handle } = await target()
  const sink = fileSink(handle, 5)
  const pieces = sizes.map((size, i) => Buffer.alloc(size, i + 1))
  for (const piece of pieces) await sink.write(piece)
  expect(readFileSync(path).equals(Buffer.concat([Buffer.alloc(5), ...pieces]))).toBe(true)
  expect(sink.contiguous).toBe(pieces.reduce((sum, piece) => sum + piece.length, 0))
})

test('large pieces are written at once until that is slow, then for a while not; small ones always', async () => {
  const { handle } = await target()
  const sink = fileSink(handle)
  const large = Buffer.alloc(500_000)
  expect(sink.write(large)).toBeUndefined()
  lookMs = 20
  expect(sink.write(large)).toBeUndefined()
  lookMs = 0
  const later = sink.write(large)
  expect(later).toBeInstanceOf(Promise)
  await later
  expect(sink.write(Buffer.alloc(10))).toBeUndefined()
  now += 10_000
  expect(sink.write(large)).toBeUndefined()
  expect(sink.contiguous).toBe(2_000_010)
})

test('a disk that stays slow is tried again less and less often, until it has been quick for a while', async () => {
  const { handle } = await target()
  const sink = fileSink(handle)
  const large = Buffer.alloc(100_000)
  /** Milliseconds from a slow write to the next one that is made at once. */
  const pause = async (): Promise<number> => {
    lookMs = 20
    void sink.write(large)
    lookMs = 0
    const from = now
    for (let later = sink.write(large); later instanceof Promise; later = sink.write(large)) {
      await later
      now += 125
    }
    return now - from
  }
  for (let i = 0; i < 40; i++) expect(sink.write(large)).toBeUndefined()
  expect([await pause(), await pause(), await pause()]).toEqual([250, 500, 1000])
  for (let i = 0; i < 40; i++) expect(sink.write(large)).toBeUndefined()
  expect(await pause()).toBe(250)
})

test('counts only what has reached the file without a gap', async () => {
  const { handle } = await target()
  const sink = fileSink(handle)
  lookMs = 20
  void sink.write(Buffer.alloc(500_000))
  const later = sink.write(Buffer.alloc(500_000))
  void sink.write(Buffer.alloc(10))
  expect(sink.contiguous).toBe(500_000)
  await later
  expect(sink.contiguous).toBe(1_000_010)
})

test('a file that cannot be written rejects with a local code', async () => {
  const { path } = await target()
  await handle?.close()
  handle = await open(path, 'r')
  const sink = fileSink(handle)
  expect(() => sink.write(Buffer.alloc(10))).toThrow(expect.objectContaining({ code: 'LOCAL_IO' }))
  expect(() => sink.write(Buffer.alloc(100_000))).toThrow(expect.objectContaining({ code: 'LOCAL_IO' }))
})

test.skipIf(process.platform !== 'linux')('a full disk is told apart', async () => {
  handle = await open('/dev/full', 'w')
  const sink = fileSink(handle)
  expect(() => sink.write(Buffer.alloc(10))).toThrow(expect.objectContaining({ code: 'LOCAL_DISK_FULL' }))
})
