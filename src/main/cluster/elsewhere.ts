import { toAppError } from '../../shared/errors.ts'
import type { FileIdFacts } from '../../shared/file-id.ts'
import type { Endpoint, ExchangeOptions } from '../client/types.ts'
import { STORAGE_STATE, type StorageRecord, queryFileInfo } from '../protocol/index.ts'
import type { Servers } from './servers.ts'

/** Storages in these states never come back under their address: they hold nothing that could be waited for. */
const GONE: ReadonlySet<number> = new Set([STORAGE_STATE.deleted, STORAGE_STATE.ip_changed, STORAGE_STATE.none])

/**
 * Where a file is whose source is no storage of its group (it was removed from the cluster, or the ID is mistyped): asks every
 * active storage. 'nowhere' = each of them says that it has no such file. 'unclear' = the source is a storage of the group, or
 * a storage that might be it under another address is away, or one did not answer.
 */
export async function findElsewhere(
  servers: Servers,
  storages: readonly StorageRecord[],
  facts: FileIdFacts,
  options: ExchangeOptions
): Promise<Endpoint | 'nowhere' | 'unclear'> {
  const { source, group, remoteName, fileId } = facts
  const name = source.type === 'ip' ? source.address : String(source.id)
  const left = storages.filter((storage) => !GONE.has(storage.status))
  const known = left.some((storage) => storage.id === name || storage.ip === name)
  if (known || left.length === 0 || left.some((storage) => storage.status !== STORAGE_STATE.active)) return 'unclear'
  for (const { ip, port } of left) {
    const endpoint = servers.reach({ host: ip, port })
    try {
      await servers.storage(
        endpoint,
        (connection) => connection.exchange(queryFileInfo, { group, remoteName, silent: true, skipCrc: true }, options),
        { signal: options.signal, repeatable: true, detail: { fileId } }
      )
      return endpoint
    } catch (thrown) {
      const { code } = toAppError(thrown)
      if (code === 'ABORTED') throw thrown
      if (code !== 'NOT_FOUND') return 'unclear'
    }
  }
  return 'nowhere'
}
