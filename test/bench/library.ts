/**
 * Numbers of the library: `node test/bench/library.ts [files]` (default 1,000,000). Prints; asserts nothing.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { openLibrary } from '../../src/main/library/open.ts'
import type { FileInput, NewTransfer } from '../../src/main/library/types.ts'
import type { IndexedSort } from '../../src/main/library/query.ts'
import type { FileQuery, IndexedSortKey } from '../../src/shared/model.ts'
import { CHINESE, designerFiles, LATIN } from './library-data.ts'

const COUNT = Number(process.argv[2] ?? 1_000_000)
const PROFILE = 'bench'
const folder = await mkdtemp(join(tmpdir(), 'library-bench-'))
const path = join(folder, 'library.db')

const format = (ms: number): string => `${ms.toFixed(1).padStart(9)} ms`
const line = (label: string, text: string): void => console.log(`${label.padEnd(64)} ${text}`)

/** Milliseconds of processor time of all threads since `before`: what counts when other programs want the processor, too. */
function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** Runs each task `rounds` times; the spread over all of them. What a task returns as a function is run after it, and not counted. */
async function spread(label: string, tasks: readonly (() => unknown)[], rounds = 3): Promise<void> {
  const times: number[] = []
  const before = process.cpuUsage()
  for (let round = 0; round < rounds; round++) {
    for (const task of tasks) {
      const start = performance.now()
      const after = await task()
      times.push(performance.now() - start)
      if (typeof after === 'function') await after()
    }
  }
  times.sort((a, b) => a - b)
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))]!
  line(
    label,
    `p50${format(at(0.5))}   p95${format(at(0.95))}   max${format(times.at(-1)!)}   cpu mean${format(cpuSince(before) / times.length)}   n=${times.length}`
  )
}

async function once<T>(label: string, task: () => T | Promise<T>): Promise<T> {
  const start = performance.now()
  const before = process.cpuUsage()
  const result = await task()
  line(label, `${format(performance.now() - start)}   cpu${format(cpuSince(before))}`)
  return result
}

let library = await openLibrary({ path })
try {
  // Import, in the chunks that a listing or an import uses.
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  await once(`${COUNT} files by the main thread, as uploads tell them, metadata on a third`, async () => {
    let chunk: FileInput[] = []
    const flush = async (): Promise<void> => {
      library.files.upsert(PROFILE, chunk)
      chunk = []
      await new Promise((resolve) => setImmediate(resolve))
    }
    for (const file of designerFiles(COUNT)) {
      chunk.push(file)
      if (chunk.length === 500) await flush()
    }
    await flush()
  })
  delay.disable()
  line('  longest block of the thread meanwhile', `${format(delay.max / 1e6)}   p99${format(delay.percentile(99) / 1e6)}`)
  line('  size on disk', `${((await stat(path)).size / 1_048_576).toFixed(0)} MiB`)
  line('  memory (RSS)', `${(process.memoryUsage.rss() / 1_048_576).toFixed(0)} MiB`)
  await library.close()
  library = await once('open again', () => openLibrary({ path }))

  const keys: IndexedSortKey[] = ['name', 'fileId', 'group', 'sizeBytes', 'ext', 'createdAt', 'addedAt']
  const sorts: IndexedSort[] = keys.flatMap((key) => [false, true].map((descending) => ({ key, descending })))
  const filters: Record<string, FileQuery> = {
    everything: {},
    'group (70 %)': { group: 'group1' },
    'group (30 %)': { group: 'group2' },
    'extension (8 %)': { ext: 'psd' },
    'state (0.2 %)': { state: 'missing' },
    'kind (3 %)': { kind: 'appender' },
    'one batch (400)': { batchId: 77 },
    'year folder, recursive (14 %)': { folder: '2020', recursive: true },
    'folder (0.01 %)': { folder: '2020/蓝天-3' },
    'group + extension': { group: 'group2', ext: 'psd' },
    'year folder + state': { folder: '2020', recursive: true, state: 'missing' }
  }
  for (const [label, query] of Object.entries(filters)) {
    await spread(
      `catalogue.page, 200 rows, every sort: ${label}`,
      sorts.map((sort) => () => library.files.page(PROFILE, query, sort, 200)),
      1
    )
  }
  for (const [label, query] of Object.entries(filters)) {
    await spread(`count: ${label}`, [() => library.files.count(PROFILE, query)])
  }

  const typed = (word: string): string[] => Array.from(word, (_, i) => word.slice(0, i + 1))
  const byName: IndexedSort = { key: 'name', descending: false }
  const searches: Record<string, string[]> = {
    'Latin words, typed': LATIN.slice(0, 12).flatMap(typed),
    'Chinese words, typed': CHINESE.slice(0, 20).flatMap(typed),
    'two words': LATIN.slice(0, 20).map((word, i) => `${word} ${LATIN[i + 7]}`),
    'Latin and number': LATIN.slice(0, 20).map((word, i) => `${word} ${i * 37}`),
    'Chinese and number': CHINESE.slice(0, 20).map((word, i) => `${word} ${i * 37}`),
    'project=项目-1 …': Array.from({ length: 20 }, (_, i) => `项目-${i * 17}`),
    'rare pairs': ['zq', 'qx', '9z', '云包', '¥', 'ß'],
    nothing: ['nonexistent', '不存在的', 'xqzj', '龙凤']
  }
  for (const [label, texts] of Object.entries(searches)) {
    await spread(
      `search, first 200 by name: ${label}`,
      texts.map((text) => () => library.files.page(PROFILE, { text }, byName, 200)),
      1
    )
  }
  await spread(
    'search, first 200 by every sort: mixed',
    sorts.flatMap((sort) => ['hero', '海报', 'winter 12', '项目-17'].map((text) => () => library.files.page(PROFILE, { text }, sort, 200))),
    1
  )

  await once('views: the first one (starts the worker)', () => library.views.open(PROFILE, {}, byName, 200))
  for (const [label, query] of Object.entries(filters)) {
    await spread(
      `views.open, every sort: ${label}`,
      sorts.map((sort) => async () => {
        const { view } = await library.views.open(PROFILE, query, sort, 200)
        // The rest of it is made after its first rows are told: what comes next must not wait for that.
        return async () => {
          await library.views.ids(view, 0, 1)
          library.views.close(view)
        }
      }),
      1
    )
  }
  for (const [label, texts] of Object.entries(searches)) {
    await spread(
      `views.open, search by name: ${label}`,
      texts.map((text) => async () => library.views.close((await library.views.open(PROFILE, { text }, byName, 200)).view)),
      1
    )
  }
  const { view } = await library.views.open(PROFILE, {}, byName, 200)
  await spread(
    'views.rows, 100 rows anywhere',
    Array.from({ length: 100 }, (_, i) => () => library.views.rows(view, Math.floor((COUNT / 100) * i), 100))
  )
  await spread(
    'files.get, 200 rows',
    Array.from(
      { length: 50 },
      (_, i) => () =>
        library.files.get(
          PROFILE,
          Array.from({ length: 200 }, (__, j) => ((i * 200 + j) * 97) % COUNT)
        )
    )
  )

  const some = await library.views.ids(view, 1000, Math.min(100_000, COUNT))
  await once(`tag ${some.length} files`, () => library.files.tag(PROFILE, some, { add: ['hero'] }))
  await once(`move ${some.length} files`, () => library.files.move(PROFILE, some, 'archive/2026'))
  await once('select of everything, streamed', () => {
    let rows = 0
    for (const chunk of library.files.select(PROFILE, { query: {}, exceptIds: [] })) rows += chunk.length
    return rows
  })

  const batch = library.journal.addBatch({
    profileId: PROFILE,
    kind: 'upload',
    title: 'bench',
    createdAt: 0,
    target: null,
    options: {},
    scanning: false
  })
  const transfers = Array.from({ length: 100_000 }, (_, i): NewTransfer => ({
    name: `图片 ${i}.jpg`,
    folder: `活动/${i % 100}`,
    localPath: `/home/designer/Documents/活动/${i % 100}/图片 ${i}.jpg`,
    fileId: null,
    sizeBytes: i
  }))
  await once('100,000 transfers enqueued, durable', () => library.journal.addTransfers(batch.id, transfers))
  const { journal } = library
  await spread(
    'journal.patch of 1 row, durable',
    Array.from({ length: 300 }, (_, i) => () => journal.patch([{ id: i + 1, tag: 'running', state: { offset: i } }], true))
  )
  await spread(
    'journal.patch of 16 rows, progress',
    Array.from(
      { length: 300 },
      (_, i) => () =>
        journal.patch(
          Array.from({ length: 16 }, (__, j) => ({ id: i * 16 + j + 1, doneBytes: i })),
          false
        )
    )
  )
  await spread(
    'journal.totals of 100,000',
    Array.from({ length: 50 }, () => () => journal.totals(batch.id))
  )
  await once('pause 100,000 (moveAll)', () => journal.moveAll(batch.id, ['queued', 'running'], 'paused'))
  await once('resume 100,000 (moveAll)', () => journal.moveAll(batch.id, ['paused'], 'running'))
  await library.close()
  await once('restart: open, resetRunning of 100,000, first 100 queued', async () => {
    library = await openLibrary({ path })
    library.journal.resetRunning()
    return library.journal.nextQueued(batch.id, -1, 100)
  })
} finally {
  await library.close()
  await rm(folder, { recursive: true, force: true })
}
