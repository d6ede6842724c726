import { toAppError } from '../../../shared/errors.ts'
import type { StoreClient } from '../../cluster/types.ts'
import type { BulkWork, FileLearned, ReadTask } from '../../library/types.ts'
import { pause, type Clock } from '../../transfer/clock.ts'
import { mapLimited } from '../concurrently.ts'
import type { JobPatch } from './jobs.ts'

/** Files that are asked about in one go, and how many at the same time: a storage has better things to do. */
const BATCH = 40
const PARALLEL = 2
/** One batch a second at most. */
const EVERY_MS = 1_000

/**
 * Asks the servers what the names of files do not tell: metadata with the original name, sizes, existence. What was asked leaves
 * the queue, which lasts over restarts; an error of the network ends it and leaves the rest in the queue.
 */
export async function readWaiting(options: {
  client: StoreClient
  bulk: BulkWork
  profileId: string
  clock: Clock
  patch: (change: JobPatch) => void
  signal: AbortSignal
}): Promise<void> {
  const { client, bulk, profileId, clock, patch, signal } = options
  let seen = 0
  for (;;) {
    signal.throwIfAborted()
    const startedAt = clock.now()
    const { tasks, left } = await bulk.toRead(profileId, BATCH)
    patch({ seen, left, share: seen + left === 0 ? 1 : seen / (seen + left) })
    if (tasks.length === 0) return
    const learned = await mapLimited(tasks, PARALLEL, (task) => ask(client, task, clock.now(), signal))
    await bulk.learned(profileId, learned)
    seen += learned.length
    await pause(clock, EVERY_MS - (clock.now() - startedAt), signal)
  }
}

async function ask(client: StoreClient, task: ReadTask, at: number, signal: AbortSignal): Promise<FileLearned> {
  const { id, fileId } = task
  const learned: FileLearned = { id, fileId, metadata: null, info: null, gone: false, at }
  try {
    if (task.info) {
      const info = await client.info(fileId, { skipCrc: true }, { signal })
      learned.info = { sizeBytes: info.sizeBytes, crc32: null }
    }
    if (task.metadata) learned.metadata = await client.getMetadata(fileId, { signal })
    return learned
  } catch (error) {
    const { code } = toAppError(error)
    if (code === 'NOT_FOUND') return { ...learned, gone: true }
    // The server answers, but not about this file: the others wait.
    if (code === 'REJECTED' || code === 'SERVER_STATUS' || code === 'PROTOCOL_INVALID') return learned
    throw error
  }
}
