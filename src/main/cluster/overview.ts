import { formatAddress } from '../../shared/address.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import type { GroupInfo, StorageInfo, TrackerInfo } from '../../shared/model.ts'
import type { Connection } from '../client/connection.ts'
import type { Endpoint, ExchangeOptions } from '../client/types.ts'
import {
  type GroupRecord,
  type StorageRecord,
  activeTest,
  getLeader,
  listAllGroups,
  storageStateName,
  trackerStatus
} from '../protocol/index.ts'
import type { Locator } from './locator.ts'
import type { Servers } from './servers.ts'

const MIB = 1_048_576
const READ = 4
const WRITE = 2
/** A page about the cluster must not wait for a dead tracker as long as a transfer would. */
const TRACKER_PROBE_MS = 5000
const GROUPS_AT_ONCE = 4

/** What trackers tell about the cluster, in the terms of the model. */
export class Overview {
  readonly #servers: Servers
  readonly #locator: Locator

  constructor(servers: Servers, locator: Locator) {
    this.#servers = servers
    this.#locator = locator
  }

  async groups(options: ExchangeOptions): Promise<GroupInfo[]> {
    const { groups } = await this.#servers.trackers.ask(listAllGroups, undefined, options)
    const result: GroupInfo[] = []
    for (let i = 0; i < groups.length; i += GROUPS_AT_ONCE) {
      const some = groups.slice(i, i + GROUPS_AT_ONCE)
      result.push(...(await Promise.all(some.map(async (group) => toGroupInfo(group, await this.storages(group.group, options))))))
    }
    return result
  }

  async storages(group: string, options: ExchangeOptions): Promise<StorageInfo[]> {
    return (await this.#locator.storages(group, options)).map((storage) => toStorageInfo(group, storage))
  }

  /** Every tracker by itself, so that a dead one shows. Rejects only when aborted. */
  async trackers(options: ExchangeOptions): Promise<TrackerInfo[]> {
    return Promise.all(this.#servers.trackers.endpoints.map((endpoint) => this.#tracker(endpoint, options)))
  }

  async #tracker(endpoint: Endpoint, options: ExchangeOptions): Promise<TrackerInfo> {
    const address = formatAddress(endpoint)
    const timeoutMs = Math.min(options.timeoutMs ?? TRACKER_PROBE_MS, TRACKER_PROBE_MS)
    try {
      return await this.#servers.pool.use(
        endpoint,
        async (connection) => {
          const started = performance.now()
          await connection.exchange(activeTest, undefined, { ...options, timeoutMs })
          const latencyMs = performance.now() - started
          const leader = await leadership(connection, endpoint, { ...options, timeoutMs })
          return { address, reachable: true, ...leader, latencyMs, error: null }
        },
        { signal: options.signal, repeatable: true, connectTimeoutMs: TRACKER_PROBE_MS }
      )
    } catch (thrown) {
      const error = toAppError(thrown)
      if (error.code === 'ABORTED') throw error
      return { address, reachable: false, leader: null, latencyMs: null, error: error.toData() }
    }
  }
}

/**
 * Whether this tracker is the leader, by its own word (64; null = it does not say), and else whom it calls the leader (95, since
 * 6.15.5): null = there is none, missing = it does not say.
 */
export async function leadership(
  connection: Connection,
  endpoint: Endpoint,
  options: ExchangeOptions
): Promise<{ leader: boolean | null; leaderAddress?: string | null }> {
  let leader: boolean | null = null
  try {
    leader = (await connection.exchange(trackerStatus, undefined, options)).isLeader
  } catch (error) {
    if (!isRefusal(error)) throw error
  }
  if (leader === true || !connection.usable) return { leader }
  try {
    const named = await connection.exchange(getLeader, undefined, options)
    return { leader: named.host === endpoint.host && named.port === endpoint.port, leaderAddress: formatAddress(named) }
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return { leader: false, leaderAddress: null }
    if (isRefusal(error)) return { leader }
    throw error
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof AppError && error.detail['status'] !== undefined
}

function toStorageInfo(group: string, s: StorageRecord): StorageInfo {
  const status = storageStateName(s.status)
  const active = status === 'active'
  return {
    id: s.id,
    group,
    host: s.ip,
    port: s.port,
    status,
    version: s.version,
    totalBytes: s.totalMb * MIB,
    freeBytes: s.freeMb * MIB,
    reservedBytes: s.reservedMb === null ? null : s.reservedMb * MIB,
    readable: active && (s.rwMode === null || (s.rwMode & READ) !== 0),
    writable: active && (s.rwMode === null || (s.rwMode & WRITE) !== 0),
    connections: s.connections.current,
    maxConnections: s.connections.max,
    joinedAt: s.joinTime * 1000,
    upSince: s.upTime * 1000,
    lastHeartbeatAt: s.stats.last_heart_beat_time * 1000,
    lastSyncedAt: s.stats.last_synced_timestamp * 1000,
    sourceId: s.sourceId,
    storePathCount: s.storePathCount,
    isTrunkServer: s.isTrunkServer,
    stats: { ...s.stats }
  }
}

/** Counts come from the storages: the group records of some versions carry other numbers in the same places. */
function toGroupInfo(group: GroupRecord, storages: StorageInfo[]): GroupInfo {
  return {
    name: group.group,
    totalBytes: group.totalMb * MIB,
    freeBytes: group.freeMb * MIB,
    reservedBytes: group.reservedMb === null ? null : group.reservedMb * MIB,
    storageCount: group.storageCount,
    readableCount: storages.filter((s) => s.readable).length,
    writableCount: storages.filter((s) => s.writable).length,
    storePathCount: group.storePathCount,
    storages
  }
}
