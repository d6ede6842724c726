import { expect, test } from 'vitest'
import { appendFile, regenerateAppender } from '../../src/main/protocol/storage/change-appender.ts'
import { deleteFile } from '../../src/main/protocol/storage/delete-file.ts'
import { ListingParser } from '../../src/main/protocol/storage/fetch-one-path-binlog.ts'
import { setMetadata } from '../../src/main/protocol/storage/set-metadata.ts'
import { uploadSlave } from '../../src/main/protocol/storage/upload-slave.ts'
import { Wire, askRaw, get, packet, text } from '../support/wire.ts'
import { conformance, put } from './target.ts'

conformance('listing of a store path (26)', (target) => {
  async function list(): Promise<{ announced: bigint; names: string[] }> {
    const wire = await Wire.open(target().storage)
    wire.send(packet(26, Buffer.concat([text(target().group, 16), Buffer.from([0])])))
    const header = (await wire.bytes(10))!
    const rest = await wire.toEnd()
    wire.close()
    const parser = new ListingParser()
    const names = parser.push(rest).map((f) => f.remoteName)
    parser.finish()
    return { announced: header.readBigInt64BE(0), names }
  }

  test('tells the files that exist, announces 2^58 bytes, ends with the length, and closes', async () => {
    const kept = await put(target(), 'kept')
    const gone = await put(target(), 'gone')
    const log = await put(target(), 'log', { appender: true })
    const slave = await get(
      kept.storage,
      uploadSlave,
      { masterName: kept.remoteName, sizeBytes: 1, prefix: '_s', ext: 'txt' },
      Buffer.from('s')
    )
    await get(log.storage, appendFile, { remoteName: log.remoteName, sizeBytes: 1 }, Buffer.from('!'))
    await get(kept.storage, setMetadata, { ...kept, mode: 'overwrite', metadata: { a: '1' } })
    await get(gone.storage, deleteFile, gone)
    // Real storages write their binlog with a delay of about a second.
    await expect.poll(async () => (await list()).names, { timeout: 50_000, interval: 250 }).toContain(log.remoteName)
    await expect.poll(async () => (await list()).names, { timeout: 50_000, interval: 250 }).toContain(`${kept.remoteName}-m`)
    const { announced, names } = await list()
    expect(announced).toBe(2n ** 58n)
    expect(names).toEqual(expect.arrayContaining([kept.remoteName, log.remoteName, slave.remoteName]))
    expect(names).not.toContain(gone.remoteName)
  })

  test('tells a regenerated file by its new name only', async () => {
    const log = await put(target(), 'to be regenerated', { appender: true })
    const made = await get(log.storage, regenerateAppender, log)
    await expect.poll(async () => (await list()).names, { timeout: 50_000, interval: 250 }).toContain(made.remoteName)
    expect((await list()).names).not.toContain(log.remoteName)
  })

  test.each([
    ['another group', (group: string) => Buffer.concat([text(`x${group}`.slice(0, 16), 16), Buffer.from([0])])],
    ['a store path that does not exist', (group: string) => Buffer.concat([text(group, 16), Buffer.from([77])])],
    ['no store path', (group: string) => text(group, 16)]
  ])('%s is EINVAL', async (_, body) => {
    expect(await askRaw(target().storage, 26, body(target().group))).toMatchObject({ status: 22, closed: true })
  })
})
