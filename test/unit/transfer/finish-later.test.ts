import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openLibrary } from '../../../src/main/library/open.ts'
import type { Library } from '../../../src/main/library/types.ts'
import { parseFileId } from '../../../src/shared/file-id.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { PROFILE, makeFiles, remoteBytes, rig } from './engine-kit.ts'
import type { Rig } from './engine-kit.ts'

const MB = 1_000_000

let made: Rig
let library: Library
afterEach(async () => {
  await made.close()
  await library.close()
})

/** A cluster with replicas, and one large file that kept its ID as an appender, with name, metadata, folder and tag in the library. */
async function kept(): Promise<{ fileId: string; content: Buffer }> {
  const dir = await tempDir()
  library = await openLibrary({ path: join(dir, 'library.sqlite') })
  made = await rig({
    cluster: { groups: { group1: 2 } },
    journal: library.journal,
    files: library.files,
    store: { networkTimeoutMs: 1_000 },
    settings: { resumableThresholdBytes: MB, chunkBytes: MB, finishAppender: 'never' }
  })
  const content = randomBytes(3 * MB)
  makeFiles(join(dir, 'Bilder'), { 'groß.psd': content })
  const { batchId } = made.engine.upload({ profileId: PROFILE, paths: [join(dir, 'Bilder')], metadata: { author: '李' } })
  expect((await made.engine.settled(batchId)).counts.done).toBe(1)
  const fileId = made.rows(batchId)[0]!.fileId!
  library.files.tag(PROFILE, [library.files.byFileId(PROFILE, fileId)!.id], { add: ['final'] })
  await made.cluster.synced(10_000)
  return { fileId, content }
}

async function finish(fileIds: string[]) {
  const { batchId } = made.engine.finish({ profileId: PROFILE, fileIds })
  return { view: await made.engine.settled(batchId), rows: made.rows(batchId) }
}

async function expectFinished(formerId: string, content: Buffer): Promise<void> {
  const row = library.files.page(PROFILE, {}, { key: 'name', descending: false }, 10).rows[0]!
  expect(library.files.count(PROFILE, {})).toBe(1)
  expect(parseFileId(row.fileId)).toMatchObject({ kind: 'normal', sizeBytes: content.length })
  expect(row).toMatchObject({
    name: 'groß.psd',
    folder: 'Bilder',
    tags: ['final'],
    kind: 'normal',
    metadata: { author: '李', filename: 'groß.psd' }
  })
  expect((await remoteBytes(made.store, row.fileId)).equals(content)).toBe(true)
  expect(await made.store.getMetadata(row.fileId)).toEqual({ author: '李', filename: 'groß.psd' })
  await expect(made.store.info(formerId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
}

test('an appender that was kept becomes a normal file, with its metadata, and keeps its row in the library', async () => {
  const { fileId, content } = await kept()
  const { view } = await finish([fileId])
  expect(view.counts).toMatchObject({ done: 1, failed: 0 })
  await expectFinished(fileId, content)
})

test('the lost answer of command 38 does not lose the file, nor its metadata', async () => {
  const { fileId, content } = await kept()
  made.cluster.faults.add({ server: '*', command: 38, times: 1, fault: { kind: 'drop-answer' } })
  const { view } = await finish([fileId])
  expect(view.counts).toMatchObject({ done: 1, failed: 0 })
  await expectFinished(fileId, content)
})

test('an engine closed after command 38 goes on with the metadata', async () => {
  const { fileId, content } = await kept()
  made.cluster.faults.add({ server: '*', command: 13, times: 1, fault: { kind: 'stall' } })
  const { batchId } = made.engine.finish({ profileId: PROFILE, fileIds: [fileId] })
  await made.engine.enqueued(batchId)
  const end = performance.now() + 10_000
  while (made.rows(batchId)[0]?.step !== 'describing' && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 5))
  await made.restart()
  expect((await made.engine.settled(batchId)).counts.done).toBe(1)
  await expectFinished(fileId, content)
})

test('files that are no appenders are left out', async () => {
  const { fileId, content } = await kept()
  await finish([fileId])
  const normal = library.files.page(PROFILE, {}, { key: 'name', descending: false }, 10).rows[0]!.fileId
  const { view } = await finish([normal])
  expect(view.totalFiles).toBe(0)
  await expectFinished(fileId, content)
})

test('while a replica is away nothing is finished, and the appender stays what it is', async () => {
  const { fileId } = await kept()
  made.settings.maxAttempts = 1
  const source = parseFileId(fileId).source
  const replica = made.cluster.groups['group1']!.findIndex(({ host }) => source.type === 'ip' && host !== source.address)
  await made.cluster.faults.kill(`group1/${replica}`)
  const { view } = await finish([fileId])
  expect(view.counts).toMatchObject({ done: 0, failed: 1 })
  expect(view.error?.code).toBe('NOT_SYNCED')
  expect(library.files.byFileId(PROFILE, fileId)?.kind).toBe('appender')
}, 30_000)
