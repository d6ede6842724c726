import { parseTracker } from '../../shared/address.ts'
import { AppError } from '../../shared/errors.ts'
import type { Profile } from '../../shared/model.ts'
import type { ExchangeOptions } from '../client/types.ts'
import type { StoreClient, StoreClientOptions } from '../cluster/types.ts'
import { createAddressBook } from './address-book.ts'
import type { AddressBook } from './address-book.ts'
import { guardReadOnly } from './read-only.ts'

/**
 * One store client per profile, opened when first asked for and closed when the profile changes. None of them lets a change through
 * while its profile is read-only.
 */
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
    const book = createAddressBook(profile)
    const client = await taught(options.connect(clientOptions(profile, trackers, book)), book)
    return guardReadOnly(client, id, () => options.profile(id).readOnly)
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

/**
 * The interface of a store client over whatever `get` gives at that moment. Closing it does nothing: it owns nothing. When the
 * client below is closed because its profile changed, what was under way is CONNECTION_LOST, not ABORTED: nobody cancelled it.
 */
function follow(get: () => Promise<StoreClient>): StoreClient {
  const through = async <T>(use: (client: StoreClient) => Promise<T>, options: ExchangeOptions | undefined): Promise<T> => {
    try {
      return await use(await get())
    } catch (error) {
      throw unlessCancelled(error, options)
    }
  }
  return {
    queryStore: (group, o) => through((c) => c.queryStore(group, o), o),
    queryUpdate: (fileId, o) => through((c) => c.queryUpdate(fileId, o), o),
    queryFetch: (fileId, o) => through((c) => c.queryFetch(fileId, o), o),
    replicas: (group, o) => through((c) => c.replicas(group, o), o),
    source: (fileId, o) => through((c) => c.source(fileId, o), o),
    upload: (request, source, o) => through((c) => c.upload(request, source, o), o),
    uploadSlave: (masterFileId, request, source, o) => through((c) => c.uploadSlave(masterFileId, request, source, o), o),
    modify: (endpoint, fileId, offset, source, o) => through((c) => c.modify(endpoint, fileId, offset, source, o), o),
    append: (endpoint, fileId, source, o) => through((c) => c.append(endpoint, fileId, source, o), o),
    truncate: (endpoint, fileId, sizeBytes, o) => through((c) => c.truncate(endpoint, fileId, sizeBytes, o), o),
    regenerate: (endpoint, fileId, sizeBytes, o) => through((c) => c.regenerate(endpoint, fileId, sizeBytes, o), o),
    putCopy: (endpoint, fileId, source, o) => through((c) => c.putCopy(endpoint, fileId, source, o), o),
    download: (fileId, request, sink, o) => through((c) => c.download(fileId, request, sink, o), o),
    info: (fileId, request, o) => through((c) => c.info(fileId, request, o), o),
    remove: (fileId, o) => through((c) => c.remove(fileId, o), o),
    getMetadata: (fileId, o) => through((c) => c.getMetadata(fileId, o), o),
    setMetadata: (fileId, metadata, mode, o) => through((c) => c.setMetadata(fileId, metadata, mode, o), o),
    groups: (o) => through((c) => c.groups(o), o),
    storages: (group, o) => through((c) => c.storages(group, o), o),
    trackers: (o) => through((c) => c.trackers(o), o),
    async *list(endpoint, group, storePathIndex, o) {
      try {
        yield* (await get()).list(endpoint, group, storePathIndex, o)
      } catch (error) {
        throw unlessCancelled(error, o)
      }
    },
    close: () => Promise.resolve()
  }
}

function unlessCancelled(error: unknown, options: ExchangeOptions | undefined): unknown {
  const aborted = error instanceof AppError && error.code === 'ABORTED'
  return aborted && !options?.signal?.aborted ? new AppError('CONNECTION_LOST', { cause: error }) : error
}

/**
 * The same client, whose lists of storages teach the address book. Who is behind an ID has to be known before the first address is
 * needed, so it asks once at the start; that the cluster is away is told by that need itself.
 */
export async function taught(client: StoreClient, book: AddressBook): Promise<StoreClient> {
  if (!book.incomplete) return client
  const learning: StoreClient = {
    ...client,
    groups: async (o) => {
      const groups = await client.groups(o)
      book.learn(groups.flatMap(({ storages }) => storages))
      return groups
    },
    storages: async (group, o) => {
      const storages = await client.storages(group, o)
      book.learn(storages)
      return storages
    }
  }
  await learning.groups().catch(() => undefined)
  return learning
}

/** What a profile means for its store client. */
export function clientOptions(
  profile: Pick<Profile, 'connectTimeoutMs' | 'networkTimeoutMs' | 'addressMap' | 'storageIds'>,
  trackers: readonly string[],
  book = createAddressBook(profile)
): StoreClientOptions {
  return {
    trackers: trackers.flatMap(parseTracker),
    connectTimeoutMs: profile.connectTimeoutMs,
    networkTimeoutMs: profile.networkTimeoutMs,
    mapAddress: book.map
  }
}
