import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe } from 'vitest'
import { parseTrackerAddress } from '../../src/shared/address.ts'
import { listAllGroups } from '../../src/main/protocol/tracker/list-groups.ts'
import { listStorages } from '../../src/main/protocol/tracker/list-storages.ts'
import { queryStoreOneInGroup } from '../../src/main/protocol/tracker/query-store.ts'
import { uploadAppender, uploadFile } from '../../src/main/protocol/storage/upload-file.ts'
import type { FileRef } from '../../src/main/protocol/fields.ts'
import { startCluster } from '../support/cluster.ts'
import type { TestCluster } from '../support/cluster.ts'
import { get } from '../support/wire.ts'
import type { Address } from '../support/wire.ts'

/** The cluster that a suite runs against, and what can be learned about it from outside. */
export interface Target {
  tracker: Address
  trackers: Address[]
  /** A group and one of its storages that takes uploads. */
  group: string
  storage: Address
  /** Two active storages of one group, null when no group has them. */
  pair: { group: string; storages: [Address, Address] } | null
  /** Since 6.15.4: ranges are clipped, an empty range is EINVAL. */
  clipsRanges: boolean
  /** Since 6.15.1. */
  infoFlags: boolean
  /** Since 6.10 the tracker keeps the connection after EINVAL. */
  trackerKeeps: boolean
  /** Since 6.16.0: 95–98 and `ip:port` keys. */
  clusterCommands: boolean
  usesIds: boolean
  isEmbedded: boolean
}

export interface Uploaded extends FileRef {
  storage: Address
  content: Buffer
}

const REAL = process.env['FDFS_TRACKERS']

interface Candidate {
  name: string
  start(): Promise<{ trackers: Address[]; cluster: TestCluster | null }>
}

/** A real cluster if FDFS_TRACKERS names one, else the embedded one in both of its behaviours, and with storage ids. */
const CANDIDATES: Candidate[] =
  REAL !== undefined && REAL !== ''
    ? [
        {
          name: `the cluster at ${REAL}`,
          start: async () => ({ trackers: REAL.split(',').map((a) => parseTrackerAddress(a)), cluster: null })
        }
      ]
    : [
        embedded('like 6.16.1', { behaveLike: '6.16.1' }),
        embedded('like 6.16.1, with room for IPv6 addresses', { behaveLike: '6.16.1-ipv6' }),
        embedded('like 6.06', { behaveLike: '6.06' }),
        embedded('like 6.16.1, with storage ids', { behaveLike: '6.16.1', addressing: 'id' })
      ]

/** Declares the suite once for each cluster to be tested. `target()` may be called inside tests only. */
export function conformance(title: string, declare: (target: () => Target) => void): void {
  describe.each(CANDIDATES)(`${title}: $name`, (candidate) => {
    let target: Target | undefined
    let cluster: TestCluster | null = null
    beforeAll(async () => {
      const started = await candidate.start()
      cluster = started.cluster
      target = await explore(started.trackers, cluster !== null)
    })
    afterAll(async () => {
      await cluster?.close()
    })
    declare(() => {
      if (target === undefined) throw new Error('the cluster did not start')
      return target
    })
  })
}

/** Uploads to the target's storage, directly. */
export async function put(
  target: Target,
  content: Buffer | string,
  options: { ext?: string; appender?: boolean; to?: Address } = {}
): Promise<Uploaded> {
  const bytes = Buffer.from(content)
  const storage = options.to ?? target.storage
  const command = options.appender === true ? uploadAppender : uploadFile
  const file = await get(storage, command, { storePathIndex: 0xff, sizeBytes: bytes.length, ext: options.ext ?? 'txt' }, bytes)
  return { ...file, storage, content: bytes }
}

/** A well-formed name that no storage has. */
export function missingName(): string {
  return `M00/00/00/${randomBytes(20).toString('base64url')}000.txt`
}

function embedded(name: string, options: Parameters<typeof startCluster>[0]): Candidate {
  return {
    name: `the embedded cluster, ${name}`,
    start: async () => {
      const cluster = await startCluster({ groups: { group1: 2, group2: 1 }, quirks: true, ...options })
      return { trackers: cluster.trackers.map((a) => parseTrackerAddress(a)), cluster }
    }
  }
}

async function explore(trackers: Address[], isEmbedded: boolean): Promise<Target> {
  const tracker = trackers[0]!
  const { groups } = await get(tracker, listAllGroups, undefined)
  let pair: Target['pair'] = null
  let version = ''
  let usesIds = false
  for (const { group } of groups) {
    const { storages } = await get(tracker, listStorages, { group })
    const active = storages.filter((s) => s.status === 7)
    version ||= active[0]?.version ?? ''
    usesIds ||= active.some((s) => s.id !== s.ip)
    const [first, second] = active.map((s) => ({ host: s.ip, port: s.port }))
    if (pair === null && first !== undefined && second !== undefined) pair = { group, storages: [first, second] }
  }
  const group = groups[0]!.group
  const { host, port } = await get(tracker, queryStoreOneInGroup, { group })
  return {
    tracker,
    trackers,
    group,
    storage: { host, port },
    pair,
    clipsRanges: atLeast(version, [6, 15, 4]),
    infoFlags: atLeast(version, [6, 15, 1]),
    trackerKeeps: atLeast(version, [6, 10, 0]),
    clusterCommands: atLeast(version, [6, 16, 0]),
    usesIds,
    isEmbedded
  }
}

function atLeast(version: string, wanted: readonly number[]): boolean {
  const parts = version.split('.').map(Number)
  for (const [i, want] of wanted.entries()) {
    const have = parts[i] ?? 0
    if (have !== want) return have > want
  }
  return true
}
