/**
 * A host process to be killed: an engine with a real library on disk. Arguments: data folder, trackers, then paths to upload
 * (none: only go on with what is in the journal). One JSON line per event on standard output.
 */
import { join } from 'node:path'
import { createStoreClient } from '../../../src/main/cluster/index.ts'
import { openLibrary } from '../../../src/main/library/open.ts'
import { systemClock } from '../../../src/main/transfer/clock.ts'
import { createTransferEngine } from '../../../src/main/transfer/engine.ts'
import { SettingsSchema } from '../../../src/shared/contract.ts'
import { watched } from './engine-kit.ts'

const [dataDir, trackers, chunk, ...paths] = process.argv.slice(2)
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)

const store = createStoreClient({
  trackers: trackers!.split(',').map((address) => ({ host: address.split(':')[0]!, port: Number(address.split(':')[1]) })),
  answerCacheMs: 0
})
const library = await openLibrary({ path: join(dataDir!, 'library.sqlite') })
const settings = SettingsSchema.parse({ resumableThresholdBytes: 1_048_576, chunkBytes: Number(chunk) })
const engine = createTransferEngine({
  journal: library.journal,
  files: library.files,
  store: () =>
    watched(store, (call, args) => {
      if (call === 'modify') say({ modify: args[2], bytes: (args[3] as { size: number }).size })
      if (call === 'upload') say({ upload: (args[1] as { size: number }).size })
    }),
  profile: () => ({ readOnly: false }),
  settings: () => settings,
  clock: systemClock,
  random: Math.random,
  onChange: (snapshot) => say({ done: snapshot.totals.doneBytes, counts: snapshot.totals.counts }),
  onNotice: (notice) => say({ notice: notice.code }),
  onFilesChanged: () => undefined
})
await engine.start()
if (paths.length > 0) engine.upload({ profileId: 'test', paths })
const batchId = library.journal.batches({ limit: 1 })[0]!.id
const view = await engine.settled(batchId)
say({ settled: view.counts, error: view.error, memory: process.resourceUsage().maxRSS })
await engine.close()
await library.close()
await store.close()
