import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Endpoint } from '../../src/main/client/types.ts'
import { createStoreClient } from '../../src/main/cluster/index.ts'
import type { StoreClient } from '../../src/main/cluster/types.ts'
import { formatAddress } from '../../src/shared/address.ts'
import { parseFileId } from '../../src/shared/file-id.ts'
import { faultProxy } from '../support/fault-proxy.ts'
import { readZip } from '../support/read-zip.ts'
import type { HurtableCluster } from './cluster.ts'
import { HostProcess } from './host-process.ts'
import type { Audit } from './host-process.ts'
import { randomOf } from './random.ts'
import type { Random } from './random.ts'
import { storedFiles } from './stored-files.ts'
import { storm } from './storm.ts'
import type { Scene } from './storm.ts'

export interface SuiteOptions {
  cluster: HurtableCluster
  rounds: number
  seed: number
  /** How long each half of a round is disturbed. */
  stormMs: number
  /** How long replicas may take, in the end, to have everything. */
  settleMs: number
  say(line: string): void
}

export interface SuiteReport {
  rounds: number
  seed: number
  files: number
  bytes: number
  faults: Record<string, number>
  kills: number
  /** Times a user would have pressed "try again". */
  retries: number
  /** Replicas that had not everything when the last round ended, and how long it took until they had. */
  lateReplicas: number
  settledAfterMs: number
  /** Whole files on storages that nobody asked for twice, as found on the disks; and how many the queue says there may be. */
  orphans: string[]
  possibleOrphans: number
  /** Parts of files that a killed or full storage left behind; no command reaches them. */
  fragments: string[]
}

const FILES = 12
const SMALL_FILES = 8
const FIRST_BYTES = 64 * 1024
/** A user gives up at some time. */
const MAX_RETRIES = 30

/** Half seconds. A real storage whose disk was full takes a minute to end, and is started again only then. */
const MOMENTS = 400

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** Plays the rounds; throws what is wrong, with round and faults, at the first thing that is. */
export async function playSuite(options: SuiteOptions): Promise<SuiteReport> {
  const { cluster, rounds, seed, say } = options
  const dir = mkdtempSync(join(tmpdir(), 'fdfs-chaos-'))
  const direct = createStoreClient({ trackers: [cluster.tracker] })
  const proxies = await Promise.all(cluster.storages.map(({ endpoint }) => faultProxy(endpoint)))
  const trackerProxy = await faultProxy(cluster.tracker)
  const before = cluster.storages.map(({ dataDir }) => storedFiles(dataDir))
  const host = new HostProcess({
    dataDir: dir,
    trackers: [{ host: trackerProxy.host, port: trackerProxy.port }],
    addresses: Object.fromEntries(
      cluster.storages.map(({ endpoint }, i) => [formatAddress(endpoint), { host: proxies[i]!.host, port: proxies[i]!.port }])
    ),
    networkTimeoutMs: 1_500,
    settings: { resumableThresholdBytes: 600_000, chunkBytes: 500_000 }
  })
  const scene: Scene = { cluster, proxies, trackerProxy, host, random: randomOf(seed), counts: {} }
  const suite = new Suite(options, scene, direct, dir)
  try {
    for (let round = 0; round < rounds; round++) {
      const log: string[] = []
      try {
        const began = performance.now()
        await suite.round(round, log)
        say(`round ${round + 1}/${rounds}: right after ${Math.round((performance.now() - began) / 1000)} s, ${log.length} faults`)
      } catch (error) {
        throw new Error(`seed ${seed}, round ${round}: ${log.join(', ')}: ${String(error)}`, { cause: error })
      }
    }
    return await suite.end(before)
  } finally {
    await host.abandon()
    await direct.close()
    await Promise.all([...proxies, trackerProxy].map((proxy) => proxy.close()))
    rmSync(dir, { recursive: true, force: true })
  }
}

class Suite {
  readonly #options: SuiteOptions
  readonly #scene: Scene
  readonly #direct: StoreClient
  readonly #dir: string
  /** File ID → what it must hold. */
  readonly #wanted = new Map<string, { name: string; digest: string; sizeBytes: number }>()
  #retries = 0
  #bytes = 0

  constructor(options: SuiteOptions, scene: Scene, direct: StoreClient, dir: string) {
    this.#options = options
    this.#scene = scene
    this.#direct = direct
    this.#dir = dir
  }

  async round(round: number, log: string[]): Promise<void> {
    const { host, cluster } = this.#scene
    const dir = join(this.#dir, `round-${round}`)
    const wanted = makeFiles(join(dir, 'in'), round, this.#scene.random)
    for (const { sizeBytes } of wanted.values()) this.#bytes += sizeBytes

    const upload = { kind: 'upload' as const, title: `up ${round}`, paths: [join(dir, 'in')], group: cluster.group }
    await this.#work([upload], log)
    const rows = await host.ask('rows', (await host.ask('find', upload.title))!)
    equal('names uploaded', rows.map(({ name }) => name).sort(), [...wanted.keys()].sort())
    const fileIds = rows.map((row) => row.fileId!)
    equal('IDs that differ', new Set(fileIds).size, FILES)
    for (const row of rows) {
      const { fileId, name } = row
      const expected = wanted.get(name)!
      const source = await patiently(() => this.#direct.source(fileId!))
      equal(`content of ${name} (${fileId}) at its source`, await this.#remote(fileId!, source), expected.digest)
      equal(`metadata of ${name}`, await patiently(() => this.#direct.getMetadata(fileId!, { endpoint: source })), { filename: name })
      this.#wanted.set(fileId!, { name, ...expected })
    }

    log.push('| reading')
    const download = { kind: 'download' as const, title: `down ${round}`, fileIds, target: join(dir, 'out') }
    const zip = { kind: 'zip' as const, title: `zip ${round}`, fileIds, target: join(dir, 'all.zip') }
    await this.#work([download, zip], log)
    const digests = [...wanted].map(([name, { digest: text }]) => `${name} ${text}`).sort()
    const files = readdirSync(join(dir, 'out', 'in')).map((name) => `${name} ${digest(readFileSync(join(dir, 'out', 'in', name)))}`)
    equal('downloaded files', files.sort(), digests)
    const members = [...(await readZip(join(dir, 'all.zip')))].map(([path, bytes]) => `${path.replace(/^in\//, '')} ${digest(bytes)}`)
    equal('members of the archive', members.sort(), digests)
    equal('what lies beside them', readdirSync(dir).sort(), ['all.zip', 'in', 'out'])
    rmSync(dir, { recursive: true })
  }

  /** Batches that begin, live through a storm, and end well. */
  async #work(requests: Parameters<HostProcess['begin']>[0][], log: string[]): Promise<void> {
    const { host } = this.#scene
    const begun = Promise.all(requests.map((request) => host.begin(request)))
    begun.catch(() => undefined)
    await storm(this.#scene, this.#options.stormMs, log)
    for (const batchId of await begun) {
      for (let tries = 0; ; tries++) {
        const view = await host.ask('settled', batchId)
        const { done, failed, skipped, cancelled, queued, running, waiting, paused } = view.counts
        equal(
          'found = done + failed + skipped + cancelled',
          [queued + running + waiting + paused, done + failed + skipped + cancelled],
          [0, view.totalFiles]
        )
        if (done === FILES) break
        if (tries >= MAX_RETRIES) throw new Error(`${view.title}: ${JSON.stringify(view.counts)} ${JSON.stringify(view.error)}`)
        // Whoever ran out of tries in the storm gets another chance, as a user would give it.
        this.#retries += 1
        log.push(`retry ${failed + cancelled} ${view.error?.code}`)
        await new Promise((resolve) => setTimeout(resolve, 500))
        await host.ask('control', 'retry', batchId)
      }
    }
  }

  /** After the last round: every replica, the disks, queue and library. */
  async end(before: ReturnType<typeof storedFiles>[]): Promise<SuiteReport> {
    const { host, cluster, counts } = this.#scene
    const began = performance.now()
    let late = 0
    for (;;) {
      const syncing = await host.ask('syncing')
      if (late === 0) late = syncing.length
      if (syncing.length === 0) break
      if (performance.now() - began > this.#options.settleMs) throw new Error(`never replicated: ${syncing.join(', ')}`)
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
    const settledAfterMs = Math.round(performance.now() - began)
    for (const [fileId, { name, digest: expected }] of this.#wanted) {
      for (const { name: storage, endpoint } of cluster.storages) {
        const found = await this.#remote(fileId, endpoint)
        if (found !== expected) throw new Error(`content of ${name} (${fileId}) at ${storage}: ${await this.#difference(fileId, endpoint)}`)
        equal(`metadata of ${fileId} at ${storage}`, await this.#direct.getMetadata(fileId, { endpoint }), { filename: name })
      }
    }
    const audit = await host.ask('audit')
    this.#agree(audit)
    const { orphans, fragments } = this.#strays(before, audit)
    await host.close()
    const { rounds, seed } = this.#options
    const { kills } = host
    const { possibleOrphans } = audit
    const found = { orphans, fragments, possibleOrphans }
    // A host that is killed in the few milliseconds before its journal is written cannot know what it has sent.
    if (orphans.length > possibleOrphans + kills)
      throw new Error(`${orphans.length} orphans, but only ${possibleOrphans} are accounted for: ${orphans.join(', ')}`)
    const report = { rounds, seed, files: this.#wanted.size, bytes: this.#bytes, faults: counts, kills, retries: this.#retries }
    return { ...report, lateReplicas: late, settledAfterMs, ...found }
  }

  /** One file per upload, in the queue and in the library, and nothing else. */
  #agree(audit: Audit): void {
    equal('batches that are not over', audit.unfinished, 0)
    equal(
      'transfers that are not done',
      audit.uploads.filter(({ tag, unfinished }) => tag !== 'done' || unfinished !== null),
      []
    )
    equal('left-overs', audit.leftovers, [])
    const wanted = [...this.#wanted.keys()].sort()
    equal('files of the queue', audit.uploads.map(({ fileId }) => fileId!).sort(), wanted)
    equal('files of the library', audit.files.map(({ fileId }) => fileId).sort(), wanted)
    for (const file of audit.files) {
      const { name, sizeBytes } = this.#wanted.get(file.fileId)!
      equal(`row of ${file.fileId}`, [file.name, file.sizeBytes, file.state], [name, sizeBytes, 'present'])
    }
  }

  /** What is on the disks of the storages and belongs to no upload. */
  #strays(before: ReturnType<typeof storedFiles>[], audit: Audit): { orphans: string[]; fragments: string[] } {
    const known = new Set(audit.files.map(({ fileId }) => parseFileId(fileId).remoteName.slice(4)))
    // The first piece of a file that is sent in chunks is a file of its own until then.
    const contents = new Set([FIRST_BYTES, ...[...this.#wanted.values()].map(({ sizeBytes }) => sizeBytes)])
    const orphans = new Set<string>()
    const fragments = new Set<string>()
    for (const [index, { dataDir, name }] of this.#scene.cluster.storages.entries()) {
      for (const [path, sizeBytes] of storedFiles(dataDir)) {
        if (before[index]!.has(path) || known.has(path.replace(/-m$/, ''))) continue
        if (contents.has(sizeBytes)) orphans.add(`${path} (${sizeBytes} bytes)`)
        else fragments.add(`${name}: ${path} (${sizeBytes} bytes)`)
      }
    }
    return { orphans: [...orphans], fragments: [...fragments] }
  }

  /** Where a copy differs from the source's. */
  async #difference(fileId: string, endpoint: Endpoint): Promise<string> {
    const read = async (at: Endpoint): Promise<Buffer> => {
      const pieces: Buffer[] = []
      const { sizeBytes } = await this.#direct.info(fileId, { endpoint: at, skipCrc: true })
      const sink = { write: (chunk: Buffer) => void pieces.push(Buffer.from(chunk)) }
      await this.#direct.download(fileId, { endpoint: at, offset: 0, length: sizeBytes }, sink)
      return Buffer.concat(pieces)
    }
    const [source, copy] = [await read(await this.#direct.source(fileId)), await read(endpoint)]
    const wrong: number[] = []
    for (let i = 0; i < source.length; i++) if (source[i] !== copy[i]) wrong.push(i)
    return `${source.length} and ${copy.length} bytes, ${wrong.length} of them differ between ${wrong[0]} and ${wrong.at(-1)}`
  }

  async #remote(fileId: string, endpoint: Endpoint): Promise<string> {
    const { sizeBytes } = await patiently(() => this.#direct.info(fileId, { endpoint, skipCrc: true }))
    const hash = createHash('sha256')
    await patiently(() =>
      this.#direct.download(fileId, { endpoint, offset: 0, length: sizeBytes }, { write: (chunk) => void hash.update(chunk) })
    )
    return hash.digest('hex')
  }
}

/** The tracker or a storage that has just been started again needs a moment. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await ask()
    } catch (error) {
      if (tries === MOMENTS || String(error).includes('NOT_FOUND')) throw error
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
}

function makeFiles(dir: string, round: number, random: Random): Map<string, { digest: string; sizeBytes: number }> {
  mkdirSync(dir, { recursive: true })
  const made = new Map<string, { digest: string; sizeBytes: number }>()
  for (let i = 0; i < FILES; i++) {
    // One is empty; the last ones are sent in chunks, one of them in many.
    const size = i === 0 ? 0 : i < SMALL_FILES ? 1 + random.int(400_000) : 700_000 + random.int(i === FILES - 1 ? 11_000_000 : 3_000_000)
    const bytes = randomBytes(size)
    const name = `${round}-${i} 图.bin`
    writeFileSync(join(dir, name), bytes)
    made.set(name, { digest: digest(bytes), sizeBytes: size })
  }
  return made
}

function equal(what: string, actual: unknown, expected: unknown): void {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (found !== wanted) throw new Error(`${what}: ${found.slice(0, 2_000)} instead of ${wanted.slice(0, 2_000)}`)
}
