/**
 * One measured piece of work of the transfer engine in a process of its own, with a library on disk as in the program. Started by
 * transfers.ts with one argument of JSON; prints one line of JSON.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createStoreClient } from '../../src/main/cluster/store-client.ts'
import { keepHeapSmall } from '../../src/main/app/heap.ts'
import { openLibrary } from '../../src/main/library/open.ts'
import { systemClock } from '../../src/main/transfer/clock.ts'
import { createTransferEngine } from '../../src/main/transfer/engine.ts'
import type { TransferEngine } from '../../src/main/transfer/engine.ts'
import { parseTrackerAddress } from '../../src/shared/address.ts'
import { SettingsSchema } from '../../src/shared/contract.ts'
import type { CallInput, CallName, CallOutput } from '../../src/shared/contract.ts'
import { createApp } from '../../src/main/app/create-app.ts'
import type { BatchView } from '../../src/shared/model.ts'
import { fromErrorData } from '../../src/shared/errors.ts'
import { testHost } from '../support/running-app.ts'

export interface TransferJob {
  job: 'enqueue' | 'upload' | 'download' | 'zip' | 'host' | 'go-on'
  trackers: string
  /** Data folder of the library or the application. */
  dir: string
  /** A file with a path per line (upload, enqueue) or an ID per line (download, zip). */
  from: string
  /** Folder or archive to write to. */
  to?: string
  group?: string | undefined
  concurrency?: number
  /** upload: without the original name in the metadata, which costs a second request. */
  nameless?: boolean
  /** host: leave while this many are done; 0 = when all are. */
  until?: number
}

const RESOLUTION_MS = 5
const PROFILE = 'bench'
const input = JSON.parse(process.argv[2] ?? '{}') as TransferJob
const lines = (path: string): string[] => readFileSync(path, 'utf8').split('\n').filter(Boolean)
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })

function say(seconds: number, more: object = {}): void {
  const p99 = Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS)
  const cpu = process.cpuUsage()
  console.log(JSON.stringify({ seconds, delayP99Ms: p99, peakBytes: peakBytes(), cpuSeconds: (cpu.user + cpu.system) / 1e6, ...more }))
}

/** Linux counts the memory that the parent had before `exec` into `maxRSS`; VmHWM is that of this program alone. */
function peakBytes(): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))?.[1]) * 1024
  } catch {
    return process.resourceUsage().maxRSS * 1024
  }
}

/** An engine with a library; the time of `work` counts, from `begin` on where it calls that: enumerating is a job of its own. */
async function engineJob(work: (engine: TransferEngine, begin: () => Promise<void>) => Promise<BatchView | null>): Promise<void> {
  keepHeapSmall()
  const library = await openLibrary({ path: join(input.dir, 'library.sqlite') })
  const store = createStoreClient({ trackers: input.trackers.split(',').map((text) => parseTrackerAddress(text)) })
  const settings = SettingsSchema.parse({
    storeFileName: input.nameless !== true,
    ...(input.concurrency === undefined ? {} : { concurrency: input.concurrency })
  })
  if (input.job === 'download' || input.job === 'zip') {
    // As files that the user once uploaded: the library knows their names.
    const ids = lines(input.from)
    for (let at = 0; at < ids.length; at += 2_000) {
      library.files.upsert(
        PROFILE,
        ids.slice(at, at + 2_000).map((fileId, i) => ({ fileId, name: `file ${at + i}.bin`, origin: 'upload' as const }))
      )
    }
  }
  const engine = createTransferEngine({
    journal: library.journal,
    files: library.files,
    store: () => store,
    profile: () => ({ readOnly: false }),
    settings: () => settings,
    clock: systemClock,
    random: Math.random,
    onChange: () => undefined,
    onNotice: () => undefined,
    onFilesChanged: () => undefined
  })
  delay.enable()
  let started = performance.now()
  const begin = async (): Promise<void> => {
    started = performance.now()
    await engine.start()
  }
  const view = await work(engine, begin)
  const seconds = (performance.now() - started) / 1000
  delay.disable()
  if (view !== null && view.counts.done !== view.totalFiles) throw new Error(`${input.job}: ${JSON.stringify(view)}`)
  await engine.close()
  await library.close()
  await store.close()
  say(seconds)
}

/** The whole application, as a host runs it. */
async function hostJob(): Promise<void> {
  const begun = performance.now() - process.uptime() * 1000
  const fresh = !existsSync(join(input.dir, 'settings.json'))
  keepHeapSmall()
  delay.enable()
  const app = await createApp({ dataDir: input.dir, host: testHost(input.dir) })
  const call = async <N extends CallName>(name: N, given: CallInput<N>): Promise<CallOutput<N>> => {
    const reply = await app.dispatch({ id: 1, name, input: given })
    if ('error' in reply) throw fromErrorData(reply.error)
    return reply.ok as CallOutput<N>
  }
  const doneOf = async (): Promise<number> => {
    const { batches } = await call('transfers.snapshot', {})
    return batches.reduce((sum, batch) => sum + batch.counts.done, 0)
  }
  const before = await doneOf()
  if (fresh) {
    await call('settings.set', { concurrency: input.concurrency ?? 4 })
    const profiles = await call('profiles.save', { name: 'bench', trackers: input.trackers.split(',') })
    await call('profiles.activate', { id: profiles.at(-1)!.id })
    await call('transfers.upload', { paths: lines(input.from), ...(input.group === undefined ? {} : { group: input.group }) })
  }
  for (;;) {
    const done = await doneOf()
    if (done > before && input.job === 'go-on') break
    if (input.job === 'host' && done >= (input.until ?? 0) && done > 0) break
    await new Promise((resolve) => setTimeout(resolve, input.job === 'go-on' ? 5 : 50))
  }
  const seconds = (performance.now() - begun) / 1000
  delay.disable()
  // What is alive, against what the process holds: for finding out who holds it.
  const { rss, heapUsed, heapTotal, external, arrayBuffers } = process.memoryUsage()
  say(seconds, { rss, heapUsed, heapTotal, external, arrayBuffers })
  // The parent kills what it measured in the middle of its work.
  if (input.job === 'host') await new Promise((resolve) => setTimeout(resolve, 60_000))
  await app.close()
}

const jobs: Record<TransferJob['job'], () => Promise<void>> = {
  enqueue: () =>
    engineJob(async (engine) => {
      const { batchId } = engine.upload({ profileId: PROFILE, paths: lines(input.from), group: input.group })
      await engine.enqueued(batchId)
      return null
    }),
  upload: () =>
    engineJob(async (engine, begin) => {
      const { batchId } = engine.upload({ profileId: PROFILE, paths: lines(input.from), group: input.group })
      await engine.enqueued(batchId)
      await begin()
      const view = await engine.settled(batchId)
      writeFileSync(input.to ?? '/dev/null', allIds(engine, batchId).join('\n'))
      return view
    }),
  download: () =>
    engineJob(async (engine, begin) => {
      await begin()
      return engine.settled(engine.download({ profileId: PROFILE, fileIds: lines(input.from), target: input.to ?? '' }).batchId)
    }),
  zip: () =>
    engineJob(async (engine, begin) => {
      await begin()
      return engine.settled(engine.zip({ profileId: PROFILE, fileIds: lines(input.from), target: input.to ?? '' }).batchId)
    }),
  host: hostJob,
  'go-on': hostJob
}

function allIds(engine: TransferEngine, batchId: number): string[] {
  return engine.page({ batchId, limit: 200_000 }).rows.map((row) => row.fileId ?? '')
}

await jobs[input.job]()
