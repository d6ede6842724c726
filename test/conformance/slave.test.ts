import { beforeAll, expect, test } from 'vitest'
import { parseFileId, slaveFileId } from '../../src/shared/file-id.ts'
import { appendFile } from '../../src/main/protocol/storage/change-appender.ts'
import { downloadFile } from '../../src/main/protocol/storage/download-file.ts'
import { uploadSlave } from '../../src/main/protocol/storage/upload-slave.ts'
import { ask, askRaw, get, i64, text } from '../support/wire.ts'
import { conformance, missingName, put } from './target.ts'
import type { Uploaded } from './target.ts'

const ENOENT = 2
const EEXIST = 17
const EINVAL = 22

conformance('slave files', (target) => {
  let master: Uploaded
  const content = Buffer.from('thumb')

  beforeAll(async () => {
    master = await put(target(), 'master image', { ext: 'jpg' })
  })

  function slave(prefix: string, ext: string, masterName = master.remoteName) {
    return get(master.storage, uploadSlave, { masterName, sizeBytes: content.length, prefix, ext }, content)
  }

  test.each([
    ['_150x150', 'jpg'],
    ['_150x150', 'png'],
    ['-big', ''],
    ['_dot', '.gif'],
    ['p'.repeat(16), 'tar.gz']
  ])('prefix %j and extension %j make the name that can be computed', async (prefix, ext) => {
    const made = await slave(prefix, ext)
    expect(`${made.group}/${made.remoteName}`).toBe(slaveFileId(`${master.group}/${master.remoteName}`, prefix, ext))
    const answer = await ask(master.storage, downloadFile, { ...made, offset: 0, count: 0 })
    expect(answer.body.equals(content)).toBe(true)
  })

  test('a slave of a master without extension, and a slave of a slave', async () => {
    const bare = await put(target(), 'bare', { ext: '' })
    const first = await slave('_a', 'txt', bare.remoteName)
    expect(first.remoteName).toBe(`${bare.remoteName}_a.txt`)
    const second = await slave('_b', 'txt', first.remoteName)
    expect(second.remoteName).toBe(`${bare.remoteName}_a_b.txt`)
  })

  test('the same slave twice is EEXIST, and the first one stays', async () => {
    const made = await slave('_once', 'jpg')
    const again = { masterName: master.remoteName, sizeBytes: 5, prefix: '_once', ext: 'jpg' }
    expect(await ask(master.storage, uploadSlave, again, Buffer.from('other'))).toMatchObject({ status: EEXIST, closed: false })
    expect((await ask(master.storage, downloadFile, { ...made, offset: 0, count: 0 })).body.equals(content)).toBe(true)
  })

  test('a slave of a master that is not there is ENOENT', async () => {
    const request = { masterName: missingName(), sizeBytes: 5, prefix: '_s', ext: 'jpg' }
    expect(await ask(master.storage, uploadSlave, request, content)).toMatchObject({ status: ENOENT, closed: false })
  })

  test('a slave of an appender can be appended to, another one cannot', async () => {
    const log = await put(target(), 'log', { appender: true, ext: 'log' })
    const made = await slave('_copy', 'log', log.remoteName)
    expect(parseFileId(`${made.group}/${made.remoteName}`).isAppenderBit).toBe(true)
    expect((await ask(master.storage, appendFile, { remoteName: made.remoteName, sizeBytes: 1 }, Buffer.from('!'))).status).toBe(0)
    const plain = await slave('_fixed', 'jpg')
    expect((await ask(master.storage, appendFile, { remoteName: plain.remoteName, sizeBytes: 1 }, Buffer.from('!'))).status).toBe(EINVAL)
  })

  test.each([
    ['an empty prefix', '', 'jpg', 0],
    ['the prefix of metadata', '-m', '', 0],
    ['a slash in the prefix', 'a/b', 'jpg', 0],
    ['a size that disagrees', '_s', 'jpg', 3]
  ])('%s is EINVAL, and the storage closes', async (_, prefix, ext, surplus) => {
    const name = master.remoteName
    const body = Buffer.concat([i64(name.length), i64(content.length + surplus), text(prefix, 16), text(ext, 6), text(name), content])
    expect(await askRaw(master.storage, 21, body)).toMatchObject({ status: EINVAL, closed: true })
  })

  test('a master name of 10 bytes is EINVAL', async () => {
    const body = Buffer.concat([i64(10), i64(5), text('_s', 16), text('jpg', 6), text('M00/00/00/'), content])
    expect(await askRaw(master.storage, 21, body)).toMatchObject({ status: EINVAL, closed: true })
  })
})
