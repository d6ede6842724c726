import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createStoreClient } from '../../../src/main/cluster/index.ts'
import type { StoreClient } from '../../../src/main/cluster/types.ts'
import { parseUploadState } from '../../../src/main/transfer/states.ts'
import { readZip } from '../../support/read-zip.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { randomOf } from '../../chaos/random.ts'
import type { Random } from '../../chaos/random.ts'
import { PROFILE, isReconciled, rig } from './engine-kit.ts'
import type { Rig } from './engine-kit.ts'

const ROUNDS = Number(process.env['CHAOS_ROUNDS'] ?? 1)
const SEEDS = [20_261_122, Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31))]
/** How long a round is disturbed. */
const STORM_MS = 2_500
const STORAGES = ['group1/0', 'group1/1'] as const
const CONTENT = [11, 23, 34, 14] as const
const ANSWERS = [11, 23, 34, 38, 13, 22, 12] as const

let open: Rig[] = []
afterEach(async () => {
  for (const made of open) await made.close()
  open = []
})

/** Breaks things until told to stop, then mends everything. */
async function storm(made: Rig, random: Random, ms: number, log: string[]): Promise<void> {
  const { faults } = made.cluster
  const end = performance.now() + ms
  const down = new Set<string>()
  while (performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 20 + random.int(120)))
    const server = random.pick(STORAGES)
    const what = random.int(10)
    if (what < 3) {
      log.push(`cut ${server}`)
      const fault = { kind: 'cut' as const, afterBytes: 1 + random.int(600_000), reset: random.next() < 0.5 }
      faults.add({ server, command: random.pick(CONTENT), times: 1, fault })
    } else if (what < 5) {
      log.push(`lost answer ${server}`)
      faults.add({ server, command: random.pick(ANSWERS), times: 1, fault: { kind: 'drop-answer', reset: random.next() < 0.5 } })
    } else if (what < 6) {
      log.push(`stall ${server}`)
      faults.add({ server, command: random.pick(CONTENT), times: 1, fault: { kind: 'stall', afterBytes: 1 + random.int(400_000) } })
    } else if (what < 7) {
      log.push(`corrupt ${server}`)
      faults.add({ server, command: 14, times: 1, fault: { kind: 'corrupt', atByte: random.int(50_000) } })
    } else if (what < 8 && !down.has(server)) {
      log.push(`kill ${server}`)
      down.add(server)
      await faults.kill(server)
      setTimeout(() => void faults.restart(server).finally(() => down.delete(server)), 100 + random.int(300))
    } else if (what < 9) {
      log.push('tracker away')
      await faults.refuse('tracker')
      await new Promise((resolve) => setTimeout(resolve, random.int(150)))
      await faults.refuse('tracker', false)
    } else {
      log.push('engine restarted')
      await made.restart()
    }
  }
  while (down.size > 0) await new Promise((resolve) => setTimeout(resolve, 20))
  faults.clear()
  await made.engine.control('resume')
}

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

async function settledAfterStorm(made: Rig, random: Random, batchId: number, log: string[]) {
  await made.engine.enqueued(batchId)
  await storm(made, random, STORM_MS, log)
  for (;;) {
    const view = await made.engine.settled(batchId)
    // Whoever ran out of tries in the storm gets another chance, as a user would give it.
    if (view.counts.failed === 0) return view
    log.push(`retry ${view.counts.failed} ${view.error?.code}`)
    await made.engine.control('retry', { batchId })
  }
}

async function playRound(made: Rig, patient: StoreClient, random: Random, round: number, log: string[]): Promise<void> {
  const dir = await tempDir()
  mkdirSync(join(dir, 'in'))
  const wanted = new Map<string, string>()
  for (let i = 0; i < 12; i++) {
    const bytes = randomBytes(i < 8 ? random.int(300_000) : 700_000 + random.int(4_000_000))
    writeFileSync(join(dir, 'in', `${round}-${i}.bin`), bytes)
    wanted.set(`${round}-${i}.bin`, digest(bytes))
  }

  const up = made.engine.upload({ profileId: PROFILE, paths: [join(dir, 'in')] })
  const uploaded = await settledAfterStorm(made, random, up.batchId, log)
  expect(uploaded.counts.done).toBe(12)
  expect(isReconciled(uploaded)).toBe(true)
  const rows = made.rows(up.batchId)
  await made.cluster.synced(20_000)
  for (const row of rows) {
    for (const endpoint of await patient.replicas('group1')) {
      const pieces: Buffer[] = []
      const size = (await patient.info(row.fileId!, { endpoint, skipCrc: true })).sizeBytes
      await patient.download(row.fileId!, { endpoint, offset: 0, length: size }, { write: (chunk) => void pieces.push(Buffer.from(chunk)) })
      expect(digest(Buffer.concat(pieces))).toBe(wanted.get(row.name))
    }
  }

  const fileIds = rows.map((row) => row.fileId!)
  const down = made.engine.download({ profileId: PROFILE, fileIds, target: join(dir, 'out') })
  await made.engine.enqueued(down.batchId)
  const zip = made.engine.zip({ profileId: PROFILE, fileIds, target: join(dir, 'all.zip'), onMissing: 'stop' })
  await made.engine.enqueued(zip.batchId)
  log.push('| reading')
  expect((await settledAfterStorm(made, random, down.batchId, log)).counts.done).toBe(12)
  expect((await settledAfterStorm(made, random, zip.batchId, log)).counts.done).toBe(12)
  const got = new Map(readdirSync(join(dir, 'out')).map((name) => [name, digest(readFileSync(join(dir, 'out', name)))]))
  expect(got).toEqual(wanted)
  const archived = await readZip(join(dir, 'all.zip'))
  expect(new Map([...archived].map(([name, bytes]) => [name, digest(bytes)]))).toEqual(wanted)
  expect(readdirSync(dir).sort()).toEqual(['all.zip', 'in', 'out'])
}

test.each(SEEDS)(
  'under random faults every byte is right at the source, on the replica, in downloads and in archives (seed %i)',
  async (seed) => {
    const random = randomOf(seed)
    const made = await rig({
      cluster: { groups: { group1: 2 } },
      store: { networkTimeoutMs: 700, connectTimeoutMs: 500 },
      settings: { resumableThresholdBytes: 600_000, chunkBytes: 500_000 }
    })
    open.push(made)
    // To look at the outcome with: without the short time limits.
    const [host, port] = made.cluster.trackers[0]!.split(':')
    const patient = createStoreClient({ trackers: [{ host: host!, port: Number(port) }] })
    for (let round = 0; round < ROUNDS; round++) {
      const log: string[] = []
      await playRound(made, patient, random, round, log).catch((error: unknown) => {
        throw new Error(`seed ${seed}, round ${round}: ${log.join(', ')}: ${String(error)}`, { cause: error })
      })
    }
    await patient.close()
    expect(made.engine.leftovers()).toEqual([])
    for (const batch of made.journal.batches()) {
      for (const row of made.journal.page(batch.id, {}, -1, 100)) {
        expect(batch.kind !== 'upload' || parseUploadState(row.state).appender === undefined).toBe(true)
      }
    }
  },
  60_000 + ROUNDS * 30_000
)
