/**
 * The client room alone (`createStoreClient`, no library, no journal) against the built-in cluster and, with `--trackers`,
 * a real one; and the built-in cluster against the real one. Every job runs in a process of its own, bundled as in the
 * shipped program; each job and its reference take turns within a round; medians, and ratios of one run only.
 *
 *   npm run bench:wire [-- --trackers host:port] [--group NAME] [--cbench PROGRAM --conf FILE] [--size MiB] [--files N]
 *                      [--rounds N] [--dir DIR] [--only JOB,JOB …] [--skip-built-in] [--cbench-built-in]
 *
 * Without `--cbench`, and for the built-in cluster, the reference is a plain loopback socket. (A client that sends a small
 * file in two writes waits 40 ms for the acknowledgement of the first, unless the server asks for quick ones, which Node
 * cannot; `--cbench-built-in` shows it.) `--cbench` names a program around the C client library with
 * these modes, each of which prints one line of JSON with `seconds` (and `id` for upload-file); `--conf` is its client.conf:
 *
 *   upload-file CONF FILE [GROUP]                  download CONF ID FILE
 *   small-upload CONF DIR COUNT THREADS [GROUP]    uploads DIR/f0000000.bin …, writes the IDs to DIR/ids.txt
 *   small-download CONF IDS DIR THREADS            set-meta CONF IDS THREADS            get-meta CONF IDS THREADS
 */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { build } from 'vite'
import { createEmbeddedCluster } from '../../src/main/embedded/index.ts'
import { servePlain, smallName } from './wire-plain.ts'

const MIB = 1_048_576
const { values } = parseArgs({
  options: {
    trackers: { type: 'string' },
    group: { type: 'string' },
    cbench: { type: 'string' },
    conf: { type: 'string' },
    size: { type: 'string', default: '1024' },
    files: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '16' },
    dir: { type: 'string' },
    only: { type: 'string' },
    'skip-built-in': { type: 'boolean', default: false },
    'cbench-built-in': { type: 'boolean', default: false }
  }
})
const { connections, group } = values
const sizeMiB = Number(values.size)
const fileCount = Number(values.files)
const rounds = Number(values.rounds)
const only = values.only?.split(',')
const work = mkdtempSync(join(values.dir ?? tmpdir(), 'fdfs-wire-'))
const run = promisify(execFile)

interface Result {
  seconds: number
  /** 0 for programs that do not tell. */
  peakBytes: number
  id?: string
}
interface Target {
  name: string
  trackers: string
  group: string | undefined
  conf: string | null
}
const results = new Map<string, Result[]>()

function note(target: string, job: string, who: string, result: Result): Result {
  const key = `${target}|${job}|${who}`
  results.set(key, [...(results.get(key) ?? []), result])
  return result
}

function median(target: string, job: string, who: string): number {
  const sorted = (results.get(`${target}|${job}|${who}`) ?? []).map((result) => result.seconds).sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

const jobBundle = join(work, 'job.mjs')

/** A job of wire-job.ts in a new process. */
async function job(name: string, options: Record<string, string | undefined>): Promise<Result> {
  const args = Object.entries({ connections, ...options }).flatMap(([key, value]) => (value === undefined ? [] : [`--${key}`, value]))
  const { stdout } = await run(process.execPath, [jobBundle, name, ...args])
  return JSON.parse(stdout) as Result
}

async function cbench(...args: (string | undefined)[]): Promise<Result> {
  const { stdout } = await run(
    resolve(values.cbench ?? ''),
    args.filter((arg) => arg !== undefined)
  )
  return { peakBytes: 0, ...(JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as { seconds: number; id?: string }) }
}

/** Runs the contestants one after the other, the other way round in every second round. */
async function takeTurns(round: number, ...contestants: (() => Promise<unknown>)[]): Promise<void> {
  for (const contestant of round % 2 === 0 ? contestants : contestants.toReversed()) await contestant()
}

function wanted(name: string): boolean {
  return only === undefined || only.includes(name)
}

const big = join(work, 'big.bin')
const smallDir = join(work, 'small')
const plainDir = join(work, 'plain')
const ourIds = join(work, 'ids.txt')
const theirIds = join(smallDir, 'ids.txt')

function makeFiles(): void {
  const block = randomBytes(8 * MIB)
  const fd = openSync(big, 'w')
  for (let written = 0; written < sizeMiB * MIB;) {
    block.writeUInt32BE(written / MIB)
    written += writeSync(fd, block, 0, Math.min(block.length, sizeMiB * MIB - written))
  }
  closeSync(fd)
  mkdirSync(smallDir)
  for (let i = 0; i < fileCount; i++) writeFileSync(join(smallDir, smallName(i)), randomBytes(4096))
}

function onlyId(path: string): string {
  return readFileSync(path, 'latin1').trim()
}

async function forget(target: Target, ids: string): Promise<void> {
  await job('delete', { trackers: target.trackers, from: ids })
}

async function bigFile(round: number, target: Target, plainPort: number): Promise<void> {
  const { name, trackers, conf } = target
  const at = { trackers, group: target.group }
  const out = join(work, 'out.bin')
  const theirId = join(work, 'their-id.txt')
  const appenderId = join(work, 'appender-id.txt')
  const reference = async (): Promise<void> => {
    if (conf === null) return void note(name, 'upload', 'reference', await job('plain-upload', { plain: String(plainPort), from: big }))
    const { id } = note(name, 'upload', 'reference', await cbench('upload-file', conf, big, target.group))
    writeFileSync(theirId, `${id}\n`)
  }
  await takeTurns(
    round,
    reference,
    async () => note(name, 'upload', 'client', await job('upload', { ...at, from: big, to: ourIds })),
    async () => {
      if (!wanted('appender')) return
      note(name, 'appender', 'client', await job('appender', { ...at, from: big, to: appenderId }))
      await forget(target, appenderId)
    },
    async () => {
      if (target.name === 'built-in' && conf !== null)
        note(name, 'upload', 'plain', await job('plain-upload', { plain: String(plainPort), from: big }))
    }
  )
  if (wanted('download')) {
    await takeTurns(
      round,
      async () => {
        const plain = async (): Promise<Result> => job('plain-download', { plain: String(plainPort), to: out })
        note(name, 'download', 'reference', conf === null ? await plain() : await cbench('download', conf, onlyId(theirId), out))
        rmSync(out)
        if (conf === null || target.name !== 'built-in') return
        note(name, 'download', 'plain', await plain())
        rmSync(out)
      },
      async () => {
        note(name, 'download', 'client', await job('download', { trackers, id: onlyId(ourIds), to: out }))
        rmSync(out)
      }
    )
  }
  await forget(target, ourIds)
  if (conf !== null) await forget(target, theirId)
}

/**
 * Small files are removed after the last round only: some file systems (ext4) are ten times slower at making files when
 * many have just been deleted.
 */
function leftIds(target: Target): string {
  return join(work, `left-${target.name}.txt`)
}
let outs = 0

async function smallFiles(round: number, target: Target, plainPort: number): Promise<void> {
  const { name, trackers, conf } = target
  const count = String(fileCount)
  const out = (): string => join(work, `out-${outs++}`)
  const plain = (kind: string, more: Record<string, string>): Promise<Result> => job(kind, { plain: String(plainPort), count, ...more })
  const pairs: [string, () => Promise<Result>, (conf: string) => Promise<Result>, () => Promise<Result>][] = [
    [
      'small-upload',
      () => job('small-upload', { trackers, group: target.group, from: smallDir, count, to: ourIds }),
      (c) => cbench('small-upload', c, smallDir, count, connections, target.group),
      () => plain('plain-small-upload', { from: smallDir })
    ],
    [
      'small-download',
      () => job('small-download', { trackers, from: ourIds, to: out() }),
      (c) => cbench('small-download', c, theirIds, out(), connections),
      () => plain('plain-small-download', { to: out() })
    ],
    [
      'set-meta',
      () => job('set-meta', { trackers, from: ourIds }),
      (c) => cbench('set-meta', c, theirIds, connections),
      () => plain('plain-ask', {})
    ],
    [
      'get-meta',
      () => job('get-meta', { trackers, from: ourIds }),
      (c) => cbench('get-meta', c, theirIds, connections),
      () => plain('plain-ask', {})
    ]
  ]
  for (const [kind, ours, theirs, socket] of pairs) {
    if (kind !== 'small-upload' && !wanted(kind)) continue
    await takeTurns(
      round,
      async () => note(name, kind, 'reference', await (conf === null ? socket() : theirs(conf))),
      async () => note(name, kind, 'client', await ours())
    )
  }
  for (const ids of conf === null ? [ourIds] : [ourIds, theirIds]) appendFileSync(leftIds(target), readFileSync(ids))
}

interface Goal {
  job: string
  text: string
  /** Number to be compared with the goal, from the seconds of ours and of the reference. */
  value(target: string): number
  best: 'at most' | 'at least'
  goal: number
}

const ratio = (target: string, kind: string): number => median(target, kind, 'client') / median(target, kind, 'reference')
const rate = (kind: string) => (target: string) => 1 / ratio(target, kind)
const goals: Goal[] = [
  { job: 'upload', text: 'upload, one request: time', value: (t) => ratio(t, 'upload'), best: 'at most', goal: 1.05 },
  {
    job: 'appender',
    text: 'upload, appender chunks: time ÷ plain upload',
    value: (t) => median(t, 'appender', 'client') / median(t, 'upload', 'reference'),
    best: 'at most',
    goal: 0.4
  },
  { job: 'download', text: 'download with CRC-32: time', value: (t) => ratio(t, 'download'), best: 'at most', goal: 1.15 },
  { job: 'small-upload', text: '4 KiB uploads: rate', value: rate('small-upload'), best: 'at least', goal: 1 },
  { job: 'small-download', text: '4 KiB downloads: rate', value: rate('small-download'), best: 'at least', goal: 1 },
  { job: 'set-meta', text: 'set metadata: rate', value: rate('set-meta'), best: 'at least', goal: 0.8 },
  { job: 'get-meta', text: 'get metadata: rate', value: rate('get-meta'), best: 'at least', goal: 0.8 }
]

function report(targets: Target[]): void {
  for (const { name, conf } of targets) {
    console.log(`\n${name} cluster; reference: ${conf === null ? 'plain loopback socket' : 'C client library'}`)
    console.table(
      goals
        .filter(({ job: kind }) => results.has(`${name}|${kind}|client`))
        .map(({ job: kind, text, value, best, goal }) => {
          const seconds = median(name, kind, 'client')
          const items = ['upload', 'appender', 'download'].includes(kind) ? sizeMiB : fileCount
          const peak = Math.max(...(results.get(`${name}|${kind}|client`) ?? []).map((result) => result.peakBytes))
          const reached = value(name)
          return {
            job: text,
            'per second': `${(items / seconds).toFixed(0)} ${items === sizeMiB ? 'MiB' : ''}`,
            reference: `${(items / median(name, kind === 'appender' ? 'upload' : kind, 'reference')).toFixed(0)}`,
            ratio: reached.toFixed(2),
            goal: `${best} ${goal}`,
            met: (best === 'at most' ? reached <= goal : reached >= goal) ? 'yes' : 'no',
            'peak MB': (peak / 1e6).toFixed(0)
          }
        })
    )
  }
}

/** The built-in cluster must not be the limit of a test. */
function reportCluster(compareWithReal: boolean): void {
  const plain = values['cbench-built-in'] ? 'plain' : 'reference'
  console.log('\nthe built-in cluster itself, measured with our client:')
  for (const kind of ['upload', 'download']) {
    const share = median('built-in', kind, plain) / median('built-in', kind, 'client')
    if (!Number.isNaN(share)) console.log(`  ${kind}: ${(share * 100).toFixed(0)} % of a plain loopback socket writing to disk (goal 80)`)
  }
  const share = median('real', 'small-upload', 'client') / median('built-in', 'small-upload', 'client')
  if (compareWithReal && !Number.isNaN(share)) console.log(`  4 KiB uploads: ${share.toFixed(2)} x the real storage (goal 1.0)`)
}

const embedded = await createEmbeddedCluster({ dir: join(work, 'cluster'), groups: { group1: 1 }, reservedBytes: 0 })
mkdirSync(plainDir)
const plainServer = await servePlain(plainDir)
try {
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: resolve('test/bench/wire-job.ts'),
      outDir: work,
      target: 'node24',
      rolldownOptions: { output: { entryFileNames: 'job.mjs' } }
    }
  })
  makeFiles()
  const useC = values.cbench !== undefined && values.conf !== undefined
  const targets: Target[] = []
  if (values.trackers) targets.push({ name: 'real', trackers: values.trackers, group, conf: useC ? (values.conf ?? null) : null })
  if (!values['skip-built-in']) {
    const conf = join(work, 'built-in.conf')
    const alsoHere = useC && values['cbench-built-in']
    if (alsoHere) {
      const others = readFileSync(values.conf ?? '', 'utf8').replaceAll(/^\s*tracker_server\s*=.*$/gm, '')
      writeFileSync(conf, `${others}\n${embedded.trackers.map((tracker) => `tracker_server = ${tracker}`).join('\n')}\n`)
    }
    targets.push({ name: 'built-in', trackers: embedded.trackers.join(','), group: undefined, conf: alsoHere ? conf : null })
  }
  console.log(`${sizeMiB} MiB; ${fileCount} x 4 KiB, ${connections} connections; ${rounds} rounds`)
  for (let round = 0; round < rounds; round++) {
    for (const target of targets) {
      if (['upload', 'appender', 'download'].some((kind) => wanted(kind))) await bigFile(round, target, plainServer.port)
      if (['small-upload', 'small-download', 'set-meta', 'get-meta'].some((kind) => wanted(kind)))
        await smallFiles(round, target, plainServer.port)
    }
  }
  for (const target of targets) if (existsSync(leftIds(target))) await forget(target, leftIds(target))
  report(targets)
  if (!values['skip-built-in']) reportCluster(targets.length > 1)
} finally {
  await plainServer.close()
  await embedded.close()
  rmSync(work, { recursive: true, force: true })
}
