import { formatAddress } from '../../shared/address.ts'
import { AppError, type ErrorDetail, toAppError } from '../../shared/errors.ts'
import { type FileIdFacts, isGroupName, parseFileId } from '../../shared/file-id.ts'
import { withDetail } from '../client/io-error.ts'
import type { Endpoint, ExchangeOptions } from '../client/types.ts'
import {
  type Command,
  type FetchTarget,
  type FileRef,
  STORAGE_STATE,
  type StorageRecord,
  type StoreTarget as ToldTarget,
  listOneGroup,
  listStorages,
  queryFetchOne,
  queryStoreOne,
  queryStoreOneInGroup,
  queryUpdate
} from '../protocol/index.ts'
import { FileAnswers, StoreAnswers } from './answer-cache.ts'
import { findElsewhere } from './elsewhere.ts'
import type { Servers } from './servers.ts'
import { StorageIds } from './storage-ids.ts'
import type { StoreTarget } from './types.ts'

/** Who took a file or its metadata is asked first for this long: a replica may not have it yet. */
const RECENT_MS = 60_000
const MAX_RECENT = 10_000

/** Which server to ask: the rules of section 9 of the protocol page. */
export class Locator {
  readonly #servers: Servers
  readonly #stores: StoreAnswers<StoreTarget>
  readonly #fetches: FileAnswers
  readonly #updates: FileAnswers
  readonly #recent = new Map<string, { endpoint: Endpoint; until: number }>()
  readonly #ids: StorageIds

  constructor(servers: Servers, answerCacheMs: number) {
    this.#servers = servers
    this.#stores = new StoreAnswers(answerCacheMs, servers.now)
    this.#fetches = new FileAnswers(answerCacheMs, servers.now, { sourceOnly: false })
    this.#ids = new StorageIds(servers)
    this.#updates = new FileAnswers(answerCacheMs, servers.now, { sourceOnly: true })
  }

  /** QUERY_STORE, always asked. `keep`: for `keptStore`. NO_STORAGE, NO_SPACE, GROUP_UNKNOWN or GROUP_INVALID. */
  async store(group: string | undefined, options: ExchangeOptions, { keep = false } = {}): Promise<StoreTarget> {
    const { trackers } = this.#servers
    if (group !== undefined && !isGroupName(group)) throw new AppError('GROUP_INVALID', { detail: { group } })
    try {
      const answer = group === undefined ? await trackers.ask(queryStoreOne, undefined, options) : await this.#storeInGroup(group, options)
      const target = { group: answer.group, endpoint: this.#servers.reach(answer), storePathIndex: answer.storePathIndex }
      if (keep) this.#stores.add(group ?? '', target)
      return target
    } catch (error) {
      throw await this.#explain(toAppError(error), group, options)
    }
  }

  /** What `store` answered for a small file, seconds ago at most. */
  keptStore(group: string | undefined): StoreTarget | null {
    return this.#stores.get(group ?? '')
  }

  dropStore(group: string | undefined): void {
    this.#stores.drop(group ?? '')
  }

  async update(fileId: string, options: ExchangeOptions): Promise<Endpoint> {
    return this.#servers.reach(await this.#ask(queryUpdate, parseFileId(fileId), options))
  }

  async fetch(fileId: string, options: ExchangeOptions): Promise<Endpoint> {
    return this.#servers.reach(await this.#ask(queryFetchOne, parseFileId(fileId), options))
  }

  /** The storage that took the file, from its ID. SOURCE_AWAY unless the tracker names that one for changes. */
  async source(fileId: string, options: ExchangeOptions): Promise<Endpoint> {
    const facts = parseFileId(fileId)
    const detail: ErrorDetail = { fileId, endpoint: describeSource(facts) }
    let told: FetchTarget
    try {
      told = await this.#ask(queryUpdate, facts, options)
    } catch (thrown) {
      const error = toAppError(thrown)
      throw error.code === 'NO_STORAGE' ? new AppError('SOURCE_AWAY', { cause: error, detail }) : error
    }
    if (await this.#isSource(facts, told, options)) return this.#servers.reach(told)
    throw new AppError('SOURCE_AWAY', { detail: { ...detail, named: formatAddress(told) } })
  }

  async storages(group: string, options: ExchangeOptions): Promise<StorageRecord[]> {
    const { storages } = await this.#servers.trackers.ask(listStorages, { group }, options).catch((error: unknown) => {
      throw withDetail(toAppError(error), { group })
    })
    return storages
  }

  async active(group: string, options: ExchangeOptions): Promise<Endpoint[]> {
    const storages = await this.storages(group, options)
    return storages.filter((s) => s.status === STORAGE_STATE.active).map((s) => this.#servers.reach({ host: s.ip, port: s.port }))
  }

  /** Remembers who has the newest state of a file. */
  written(fileId: string, endpoint: Endpoint): void {
    this.#recent.delete(fileId)
    this.#recent.set(fileId, { endpoint, until: this.#servers.now() + RECENT_MS })
    if (this.#recent.size <= MAX_RECENT) return
    const [oldest] = this.#recent.keys()
    if (oldest !== undefined) this.#recent.delete(oldest)
  }

  forget(fileId: string): void {
    this.#recent.delete(fileId)
  }

  /**
   * Runs a read at the storage that the tracker offers. If that is a replica which does not have the file (or not all of it),
   * runs it again at the source: only the source's word counts. NOT_SYNCED when the source is away; but when no storage of the
   * group is the source and none has the file, it is NOT_FOUND.
   */
  read<T>(facts: FileIdFacts, options: ExchangeOptions, work: (endpoint: Endpoint) => Promise<T>): Promise<T> {
    const recent = this.#takeRecent(facts.fileId)
    if (!recent) return this.#readAsTold(facts, options, work)
    return work(recent).catch((error: unknown) => {
      if (toAppError(error).code !== 'STORAGE_UNREACHABLE') throw error
      this.#recent.delete(facts.fileId)
      return this.#readAsTold(facts, options, work)
    })
  }

  #readAsTold<T>(facts: FileIdFacts, options: ExchangeOptions, work: (endpoint: Endpoint) => Promise<T>): Promise<T> {
    return this.#asTold(this.#fetches, queryFetchOne, facts, options, work, async (error, told) => {
      if (!mayBeBehind(error) || (facts.source.type === 'ip' && facts.source.address === told.host)) throw error
      return work(await this.#sourceOf(facts, told, error, options))
    })
  }

  /** Runs a change at the storage that the tracker names for changes. */
  change<T>(facts: FileIdFacts, options: ExchangeOptions, work: (endpoint: Endpoint) => Promise<T>): Promise<T> {
    return this.#asTold(this.#updates, queryUpdate, facts, options, work, async (error, told) => {
      // A replica that has not got the file yet says so too: then the file is not gone, and must not be taken for it.
      if (error.code !== 'NOT_FOUND' || (await this.#isSource(facts, told, options))) throw error
      if ((await this.#elsewhere(facts, options)) === 'nowhere') throw error
      throw new AppError('SOURCE_AWAY', {
        cause: error,
        detail: { fileId: facts.fileId, endpoint: describeSource(facts), named: formatAddress(told) }
      })
    })
  }

  async #sourceOf(facts: FileIdFacts, told: Endpoint, error: AppError, options: ExchangeOptions): Promise<Endpoint> {
    try {
      const source = await this.source(facts.fileId, options)
      if (formatAddress(source) === formatAddress(this.#servers.reach(told))) throw error
      return source
    } catch (failure) {
      if (!(failure instanceof AppError) || failure.code !== 'SOURCE_AWAY') throw failure
      const holder = error.code === 'NOT_FOUND' ? await this.#elsewhere(facts, options) : 'unclear'
      if (holder === 'nowhere') throw error
      if (holder !== 'unclear') return holder
      throw new AppError('NOT_SYNCED', { cause: error, detail: { ...failure.detail, endpoint: formatAddress(told) } })
    }
  }

  async #elsewhere(facts: FileIdFacts, options: ExchangeOptions): Promise<Endpoint | 'nowhere' | 'unclear'> {
    return findElsewhere(this.#servers, await this.storages(facts.group, options), facts, options)
  }

  #takeRecent(fileId: string): Endpoint | null {
    const recent = this.#recent.get(fileId)
    if (!recent) return null
    if (recent.until > this.#servers.now()) return recent.endpoint
    this.#recent.delete(fileId)
    return null
  }

  /**
   * Runs `work` at the storage that the tracker names, by an answer that is seconds old at most. Such an answer may name a storage
   * that has gone meanwhile: nothing was sent then, and the tracker is asked again. Any other failure is left to `failed`.
   * (Not an async function, see `Connection`: with a kept answer there are a thousand small files a second, and nothing to await.)
   */
  #asTold<T>(
    cache: FileAnswers,
    command: Command<FileRef, FetchTarget>,
    facts: FileIdFacts,
    options: ExchangeOptions,
    work: (endpoint: Endpoint) => Promise<T>,
    failed: (error: AppError, told: Endpoint) => Promise<T>
  ): Promise<T> {
    const at = (told: Endpoint, onError: (error: AppError, told: Endpoint) => Promise<T>): Promise<T> =>
      work(this.#servers.reach(told)).catch((thrown: unknown) => {
        const error = toAppError(thrown)
        if (error.code === 'STORAGE_UNREACHABLE') cache.drop(facts)
        return onError(error, told)
      })
    const kept = cache.get(facts)
    if (kept === null) return this.#askAndKeep(cache, command, facts, options).then((told) => at(told, failed))
    return at(kept, async (error) => {
      if (error.code !== 'STORAGE_UNREACHABLE') return failed(error, kept)
      const told = await this.#askAndKeep(cache, command, facts, options)
      if (formatAddress(told) === formatAddress(kept)) throw error
      return at(told, failed)
    })
  }

  async #askAndKeep(
    cache: FileAnswers,
    command: Command<FileRef, FetchTarget>,
    facts: FileIdFacts,
    options: ExchangeOptions
  ): Promise<Endpoint> {
    const told = await this.#ask(command, facts, options)
    cache.add(facts, told)
    return told
  }

  async #ask(command: Command<FileRef, FetchTarget>, facts: FileIdFacts, options: ExchangeOptions): Promise<FetchTarget> {
    const { group, remoteName, fileId } = facts
    try {
      const told = await this.#servers.trackers.ask(command, { group, remoteName }, options)
      if (told.group !== group) throw wrongGroup(group, told.group)
      return told
    } catch (error) {
      throw await this.#explain(withDetail(toAppError(error), { fileId }), group, options)
    }
  }

  async #storeInGroup(group: string, options: ExchangeOptions): Promise<ToldTarget> {
    const answer = await this.#servers.trackers.ask(queryStoreOneInGroup, { group }, options)
    if (answer.group !== group) throw wrongGroup(group, answer.group)
    return answer
  }

  /** ENOENT of a query means an unknown group as well as one without a storage: the list of groups tells them apart. */
  async #explain(error: AppError, group: string | undefined, options: ExchangeOptions): Promise<AppError> {
    if (group === undefined) return error
    const explained = withDetail(error, { group })
    if (error.code !== 'NO_STORAGE') return explained
    try {
      await this.#servers.trackers.ask(listOneGroup, { group }, options)
      return explained
    } catch (failure) {
      const { code } = toAppError(failure)
      return code === 'GROUP_UNKNOWN' ? new AppError('GROUP_UNKNOWN', { cause: error, detail: { ...explained.detail } }) : explained
    }
  }

  async #isSource(facts: FileIdFacts, told: Endpoint, options: ExchangeOptions): Promise<boolean> {
    const { source, group } = facts
    if (source.type === 'ip' && source.address === told.host) return true
    // A storage id; or an address that its storage no longer has, which then is its id in the tracker's list.
    const id = source.type === 'ip' ? source.address : String(source.id)
    return this.#ids.isAt(group, id, told.host, options)
  }
}

function mayBeBehind(error: AppError): boolean {
  return error.code === 'NOT_FOUND' || error.code === 'SIZE_MISMATCH' || error.code === 'REJECTED'
}

function wrongGroup(asked: string, told: string): AppError {
  return new AppError('PROTOCOL_INVALID', { detail: { reason: 'group-differs', group: asked, actual: told } })
}

function describeSource(facts: FileIdFacts): string {
  return facts.source.type === 'ip' ? facts.source.address : `storage id ${facts.source.id}`
}
