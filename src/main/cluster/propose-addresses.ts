import { formatAddress } from '../../shared/address.ts'
import type { Endpoint } from '../client/types.ts'

/** A storage that does not answer where it should. */
export interface UnreachedStorage {
  /** As the tracker names it. */
  told: Endpoint
  /** 'host:port' that was tried, after the address map. */
  tried: string
}

/** More failures than this are not a matter of addresses. */
const MAX_PROBED = 64

/**
 * Looks for storages out of reach at other addresses that they are known to have (`others`), and at the hosts of the trackers, on their own ports: what is reachable when servers run in
 * containers with published ports, or behind one public address. `probe` rejects when no FastDFS server answers there.
 * An address is offered only once and never when another storage was reached at it (`taken`): two storages with the same
 * port cannot both be behind one door, and nothing tells which one is.
 */
export async function proposeAddresses(
  trackers: readonly Endpoint[],
  unreached: readonly UnreachedStorage[],
  others: (told: Endpoint) => readonly Endpoint[],
  taken: ReadonlySet<string>,
  probe: (endpoint: Endpoint) => Promise<void>
): Promise<Record<string, string>> {
  const hosts = [...new Set(trackers.map(({ host }) => host))]
  const ports = new Map<number, number>()
  for (const { told } of unreached) ports.set(told.port, (ports.get(told.port) ?? 0) + 1)
  const found = await Promise.all(
    unreached.slice(0, MAX_PROBED).map(async ({ told, tried }): Promise<[string, string] | null> => {
      // Of an address that is known to be this storage's, twins are no question.
      const guesses = (ports.get(told.port) ?? 0) > 1 ? [] : hosts.map((host) => ({ host, port: told.port }))
      for (const endpoint of [...others(told), ...guesses]) {
        const address = formatAddress(endpoint)
        if (address === tried || taken.has(address)) continue
        try {
          await probe(endpoint)
          return [formatAddress(told), address]
        } catch {
          // The next host may have it.
        }
      }
      return null
    })
  )
  return Object.fromEntries(found.filter((entry) => entry !== null))
}
