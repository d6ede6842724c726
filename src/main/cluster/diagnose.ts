import { lookup } from 'node:dns/promises'
import { formatAddress, isIPv4, isIPv6, parseTrackerAddress } from '../../shared/address.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import type { Diagnosis, DiagnosisStep } from '../../shared/model.ts'
import { connectError } from '../client/io-error.ts'
import type { Connection } from '../client/connection.ts'
import type { Endpoint, ExchangeOptions } from '../client/types.ts'
import { type GroupList, STORAGE_STATE, activeTest, listAllGroups, listStorages, storageStateName } from '../protocol/index.ts'
import { leadership } from './overview.ts'
import { Servers } from './servers.ts'

export interface DiagnoseOptions {
  /** As the user wrote them (the address itself is then the first thing that is checked), or read already. */
  trackers: readonly (string | Endpoint)[]
  /** The address map of the profile (see `StoreClientOptions`). */
  mapAddress?: (told: Endpoint) => Endpoint
  /** Everything is decided after this time; what has not answered by then has not answered. Default 10 s, which is also the most. */
  limitMs?: number
  signal?: AbortSignal | undefined
}

const LIMIT_MS = 10_000
/** Of the whole time: the rest is for the storages. */
const TRACKER_SHARE = 0.45
const STORAGES_AT_ONCE = 64
/** A storage that needs longer to say a word is as good as away. */
const STORAGE_MS = 3000

/**
 * Tests a connection hop by hop, as seen from this computer: each address, name and tracker (TCP, then a FastDFS answer), the
 * groups, then every storage (TCP and ACTIVE_TEST, after the address map). Never throws: what goes wrong is the result.
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
    const good = answers.filter((tracker) => tracker !== null)
    const names = new Set<string>()
    let ok = good.length > 0
    if (good[0]) ok = await this.#groups(good, names)
    return { ok, steps: this.#steps, groups: [...names] }
  }

  close(): Promise<void> {
    return this.#servers.pool.close()
  }

  #addresses(): Endpoint[] {
    const endpoints = new Map<string, Endpoint>()
    for (const given of this.#options.trackers) {
      const text = typeof given === 'string' ? given : formatAddress(given)
      try {
        const endpoint = parseTrackerAddress(text)
        endpoints.set(formatAddress(endpoint), endpoint)
      } catch (error) {
        this.#add('address', text, performance.now(), 'not an address', toAppError(error))
      }
    }
    if (endpoints.size === 0 && this.#steps.length === 0) {
      const error = new AppError('ADDRESS_INVALID', { detail: { address: '', reason: 'empty' } })
      this.#add('address', '', performance.now(), 'no tracker is given', error)
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
        const leader = await leadership(connection, endpoint, limits)
        const role = leader === null ? '' : leader ? ', leader' : ', not the leader'
        return `connected in ${Math.round(connected - started)} ms, answers in ${Math.max(1, Math.round(latency))} ms${role}`
      })
      this.#add('tracker', address, started, note, null)
      return endpoint
    } catch (error) {
      this.#add('tracker', address, started, 'no FastDFS answer', toAppError(error))
      return null
    }
  }

  async #resolves(endpoint: Endpoint): Promise<boolean> {
    const { host } = endpoint
    const address = formatAddress(endpoint)
    const started = performance.now()
    if (isIPv4(host) || isIPv6(host)) {
      this.#add('address', address, started, 'an IP address', null)
      return true
    }
    try {
      const found = await this.#orTimeout(this.#trackerMs, lookup(host, { all: true }), address)
      this.#add('address', address, started, found.map((entry) => entry.address).join(', '), null)
      return true
    } catch (error) {
      const failure = error instanceof AppError ? error : connectError(error, { endpoint: address })
      this.#add('address', address, started, 'the name is not known', failure)
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
        this.#add('groups', address, started, 'no list of groups', toAppError(error))
        continue
      }
      for (const { group } of list.groups) names.add(group)
      const note = list.groups.length === 0 ? 'this cluster has no group yet' : [...names].join(', ')
      this.#add(
        'groups',
        address,
        started,
        note,
        list.groups.length === 0 ? new AppError('NO_STORAGE', { detail: { endpoint: address } }) : null
      )
      return list.groups.length > 0 && this.#storages(tracker, [...names])
    }
    return false
  }

  async #storages(tracker: Endpoint, groups: string[]): Promise<boolean> {
    const results: boolean[] = []
    const probes: (() => Promise<boolean>)[] = []
    for (const group of groups) {
      const started = performance.now()
      try {
        const { storages } = await this.#within(this.#left(), tracker, (c, limits) => c.exchange(listStorages, { group }, limits))
        for (const s of storages) {
          probes.push(() => this.#storage(group, { host: s.ip, port: s.port }, s.status))
        }
        if (storages.length === 0) {
          this.#add('storage', group, started, 'the group has no storage', new AppError('NO_STORAGE', { detail: { group } }))
          results.push(false)
        }
      } catch (error) {
        this.#add('groups', group, started, 'no list of storages', toAppError(error))
        results.push(false)
      }
    }
    const next = async (): Promise<void> => {
      for (let probe = probes.shift(); probe; probe = probes.shift()) results.push(await probe())
    }
    await Promise.all(Array.from({ length: STORAGES_AT_ONCE }, next))
    return results.every(Boolean)
  }

  async #storage(group: string, told: Endpoint, status: number): Promise<boolean> {
    const started = performance.now()
    const toldAddress = formatAddress(told)
    const state = storageStateName(status)
    let address = toldAddress
    try {
      const endpoint = this.#servers.reach(told)
      address = formatAddress(endpoint)
      await this.#servers.storage(endpoint, (connection) => connection.exchange(activeTest, undefined, this.#limits(STORAGE_MS)), {
        signal: this.#options.signal,
        connectTimeoutMs: this.#limits(STORAGE_MS).timeoutMs
      })
      this.#add('storage', address, started, describe(group, state, address, toldAddress), null)
      return true
    } catch (error) {
      this.#add('storage', address, started, describe(group, state, address, toldAddress), toAppError(error))
      // A storage that the tracker itself does not offer is no obstacle.
      return status !== STORAGE_STATE.active
    }
  }

  #within<T>(ms: number, endpoint: Endpoint, work: (connection: Connection, limits: ExchangeOptions) => Promise<T>): Promise<T> {
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

  #add(target: DiagnosisStep['target'], address: string, started: number, note: string, error: AppError | null): void {
    const ms = Math.round(performance.now() - started)
    this.#steps.push({ target, address, ok: error === null, ms, note, error: error?.toData() ?? null })
  }
}

function describe(group: string, state: string, address: string, told: string): string {
  const mapped = address === told ? '' : `, told as ${told}`
  return `${group}, ${state}${mapped}`
}
