import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { downloadFile } from '../../src/main/protocol/storage/download-file.ts'
import { queryFileInfo } from '../../src/main/protocol/storage/query-file-info.ts'
import { Wire, ask, askRaw, get, i64, packet, text } from '../support/wire.ts'
import { conformance, missingName, put } from './target.ts'

const EINVAL = 22
const NONE = Buffer.alloc(0)

conformance('framing', (target) => {
  test.each(['tracker', 'storage'] as const)('a %s answers ACTIVE_TEST, whatever its status byte', async (server) => {
    const address = target()[server]
    expect(await askRaw(address, 111, NONE)).toMatchObject({ status: 0, closed: false, body: NONE })
    expect(await askRaw(address, 111, NONE, 7)).toMatchObject({ status: 0, closed: false })
  })

  test('a body where none belongs is EINVAL; storages close, recent trackers stay', async () => {
    expect(await askRaw(target().storage, 111, text('x'))).toMatchObject({ status: EINVAL, closed: true })
    expect(await askRaw(target().tracker, 111, text('x'))).toMatchObject({ status: EINVAL, closed: !target().trackerKeeps })
  })

  test.each([
    ['an unknown command', 200],
    ['a command of the other server', null]
  ])('%s is EINVAL', async (_, code) => {
    expect(await askRaw(target().storage, code ?? 101, NONE)).toMatchObject({ status: EINVAL, closed: true })
    expect(await askRaw(target().tracker, code ?? 11, NONE)).toMatchObject({ status: EINVAL, closed: !target().trackerKeeps })
  })

  test.each(['tracker', 'storage'] as const)('QUIT closes the connection to a %s without an answer', async (server) => {
    const wire = await Wire.open(target()[server])
    wire.send(packet(82, NONE))
    expect(await wire.toEnd()).toHaveLength(0)
    wire.close()
  })

  test.each(['tracker', 'storage'] as const)('a negative length closes the connection to a %s without an answer', async (server) => {
    const wire = await Wire.open(target()[server])
    wire.send(packet(111, NONE, 0, -1))
    expect(await wire.toEnd()).toHaveLength(0)
    wire.close()
  })

  test('a tracker keeps the low 32 bits of a length', async () => {
    const wire = await Wire.open(target().tracker)
    wire.send(packet(111, NONE, 0, 2 ** 32))
    expect((await wire.answer())?.status).toBe(0)
    wire.close()
  })

  test('small content of a refused request is not taken for requests', async () => {
    const name = appenderName()
    const wire = await Wire.open(target().storage)
    const content = Buffer.concat(Array.from({ length: 3 }, () => packet(111, NONE)))
    wire.send(packet(24, Buffer.concat([i64(name.length), i64(content.length), text(name), content])))
    expect((await wire.answer())?.status).toBe(2)
    const file = await put(target(), 'after')
    wire.send(packet(14, Buffer.concat([i64(0), i64(0), text(file.group, 16), text(file.remoteName)])))
    expect((await wire.answer())?.body.toString()).toBe('after')
    wire.close()
  })

  test('large content of a refused request is answered before all of it has arrived', async () => {
    const name = appenderName()
    const size = 1_000_000
    const wire = await Wire.open(target().storage)
    const head = Buffer.concat([i64(name.length), i64(size), text(name)])
    wire.send(packet(24, head, 0, head.length + size))
    // All of the 262 144 bytes after which a storage decides, none of it looking like a header it would wait for.
    wire.send(Buffer.alloc(262_144 - 10 - head.length, 0xff))
    expect((await wire.answer())?.status).toBe(2)
    wire.close()
  })

  test('an error has no body', async () => {
    const answer = await ask(target().storage, downloadFile, { group: target().group, remoteName: missingName(), offset: 0, count: 0 })
    expect(answer).toMatchObject({ status: 2, body: NONE })
  })

  test('a hundred connections at a time upload and read back', async () => {
    const files = await Promise.all(Array.from({ length: 100 }, (_, i) => put(target(), `file ${i}`)))
    expect(new Set(files.map((f) => f.remoteName)).size).toBe(100)
    const infos = await Promise.all(files.map((f) => get(f.storage, queryFileInfo, f)))
    expect(infos.map((info) => info.crc32)).toEqual(files.map((_, i) => crc32(`file ${i}`)))
  })
})

/** A well-formed appender name that no storage has. */
function appenderName(): string {
  const bytes = Buffer.from(missingName().slice(10, 37), 'base64url')
  bytes[8] = 0x84
  return `M00/00/00/${bytes.toString('base64url')}000.txt`
}
