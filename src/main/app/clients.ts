import { formatAddress, parseTrackerAddress } from '../../shared/address.ts'
import type { HostPort } from '../../shared/address.ts'
import { AppError } from '../../shared/errors.ts'
import type { Profile } from '../../shared/model.ts'
import type { StoreClient, StoreClientOptions } from '../cluster/types.ts'

/** One store client per profile, opened when first asked for and closed when the profile changes. */
export interface StoreClients {
  /** Throws PROFILE_UNKNOWN. For the built-in profile it waits until that cluster serves. */
  get(profileId: string): Promise<StoreClient>
  /** A client that can be kept: each of its operations goes through `get`, so it follows changes of the profile. */
  lasting(profileId: string): StoreClient
  /** The next `get` opens a new one. */
  drop(profileId: string): void
  close(): Promise<void>
}

export interface StoreClientsOptions {
  profile(id: string): Profile
  /** Addresses of the built-in cluster's trackers, once it serves. */
  builtInTrackers(): Promise<string[]>
  connect(options: StoreClientOptions): StoreClient
}

export function createStoreClients(options: StoreClientsOptions): StoreClients {
  const open = new Map<string, Promise<StoreClient>>()
  const closing = new Set<Promise<void>>()
  let closed = false

  const create = async (id: string): Promise<StoreClient> => {
    const profile = options.profile(id)
    const trackers = profile.builtIn ? await options.builtInTrackers() : profile.trackers
    return options.connect(clientOptions(profile, trackers))
  }
  const drop = (id: string) => {
    const dropped = open.get(id)
    if (!dropped) return
    open.delete(id)
    const end = dropped.then((client) => client.close()).catch(() => undefined)
    closing.add(end)
    void end.then(() => closing.delete(end))
  }
  const get = (id: string): Promise<StoreClient> => {
    if (closed) return Promise.reject(new AppError('ABORTED'))
    const known = open.get(id)
    if (known) return known
    const created = create(id)
    open.set(id, created)
    // A failure is not kept: the next caller tries again.
    created.catch(() => {
      if (open.get(id) === created) open.delete(id)
    })
    return created
  }
  return {
    get,
    lasting: (id) => follow(() => get(id)),
    drop,
    async close() {
      closed = true
      open.forEach((_, id) => drop(id))
      await Promise.all(closing)
    }
  }
}

/** The interface of a store client over whatever `get` gives at that moment. Closing it does nothing: it owns nothing. */
function follow(get: () => Promise<StoreClient>): StoreClient {
  return {
    queryStore: async (...args) => (await get()).queryStore(...args),
    queryUpdate: async (...args) => (await get()).queryUpdate(...args),
    queryFetch: async (...args) => (await get()).queryFetch(...args),
    replicas: async (...args) => (await get()).replicas(...args),
    source: async (...args) => (await get()).source(...args),
    upload: async (...args) => (await get()).upload(...args),
    uploadSlave: async (...args) => (await get()).uploadSlave(...args),
    modify: async (...args) => (await get()).modify(...args),
    append: async (...args) => (await get()).append(...args),
    truncate: async (...args) => (await get()).truncate(...args),
    regenerate: async (...args) => (await get()).regenerate(...args),
    download: async (...args) => (await get()).download(...args),
    info: async (...args) => (await get()).info(...args),
    remove: async (...args) => (await get()).remove(...args),
    getMetadata: async (...args) => (await get()).getMetadata(...args),
    setMetadata: async (...args) => (await get()).setMetadata(...args),
    groups: async (...args) => (await get()).groups(...args),
    storages: async (...args) => (await get()).storages(...args),
    trackers: async (...args) => (await get()).trackers(...args),
    async *list(...args) {
      yield* (await get()).list(...args)
    },
    close: () => Promise.resolve()
  }
}

/** What a profile means for its store client. */
export function clientOptions(
  profile: Pick<Profile, 'connectTimeoutMs' | 'networkTimeoutMs' | 'addressMap'>,
  trackers: readonly string[]
): StoreClientOptions {
  return {
    trackers: trackers.map((address) => parseTrackerAddress(address)),
    connectTimeoutMs: profile.connectTimeoutMs,
    networkTimeoutMs: profile.networkTimeoutMs,
    mapAddress: addressMapper(profile.addressMap)
  }
}

/** Applies a profile's address map: an entry for 'host:port' wins over one for 'host'; a target without port keeps the port told. */
export function addressMapper(map: Readonly<Record<string, string>>): (told: HostPort) => HostPort {
  const entries = new Map(Object.entries(map).map(([told, reachable]) => [told.toLowerCase(), reachable]))
  return (told) => {
    const reachable = entries.get(formatAddress(told).toLowerCase()) ?? entries.get(told.host.toLowerCase())
    return reachable === undefined ? told : parseTrackerAddress(reachable, told.port)
  }
}
