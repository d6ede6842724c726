/**
 * The host process of the fault suite, to be killed at any moment: an engine with a real library on disk and the check of
 * replication, told by its parent what to do. Argument: HostOptions as JSON.
 */
import { join } from 'node:path'
import { createSyncCheck } from '../../src/main/app/sync-check.ts'
import type { Endpoint } from '../../src/main/client/types.ts'
import { createStoreClient } from '../../src/main/cluster/index.ts'
import { openLibrary } from '../../src/main/library/open.ts'
import { systemClock } from '../../src/main/transfer/clock.ts'
import { createTransferEngine } from '../../src/main/transfer/engine.ts'
import { parseUploadState } from '../../src/main/transfer/states.ts'
import { SettingsSchema } from '../../src/shared/contract.ts'
import type { Settings } from '../../src/shared/contract.ts'
import type { Audit, Call, HostOptions } from './host-process.ts'

const PROFILE = 'chaos'
const options = JSON.parse(process.argv[2]!) as HostOptions
const settings: Settings = { ...SettingsSchema.parse({}), ...options.settings }
const store = createStoreClient({
  trackers: options.trackers,
  networkTimeoutMs: options.networkTimeoutMs,
  connectTimeoutMs: 1_000,
  answerCacheMs: 0,
  mapAddress: (told: Endpoint): Endpoint => options.addresses[`${told.host}:${told.port}`] ?? told
})
const library = await openLibrary({ path: join(options.dataDir, 'library.sqlite') })
const engine = createTransferEngine({
  journal: library.journal,
  files: library.files,
  store: () => store,
  profile: () => ({ readOnly: false }),
  settings: () => settings,
  clock: systemClock,
  random: Math.random,
  onChange: (snapshot) => process.send?.({ doneBytes: snapshot.totals.doneBytes }),
  onNotice: () => undefined,
  onFilesChanged: () => undefined
})
const check = createSyncCheck({
  files: library.files,
  client: () => Promise.resolve(store),
  clock: systemClock,
  mayRepair: () => true,
  changed: () => undefined,
  repaired: () => undefined
})
await engine.start()
check.poke(PROFILE)
setInterval(() => check.poke(PROFILE), 5_000)

const calls: Call = {
  async start(request) {
    const { kind, title } = request
    const choice = { profileId: PROFILE, title }
    if (kind === 'upload') return engine.upload({ ...choice, paths: request.paths, group: request.group }).batchId
    if (kind === 'download') return engine.download({ ...choice, fileIds: request.fileIds, target: request.target }).batchId
    return engine.zip({ ...choice, fileIds: request.fileIds, target: request.target, onMissing: 'stop' }).batchId
  },
  find: async (title) => library.journal.batches().find((batch) => batch.title === title)?.id ?? null,
  enqueued: (batchId) => engine.enqueued(batchId),
  settled: (batchId) => engine.settled(batchId),
  control: (action, batchId) => engine.control(action, { batchId }),
  rows: async (batchId) => library.journal.page(batchId, {}, -1, 10_000),
  async syncing() {
    const { rows } = library.files.page(PROFILE, { state: 'syncing' }, { key: 'addedAt', descending: false }, 1_000)
    return rows.map((row) => row.fileId)
  },
  async audit() {
    const audit: Audit = {
      uploads: [],
      files: [],
      possibleOrphans: 0,
      leftovers: engine.leftovers().map(({ fileId }) => fileId),
      unfinished: 0
    }
    for (const batch of library.journal.batches()) {
      if (batch.finishedAt === null) audit.unfinished += 1
      if (batch.kind !== 'upload') continue
      for (const row of library.journal.page(batch.id, {}, -1, 10_000)) {
        const state = parseUploadState(row.state)
        audit.possibleOrphans += state.possibleOrphans
        audit.uploads.push({
          batchId: batch.id,
          name: row.name,
          fileId: row.fileId,
          tag: row.tag,
          unfinished: state.appender?.fileId ?? null
        })
      }
    }
    for (let cursor: string | null = null; ;) {
      const page = library.files.page(PROFILE, {}, { key: 'fileId', descending: false }, 1_000, cursor)
      audit.files.push(...page.rows.map(({ fileId, name, state, sizeBytes, crc32 }) => ({ fileId, name, state, sizeBytes, crc32 })))
      cursor = page.cursor
      if (cursor === null) return audit
    }
  },
  async close() {
    await check.close()
    await engine.close()
    await library.close()
    await store.close()
    setImmediate(() => process.exit(0))
  }
}

process.on('message', (message: { id: number; call: keyof Call; args: unknown[] }) => {
  const call = calls[message.call] as (...args: unknown[]) => Promise<unknown>
  call(...message.args).then(
    (result) => process.send?.({ id: message.id, result: result ?? null }),
    (error: unknown) => process.send?.({ id: message.id, error: String(error) })
  )
})
process.on('disconnect', () => process.exit(1))
process.send?.({ ready: true })
