import { lookup } from 'node:dns/promises'
import { formatAddress, isIPv4, isIPv6, parseTracker } from '../../shared/address.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import type { Diagnosis, DiagnosisNote, DiagnosisStep } from '../../shared/model.ts'
import { connectError } from '../client/io-error.ts'
import type { Connection } from '../client/connection.ts'
import type { Endpoint, ExchangeOptions } from '../client/types.ts'
import {
  type GroupList,
  STORAGE_STATE,
  type StorageRecord,
  activeTest,
  listAllGroups,
  listStorages,
  storageStateName
} from '../protocol/index.ts'
import { type UnreachedStorage, proposeAddresses } from './propose-addresses.ts'
import { leadership } from './overview.ts'
import { Servers } from './servers.ts'

export interface DiagnoseOptions {
  /** As the user wrote them (the address itself is then the first thing that is checked), or read already. */
  trackers: readonly (string | Endpoint)[]
  /** The address map of the profile (see `StoreClientOptions`). */
  mapAddress?: (told: Endpoint) => Endpoint
  /** Other addresses that the storage at an address is known to have: tried when it cannot be reached. */
  otherAddresses?: (told: Endpoint) => readonly Endpoint[]
  /** Hears of the storages before they are tried, as the tracker names them. */
  onStorages?: (storages: readonly { id: string; host: string; port: number }[]) => void
  /** Everything is decided after this time; what has not answered by then has not answered. Default 10 s, which is also the most. */
  limitMs?: number
  signal?: AbortSignal | undefined
}

const LIMIT_MS = 10_000
/** Of the whole time: the rest is for the storages. */
const TRACKER_SHARE = 0.45
const STORAGES_AT_ONCE = 64
/** A storage that needs longer to say a word is as good as away. */
const STORAGE_MS = 2500
/** Storages tell their trackers that they live at least this often; the tracker notes its own time then. */
const HEARTBEAT_SECONDS = 120
/** Less cannot be told from the way of the answer. */
const CLOCK_SECONDS = 3

/**
 * Tests a connection hop by hop, as seen from this computer: each address, name and tracker (TCP, then a FastDFS answer), the
 * groups, versions and clock, then every storage (TCP and ACTIVE_TEST, after the address map). For storages out of reach it
 * looks for a way round at the trackers' hosts. Never throws: what goes wrong is the result.
 * `ok` = a tracker answers, there is a group, and every storage that the tracker calls active can be reached.
 */
export async function diagnose(options: DiagnoseOptions): Promise<Diagnosis> {
  const limitMs = Math.min(options.limitMs ?? LIMIT_MS, LIMIT_MS)
  const probe = new Probe(options, limitMs)
  try {
    return await probe.run()
  } finally {
    await probe.close()
  }
}

class Probe {
  readonly #options: DiagnoseOptions
  readonly #deadline: number
  readonly #trackerMs: number
  readonly #steps: DiagnosisStep[] = []
  readonly #servers: Servers
  readonly #unreached: UnreachedStorage[] = []
  readonly #reached = new Set<string>()

  constructor(options: DiagnoseOptions, limitMs: number) {
    this.#options = options
    this.#deadline = performance.now() + limitMs * 0.95
    this.#trackerMs = limitMs * TRACKER_SHARE
    this.#servers = new Servers({
      trackers: [],
      connectTimeoutMs: limitMs,
      networkTimeoutMs: limitMs,
      ...(options.mapAddress ? { mapAddress: options.mapAddress } : {})
    })
  }

  async run(): Promise<Diagnosis> {
    const endpoints = this.#addresses()
    const answers = await Promise.all(endpoints.map((endpoint) => this.#tracker(endpoint)))
    // They were asked at the same time; told are they one after the other, in the order of the connection.
    const order = new Map(endpoints.map((endpoint, index) => [formatAddress(endpoint), index]))
    this.#steps.sort((a, b) => (order.get(a.address) ?? -1) - (order.get(b.address) ?? -1))
    const good = answers.filter((tracker) => tracker !== null)
    const names = new Set<string>()
    let ok = good.length > 0
    if (good[0]) ok = await this.#groups(good, names)
    return { ok, steps: this.#steps, groups: [...names], addressMap: await this.#wayRound(good) }
  }

  close(): Promise<void> {
    return this.#servers.pool.close()
  }

  #addresses(): Endpoint[] {
    const endpoints = new Map<string, Endpoint>()
    for (const given of this.#options.trackers) {
      const text = typeof given === 'string' ? given : formatAddress(given)
      try {
        for (const endpoint of parseTracker(text)) endpoints.set(formatAddress(endpoint), endpoint)
      } catch (error) {
        this.#add('address', text, performance.now(), null, toAppError(error))
      }
    }
    if (endpoints.size === 0 && this.#steps.length === 0) {
      const error = new AppError('ADDRESS_INVALID', { detail: { address: '', reason: 'empty' } })
      this.#add('address', '', performance.now(), null, error)
    }
    return [...endpoints.values()]
  }

  /** Name, TCP, first answer. null = this tracker is of no use. */
  async #tracker(endpoint: Endpoint): Promise<Endpoint | null> {
    const address = formatAddress(endpoint)
    if (!(await this.#resolves(endpoint))) return null
    const started = performance.now()
    try {
      const note = await this.#within(this.#trackerMs, endpoint, async (connection, limits) => {
        const connected = performance.now()
        await connection.exchange(activeTest, undefined, limits)
        const latency = performance.now() - connected
        const { leader } = await leadership(connection, endpoint, limits)
        const answerMs = Math.max(1, Math.round(latency))
        return { code: 'answered', connectMs: Math.round(connected - started), answerMs, leader } as const
      })
      this.#add('tracker', address, started, note, null)
      return endpoint
    } catch (error) {
      this.#add('tracker', address, started, null, toAppError(error))
      return null
    }
  }

  async #resolves(endpoint: Endpoint): Promise<boolean> {
    const { host } = endpoint
    const address = formatAddress(endpoint)
    const started = performance.now()
    if (isIPv4(host) || isIPv6(host)) {
      this.#add('address', address, started, { code: 'literal' }, null)
      return true
    }
    try {
      const found = await this.#orTimeout(this.#trackerMs, lookup(host, { all: true }), address)
      this.#add('address', address, started, { code: 'resolved', addresses: found.map((entry) => entry.address) }, null)
      return true
    } catch (error) {
      const failure = error instanceof AppError ? error : connectError(error, { endpoint: address })
      this.#add('address', address, started, null, failure)
      return false
    }
  }

  /** Asks the first tracker that answers for the groups, and then tries every storage. */
  async #groups(trackers: Endpoint[], names: Set<string>): Promise<boolean> {
    for (const tracker of trackers) {
      const address = formatAddress(tracker)
      const started = performance.now()
      let list: GroupList
      try {
        list = await this.#within(this.#left(), tracker, (c, limits) => c.exchange(listAllGroups, undefined, limits))
      } catch (error) {
        this.#add('groups', address, started, null, toAppError(error))
        continue
      }
      for (const { group } of list.groups) names.add(group)
      const none = list.groups.length === 0 ? new AppError('NO_STORAGE', { detail: { endpoint: address } }) : null
      this.#add('groups', address, started, { code: 'groups', groups: [...names] }, none)
      return none === null && this.#storages(tracker, [...names], list.layout ?? 0)
    }
    return false
  }

  async #storages(tracker: Endpoint, groups: string[], groupLayout: number): Promise<boolean> {
    const results: boolean[] = []
    const probes: (() => Promise<boolean>)[] = []
    const found: { storages: StorageRecord[]; layout: number; atSeconds: number }[] = []
    const asked = performance.now()
    for (const group of groups) {
      const started = performance.now()
      try {
        const list = await this.#within(this.#left(), tracker, (c, limits) => c.exchange(listStorages, { group }, limits))
        const { storages } = list
        this.#options.onStorages?.(storages.map(({ id, ip, port }) => ({ id, host: ip, port })))
        found.push({ storages, layout: list.layout ?? 0, atSeconds: Date.now() / 1000 })
        for (const storage of storages) probes.push(() => this.#storage(group, storage))
        if (storages.length === 0) {
          this.#add('storage', group, started, null, new AppError('NO_STORAGE', { detail: { group } }))
          results.push(false)
        }
      } catch (error) {
        this.#add('groups', group, started, null, toAppError(error))
        results.push(false)
      }
    }
    const versions = [...new Set(found.flatMap(({ storages }) => storages.map((storage) => storage.version)))].toSorted()
    const storageLayout = found.find(({ layout }) => layout > 0)?.layout
    const address = formatAddress(tracker)
    if (storageLayout !== undefined) this.#add('version', address, asked, { code: 'version', versions, groupLayout, storageLayout }, null)
    const differenceSeconds = clockDifference(found)
    if (differenceSeconds !== null) this.#add('clock', address, asked, { code: 'clock', differenceSeconds }, null)
    const next = async (): Promise<void> => {
      for (let probe = probes.shift(); probe; probe = probes.shift()) results.push(await probe())
    }
    await Promise.all(Array.from({ length: STORAGES_AT_ONCE }, next))
    return results.every(Boolean)
  }

  async #storage(group: string, record: StorageRecord): Promise<boolean> {
    const started = performance.now()
    const told: Endpoint = { host: record.ip, port: record.port }
    const toldAddress = formatAddress(told)
    let address = toldAddress
    const note = () =>
      ({
        code: 'storage',
        group,
        status: storageStateName(record.status),
        version: record.version,
        told: address === toldAddress ? null : toldAddress
      }) as const
    try {
      const endpoint = this.#servers.reach(told)
      address = formatAddress(endpoint)
      this.#checkTime(endpoint)
      await this.#servers.storage(endpoint, (connection) => connection.exchange(activeTest, undefined, this.#limits(STORAGE_MS)), {
        signal: this.#options.signal,
        connectTimeoutMs: this.#limits(STORAGE_MS).timeoutMs
      })
      this.#reached.add(address)
      this.#add('storage', address, started, note(), null)
      return true
    } catch (error) {
      const failure = toAppError(error)
      this.#add('storage', address, started, note(), failure)
      // A storage that the tracker itself does not offer is no obstacle.
      const offered = record.status === STORAGE_STATE.active
      if (offered && failure.code !== 'ABORTED') this.#unreached.push({ told, tried: address })
      return !offered
    }
  }

  #wayRound(trackers: readonly Endpoint[]): Promise<Record<string, string>> {
    const others = this.#options.otherAddresses ?? (() => [])
    return proposeAddresses(trackers, this.#unreached, others, this.#reached, async (endpoint) => {
      await this.#within(STORAGE_MS, endpoint, (connection, limits) => connection.exchange(activeTest, undefined, limits))
    })
  }

  /** A tracker that names thousands of storages must not stretch the test: what is left over at the end was not tried. */
  #checkTime(endpoint: Endpoint): void {
    if (this.#left() <= 0) throw new AppError('TIMEOUT', { detail: { endpoint: formatAddress(endpoint), reason: 'not tried' } })
  }

  async #within<T>(ms: number, endpoint: Endpoint, work: (connection: Connection, limits: ExchangeOptions) => Promise<T>): Promise<T> {
    this.#checkTime(endpoint)
    const limitMs = Math.max(50, Math.min(ms, this.#left()))
    return this.#servers.pool.use(endpoint, (connection) => work(connection, this.#limits(limitMs)), {
      signal: this.#options.signal,
      connectTimeoutMs: limitMs
    })
  }

  #limits(ms: number): { signal: AbortSignal | undefined; timeoutMs: number } {
    return { signal: this.#options.signal, timeoutMs: Math.max(50, Math.min(ms, this.#left())) }
  }

  #left(): number {
    return this.#deadline - performance.now()
  }

  async #orTimeout<T>(ms: number, work: Promise<T>, endpoint: string): Promise<T> {
    let timer: NodeJS.Timeout | undefined
    try {
      return await Promise.race([
        work,
        new Promise<never>((_, reject) => {
          timer = setTimeout(() => reject(new AppError('HOST_NOT_FOUND', { detail: { endpoint, reason: 'no answer from DNS' } })), ms)
        })
      ])
    } finally {
      clearTimeout(timer)
    }
  }

  #add(target: DiagnosisStep['target'], address: string, started: number, note: DiagnosisNote | null, error: AppError | null): void {
    const ms = Math.round(performance.now() - started)
    this.#steps.push({ target, address, ok: error === null, ms, note, error: error?.toData() ?? null })
  }
}

/**
 * Seconds by which the tracker's clock is ahead (above 0) or behind at least, told by the newest heartbeat of an active storage;
 * 0 where none can be seen, null where no storage is active. A heartbeat may be as old as the storages' rhythm, so a clock that
 * is a little behind does not show.
 */
function clockDifference(found: readonly { storages: readonly StorageRecord[]; atSeconds: number }[]): number | null {
  let newest: number | null = null
  for (const { storages, atSeconds } of found) {
    for (const { status, stats } of storages) {
      if (status !== STORAGE_STATE.active || stats.last_heart_beat_time <= 0) continue
      newest = Math.max(newest ?? -Infinity, stats.last_heart_beat_time - atSeconds)
    }
  }
  if (newest === null) return null
  if (newest > CLOCK_SECONDS) return Math.floor(newest)
  return newest < -HEARTBEAT_SECONDS ? Math.ceil(newest + HEARTBEAT_SECONDS) : 0
}
