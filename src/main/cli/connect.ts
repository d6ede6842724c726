import { join } from 'node:path'
import type { Profile } from '../../shared/model.ts'
import { createAddressBook } from '../app/address-book.ts'
import { clientOptions, taught } from '../app/clients.ts'
import { dataPaths, defaultDataDir } from '../app/data-dir.ts'
import { openProfiles } from '../app/profiles.ts'
import { guardReadOnly } from '../app/read-only.ts'
import { createStoreClient } from '../cluster/store-client.ts'
import type { StoreClient } from '../cluster/types.ts'
import { type CliArgs, UsageError } from './args.ts'

export interface Connection {
  client: StoreClient
  readOnly: boolean
}

/** What the arguments say about the cluster: nothing is opened. */
export interface NamedCluster {
  /** At least one, as they were written. */
  addresses: string[]
  profile: Profile | null
}

/** The cluster that the arguments (or the variable FDFS_TRACKERS) name. Throws UsageError when they name none. */
export async function namedCluster(args: CliArgs, env: Readonly<Record<string, string | undefined>>): Promise<NamedCluster> {
  const profile = args.profile === null ? null : await findProfile(args.profile, args.dataDir ?? defaultDataDir())
  const list = args.trackers ?? (profile ? null : (env['FDFS_TRACKERS'] ?? ''))
  const addresses = list === null ? (profile?.trackers ?? []) : list.split(',').filter((address) => address.trim() !== '')
  if (addresses.length > 0) return { addresses, profile }
  throw new UsageError(
    profile?.builtIn
      ? 'the built-in cluster has no fixed address; start one with `npm run cluster` and name it with --trackers'
      : 'which cluster? Give --trackers host:port[,…] or --profile NAME (or set FDFS_TRACKERS)'
  )
}

/** A client for that cluster. Throws AppError for a bad address. */
export async function connect({ addresses, profile }: NamedCluster, args: CliArgs): Promise<Connection> {
  const settings = profile ?? { connectTimeoutMs: 5_000, networkTimeoutMs: 30_000, addressMap: {}, storageIds: {} }
  const book = createAddressBook(settings)
  const opened = await taught(createStoreClient({ ...clientOptions(settings, addresses, book), maxConnectionsPerEndpoint: 32 }), book)
  const readOnly = args.readOnly || (profile?.readOnly ?? false)
  // The commands say so themselves; whatever one forgets stops here.
  return { client: guardReadOnly(opened, profile?.name ?? '', () => readOnly), readOnly }
}

async function findProfile(name: string, dataDir: string): Promise<Profile> {
  const path = dataPaths(dataDir).profiles
  const store = await openProfiles(path, Date.now, () => undefined)
  const profiles = store.list()
  const found = profiles.find((p) => p.id === name) ?? profiles.find((p) => p.name.toLowerCase() === name.toLowerCase())
  if (found) return found
  const known = profiles.map((p) => `'${p.name}'`).join(', ')
  throw new UsageError(`no profile is called '${name}' in ${join(dataDir, 'profiles.json')}; known: ${known}`)
}
