import { randomBytes } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { downloadFile } from '../../src/main/protocol/storage/download-file.ts'
import { Wire, ask, askRaw, i64, packet, text } from '../support/wire.ts'
import { conformance, missingName, put } from './target.ts'
import type { Uploaded } from './target.ts'

const ENOENT = 2
const EINVAL = 22
const BYTES = Buffer.from('hello world!')

conformance('downloads', (target) => {
  let file: Uploaded

  beforeAll(async () => {
    file = await put(target(), BYTES)
  })

  function range(offset: number, count: number, of: Uploaded = file) {
    return ask(of.storage, downloadFile, { ...of, offset, count })
  }

  test.each([
    [0, 0, 'hello world!'],
    [0, 12, 'hello world!'],
    [6, 5, 'world'],
    [6, 0, 'world!'],
    [11, 1, '!']
  ])('offset %i and count %i give the bytes there', async (offset, count, expected) => {
    const answer = await range(offset, count)
    expect(answer).toMatchObject({ status: 0, closed: false })
    expect(answer.body.toString()).toBe(expected)
  })

  test('a count beyond the end is clipped, or refused by older storages', async () => {
    const answer = await range(6, 100)
    const refused = { status: EINVAL, closed: true, body: Buffer.alloc(0) }
    expect(answer).toEqual(target().clipsRanges ? { status: 0, closed: false, body: Buffer.from('world!') } : refused)
  })

  test('the offset at the end is EINVAL, or an empty success of older storages', async () => {
    expect(await range(12, 0)).toMatchObject(target().clipsRanges ? { status: EINVAL, closed: true } : { status: 0, closed: false })
  })

  test('an empty file cannot be downloaded from recent storages', async () => {
    const empty = await put(target(), '')
    expect(await range(0, 0, empty)).toMatchObject(target().clipsRanges ? { status: EINVAL, closed: true } : { status: 0, closed: false })
    expect(await range(0, 1, empty)).toMatchObject({ status: EINVAL, closed: true })
  })

  test('an offset beyond the end with a count is EINVAL', async () => {
    expect(await range(13, 5)).toMatchObject({ status: EINVAL, closed: true })
  })

  test('an offset beyond the end without a count is EINVAL, or a negative length of older storages', async () => {
    const wire = await Wire.open(file.storage)
    wire.send(packet(14, Buffer.concat([i64(22), i64(0), text(file.group, 16), text(file.remoteName)])))
    const header = (await wire.bytes(10))!
    wire.close()
    expect([Number(header.readBigInt64BE(0)), header[9]]).toEqual(target().clipsRanges ? [0, EINVAL] : [-10, 14])
  })

  test.each([
    ['a negative offset', -1, 0],
    ['a negative count', 0, -1]
  ])('%s is EINVAL', async (_, offset, count) => {
    const body = Buffer.concat([i64(offset), i64(count), text(file.group, 16), text(file.remoteName)])
    expect(await askRaw(file.storage, 14, body)).toMatchObject({ status: EINVAL, closed: true })
  })

  test.each([
    ['another group', 'nogroup', (name: string) => name],
    ['a name of 10 bytes', null, () => 'M00/00/00/'],
    ['no name', null, () => ''],
    ['lower-case directories', null, (name: string) => name.replace(/^M..\/..\/../, 'M00/0a/00')],
    ['a store path that is no number', null, (name: string) => name.replace('M00', 'MXX')],
    ['a store path that does not exist', null, (name: string) => name.replace('M00', 'M63')],
    ['a way out of the store', null, () => 'M00/00/00/../../../../../etc/passwd']
  ])('%s is EINVAL, and the storage closes', async (_, group, change) => {
    const body = Buffer.concat([i64(0), i64(0), text(group ?? file.group, 16), text(change(file.remoteName))])
    expect(await askRaw(file.storage, 14, body)).toMatchObject({ status: EINVAL, closed: true })
  })

  test('the directory itself is EISDIR, and the storage keeps the connection', async () => {
    const body = Buffer.concat([i64(0), i64(0), text(file.group, 16), text('M00/00/00/..')])
    expect(await askRaw(file.storage, 14, body)).toMatchObject({ status: 21, closed: false })
  })

  test('a name without its store path means the first one', async () => {
    const body = Buffer.concat([i64(0), i64(0), text(file.group, 16), text(file.remoteName.slice(4))])
    expect((await askRaw(file.storage, 14, body)).body.equals(BYTES)).toBe(true)
  })

  test('a missing file is ENOENT, and the storage keeps the connection', async () => {
    const request = { group: file.group, remoteName: missingName(), offset: 0, count: 0 }
    expect(await ask(file.storage, downloadFile, request)).toMatchObject({ status: ENOENT, closed: false })
  })

  test('ranges of a large file are put together to the file', async () => {
    const content = randomBytes(3_000_000)
    const large = await put(target(), content)
    const parts = await Promise.all([range(0, 1_000_000, large), range(1_000_000, 1_500_000, large), range(2_500_000, 0, large)])
    expect(Buffer.concat(parts.map((p) => p.body)).equals(content)).toBe(true)
  })

  test('several requests in one write are answered in order', async () => {
    const wire = await Wire.open(file.storage)
    const request = (offset: number, count: number) =>
      packet(14, Buffer.concat([i64(offset), i64(count), text(file.group, 16), text(file.remoteName)]))
    wire.send(Buffer.concat([request(0, 5), packet(111, Buffer.alloc(0)), request(6, 5)]))
    const bodies = [await wire.answer(), await wire.answer(), await wire.answer()].map((a) => a?.body.toString())
    wire.close()
    expect(bodies).toEqual(['hello', '', 'world'])
  })
})
