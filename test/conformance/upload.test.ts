import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { parseFileId } from '../../src/shared/file-id.ts'
import { downloadFile } from '../../src/main/protocol/storage/download-file.ts'
import { queryFileInfo } from '../../src/main/protocol/storage/query-file-info.ts'
import { uploadAppender, uploadFile } from '../../src/main/protocol/storage/upload-file.ts'
import { Wire, ask, askRaw, get, i64, packet, text } from '../support/wire.ts'
import { conformance, put } from './target.ts'

const EINVAL = 22

conformance('uploads', (target) => {
  test.each([
    ['a small file', Buffer.from('hello\n')],
    ['one byte', Buffer.from('x')],
    ['an empty file', Buffer.alloc(0)],
    ['a file of 1 MiB', randomBytes(1024 * 1024)],
    ['a file of 20 MB', randomBytes(20_000_000)]
  ])('%s gets a name of 44 characters that tells its size and CRC-32', async (_, content) => {
    const file = await put(target(), content)
    expect(file.group).toBe(target().group)
    expect(file.remoteName).toHaveLength(44)
    const facts = parseFileId(`${file.group}/${file.remoteName}`)
    expect(facts).toMatchObject({ kind: 'normal', sizeBytes: content.length, crc32: crc32(content), ext: 'txt' })
    const info = await get(file.storage, queryFileInfo, file)
    expect(info).toMatchObject({ sizeBytes: content.length, crc32: crc32(content) })
    if (content.length === 0) return
    const answer = await ask(file.storage, downloadFile, { ...file, offset: 0, count: 0 })
    expect(answer.body.equals(content)).toBe(true)
  })

  test.each(['', 'a', 'jpg', 'jpeg', 'tar.gz', 'A_b-9', '.txt'])('the extension %j stands at the end of the name', async (ext) => {
    const file = await put(target(), 'ext', { ext })
    expect(file.remoteName).toHaveLength(44)
    expect(file.remoteName.endsWith(ext === '' ? '' : `.${ext}`)).toBe(true)
    expect(file.remoteName.slice(-7, ext === '' ? undefined : -ext.length - 1)).toMatch(/^[0-9]*$/)
  })

  test('two uploads of the same content get different names', async () => {
    const [a, b] = [await put(target(), 'same'), await put(target(), 'same')]
    expect(a.remoteName).not.toBe(b.remoteName)
  })

  test('what stands behind the first NUL of the extension is not looked at', async () => {
    const body = Buffer.concat([Buffer.from([0xff]), i64(1), Buffer.from('tx\0/\x01\xff', 'latin1'), text('x')])
    const answer = await askRaw(target().storage, 11, body)
    expect(answer.status).toBe(0)
    expect(answer.body.toString('latin1', 16)).toMatch(/\.tx$/)
  })

  test('an appender carries the CRC-32 of its first content and no size', async () => {
    const file = await put(target(), 'first', { appender: true, ext: 'log' })
    expect(parseFileId(`${file.group}/${file.remoteName}`)).toMatchObject({ kind: 'appender', sizeBytes: null, ext: 'log' })
    const bytes = Buffer.from(file.remoteName.slice(10, 37), 'base64url')
    expect(bytes.readUInt32BE(16)).toBe(crc32(Buffer.from('first')))
    expect(bytes.readUInt32BE(12)).toBe(0)
  })

  test('an appender may begin empty', async () => {
    const file = await put(target(), '', { appender: true })
    expect(await get(file.storage, queryFileInfo, file)).toMatchObject({ sizeBytes: 0, crc32: 0 })
  })

  test.each([
    ['a store path that does not exist', Buffer.concat([Buffer.from([9]), i64(1), text('txt', 6), text('x')])],
    ['a store path above 127', Buffer.concat([Buffer.from([128]), i64(1), text('txt', 6), text('x')])],
    ['a slash in the extension', Buffer.concat([Buffer.from([0xff]), i64(1), text('a/b', 6), text('x')])],
    ['an extension that is not ASCII', Buffer.concat([Buffer.from([0xff]), i64(1), text('\xe4', 6), text('x')])],
    ['more content than announced', Buffer.concat([Buffer.from([0xff]), i64(1), text('txt', 6), text('xx')])],
    ['less content than announced', Buffer.concat([Buffer.from([0xff]), i64(9), text('txt', 6), text('x')])],
    ['a negative size', Buffer.concat([Buffer.from([0xff]), i64(-1), text('txt', 6)])],
    ['a body of 14 bytes', Buffer.alloc(14)]
  ])('%s is EINVAL, and the storage closes', async (_, body) => {
    const answer = await askRaw(target().storage, uploadFile.code, body)
    expect(answer).toMatchObject({ status: EINVAL, closed: true })
    expect(answer.body).toHaveLength(0)
  })

  test('header and content may arrive in any pieces', async () => {
    const content = randomBytes(5000)
    const bytes = packet(uploadAppender.code, Buffer.concat([Buffer.from([0xff]), i64(content.length), text('bin', 6), content]))
    const wire = await Wire.open(target().storage)
    for (const [from, to] of [
      [0, 1],
      [1, 9],
      [9, 11],
      [11, 20],
      [20, 26],
      [26, 4000],
      [4000, bytes.length]
    ]) {
      wire.send(bytes.subarray(from, to))
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    const answer = await wire.answer()
    wire.close()
    expect(answer?.status).toBe(0)
    const file = { group: target().group, remoteName: answer!.body.toString('latin1', 16) }
    expect(await get(target().storage, queryFileInfo, file)).toMatchObject({ sizeBytes: 5000, crc32: crc32(content) })
  })

  test('an upload whose sender goes away leaves nothing that can be found', async () => {
    const before = await listed()
    const wire = await Wire.open(target().storage)
    wire.send(packet(11, Buffer.concat([Buffer.from([0xff]), i64(1_000_000), text('gone', 6), randomBytes(400_000)]), 0, 1_000_015))
    await new Promise((resolve) => setTimeout(resolve, 50))
    wire.close()
    // The server notices in its own time; old ones need longer.
    await expect.poll(listed, { timeout: 10_000 }).toEqual(before)
  })

  /** Names with the extension of this test that the storage lists (26). */
  async function listed(): Promise<string[]> {
    const wire = await Wire.open(target().storage)
    wire.send(packet(26, Buffer.concat([text(target().group, 16), Buffer.from([0])])))
    const bytes = await wire.toEnd()
    wire.close()
    return bytes
      .toString('latin1', 10, bytes.length - 8)
      .split('\n')
      .filter((line) => line.endsWith('.gone'))
      .map((line) => line.split(' ')[2]!)
  }
})
