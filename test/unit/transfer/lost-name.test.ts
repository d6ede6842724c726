import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { StoreClient } from '../../../src/main/cluster/types.ts'
import { bufferSource } from '../../../src/main/client/file-source.ts'
import { parseUploadState } from '../../../src/main/transfer/states.ts'
import { AppError } from '../../../src/shared/errors.ts'
import { parseFileId } from '../../../src/shared/file-id.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { PROFILE, remoteBytes, rig } from './engine-kit.ts'
import type { Rig } from './engine-kit.ts'

// A storage keeps its log in memory for up to a second. Killed then, it has renamed the file (command 38) and told nobody how.

let open: Rig[] = []
afterEach(async () => {
  for (const made of open) await made.close()
  open = []
})

/** The first command 38 is done and answered to nobody; then its storage is killed, and its log ends before the renaming. */
async function losingTheName(storages: number): Promise<Rig> {
  const made = await rig({
    cluster: { groups: { group1: storages } },
    settings: { resumableThresholdBytes: 1_000_000, chunkBytes: 1_000_000 },
    store: { networkTimeoutMs: 1_000 }
  })
  open.push(made)
  const { cluster } = made
  let lost = false
  const store: StoreClient = {
    ...made.store,
    async regenerate(endpoint, ...rest) {
      if (lost) return made.store.regenerate(endpoint, ...rest)
      lost = true
      const index = cluster.groups['group1']!.findIndex(({ port, host }) => port === endpoint.port && host === endpoint.host)
      const name = `group1/${index}`
      cluster.faults.pauseSync(name)
      await made.store.regenerate(endpoint, ...rest)
      await cluster.faults.kill(name)
      const log = join(cluster.groups['group1']![index]!.dir, 'data', 'sync', 'binlog.000')
      const lines = readFileSync(log, 'latin1').split('\n')
      expect(lines.at(-2)).toContain(' R ')
      writeFileSync(log, lines.slice(0, -2).join('\n') + '\n', 'latin1')
      await cluster.faults.restart(name)
      cluster.faults.pauseSync(name, false)
      throw new AppError('CONNECTION_LOST')
    }
  }
  await made.restart({ store: () => store })
  return made
}

test('a file whose new name is in no log is brought back from a replica and finished again', async () => {
  const made = await losingTheName(2)
  const path = join(await tempDir(), 'film.mov')
  const content = randomBytes(2_500_000)
  writeFileSync(path, content)
  const { batchId } = made.engine.upload({ profileId: PROFILE, paths: [path] })
  const view = await made.engine.settled(batchId)
  expect(view.error).toBe(null)
  expect(view.counts.done).toBe(1)
  const [row] = made.journal.page(batchId, {}, -1, 10)
  expect(parseFileId(row!.fileId!)).toMatchObject({ kind: 'normal', sizeBytes: content.length })
  expect((await remoteBytes(made.store, row!.fileId!)).equals(content)).toBe(true)
  // The one under the name that nobody knows is counted.
  expect(parseUploadState(row!.state).possibleOrphans).toBe(1)
  await made.cluster.synced(10_000)
  for (const endpoint of await made.store.replicas('group1')) {
    expect(await made.store.info(row!.fileId!, { endpoint })).toMatchObject({ sizeBytes: content.length })
    expect(await made.store.getMetadata(row!.fileId!, { endpoint })).toEqual({ filename: 'film.mov' })
  }
}, 30_000)

test('where no other storage has it, it is sent once more', async () => {
  const made = await losingTheName(1)
  const path = join(await tempDir(), 'film.mov')
  const content = randomBytes(2_500_000)
  writeFileSync(path, content)
  const { batchId } = made.engine.upload({ profileId: PROFILE, paths: [path] })
  const view = await made.engine.settled(batchId)
  expect(view.counts.done).toBe(1)
  const [row] = made.journal.page(batchId, {}, -1, 10)
  expect((await remoteBytes(made.store, row!.fileId!)).equals(content)).toBe(true)
  expect(parseUploadState(row!.state).possibleOrphans).toBe(1)
}, 30_000)

test('an appender that is finished later comes back the same way, with its metadata', async () => {
  const made = await losingTheName(2)
  const content = randomBytes(300_000)
  const { fileId } = await made.store.upload({ ext: 'bin', appender: true }, bufferSource(content))
  await made.store.setMetadata(fileId, { note: '图' }, 'overwrite')
  await made.cluster.synced(10_000)
  const { batchId } = made.engine.finish({ profileId: PROFILE, fileIds: [fileId] })
  const view = await made.engine.settled(batchId)
  expect(view.error).toBe(null)
  const finished = made.rows(batchId)[0]!.fileId!
  expect(parseFileId(finished).kind).toBe('normal')
  expect((await remoteBytes(made.store, finished)).equals(content)).toBe(true)
  expect(await made.store.getMetadata(finished)).toEqual({ note: '图' })
}, 30_000)
