import { parseFileId } from '../../../shared/file-id.ts'
import { bufferSource } from '../../client/file-source.ts'
import type { StoreClient } from '../../cluster/types.ts'

/** What is sent again: enough to reach beyond the size of a replica that is behind. */
const REPAIR_BYTES = 1024 * 1024

/**
 * Makes replicas of an appender that stay behind fetch it whole: its last bytes are read from its source and written there again
 * at the same place, which changes nothing but is a new record for the replicas. The local file is not needed.
 * Rejects with SOURCE_AWAY, NOT_FOUND, and REJECTED for files that are no appenders.
 */
export async function repairReplicas(store: StoreClient, fileId: string, signal?: AbortSignal): Promise<void> {
  const facts = parseFileId(fileId)
  const endpoint = await store.source(facts.fileId, { signal })
  const { sizeBytes } = await store.info(facts.fileId, { endpoint, skipCrc: true }, { signal })
  const offset = Math.max(0, sizeBytes - REPAIR_BYTES)
  const bytes = Buffer.allocUnsafe(sizeBytes - offset)
  if (bytes.length === 0) return
  let at = 0
  await store.download(
    facts.fileId,
    { endpoint, offset, length: bytes.length },
    {
      write(chunk) {
        chunk.copy(bytes, at)
        at += chunk.length
      }
    },
    { signal }
  )
  await store.modify(endpoint, facts.fileId, offset, bufferSource(bytes), { signal })
}
