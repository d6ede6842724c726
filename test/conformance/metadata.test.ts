import { beforeEach, expect, test } from 'vitest'
import { getMetadata } from '../../src/main/protocol/storage/get-metadata.ts'
import { setMetadata } from '../../src/main/protocol/storage/set-metadata.ts'
import { ask, askRaw, get, i64, text } from '../support/wire.ts'
import { conformance, missingName, put } from './target.ts'
import type { Uploaded } from './target.ts'

const ENOENT = 2
const EINVAL = 22

conformance('metadata', (target) => {
  let file: Uploaded

  beforeEach(async () => {
    file = await put(target(), 'described')
  })

  function set(
    metadata: Buffer,
    flag: string,
    change: Partial<{ group: string; name: string; metaLength: number; nameLength: number }> = {}
  ) {
    const name = change.name ?? file.remoteName
    const body = Buffer.concat([
      i64(change.nameLength ?? name.length),
      i64(change.metaLength ?? metadata.length),
      text(flag),
      text(change.group ?? file.group, 16),
      text(name),
      metadata
    ])
    return askRaw(file.storage, 13, body)
  }

  async function stored(): Promise<string> {
    return (await ask(file.storage, getMetadata, file)).body.toString('latin1')
  }

  test('a file without metadata, and a file that is not there, are both ENOENT', async () => {
    expect(await ask(file.storage, getMetadata, file)).toMatchObject({ status: ENOENT, closed: false })
    expect((await ask(file.storage, getMetadata, { ...file, remoteName: missingName() })).status).toBe(ENOENT)
  })

  test('it comes back sorted by name in byte order, without a separator at the end', async () => {
    expect((await set(Buffer.from('width\x02800\x01Height\x02600\x01author\x02me'), 'O')).status).toBe(0)
    expect(await stored()).toBe('Height\x02600\x01author\x02me\x01width\x02800')
  })

  test('merge adds and replaces, overwrite replaces the set', async () => {
    await set(Buffer.from('a\x021\x01b\x022'), 'O')
    await set(Buffer.from('c\x023\x01b\x02two'), 'M')
    expect(await stored()).toBe('a\x021\x01b\x02two\x01c\x023')
    await set(Buffer.from('z\x029'), 'O')
    expect(await stored()).toBe('z\x029')
  })

  test('merging nothing changes nothing; overwriting with nothing deletes', async () => {
    await set(Buffer.from('a\x021'), 'O')
    expect((await set(Buffer.alloc(0), 'M')).status).toBe(0)
    expect(await stored()).toBe('a\x021')
    expect((await set(Buffer.alloc(0), 'O')).status).toBe(0)
    expect((await ask(file.storage, getMetadata, file)).status).toBe(ENOENT)
    expect((await set(Buffer.alloc(0), 'O')).status).toBe(0)
  })

  test('UTF-8, empty values and 0x02 in a value survive', async () => {
    await set(Buffer.from('标题\x02夏天\x01empty\x02\x01x\x02a\x02b'), 'O')
    expect(Buffer.from(await stored(), 'latin1').toString()).toBe('empty\x02\x01x\x02a\x02b\x01标题\x02夏天')
  })

  test('names of 64 and values of 256 bytes are kept whole', async () => {
    const name = 'n'.repeat(64)
    const value = 'v'.repeat(256)
    await get(file.storage, setMetadata, { ...file, mode: 'overwrite', metadata: { [name]: value } })
    expect(await get(file.storage, getMetadata, file)).toEqual({ [name]: value })
  })

  test('a thousand pairs come back', async () => {
    const metadata = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`key${String(i).padStart(4, '0')}`, `value ${i}`]))
    await get(file.storage, setMetadata, { ...file, mode: 'overwrite', metadata })
    expect(await get(file.storage, getMetadata, file)).toEqual(metadata)
  })

  test('the largest request is 262 133 bytes', async () => {
    const room = 262_133 - 33 - file.remoteName.length
    const pairs = (bytes: number) => {
      const unit = (i: number) => `${String(i).padStart(6, '0')}\x02${'v'.repeat(250)}`
      let all = ''
      for (let i = 0; all.length + 258 < bytes; i++) all += `${all === '' ? '' : '\x01'}${unit(i)}`
      return Buffer.from(all + `\x01zz\x02${'z'.repeat(Math.max(0, bytes - all.length - 4))}`)
    }
    const fitting = pairs(room)
    expect(fitting.length).toBe(room)
    expect((await set(fitting, 'O')).status).toBe(0)
    expect(await set(Buffer.concat([fitting, text('z')]), 'O')).toMatchObject({ status: EINVAL, closed: true })
  })

  test('metadata of a file that is not there is ENOENT', async () => {
    expect(await set(Buffer.from('a\x021'), 'O', { name: missingName() })).toMatchObject({ status: ENOENT, closed: false })
  })

  test.each([
    ['a flag that is neither O nor M', Buffer.from('a\x021'), 'X', {}],
    ['a metadata length that is wrong', Buffer.from('a\x021'), 'O', { metaLength: 9 }],
    ['another group', Buffer.from('a\x021'), 'O', { group: 'nogroup' }],
    ['a name of 128 bytes', Buffer.from('a\x021'), 'O', { name: `M00/00/00/${'A'.repeat(118)}` }]
  ])('%s is EINVAL, and the storage closes', async (_, metadata, flag, change) => {
    expect(await set(metadata, flag, change)).toMatchObject({ status: EINVAL, closed: true })
  })

  test('getting with another group or without a name is EINVAL', async () => {
    expect(await askRaw(file.storage, 15, Buffer.concat([text('nogroup', 16), text(file.remoteName)]))).toMatchObject({
      status: EINVAL,
      closed: true
    })
    expect(await askRaw(file.storage, 15, text(file.group, 16))).toMatchObject({ status: EINVAL, closed: true })
  })
})
