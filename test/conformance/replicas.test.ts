import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { appendFile, modifyFile, truncateFile } from '../../src/main/protocol/storage/change-appender.ts'
import { deleteFile } from '../../src/main/protocol/storage/delete-file.ts'
import { downloadFile } from '../../src/main/protocol/storage/download-file.ts'
import { getMetadata } from '../../src/main/protocol/storage/get-metadata.ts'
import { queryFileInfo } from '../../src/main/protocol/storage/query-file-info.ts'
import { setMetadata } from '../../src/main/protocol/storage/set-metadata.ts'
import { queryFetchAll, queryFetchOne, queryUpdate } from '../../src/main/protocol/tracker/query-fetch.ts'
import { queryStoreAllInGroup } from '../../src/main/protocol/tracker/query-store.ts'
import { ask, get } from '../support/wire.ts'
import { conformance, put } from './target.ts'
import type { Target, Uploaded } from './target.ts'

const ENOENT = 2
/** Real clusters copy within a second or two. */
const SOON = { timeout: 20_000, interval: 50 }

conformance('two storages of a group', (target) => {
  /** The pair, or null after saying why the test is skipped. */
  function pair(skip: (reason: string) => void): NonNullable<Target['pair']> {
    const { pair: found } = target()
    if (found === null) {
      const reason = 'skipped: no group of this cluster has two active storages'
      console.log(reason)
      skip(reason)
    }
    return found!
  }

  async function bytesAt(address: { host: string; port: number }, file: Uploaded): Promise<string | number> {
    const answer = await ask(address, downloadFile, { ...file, offset: 0, count: 0 })
    return answer.status === 0 ? answer.body.toString('latin1') : answer.status
  }

  test('a file arrives at the replica, with its metadata, and goes with it', async ({ skip }) => {
    const [source, replica] = pair(skip).storages
    const file = await put(target(), 'replicated', { to: source })
    await expect.poll(() => bytesAt(replica, file), SOON).toBe('replicated')
    await get(source, setMetadata, { ...file, mode: 'overwrite', metadata: { a: '1' } })
    await expect.poll(async () => (await ask(replica, getMetadata, file)).status, SOON).toBe(0)
    expect(await get(replica, getMetadata, file)).toEqual({ a: '1' })
    expect((await get(replica, queryFileInfo, file)).sourceIp).toBe(source.host)
    await get(source, deleteFile, file)
    await expect.poll(() => bytesAt(replica, file), SOON).toBe(ENOENT)
  })

  test('appends, modifies and truncates arrive in order', async ({ skip }) => {
    const [source, replica] = pair(skip).storages
    const file = await put(target(), 'begin', { to: source, appender: true })
    await get(source, appendFile, { remoteName: file.remoteName, sizeBytes: 6 }, Buffer.from(' 12345'))
    await get(source, modifyFile, { remoteName: file.remoteName, offset: 6, sizeBytes: 8 }, Buffer.from('abcdefgh'))
    await get(source, truncateFile, { remoteName: file.remoteName, newSizeBytes: 10 })
    await expect.poll(() => bytesAt(replica, file), SOON).toBe('begin abcd')
  })

  test('a large file arrives whole: never a part of it is visible', async ({ skip }) => {
    const [source, replica] = pair(skip).storages
    const content = randomBytes(8_000_000)
    const file = await put(target(), content, { to: source })
    const seen = new Set<number>()
    await expect
      .poll(async () => {
        const answer = await ask(replica, downloadFile, { ...file, offset: 0, count: 0 })
        if (answer.status === 0) seen.add(answer.body.length)
        return answer.status
      }, SOON)
      .toBe(0)
    expect([...seen]).toEqual([content.length])
    expect((await ask(replica, downloadFile, { ...file, offset: 0, count: 0 })).body.equals(content)).toBe(true)
  })

  test('a change made at the replica travels back', async ({ skip }) => {
    const [source, replica] = pair(skip).storages
    const file = await put(target(), 'here', { to: source })
    await expect.poll(() => bytesAt(replica, file), SOON).toBe('here')
    await get(replica, setMetadata, { ...file, mode: 'overwrite', metadata: { from: 'replica' } })
    await expect.poll(async () => (await ask(source, getMetadata, file)).status, SOON).toBe(0)
    await get(replica, deleteFile, file)
    await expect.poll(() => bytesAt(source, file), SOON).toBe(ENOENT)
  })

  test('changes go to the source, and a later file makes the replica offered for reads', async ({ skip }) => {
    const { group, storages } = pair(skip)
    const { tracker } = target()
    const file = await put(target(), 'first', { to: storages[0] })
    expect((await get(tracker, queryFetchAll, file)).servers).toEqual([storages[0]])
    for (let i = 0; i < 4; i++) expect(await get(tracker, queryUpdate, file)).toMatchObject({ group, ...storages[0] })
    // A record of a later second must have arrived.
    await expect
      .poll(
        async () => {
          await put(target(), 'later', { to: storages[0] })
          return (await get(tracker, queryFetchAll, file)).servers.length
        },
        { timeout: 30_000, interval: 300 }
      )
      .toBe(2)
    const offered = new Set<string>()
    for (let i = 0; i < 8; i++) offered.add(JSON.stringify(await get(tracker, queryFetchOne, file)))
    expect(offered.size).toBe(2)
  })

  test('107 names both storages', async ({ skip }) => {
    const { group, storages } = pair(skip)
    const { servers } = await get(target().tracker, queryStoreAllInGroup, { group })
    for (const storage of storages) expect(servers).toContainEqual(storage)
  })
})
