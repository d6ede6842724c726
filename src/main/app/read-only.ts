import { AppError } from '../../shared/errors.ts'
import type { StoreClient } from '../cluster/types.ts'

/** What each operation does to the cluster. A new one has to say it here before it can be used. */
const OPERATIONS = {
  queryStore: 'reads',
  queryUpdate: 'reads',
  queryFetch: 'reads',
  replicas: 'reads',
  source: 'reads',
  upload: 'changes',
  uploadSlave: 'changes',
  modify: 'changes',
  append: 'changes',
  truncate: 'changes',
  regenerate: 'changes',
  putCopy: 'changes',
  download: 'reads',
  info: 'reads',
  remove: 'changes',
  getMetadata: 'reads',
  setMetadata: 'changes',
  groups: 'reads',
  storages: 'reads',
  trackers: 'reads',
  list: 'reads',
  close: 'reads'
} as const satisfies Record<keyof StoreClient, 'reads' | 'changes'>

const KINDS = new Map<string, 'reads' | 'changes'>(Object.entries(OPERATIONS))

/** The names of the operations that change something on the servers. */
export const CHANGING_OPERATIONS: readonly string[] = [...KINDS].filter(([, kind]) => kind === 'changes').map(([name]) => name)

/**
 * The same client, but nothing that would change the cluster gets through it while its profile is read-only: whoever asks (the
 * window, a queue of yesterday, a check in the background), and also when the switch was turned a moment ago. Rejects with
 * PROFILE_READ_ONLY then; an operation that is not known to read counts as a change.
 */
export function guardReadOnly(client: StoreClient, profileId: string, isReadOnly: () => boolean): StoreClient {
  return new Proxy(client, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function' || KINDS.get(String(name)) === 'reads') return value
      return async (...args: unknown[]): Promise<unknown> => {
        if (isReadOnly()) throw new AppError('PROFILE_READ_ONLY', { detail: { profile: profileId } })
        return Reflect.apply(value, target, args) as unknown
      }
    }
  })
}
