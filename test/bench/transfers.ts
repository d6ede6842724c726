/**
 * The numbers of the transfer engine in one run: every piece of work and its reference take turns, each in a process of its own,
 * bundled as in the shipped program; medians and ratios of this run only. Prints; asserts nothing.
 *
 *   npm run bench:transfers [-- --trackers host:port] [--group NAME] [--cbench PROGRAM] [--rounds N] [--quick] [--only JOB,JOB …]
 *                           [--dir DIR]
 *
 * Against the built-in cluster unless `--trackers` names another one (a group of one storage: engine and reference must not wait
 * for replicas). `--cbench` names a program around the C client library (see wire.ts), for the comparison with "download in four
 * threads, then `zip -0`". `--quick`: a tenth of everything. Jobs: enqueue, memory, journal, big, zip, zip-small, restart.
 */
import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { build } from 'vite'
import { createEmbeddedCluster } from '../../src/main/embedded/index.ts'
import type { TransferJob } from './transfers-job.ts'
import { smallName } from './wire-plain.ts'

const MIB = 1_048_576
/** Without its pool the C library shares one connection between threads. */
const C_CONF = ['base_path = /tmp', 'connect_timeout = 5', 'network_timeout = 60', 'use_connection_pool = true']
const { values } = parseArgs({
  options: {
    trackers: { type: 'string' },
    group: { type: 'string' },
    cbench: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
    dir: { type: 'string' },
    quick: { type: 'boolean', default: false }
  }
})
const run = promisify(execFile)
const rounds = Number(values.rounds)
const scale = values.quick ? 0.1 : 1
const only = values.only?.split(',')
const wanted = (name: string): boolean => only === undefined || only.includes(name)
const work = mkdtempSync(join(values.dir ?? tmpdir(), 'fdfs-transfers-'))
const path = (...parts: string[]): string => join(work, ...parts)

interface Result {
  seconds: number
  peakBytes: number
  delayP99Ms?: number
  cpuSeconds?: number
  rss?: number
}
const results = new Map<string, Result[]>()
let worstDelay = 0

function note(key: string, result: Result): Result {
  results.set(key, [...(results.get(key) ?? []), result])
  worstDelay = Math.max(worstDelay, result.delayP99Ms ?? 0)
  return result
}

function median(key: string): number {
  const sorted = (results.get(key) ?? []).map((result) => result.seconds).sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

const peak = (key: string): number => Math.max(...(results.get(key) ?? []).map((result) => result.peakBytes))
const lastLine = (text: string): Result => JSON.parse(text.trim().split('\n').at(-1) ?? '{}') as Result

/** A piece of work of the engine. */
async function engine(job: Omit<TransferJob, 'trackers' | 'dir'> & { dir?: string }): Promise<Result> {
  const dir = job.dir ?? mkdtempSync(path('data-'))
  const { stdout } = await run(process.execPath, [path('job.js'), JSON.stringify({ trackers, group, ...job, dir })], { maxBuffer: 1e8 })
  if (job.dir === undefined) rmSync(dir, { recursive: true, force: true })
  return lastLine(stdout)
}

/** A piece of work of the client alone. */
async function client(name: string, options: Record<string, string | undefined>, ...flags: string[]): Promise<Result> {
  const args = Object.entries({ trackers, group, ...options }).flatMap(([key, value]) => (value === undefined ? [] : [`--${key}`, value]))
  return lastLine((await run(process.execPath, [path('wire.js'), name, ...args, ...flags])).stdout)
}

/** Runs one after the other, the other way round in every second round. */
async function takeTurns(...contestants: (() => Promise<unknown>)[]): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (const contestant of round % 2 === 0 ? contestants : contestants.toReversed()) await contestant()
  }
}

function bigFile(to: string, bytes: number): void {
  const block = randomBytes(8 * MIB)
  const fd = openSync(to, 'w')
  for (let at = 0; at < bytes; at += block.length) {
    block.writeUInt32BE(at / block.length)
    writeSync(fd, block, 0, Math.min(block.length, bytes - at))
  }
  closeSync(fd)
}

/** A folder of files for the client's `small-…` jobs, and the list of their paths for the engine. Random, so that nothing compresses. */
function folder(name: string, sizes: readonly number[]): { dir: string; list: string; count: number } {
  const dir = path(name)
  mkdirSync(dir)
  const block = randomBytes(64 * MIB)
  const paths = sizes.map((bytes, i) => {
    const file = join(dir, smallName(i))
    const start = Math.floor(Math.random() * (block.length - bytes))
    writeFileSync(file, block.subarray(start, start + bytes))
    return file
  })
  const list = path(`${name}.txt`)
  writeFileSync(list, paths.join('\n'))
  return { dir, list, count: sizes.length }
}

const times = (count: number, bytes: number): number[] => Array.from({ length: Math.round(count * scale) }, () => bytes)

/** Uploads a folder by the client alone; returns a file with the IDs. */
async function stored(name: string, files: { dir: string; count: number }): Promise<string> {
  const ids = path(`${name}-ids.txt`)
  await client('small-upload', { from: files.dir, count: String(files.count), to: ids })
  return ids
}

async function forget(ids: string): Promise<void> {
  await client('delete', { from: ids })
}

const clean = (...names: string[]): void => names.forEach((name) => rmSync(path(name), { recursive: true, force: true }))

// ── The work ─────────────────────────────────────────────────────────────────────────────────────────────────

async function enqueue(): Promise<void> {
  const files = folder('many', times(100_000, 64))
  if (wanted('enqueue')) await takeTurns(async () => note('enqueue', await engine({ job: 'enqueue', from: files.list })))
  if (wanted('memory')) await memory(files.list)
  if (wanted('restart')) await restart(files.list)
  clean('many')
}

/** Starts the whole application, waits for its line and kills it with -9 in the middle of its work. */
async function killed(job: Omit<TransferJob, 'trackers'>): Promise<Result> {
  const child = spawn(process.execPath, [path('job.js'), JSON.stringify({ trackers, group, ...job })], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const line = await new Promise<string>((done, fail) => {
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part
      if (text.includes('\n')) done(text)
    })
    child.once('close', () => fail(new Error(`ended early: ${text}`)))
  })
  const ended = new Promise((done) => child.once('close', done))
  child.kill('SIGKILL')
  await ended
  return lastLine(line)
}

async function memory(list: string): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const dir = mkdtempSync(path('host-'))
    note('memory', await killed({ job: 'host', dir, from: list, until: Math.round(20_000 * scale), concurrency: 4 }))
    rmSync(dir, { recursive: true, force: true })
  }
}

async function restart(list: string): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const dir = mkdtempSync(path('host-'))
    await killed({ job: 'host', dir, from: list, until: Math.round(500 * scale) })
    note('restart', await killed({ job: 'go-on', dir, from: list }))
    rmSync(dir, { recursive: true, force: true })
  }
}

async function journal(): Promise<void> {
  const files = folder('small', times(10_000, 4096))
  const ids = path('small-ids.txt')
  await takeTurns(
    async () => {
      note('journal bare', await client('small-upload', { from: files.dir, count: String(files.count), to: ids }))
      await forget(ids)
    },
    async () => {
      note('journal engine', await engine({ job: 'upload', from: files.list, to: ids, nameless: true }))
      await forget(ids)
    },
    async () => {
      note('journal names', await engine({ job: 'upload', from: files.list, to: ids }))
      await forget(ids)
    }
  )
  clean('small')
}

async function big(): Promise<void> {
  bigFile(path('big.bin'), Math.round(1024 * scale) * MIB)
  writeFileSync(path('big.txt'), path('big.bin'))
  const bare = path('bare-id.txt')
  const ours = path('our-id.txt')
  await takeTurns(
    async () => {
      note('up plain', await client('upload', { from: path('big.bin'), to: bare }))
      await forget(bare)
    },
    async () => {
      note('up bare', await client('resumable', { from: path('big.bin'), to: bare }))
      await forget(bare)
    },
    async () => {
      note('up engine', await engine({ job: 'upload', from: path('big.txt'), to: ours }))
      await forget(ours)
    }
  )
  await client('upload', { from: path('big.bin'), to: bare })
  const id = readFileSync(bare, 'latin1').trim()
  await takeTurns(
    async () => {
      note('down bare', await client('download', { id, to: path('out.bin') }, '--fsync'))
      clean('out.bin')
    },
    async () => {
      note('down engine', await engine({ job: 'download', from: bare, to: path('out') }))
      clean('out')
    }
  )
  await forget(bare)
  clean('big.bin')
}

async function zip(): Promise<void> {
  const files = folder('mixed', [...times(2_000, 200 * 1024), ...times(20, 50 * MIB)])
  const ids = await stored('mixed', files)
  clean('mixed')
  await takeTurns(
    async () => {
      note('zip engine', await engine({ job: 'zip', from: ids, to: path('out.zip') }))
      clean('out.zip')
    },
    async () => {
      note('zip plain', await client('small-download', { from: ids, to: path('out'), connections: '1' }))
      clean('out')
    },
    async () => {
      if (values.cbench === undefined) return
      const conf = path('client.conf')
      const servers = trackers.split(',').map((tracker) => `tracker_server = ${tracker}`)
      writeFileSync(conf, [...C_CONF, ...servers, ''].join('\n'))
      mkdirSync(path('out'))
      const started = performance.now()
      await run(resolve(values.cbench), ['small-download', conf, ids, path('out'), '4'], { maxBuffer: 1e8 })
      await run('zip', ['-0', '-q', '-r', path('out.zip'), '.'], { cwd: path('out') })
      note('zip c', { seconds: (performance.now() - started) / 1000, peakBytes: 0 })
      clean('out', 'out.zip')
    }
  )
  await forget(ids)
}

async function zipSmall(): Promise<void> {
  const files = folder('tiny', times(50_000, 4096))
  const ids = await stored('tiny', files)
  clean('tiny')
  await takeTurns(
    async () => {
      note('tiny zip', await engine({ job: 'zip', from: ids, to: path('out.zip') }))
      clean('out.zip')
    },
    async () => {
      note('tiny bare', await client('small-download', { from: ids, to: path('out') }))
      clean('out')
    }
  )
  await forget(ids)
}

// ── The table ────────────────────────────────────────────────────────────────────────────────────────────────

interface Row {
  what: string
  measured: number
  unit: string
  best: 'at most' | 'at least'
  goal: number
  /** What the number was made of. */
  from: string
}

const seconds = (key: string): string => `${median(key).toFixed(2)} s`
const ratio = (ours: string, theirs: string): number => median(ours) / median(theirs)
/** Processor time tells more than the clock where other programs want the processor, too; it includes the start of the process. */
const cpu = (key: string): string => {
  const sorted = (results.get(key) ?? []).map((result) => result.cpuSeconds ?? Number.NaN).sort((a, b) => a - b)
  return (sorted[Math.floor(sorted.length / 2)] ?? Number.NaN).toFixed(2)
}
const pair = (ours: string, theirs: string): string => {
  const both = `${seconds(ours)} / ${seconds(theirs)}`
  return cpu(theirs) === 'NaN' ? both : `${both} (cpu ${cpu(ours)} / ${cpu(theirs)})`
}

function table(): Row[] {
  const percent = (value: number): number => (value - 1) * 100
  const mb = (key: string): number => peak(key) / 1e6
  const held = (key: string): number => Math.max(...(results.get(key) ?? []).map((result) => result.rss ?? 0)) / 1e6
  const most = (what: string, measured: number, unit: string, goal: number, from = ''): Row => ({
    what,
    measured,
    unit,
    best: 'at most',
    goal,
    from
  })
  return [
    most('enqueue 100,000 files until durable', median('enqueue'), 's', 3),
    most('memory of the host, 100,000 queued, 16 running', held('memory'), 'MB', 200, `at most ${mb('memory').toFixed(0)} MB in passing`),
    most(
      'journal overhead, 10,000 x 4 KiB',
      percent(ratio('journal engine', 'journal bare')),
      '%',
      15,
      pair('journal engine', 'journal bare')
    ),
    most(
      '  with the library and the original names',
      percent(ratio('journal names', 'journal bare')),
      '%',
      15,
      pair('journal names', 'journal bare')
    ),
    most('engine overhead, 1 GiB upload (resumable)', percent(ratio('up engine', 'up bare')), '%', 5, pair('up engine', 'up bare')),
    most('  the same against one plain request', percent(ratio('up engine', 'up plain')), '%', 5, pair('up engine', 'up plain')),
    most(
      'engine overhead, 1 GiB download (both on disk)',
      percent(ratio('down engine', 'down bare')),
      '%',
      5,
      pair('down engine', 'down bare')
    ),
    most('zip: time / C library in 4 threads, then zip -0', ratio('zip engine', 'zip c'), '', 0.3, pair('zip engine', 'zip c')),
    most('zip: time / plain downloads, one connection', ratio('zip engine', 'zip plain'), '', 1.1, pair('zip engine', 'zip plain')),
    most('zip: memory', mb('zip engine'), 'MB', 150),
    {
      what: 'zip of 50,000 x 4 KiB: rate / plain downloads',
      measured: 1 / ratio('tiny zip', 'tiny bare'),
      unit: '',
      best: 'at least',
      goal: 0.9,
      from: pair('tiny zip', 'tiny bare')
    },
    most('event-loop delay p99, worst of all', worstDelay, 'ms', 50),
    most('kill -9, restart until work goes on', median('restart'), 's', 3)
  ]
}

const cluster = values.trackers ? null : await createEmbeddedCluster({ dir: path('cluster'), groups: { group1: 1 }, reservedBytes: 0 })
const trackers = values.trackers ?? cluster!.trackers.join(',')
const group = values.group
try {
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: work,
      emptyOutDir: false,
      target: 'node24',
      rolldownOptions: {
        input: {
          job: resolve('test/bench/transfers-job.ts'),
          wire: resolve('test/bench/wire-job.ts'),
          'library-worker': resolve('src/main/library/worker.ts')
        },
        output: { entryFileNames: '[name].js' }
      }
    }
  })
  writeFileSync(path('package.json'), '{"type":"module"}')
  const before = loadavg()[0] ?? 0
  console.log(
    `${values.trackers ? `real cluster ${trackers}` : 'built-in cluster'}; ${rounds} rounds, interleaved, medians; scale ${scale}`
  )
  if (wanted('enqueue') || wanted('memory') || wanted('restart')) await enqueue()
  if (wanted('journal')) await journal()
  if (wanted('big')) await big()
  if (wanted('zip')) await zip()
  if (wanted('zip-small')) await zipSmall()
  console.table(
    table()
      .filter(({ measured }) => Number.isFinite(measured))
      .map(({ what, measured, unit, best, goal, from }) => ({
        what,
        measured: `${measured.toFixed(unit === 'MB' ? 0 : 2)} ${unit}`.trim(),
        goal: `${best} ${goal} ${unit}`.trim(),
        met: (best === 'at most' ? measured <= goal : measured >= goal) ? 'yes' : 'no',
        from
      }))
  )
  console.log(`load average: ${before.toFixed(2)} at the beginning, ${(loadavg()[0] ?? 0).toFixed(2)} at the end`)
} finally {
  await cluster?.close()
  rmSync(work, { recursive: true, force: true })
}
