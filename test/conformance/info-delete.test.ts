import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { deleteFile } from '../../src/main/protocol/storage/delete-file.ts'
import { downloadFile } from '../../src/main/protocol/storage/download-file.ts'
import { getMetadata } from '../../src/main/protocol/storage/get-metadata.ts'
import { queryFileInfo } from '../../src/main/protocol/storage/query-file-info.ts'
import { setMetadata } from '../../src/main/protocol/storage/set-metadata.ts'
import { uploadSlave } from '../../src/main/protocol/storage/upload-slave.ts'
import { ask, askRaw, get, text } from '../support/wire.ts'
import { conformance, missingName, put } from './target.ts'

const ENOENT = 2
const EINVAL = 22

conformance('file info and deleting', (target) => {
  test('info tells size, time, CRC-32 and the source in 40 bytes', async () => {
    const file = await put(target(), 'some content')
    const answer = await ask(file.storage, queryFileInfo, file)
    expect([40, 70]).toContain(answer.body.length)
    const info = await get(file.storage, queryFileInfo, file)
    expect(info).toMatchObject({ sizeBytes: 12, crc32: crc32('some content'), sourceIp: file.storage.host })
    expect(Math.abs(info.modifiedAtSeconds - Date.now() / 1000)).toBeLessThan(60)
  })

  test('the CRC-32 is sent as a signed number', async () => {
    const content = 'crc above 2^31: 1'
    expect(crc32(content)).toBeGreaterThan(2 ** 31)
    const file = await put(target(), content)
    const { body } = await ask(file.storage, queryFileInfo, file)
    expect(body.readInt32BE(16)).toBe(-1)
    expect(body.readUInt32BE(20)).toBe(crc32(content))
  })

  test('info of an appender reads the file; flag 1 spares that since 6.15.1', async () => {
    const file = await put(target(), 'appended', { appender: true })
    expect((await get(file.storage, queryFileInfo, file)).crc32).toBe(crc32('appended'))
    const quick = await get(file.storage, queryFileInfo, { ...file, skipCrc: true })
    expect(quick).toMatchObject({ sizeBytes: 8, crc32: target().infoFlags ? 0 : crc32('appended') })
  })

  test('info of a slave tells its own CRC-32 since 6.15.1, its master’s before', async () => {
    const master = await put(target(), 'master', { ext: 'jpg' })
    const slave = await get(
      master.storage,
      uploadSlave,
      { masterName: master.remoteName, sizeBytes: 5, prefix: '_small', ext: 'jpg' },
      Buffer.from('slave')
    )
    const info = await get(master.storage, queryFileInfo, slave)
    expect(info).toMatchObject({ sizeBytes: 5, crc32: crc32(target().infoFlags ? 'slave' : 'master') })
  })

  test('a missing file is ENOENT, with and without the silent flag', async () => {
    const request = { group: target().group, remoteName: missingName() }
    expect(await ask(target().storage, queryFileInfo, request)).toMatchObject({ status: ENOENT, closed: false })
    expect(await ask(target().storage, queryFileInfo, { ...request, silent: true })).toMatchObject({ status: ENOENT, closed: false })
  })

  test.each([
    ['another group', text('nogroup', 16), text('M00/00/00/AAAAAAAAAAAAAAAAAAAAAAAAAAA0000000')],
    ['no name', null, Buffer.alloc(0)],
    ['a name of 140 bytes', null, text(`M00/00/00/${'A'.repeat(130)}`)]
  ])('info of %s is EINVAL', async (_, group, name) => {
    const body = Buffer.concat([group ?? text(target().group, 16), name])
    expect(await askRaw(target().storage, 22, body)).toMatchObject({ status: EINVAL, closed: true })
  })

  test('delete takes the file and its metadata; a second delete is ENOENT', async () => {
    const file = await put(target(), 'to be deleted')
    await get(file.storage, setMetadata, { ...file, mode: 'overwrite', metadata: { a: '1' } })
    expect(await ask(file.storage, deleteFile, file)).toMatchObject({ status: 0, closed: false })
    expect(await ask(file.storage, deleteFile, file)).toMatchObject({ status: ENOENT, closed: false })
    expect((await ask(file.storage, downloadFile, { ...file, offset: 0, count: 0 })).status).toBe(ENOENT)
    expect((await ask(file.storage, getMetadata, file)).status).toBe(ENOENT)
  })

  test('deleting a master keeps its slaves', async () => {
    const master = await put(target(), 'master')
    const slave = await get(
      master.storage,
      uploadSlave,
      { masterName: master.remoteName, sizeBytes: 5, prefix: '_s', ext: 'txt' },
      Buffer.from('slave')
    )
    expect((await ask(master.storage, deleteFile, master)).status).toBe(0)
    expect((await ask(master.storage, downloadFile, { ...slave, offset: 0, count: 0 })).body.toString()).toBe('slave')
    expect((await ask(master.storage, deleteFile, slave)).status).toBe(0)
  })

  test.each([
    ['another group', Buffer.concat([text('nogroup', 16), text('M00/00/00/AAAAAAAAAAAAAAAAAAAAAAAAAAA0000000')])],
    ['no name', null],
    ['a body without a whole group', text('grou')]
  ])('deleting with %s is EINVAL', async (_, body) => {
    expect(await askRaw(target().storage, 12, body ?? text(target().group, 16))).toMatchObject({ status: EINVAL, closed: true })
  })
})
