import { formatAddress, parseTrackerAddress } from '../../shared/address.ts'
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

/**
 * An entry for 'host:port' wins over one for 'host', and that over one for the ID of a storage; a target without port keeps the port
 * that was told. IDs are known from `storageIds`, or learned.
 */
export function createAddressBook({ addressMap, storageIds }: Pick<Profile, 'addressMap' | 'storageIds'>): AddressBook {
  const entries = new Map(Object.entries(addressMap).map(([told, reachable]) => [told.toLowerCase(), reachable]))
  const byId = [...entries.keys()].filter(isStorageId)
  /** 'host' or 'host:port' → ID. */
  const ids = new Map<string, string>()
  for (const [id, addresses] of Object.entries(storageIds)) for (const address of addresses) ids.set(address.toLowerCase(), id)
  const known = new Set(Object.keys(storageIds))
  const idOf = (told: HostPort) => ids.get(formatAddress(told).toLowerCase()) ?? ids.get(told.host.toLowerCase())
  return {
    map(told) {
      const direct = entries.get(formatAddress(told).toLowerCase()) ?? entries.get(told.host.toLowerCase())
      const reachable = direct ?? (byId.length === 0 ? undefined : entries.get(idOf(told) ?? ''))
      return reachable === undefined ? told : parseTrackerAddress(reachable, told.port)
    },
    others(told) {
      const id = idOf(told)
      const addresses = id === undefined || !Object.hasOwn(storageIds, id) ? [] : (storageIds[id] ?? [])
      const here = formatAddress(told)
      return addresses.map((address) => parseTrackerAddress(address, told.port)).filter((other) => formatAddress(other) !== here)
    },
    learn(storages) {
      if (byId.length === 0) return
      for (const { id, host, port } of storages) {
        if (!isStorageId(id) || ids.size >= MAX_LEARNED) continue
        known.add(id)
        ids.set(formatAddress({ host, port }).toLowerCase(), id)
      }
    },
    get incomplete() {
      return byId.some((id) => !known.has(id))
    }
  }
}
