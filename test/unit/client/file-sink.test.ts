import { readFileSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { fileSink } from '../../../src/main/client/file-sink.ts'
import { tempDir } from '../../support/temp-dir.ts'

let handle: FileHandle | undefined
afterEach(async () => {
  await handle?.close().catch(() => {})
})

async function target(flags = 'w'): Promise<{ path: string; handle: FileHandle }> {
  const path = join(await tempDir(), 'file')
  handle = await open(path, flags)
  return { path, handle }
}

test('writes pieces one after the other from its offset, small ones at once and large ones several at a time', async () => {
  const { path, handle } = await target()
  const sink = fileSink(handle, 5)
  const pieces = [10, 200_000, 64 * 1024, 1_000_000, 1].map((size, i) => Buffer.alloc(size, i + 1))
  expect(sink.write(pieces[0]!)).toBeUndefined()
  await Promise.all(pieces.slice(1).map(async (piece) => sink.write(piece)))
  expect(readFileSync(path).equals(Buffer.concat([Buffer.alloc(5), ...pieces]))).toBe(true)
  expect(sink.contiguous).toBe(pieces.reduce((sum, piece) => sum + piece.length, 0))
  expect(sink.concurrency).toBe(4)
})

test('counts only what has reached the file without a gap', async () => {
  const { handle } = await target()
  const sink = fileSink(handle)
  const large = sink.write(Buffer.alloc(500_000))
  void sink.write(Buffer.alloc(10))
  expect(sink.contiguous).toBe(0)
  await large
  expect(sink.contiguous).toBe(500_010)
})

test('a file that cannot be written rejects with a local code', async () => {
  const { path } = await target()
  await handle?.close()
  handle = await open(path, 'r')
  const sink = fileSink(handle)
  expect(() => sink.write(Buffer.alloc(10))).toThrow(expect.objectContaining({ code: 'LOCAL_IO' }))
  await expect(sink.write(Buffer.alloc(100_000))).rejects.toMatchObject({ code: 'LOCAL_IO' })
})

test.skipIf(process.platform !== 'linux')('a full disk is told apart', async () => {
  handle = await open('/dev/full', 'w')
  const sink = fileSink(handle)
  expect(() => sink.write(Buffer.alloc(10))).toThrow(expect.objectContaining({ code: 'LOCAL_DISK_FULL' }))
})
