import type { MergeCounts } from '../../../shared/import.ts'
import type { StoreClient } from '../../cluster/types.ts'
import type { Endpoint } from '../../client/types.ts'
import type { BulkWork } from '../../library/types.ts'
import type { JobPatch } from './jobs.ts'

/** Names that are stored at once. */
const CHUNK = 2_000

/**
 * Brings the names that a storage lists into the library, one path after the other, each piece stored before the next is read from
 * the network: neither side keeps the list. Only when every path of the storage was listed to its end is what was not met marked as
 * missing.
 */
export async function runListing(options: {
  client: StoreClient
  bulk: BulkWork
  profileId: string
  group: string
  endpoint: Endpoint
  /** How the IDs of its own files name it; null = it is alone in its group. */
  sources: readonly string[] | null
  /** Store paths to list, of `pathCount`. */
  paths: readonly number[]
  pathCount: number
  /** Ask about what the names do not tell, afterwards. */
  read: boolean
  patch: (change: JobPatch) => void
  signal: AbortSignal
}): Promise<void> {
  const { client, bulk, group, endpoint, paths, patch, signal } = options
  const complete = new Set(paths).size === options.pathCount
  const merge = await bulk.listing(options.profileId, group, options.read, options.sources)
  let ended = false
  try {
    let seen = 0
    let unreadable = 0
    const counted = (counts: MergeCounts): MergeCounts => ({ ...counts, unreadable: counts.unreadable + unreadable })
    let names: string[] = []
    let storing: Promise<void> = Promise.resolve()
    // One piece is stored while the next is received: more are never held.
    const store = async (): Promise<void> => {
      await storing
      if (names.length === 0) return
      const piece = names
      names = []
      storing = merge.add(piece).then((counts) => {
        seen += piece.length
        patch({ seen, counts: counted(counts) })
      })
      // Told by whoever waits for it next.
      storing.catch(() => {})
    }
    for (const path of paths) {
      for await (const lines of client.list(endpoint, group, path, { signal, unreadable: (count) => (unreadable += count) })) {
        for (const line of lines) names.push(line.remoteName)
        if (names.length >= CHUNK) await store()
      }
      await store()
    }
    await storing
    ended = true
    patch({ counts: counted(await merge.end(complete)), complete, share: 1 })
  } finally {
    if (!ended) merge.drop()
  }
}
