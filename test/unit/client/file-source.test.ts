import { closeSync, openSync, truncateSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { SYNC_READ_LIMIT, bufferSource, fileSource, openFileSource } from '../../../src/main/client/file-source.ts'
import type { ByteSource } from '../../../src/main/client/types.ts'
import { tempDir } from '../../support/temp-dir.ts'

const open_: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open_.splice(0)) await close()
})

async function file(bytes: number): Promise<{ path: string; content: Buffer }> {
  const content = Buffer.from(Array.from({ length: bytes }, (_, i) => (i * 31 + (i >> 8)) & 0xff))
  const path = join(await tempDir(), 'file')
  writeFileSync(path, content)
  return { path, content }
}

async function readAll(source: ByteSource, step = 100_000): Promise<Buffer> {
  const parts: Buffer[] = []
  for (;;) {
    const into = Buffer.alloc(step)
    const count = await source.read(into)
    if (count === 0) return Buffer.concat(parts)
    parts.push(into.subarray(0, count))
  }
}

test.each([0, 1, SYNC_READ_LIMIT, SYNC_READ_LIMIT + 1, 700_001])('delivers a file of %i bytes', async (bytes) => {
  const { path, content } = await file(bytes)
  const source = openFileSource(path)
  open_.push(() => source.close())
  expect(source.size).toBe(bytes)
  expect((await readAll(source)).equals(content)).toBe(true)
})

test('reads small files synchronously and large ones not', async () => {
  const small = openFileSource((await file(1000)).path)
  const large = openFileSource((await file(SYNC_READ_LIMIT + 1)).path)
  open_.push(
    () => small.close(),
    () => large.close()
  )
  expect(small.read(Buffer.alloc(10))).toBe(10)
  expect(large.read(Buffer.alloc(10))).toBeInstanceOf(Promise)
})

test('delivers exactly the range that was asked for, and two sources can share a handle', async () => {
  const { path, content } = await file(600_000)
  const handle = await open(path)
  open_.push(() => handle.close())
  const a = fileSource(handle, { offset: 1000, length: 300_000 })
  const b = fileSource(handle.fd, { offset: 599_990 })
  expect([a.size, b.size]).toEqual([300_000, 10])
  const [first, second] = await Promise.all([readAll(a, 70_000), readAll(b)])
  expect(first.equals(content.subarray(1000, 301_000))).toBe(true)
  expect(second.equals(content.subarray(599_990))).toBe(true)
})

test('ends early when the file has become shorter, and goes on when it has grown', async () => {
  const { path } = await file(1000)
  const shrunk = openFileSource(path)
  const grown = openFileSource(path)
  open_.push(
    () => shrunk.close(),
    () => grown.close()
  )
  writeFileSync(path, Buffer.alloc(10), { flag: 'a' })
  expect(await readAll(grown)).toHaveLength(1010)
  truncateSync(path, 400)
  expect(await readAll(shrunk)).toHaveLength(400)
})

test('an offset beyond the end of the file says that the file has changed', async () => {
  const { path } = await file(100)
  expect(() => openFileSource(path, { offset: 101 })).toThrow(expect.objectContaining({ code: 'SOURCE_CHANGED' }))
  expect(openFileSource(path, { offset: 100 }).size).toBe(0)
})

test('what the file system refuses has a code of its own', async () => {
  const folder = await tempDir()
  expect(() => openFileSource(join(folder, 'nothing'))).toThrow(expect.objectContaining({ code: 'LOCAL_NOT_FOUND' }))
  expect(() => openFileSource(folder)).toThrow(expect.objectContaining({ code: 'LOCAL_NOT_A_FILE' }))
  const { path } = await file(10)
  const fd = openSync(path, 'r')
  const source = fileSource(fd)
  closeSync(fd)
  expect(() => source.read(Buffer.alloc(10))).toThrow(expect.objectContaining({ code: 'LOCAL_IO' }))
})

test('a buffer source gives its bytes in pieces and then ends', async () => {
  const source = bufferSource(Buffer.from('abcdefg'))
  const into = Buffer.alloc(3)
  expect([source.read(into), source.read(into), source.read(into), source.read(into)]).toEqual([3, 3, 1, 0])
})
