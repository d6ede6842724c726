import { canonicalHost, formatAddress, isIPv6, parseTrackerAddress } from '../../shared/address.ts'
import type { HostPort } from '../../shared/address.ts'
import type { Profile } from '../../shared/model.ts'
import { isStorageId } from '../../shared/storage-ids.ts'

/** What a profile knows about the addresses of its storages. */
export interface AddressBook {
  /** The address to use for one that a tracker told. */
  map(told: HostPort): HostPort
  /** Other addresses of the same storage, by `storage_ids.conf`; [] = none are known. */
  others(told: HostPort): HostPort[]
  /** Takes the tracker's word for which address is which storage. */
  learn(storages: readonly { id: string; host: string; port: number }[]): void
  /** Entries for storages by their ID wait to learn whose it is. */
  readonly incomplete: boolean
}

/** More than any cluster has: a tracker that names ever new ones must not fill the memory. */
const MAX_LEARNED = 20_000

/** Earlier versions stored IPv6 addresses without port and brackets. */
function placeOf(text: string, port: number): HostPort {
  return isIPv6(text) ? { host: text, port } : parseTrackerAddress(text, port)
}

function portKey({ host, port }: HostPort): string {
  return formatAddress({ host: canonicalHost(host), port })
}

/** Of an address with or without port, or the ID of a storage. */
function keyOf(text: string): string {
  if (isIPv6(text)) return canonicalHost(text)
  const ported = /(?:\]|^[^:]+):\d+$/.test(text)
  return ported ? portKey(parseTrackerAddress(text)) : canonicalHost(text.replace(/^\[|\]$/g, ''))
}

/**
 * An entry for 'host:port' wins over one for 'host', and that over one for the ID of a storage; a target without port keeps the port
 * that was told. IDs are known from `storageIds`, or learned.
 */
export function createAddressBook({ addressMap, storageIds }: Pick<Profile, 'addressMap' | 'storageIds'>): AddressBook {
  const entries = new Map(Object.entries(addressMap).map(([told, reachable]) => [keyOf(told), reachable]))
  const byId = [...entries.keys()].filter(isStorageId)
  /** 'host' or 'host:port' → ID. */
  const ids = new Map<string, string>()
  for (const [id, addresses] of Object.entries(storageIds)) for (const address of addresses) ids.set(keyOf(address), id)
  const known = new Set(Object.keys(storageIds))
  const idOf = (told: HostPort) => ids.get(portKey(told)) ?? ids.get(canonicalHost(told.host))
  return {
    map(told) {
      const direct = entries.get(portKey(told)) ?? entries.get(canonicalHost(told.host))
      const reachable = direct ?? (byId.length === 0 ? undefined : entries.get(idOf(told) ?? ''))
      return reachable === undefined ? told : placeOf(reachable, told.port)
    },
    others(told) {
      const id = idOf(told)
      const addresses = id === undefined || !Object.hasOwn(storageIds, id) ? [] : (storageIds[id] ?? [])
      const here = formatAddress(told)
      return addresses.map((address) => placeOf(address, told.port)).filter((other) => formatAddress(other) !== here)
    },
    learn(storages) {
      if (byId.length === 0) return
      for (const { id, host, port } of storages) {
        if (!isStorageId(id) || ids.size >= MAX_LEARNED) continue
        known.add(id)
        ids.set(portKey({ host, port }), id)
      }
    },
    get incomplete() {
      return byId.some((id) => !known.has(id))
    }
  }
}
