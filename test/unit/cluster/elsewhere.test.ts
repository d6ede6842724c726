import { expect, test } from 'vitest'
import { bufferSource } from '../../../src/main/client/file-source.ts'
import { FILE_ID, collector, pattern } from '../../support/client-kit.ts'
import { cluster, storeClient } from '../../support/cluster-kit.ts'

/** Its source, 127.0.0.3, is no storage of an embedded cluster. */
const NEVER = FILE_ID

test('an ID whose source is no storage of its group is missing when every storage says so', async () => {
  const { trackers } = await cluster({ groups: { group1: 2 } })
  const client = storeClient(trackers)
  const missing = { code: 'NOT_FOUND', detail: { fileId: NEVER } }
  await expect(client.info(NEVER)).rejects.toMatchObject(missing)
  await expect(client.download(NEVER, {}, collector())).rejects.toMatchObject(missing)
  await expect(client.getMetadata(NEVER)).rejects.toMatchObject(missing)
  await expect(client.setMetadata(NEVER, { a: '1' }, 'merge')).rejects.toMatchObject(missing)
  await expect(client.remove(NEVER)).rejects.toMatchObject(missing)
})

test('nothing is said of it while a storage of the group is away: that one might have it', async () => {
  const { trackers, faults } = await cluster({ groups: { group1: 2 } })
  const client = storeClient(trackers)
  await faults.kill('group1/1')
  await expect(client.info(NEVER)).rejects.toMatchObject({ code: 'NOT_SYNCED' })
  await expect(client.remove(NEVER)).rejects.toMatchObject({ code: 'SOURCE_AWAY' })
})

test('nothing is said of it when an active storage does not answer', async () => {
  const { trackers, faults } = await cluster({ groups: { group1: 2 } })
  await faults.refuse('group1/1')
  const client = storeClient(trackers)
  const codes = new Set<string>()
  for (let i = 0; i < 4; i++) await client.info(NEVER).catch((error: { code: string }) => codes.add(error.code))
  expect(codes).not.toContain('NOT_FOUND')
})

test('a file that a replica has not got is NOT_SYNCED while its source, a storage of the group, is away', async () => {
  const { trackers, faults, storage } = await cluster({ groups: { group1: 2 } })
  const client = storeClient(trackers)
  for (const name of ['group1/0', 'group1/1']) {
    faults.pauseSync(name)
    let fileId = ''
    let host = ''
    while (host !== storage(name).host) {
      const stored = await client.upload({ ext: 'bin' }, bufferSource(pattern(10)))
      fileId = stored.fileId
      host = stored.endpoint.host
    }
    await faults.kill(name)
    await expect(storeClient(trackers).info(fileId)).rejects.toMatchObject({ code: 'NOT_SYNCED' })
    await faults.restart(name)
  }
})
