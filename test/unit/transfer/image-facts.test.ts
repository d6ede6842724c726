import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { imageFacts } from '../../../src/main/transfer/operations/image-facts.ts'
import { tempDir } from '../../support/temp-dir.ts'

/** The header of a PNG; nothing else of it is read. */
function png(width: number, height: number): Buffer {
  const ihdr = Buffer.alloc(25)
  ihdr.writeUInt32BE(13, 0)
  ihdr.write('IHDR', 4)
  ihdr.writeUInt32BE(width, 8)
  ihdr.writeUInt32BE(height, 12)
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), ihdr, deflateSync(Buffer.alloc(10))])
}

test('tells width, height and type of a picture by its header', async () => {
  const path = join(await tempDir(), 'x')
  await writeFile(path, png(1920, 1080))
  expect(imageFacts('海报.png', path)).toEqual({ width: '1920', height: '1080', type: 'png' })
  expect(imageFacts('海报.PNG', Buffer.from(path))).toMatchObject({ width: '1920' })
  await writeFile(path, '<svg xmlns="http://www.w3.org/2000/svg" width="12.4" height="8"></svg>')
  expect(imageFacts('a.svg', path)).toEqual({ width: '12', height: '8', type: 'svg' })
})

test('says nothing about what is no picture, is damaged, hostile, or gone', async () => {
  const path = join(await tempDir(), 'x')
  await writeFile(path, png(10, 10))
  expect(imageFacts('a.txt', path)).toEqual({})
  expect(imageFacts('a.png', `${path}-gone`)).toEqual({})
  await writeFile(path, png(0, 10))
  expect(imageFacts('a.png', path)).toEqual({})
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.alloc(100_000, 0xff),
    Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0]),
    png(1, 1).subarray(0, 20)
  ]) {
    await writeFile(path, bytes)
    expect(imageFacts('a.jpg', path)).toEqual({})
  }
})
