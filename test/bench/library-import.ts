/**
 * Numbers of imports: `node test/bench/library-import.ts [lines]` (default 1,000,000). Prints; asserts nothing. A process of its
 * own, so that its memory is that of the import.
 */
import { execFileSync } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { openLibrary } from '../../src/main/library/open.ts'
import { designerFiles } from './library-data.ts'

const COUNT = Number(process.argv[2] ?? 1_000_000)
const PROFILE = 'bench'
const line = (label: string, text: string): void => console.log(`${label.padEnd(64)} ${text}`)
const ms = (value: number): string => `${value.toFixed(1).padStart(9)} ms`
const folder = process.argv[3] === undefined ? await mkdtemp(join(tmpdir(), 'library-import-')) : ''

/** Runs `work`; its time, its processor time, and how long the main thread was held up meanwhile. */
async function measured<T>(label: string, work: () => Promise<T>): Promise<T> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  let peak = 0
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 50)
  const [start, cpu] = [performance.now(), process.cpuUsage()]
  delay.enable()
  const result = await work()
  delay.disable()
  clearInterval(watch)
  const { user, system } = process.cpuUsage(cpu)
  line(label, `${ms(performance.now() - start)}   cpu${ms((user + system) / 1000)}`)
  line('  longest block of the main thread', `${ms(delay.max / 1e6)}   p99${ms(delay.percentile(99) / 1e6)}`)
  line('  memory (RSS), peak', `${(peak / 1_048_576).toFixed(0)} MiB`)
  return result
}

/** A log as a storage writes it: uploads, metadata of a third, some deleted again. `lines` in all. */
async function writeBinlog(path: string, lines: number): Promise<void> {
  const out = createWriteStream(path)
  let written = 0
  for (const { fileId } of designerFiles(lines)) {
    const name = fileId.slice(fileId.indexOf('/') + 1)
    const at = 1_700_000_000 + written
    const records = [`${at} C ${name}\n`]
    if (written % 4 === 0) records.push(`${at} C ${name}-m\n`)
    if (written % 50 === 0) records.push(`${at} D ${name}\n`)
    for (const record of records.slice(0, lines - written)) if (!out.write(record)) await once(out, 'drain')
    written += records.length
    if (written >= lines) break
  }
  out.end()
  await once(out, 'close')
}

if (process.argv[3] !== undefined) {
  // The child: what making the log takes is not the import's.
  await writeBinlog(process.argv[3], COUNT)
  process.exit(0)
}
const log = join(folder, 'binlog.000')
execFileSync(process.execPath, [fileURLToPath(import.meta.url), String(COUNT), log])
line(`a binlog of ${COUNT} lines`, `${((await stat(log)).size / 1_048_576).toFixed(0)} MiB`)
line('memory before', `${(process.memoryUsage.rss() / 1_048_576).toFixed(0)} MiB`)
const library = await openLibrary({ path: join(folder, 'library.db') })
try {
  const never = new AbortController().signal
  const request = { paths: [log], group: 'group1', read: true, lookup: false }
  const first = await measured(`import of ${COUNT} binlog lines`, () => library.bulk.binlogs(PROFILE, request, () => {}, never))
  line('  files, in the library', `${first.report.files}, ${library.files.count(PROFILE, {})}`)
  await measured('the same again (nothing new)', () => library.bulk.binlogs(PROFILE, request, () => {}, never))
  await measured('a look at it (nothing changed)', () => library.bulk.binlogs(PROFILE, { ...request, lookup: true }, () => {}, never))

  const names = [...designerFiles(Math.min(COUNT, 200_000), 2)].map((file) => file.fileId.slice(file.fileId.indexOf('/') + 1))
  const merge = await library.bulk.listing(PROFILE, 'group1', false, null)
  await measured(`merge of a listing of ${names.length} new files`, async () => {
    for (let at = 0; at < names.length; at += 1_000) await merge.add(names.slice(at, at + 1_000))
    return merge.end(false)
  })

  const { view } = await library.views.open(PROFILE, {}, { key: 'name', descending: false }, 200)
  const ids = await library.views.ids(view, 1000, 100_000)
  for (const [label, change] of [
    ['tag', { type: 'tag', add: ['hero'], remove: [] }],
    ['move', { type: 'move', folder: 'archive/2026' }]
  ] as const) {
    await measured(`${label} for ${ids.length} selected files`, () => library.bulk.change(PROFILE, { ids }, change))
    await measured('  then: its text is indexed', () => library.bulk.indexTexts())
  }
  // As a batch that writes metadata tells it: in the order of the library, a few at a time, with the former values.
  await measured(`metadata key of ${ids.length} files, with the way back`, async () => {
    const sorted = ids.toSorted((a, b) => a - b)
    for (let at = 0; at < sorted.length; at += 100) {
      const learned = library.files.get(PROFILE, sorted.slice(at, at + 100)).map(({ fileId, metadata }) => {
        const change = { batchId: 1, before: { project: metadata?.project ?? null }, after: { project: '春季' } }
        return { fileId, metadata: { ...metadata, project: '春季' }, readAt: 1, change }
      })
      library.files.describe(PROFILE, learned, { durable: false })
      await new Promise((resolve) => setImmediate(resolve))
    }
  })
  await measured('  then: its text is indexed', () => library.bulk.indexTexts())
  // Another program part writes meanwhile, as a running upload does.
  let writing = true
  const waits: number[] = []
  const upload = async (): Promise<void> => {
    for (let n = 0; writing; n++) {
      const start = performance.now()
      library.files.setName(PROFILE, (n % 1000) + 1, `upload ${n}`)
      waits.push(performance.now() - start)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  const uploading = upload()
  await measured('untag, while the main thread writes 50 times a second', () =>
    library.bulk.change(PROFILE, { ids }, { type: 'tag', add: [], remove: ['hero'] })
  )
  writing = false
  await uploading
  waits.sort((a, b) => a - b)
  line(
    '  one durable write of the main thread',
    `p50${ms(waits[Math.floor(waits.length / 2)]!)}   max${ms(waits.at(-1)!)}   n=${waits.length}`
  )
} finally {
  await library.close()
  await rm(folder, { recursive: true, force: true })
}
