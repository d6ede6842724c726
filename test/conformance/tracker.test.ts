import { expect, test } from 'vitest'
import { queryFetchAll, queryFetchOne, queryUpdate } from '../../src/main/protocol/tracker/query-fetch.ts'
import { queryStoreAll, queryStoreAllInGroup, queryStoreOne, queryStoreOneInGroup } from '../../src/main/protocol/tracker/query-store.ts'
import { ask, askRaw, get, text } from '../support/wire.ts'
import { conformance, missingName, put } from './target.ts'

const ENOENT = 2
const EINVAL = 22

conformance('tracker queries', (target) => {
  test('101 and 106 name a group and storages that take uploads', async () => {
    const one = await get(target().tracker, queryStoreOne, undefined)
    const file = await put(target(), 'stored', { to: one })
    expect(file.group).toBe(one.group)
    const all = await get(target().tracker, queryStoreAll, undefined)
    expect(all.servers.length).toBeGreaterThan(0)
    expect(all.storePathIndex).toBeGreaterThanOrEqual(0)
  })

  test('104 and 107 answer for the group that is asked for', async () => {
    const { tracker, group } = target()
    const one = await get(tracker, queryStoreOneInGroup, { group })
    const all = await get(tracker, queryStoreAllInGroup, { group })
    expect([one.group, all.group]).toEqual([group, group])
    expect(all.servers).toContainEqual({ host: one.host, port: one.port })
  })

  test('102, 103 and 105 lead to the source of a fresh file', async () => {
    const { tracker } = target()
    const file = await put(target(), 'fresh')
    const source = { group: file.group, ...file.storage }
    expect(await get(tracker, queryFetchOne, file)).toMatchObject(source)
    expect(await get(tracker, queryUpdate, file)).toMatchObject(source)
    expect((await get(tracker, queryFetchAll, file)).servers).toEqual([file.storage])
  })

  test('appender files are read at their source', async () => {
    const file = await put(target(), 'log', { appender: true })
    for (let i = 0; i < 4; i++) expect(await get(target().tracker, queryFetchOne, file)).toMatchObject(file.storage)
  })

  test('a tracker never looks whether a file exists', async () => {
    const file = { group: target().group, remoteName: missingName() }
    expect((await ask(target().tracker, queryFetchOne, file)).status).toBe(0)
    expect((await ask(target().tracker, queryUpdate, file)).status).toBe(0)
    expect((await ask(target().tracker, queryFetchAll, file)).status).toBe(0)
  })

  test.each([
    ['104', 104, 16],
    ['107', 107, 16]
  ])('%s for an unknown group is ENOENT', async (_, code, width) => {
    expect(await askRaw(target().tracker, code, text('nogroup', width))).toMatchObject({ status: ENOENT, closed: false })
    expect((await askRaw(target().tracker, code, text('sixteencharsname'))).status).toBe(ENOENT)
  })

  test.each([102, 103, 105])('%i for an unknown group is ENOENT', async (code) => {
    expect((await askRaw(target().tracker, code, Buffer.concat([text('nogroup', 16), text(missingName())]))).status).toBe(ENOENT)
  })

  test.each([
    ['a name of 21 bytes', 'A'.repeat(21), EINVAL],
    ['a name of 22 bytes', 'A'.repeat(22), 0],
    ['a name of 127 bytes', 'A'.repeat(127), 0],
    ['a name of 128 bytes', 'A'.repeat(128), EINVAL]
  ])('102 with %s', async (_, name, status) => {
    const answer = await askRaw(target().tracker, 102, Buffer.concat([text(target().group, 16), text(name)]))
    expect(answer.status).toBe(status)
    expect(answer.closed).toBe(status !== 0 && !target().trackerKeeps)
  })

  test.each([
    ['101 with a body', 101, text('x')],
    ['104 with 15 bytes', 104, text('group1', 15)],
    ['104 with 17 bytes', 104, text('group1', 17)],
    ['102 without a body', 102, Buffer.alloc(0)]
  ])('%s is EINVAL', async (_, code, body) => {
    expect(await askRaw(target().tracker, code, body)).toMatchObject({ status: EINVAL, closed: !target().trackerKeeps })
  })
})
