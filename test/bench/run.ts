/**
 * The main jobs by the built command line, as a user would run them, against the built-in cluster and, with
 * `--trackers host:port`, against a real one in the same run. Prints times, rates, peak memory, and ratios to a reference
 * of the same run (a plain loopback socket writing to disk; for many small files and zips, the built-in cluster).
 *
 *   npm run bench [-- --trackers host:port] [--size MiB] [--files N] [--rounds N]
 */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createEmbeddedCluster } from '../../src/main/embedded/index.ts'
import { plainCopySeconds } from './plain-copy.ts'

const { values } = parseArgs({
  options: {
    trackers: { type: 'string' },
    size: { type: 'string', default: '1024' },
    files: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '3' },
    dir: { type: 'string' }
  }
})
const sizeMiB = Number(values.size)
const smallCount = Number(values.files)
const rounds = Number(values.rounds)
const MIB = 1_048_576
const cli = resolve('out/main/cli.js')
const peakModule = resolve('test/bench/peak-memory.mjs')
const work = mkdtempSync(join(values.dir ?? tmpdir(), 'fdfs-bench-'))

interface Run {
  seconds: number
  peakBytes: number
  lines: { ok: boolean; id: string | null }[]
}

/** Runs `fdfs` with --json in a process of its own; throws when any file failed. */
async function fdfs(trackers: string, args: string[], input?: string): Promise<Run> {
  const peakFile = join(work, 'peak')
  const started = performance.now()
  const child = spawn(process.execPath, ['--import', peakModule, cli, ...args, '--trackers', trackers, '--json'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, PEAK_FILE: peakFile }
  })
  child.stdin.end(input ?? '')
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part))
  const code = await new Promise<number | null>((done) => child.once('close', done))
  const seconds = (performance.now() - started) / 1000
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Run['lines'][number])
  if (code !== 0) throw new Error(`fdfs ${args[0]} ended with ${code}: ${JSON.stringify(lines.find((line) => !line.ok))}`)
  return { seconds, peakBytes: Number(readFileSync(peakFile, 'utf8')), lines }
}

function randomFile(path: string, bytes: number): void {
  const block = randomBytes(Math.min(bytes, 8 * MIB))
  const fd = openSync(path, 'w')
  for (let at = 0; at < bytes; at += block.length) {
    block.writeUInt32BE(at / block.length)
    writeSync(fd, block, 0, Math.min(block.length, bytes - at))
  }
  closeSync(fd)
}

function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

interface Row {
  job: string
  cluster: string
  seconds: number
  rate: string
  peakMB: number
  reference: string
}
const rows: Row[] = []
const times = new Map<string, number[]>()
const peaks = new Map<string, number>()

function note(key: string, run: { seconds: number; peakBytes: number }): void {
  times.set(key, [...(times.get(key) ?? []), run.seconds])
  peaks.set(key, Math.max(peaks.get(key) ?? 0, run.peakBytes))
}

const embedded = await createEmbeddedCluster({ dir: join(work, 'cluster'), groups: { group1: 1 } })
const clusters: [string, string][] = [['built-in', embedded.trackers.join(',')]]
if (values.trackers) clusters.push(['real', values.trackers])

try {
  console.log(`big file ${sizeMiB} MiB, ${smallCount} x 4 KiB, zip of 2,000 x 200 KiB; ${rounds} rounds, interleaved, medians`)
  const big = join(work, 'big.bin')
  randomFile(big, sizeMiB * MIB)
  const smallDir = join(work, 'small')
  mkdirSync(smallDir)
  for (let i = 0; i < smallCount; i++) writeFileSync(join(smallDir, `${i}.bin`), randomBytes(4096))
  const zipDir = join(work, 'zip')
  mkdirSync(zipDir)
  for (let i = 0; i < 2000; i++) writeFileSync(join(zipDir, `${i}.bin`), randomBytes(200 * 1024))
  const zipIds = new Map<string, string>()

  for (let round = 0; round < rounds; round++) {
    note('plain', { seconds: await plainCopySeconds(big, join(work, 'copy.bin')), peakBytes: 0 })
    rmSync(join(work, 'copy.bin'))
    for (const [name, trackers] of clusters) {
      const out = join(work, 'out')
      const uploaded = await fdfs(trackers, ['upload', big])
      note(`upload ${name}`, uploaded)
      const id = uploaded.lines[0]?.id ?? ''
      note(`download ${name}`, await fdfs(trackers, ['download', id, '-o', out]))
      rmSync(out, { recursive: true })
      await fdfs(trackers, ['delete', id])

      const many = await fdfs(trackers, ['upload', smallDir])
      note(`small upload ${name}`, many)
      const ids = many.lines.map((line) => line.id).join('\n')
      note(`small download ${name}`, await fdfs(trackers, ['download', '-', '-o', out], ids))
      rmSync(out, { recursive: true })
      await fdfs(trackers, ['delete', '-'], ids)

      if (!zipIds.has(name)) zipIds.set(name, (await fdfs(trackers, ['upload', zipDir])).lines.map((line) => line.id).join('\n'))
      const archive = join(work, 'out.zip')
      note(`zip ${name}`, await fdfs(trackers, ['zip', '-', '-o', archive], zipIds.get(name)))
      rmSync(archive)
    }
  }
  for (const [name, trackers] of clusters) await fdfs(trackers, ['delete', '-'], zipIds.get(name))

  const plain = median(times.get('plain') ?? [])
  const jobs: [string, string, (seconds: number) => string, (name: string, seconds: number) => string][] = [
    [
      'upload',
      `${sizeMiB} MiB upload`,
      (s) => `${(sizeMiB / s).toFixed(0)} MiB/s`,
      (_, s) => `${(s / plain).toFixed(2)} x plain socket copy`
    ],
    [
      'download',
      `${sizeMiB} MiB download`,
      (s) => `${(sizeMiB / s).toFixed(0)} MiB/s`,
      (_, s) => `${(s / plain).toFixed(2)} x plain socket copy`
    ],
    ['small upload', `${smallCount} x 4 KiB upload`, (s) => `${(smallCount / s).toFixed(0)} files/s`, toBuiltIn('small upload')],
    ['small download', `${smallCount} x 4 KiB download`, (s) => `${(smallCount / s).toFixed(0)} files/s`, toBuiltIn('small download')],
    [
      'zip',
      'zip of 2,000 x 200 KiB',
      (s) => `${(400_000 / 1024 / s).toFixed(0)} MiB/s`,
      (_, s) => `${(s / plain / (400_000 / 1024 / sizeMiB)).toFixed(2)} x plain socket copy of as many bytes`
    ]
  ]
  for (const [key, job, rate, reference] of jobs) {
    for (const [cluster] of clusters) {
      const seconds = median(times.get(`${key} ${cluster}`) ?? [])
      const peakMB = Math.round((peaks.get(`${key} ${cluster}`) ?? 0) / MIB)
      rows.push({ job, cluster, seconds: Number(seconds.toFixed(2)), rate: rate(seconds), peakMB, reference: reference(cluster, seconds) })
    }
  }
  console.log(`plain socket copy of ${sizeMiB} MiB: ${plain.toFixed(2)} s`)
  console.table(rows)
} finally {
  await embedded.close()
  rmSync(work, { recursive: true, force: true })
}

function toBuiltIn(key: string): (name: string, seconds: number) => string {
  return (_, seconds) => `${(seconds / median(times.get(`${key} built-in`) ?? [])).toFixed(2)} x built-in`
}
