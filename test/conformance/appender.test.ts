import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { beforeEach, expect, test } from 'vitest'
import { parseFileId } from '../../src/shared/file-id.ts'
import { appendFile, modifyFile, regenerateAppender, truncateFile } from '../../src/main/protocol/storage/change-appender.ts'
import { downloadFile } from '../../src/main/protocol/storage/download-file.ts'
import { getMetadata } from '../../src/main/protocol/storage/get-metadata.ts'
import { queryFileInfo } from '../../src/main/protocol/storage/query-file-info.ts'
import { setMetadata } from '../../src/main/protocol/storage/set-metadata.ts'
import { Wire, ask, askRaw, get, i64, packet, text } from '../support/wire.ts'
import { conformance, missingName, put } from './target.ts'
import type { Uploaded } from './target.ts'

const ENOENT = 2
const EINVAL = 22

conformance('appender files', (target) => {
  let file: Uploaded
  let normal: Uploaded

  beforeEach(async () => {
    file = await put(target(), 'abc', { appender: true, ext: 'log' })
    normal = await put(target(), 'normal')
  })

  function append(content: string | Buffer, to: { remoteName: string } = file) {
    const bytes = Buffer.from(content)
    return ask(file.storage, appendFile, { remoteName: to.remoteName, sizeBytes: bytes.length }, bytes)
  }

  function modify(offset: number, content: string | Buffer, to: { remoteName: string } = file) {
    const bytes = Buffer.from(content)
    return ask(file.storage, modifyFile, { remoteName: to.remoteName, offset, sizeBytes: bytes.length }, bytes)
  }

  function truncate(newSizeBytes: number, to: { remoteName: string } = file) {
    return ask(file.storage, truncateFile, { remoteName: to.remoteName, newSizeBytes })
  }

  async function content(of: { group: string; remoteName: string } = file): Promise<string> {
    return (await ask(file.storage, downloadFile, { ...of, offset: 0, count: 0 })).body.toString('latin1')
  }

  test('append adds at the end', async () => {
    expect(await append('def')).toMatchObject({ status: 0, closed: false })
    expect(await content()).toBe('abcdef')
  })

  test('modify overwrites, and extends from inside or at the end', async () => {
    expect(await modify(1, 'XY')).toMatchObject({ status: 0, closed: false })
    expect(await content()).toBe('aXY')
    await modify(3, 'end')
    expect(await content()).toBe('aXYend')
    await modify(5, 'long tail')
    expect(await content()).toBe('aXYenlong tail')
  })

  test('truncate shortens, grows with zeros, and goes to zero', async () => {
    expect(await truncate(2)).toMatchObject({ status: 0, closed: false })
    expect(await content()).toBe('ab')
    await truncate(5)
    expect(await content()).toBe('ab\0\0\0')
    await truncate(0)
    expect(await get(file.storage, queryFileInfo, file)).toMatchObject({ sizeBytes: 0 })
    await append('again')
    expect(await content()).toBe('again')
  })

  test('large appends and modifies land byte by byte, and the CRC-32 is that of the file', async () => {
    const first = randomBytes(3_000_000)
    const second = randomBytes(2_000_000)
    expect((await append(first)).status).toBe(0)
    expect((await modify(1_000_000, second)).status).toBe(0)
    const whole = Buffer.concat([Buffer.from('abc'), first])
    second.copy(whole, 1_000_000)
    expect(await get(file.storage, queryFileInfo, file)).toMatchObject({ sizeBytes: 3_000_003, crc32: crc32(whole) })
    expect((await ask(file.storage, downloadFile, { ...file, offset: 0, count: 0 })).body.equals(whole)).toBe(true)
  })

  test('a change that changes nothing is status 0, whose body means nothing', async () => {
    for (const answer of [await append(''), await modify(0, ''), await truncate(3)])
      expect(answer).toMatchObject({ status: 0, closed: false })
    expect(await content()).toBe('abc')
  })

  test('truncate ignores bytes behind the name', async () => {
    const body = Buffer.concat([i64(file.remoteName.length), i64(1), text(file.remoteName), text('surplus')])
    expect((await askRaw(file.storage, 36, body)).status).toBe(0)
    expect(await content()).toBe('a')
  })

  test('files that are not there are ENOENT, and the connection stays', async () => {
    const name = missingName()
    // Bit 58 of the size field makes the name an appender's.
    const bytes = Buffer.from(name.slice(10, 37), 'base64url')
    bytes[8] = 0x84
    const missing = { remoteName: `M00/00/00/${bytes.toString('base64url')}000.txt` }
    for (const answer of [await append('x', missing), await modify(0, 'x', missing), await truncate(0, missing)]) {
      expect(answer).toMatchObject({ status: ENOENT, closed: false })
    }
  })

  test('normal files cannot be changed: EINVAL', async () => {
    for (const answer of [await append('x', normal), await modify(0, 'x', normal), await truncate(0, normal)]) {
      expect(answer).toMatchObject({ status: EINVAL, closed: true })
    }
    expect(await content(normal)).toBe('normal')
  })

  test('modify beyond the end is EINVAL', async () => {
    expect(await modify(4, 'x')).toMatchObject({ status: EINVAL, closed: true })
  })

  test.each([
    ['append with lengths that disagree', 24, (name: string) => [i64(name.length), i64(5), text(name), text('x')]],
    ['append with a name of 43 bytes', 24, (name: string) => [i64(43), i64(1), text(name.slice(0, 43)), text('x')]],
    ['append with a name of 128 bytes', 24, (name: string) => [i64(128), i64(1), text(name.padEnd(128, 'x')), text('x')]],
    ['append without a name', 24, () => [i64(0), i64(0)]],
    ['modify at a negative offset', 34, (name: string) => [i64(name.length), i64(-1), i64(1), text(name), text('x')]],
    ['truncate to a negative size', 36, (name: string) => [i64(name.length), i64(-1), text(name)]],
    ['regenerate with the group before the name', 38, (name: string) => [text('group1', 16), text(name)]]
  ])('%s is EINVAL, and the storage closes', async (_, code, parts) => {
    expect(await askRaw(file.storage, code, Buffer.concat(parts(file.remoteName)))).toMatchObject({ status: EINVAL, closed: true })
  })

  test('regenerate makes a normal file in the same directory with the same tail, and the old name is gone', async () => {
    await append('defg')
    await get(file.storage, setMetadata, { ...file, mode: 'overwrite', metadata: { a: '1' } })
    const made = await get(file.storage, regenerateAppender, file)
    expect(made.remoteName).toHaveLength(44)
    expect(made.remoteName.slice(0, 10)).toBe(file.remoteName.slice(0, 10))
    expect(made.remoteName.slice(-7)).toBe(file.remoteName.slice(-7))
    expect(parseFileId(`${made.group}/${made.remoteName}`)).toMatchObject({ kind: 'normal', sizeBytes: 7, crc32: crc32('abcdefg') })
    expect(await content(made)).toBe('abcdefg')
    expect((await ask(file.storage, downloadFile, { ...file, offset: 0, count: 0 })).status).toBe(ENOENT)
    expect((await ask(file.storage, getMetadata, made)).status).toBe(ENOENT)
    expect(await ask(file.storage, regenerateAppender, file)).toMatchObject({ status: ENOENT, closed: false })
    expect(await ask(file.storage, regenerateAppender, made)).toMatchObject({ status: EINVAL, closed: true })
    expect(await append('x', made)).toMatchObject({ status: EINVAL, closed: true })
  })

  test('regenerating an empty appender works, a normal file is EINVAL', async () => {
    const empty = await put(target(), '', { appender: true })
    const made = await get(empty.storage, regenerateAppender, empty)
    expect(parseFileId(`${made.group}/${made.remoteName}`)).toMatchObject({ kind: 'normal', sizeBytes: 0 })
    expect(await ask(normal.storage, regenerateAppender, normal)).toMatchObject({ status: EINVAL, closed: true })
  })

  test('a broken append is cut back', async () => {
    await breakOff(24, [i64(file.remoteName.length), i64(2_000_000), text(file.remoteName)], 2_000_000, 1_200_000)
    await expect.poll(() => content(), { timeout: 20_000 }).toBe('abc')
  })

  test('a broken modify keeps a part of what arrived', async () => {
    await breakOff(34, [i64(file.remoteName.length), i64(3), i64(2_000_000), text(file.remoteName)], 2_000_000, 1_200_000)
    const { sizeBytes } = await get(file.storage, queryFileInfo, { ...file, skipCrc: true })
    expect(sizeBytes).toBeGreaterThan(3)
    expect(sizeBytes).toBeLessThanOrEqual(1_200_003)
  })

  /** Sends part of the content, waits until some of it is visible, then closes. */
  async function breakOff(code: number, fixed: Buffer[], announced: number, sent: number): Promise<void> {
    const wire = await Wire.open(file.storage)
    const head = Buffer.concat(fixed)
    wire.send(packet(code, head, 0, head.length + announced))
    wire.send(Buffer.alloc(sent, 'x'))
    await expect
      .poll(async () => (await get(file.storage, queryFileInfo, { ...file, skipCrc: true })).sizeBytes, { timeout: 20_000 })
      .toBeGreaterThan(3)
    wire.close()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
})
