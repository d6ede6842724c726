import { isIPv6, splitSharedPort } from '../../shared/address.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import type { ExchangeOptions } from '../client/types.ts'
import { type StorageIdPage, fetchStorageIds, listStorages } from '../protocol/index.ts'
import type { Servers } from './servers.ts'

/** How long the addresses of storage ids are remembered. */
const REMEMBER_MS = 10_000
const MAX_REMEMBERED = 1000
/** More pages of ids than any cluster has. */
const MAX_PAGES = 100

/** The addresses of storages by their id: the id in the name of a file, or the address that a storage had when it made the name. */
export class StorageIds {
  readonly #servers: Servers
  readonly #known = new Map<string, { ips: readonly string[]; until: number }>()

  constructor(servers: Servers) {
    this.#servers = servers
  }

  /** Whether the storage with this id has this address. */
  async isAt(group: string, id: string, ip: string, options: ExchangeOptions): Promise<boolean> {
    const kept = this.#known.get(`${group}/${id}`)
    if (kept && kept.until > this.#servers.now()) return kept.ips.includes(ip)
    const ids = await this.#ask(group, options)
    if (this.#known.size > MAX_REMEMBERED) this.#known.clear()
    const until = this.#servers.now() + REMEMBER_MS
    for (const [found, ips] of ids) this.#known.set(`${group}/${found}`, { ips, until })
    return ids.get(id)?.includes(ip) === true
  }

  /** From the list of storages (92); where a tracker does not tell that in a way that we know, from its list of ids (69). */
  async #ask(group: string, options: ExchangeOptions): Promise<Map<string, string[]>> {
    try {
      const { storages } = await this.#servers.trackers.ask(listStorages, { group }, options)
      return new Map(storages.map(({ id, ip }) => [id, [ip]]))
    } catch (error) {
      if (!isNoAnswer(toAppError(error))) throw error
      return this.#list(group, options).catch(() => {
        throw error
      })
    }
  }

  async #list(group: string, options: ExchangeOptions): Promise<Map<string, string[]>> {
    const ids = new Map<string, string[]>()
    let startIndex = 0
    for (let page = 0; page < MAX_PAGES; page++) {
      const { total, entries } = await this.#page(startIndex, options)
      for (const entry of entries) if (entry.group === group) ids.set(String(entry.id), splitSharedPort(entry.address).map(hostOf))
      startIndex += entries.length
      if (entries.length === 0 || startIndex >= total) break
    }
    return ids
  }

  /** Trackers since 6.11 take five bytes, and the newest take nothing else; older ones take four. */
  async #page(startIndex: number, options: ExchangeOptions): Promise<StorageIdPage> {
    const { trackers } = this.#servers
    try {
      return await trackers.ask(fetchStorageIds, { startIndex, allowEmpty: true }, options)
    } catch (error) {
      if (!isNoAnswer(toAppError(error))) throw error
      return trackers.ask(fetchStorageIds, { startIndex }, options)
    }
  }
}

/** A refusal, or an answer that could not be read: asking in another way may help. (Not: nobody there, no such group, aborted.) */
function isNoAnswer(error: AppError): boolean {
  if (error.code === 'PROTOCOL_INVALID' || error.code === 'PROTOCOL_TRUNCATED') return true
  return error.detail['status'] !== undefined && error.code !== 'GROUP_UNKNOWN'
}

function hostOf(address: string): string {
  const bracketed = /^\[(.+)\](?::\d+)?$/.exec(address)?.[1]
  if (bracketed !== undefined) return bracketed
  return isIPv6(address) ? address : address.replace(/:\d+$/, '')
}
