import { crc32 } from 'node:zlib'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { parseFileId } from '../../../shared/file-id.ts'
import { bufferSource } from '../../client/file-source.ts'
import type { ByteSource, Endpoint } from '../../client/types.ts'
import type { StoreClient } from '../../cluster/types.ts'

/** What is sent again: enough to reach beyond the size of a replica that is behind. */
const REPAIR_BYTES = 1024 * 1024
/** What is read from the source at a time. */
const WINDOW_BYTES = 4 * 1024 * 1024

export type RepairClient = Pick<
  StoreClient,
  'source' | 'info' | 'download' | 'modify' | 'putCopy' | 'getMetadata' | 'setMetadata' | 'remove'
>

/**
 * Makes replicas that missed a file get it. A storage keeps up to a second of its log in memory; when it is killed, the record of
 * a file that it has acknowledged can be lost, and then no replica ever hears of it. An appender is written to again, which is a
 * new record; any other file is copied to the replicas by us, under its name. Rejects with SOURCE_AWAY, NOT_FOUND,
 * CHECKSUM_MISMATCH (the source's own copy is damaged), and UNSUPPORTED for files inside trunk files.
 */
export async function repairReplicas(
  store: RepairClient,
  fileId: string,
  behind: readonly Endpoint[],
  signal?: AbortSignal
): Promise<void> {
  if (parseFileId(fileId).kind === 'appender') await rewriteFor(store, fileId, behind, signal)
  else for (const endpoint of behind) await copyTo(store, fileId, endpoint, signal)
  // Its record may be lost as well: written again, it is a new one.
  const metadata = await store.getMetadata(fileId, { endpoint: await store.source(fileId, { signal }), signal })
  if (Object.keys(metadata).length > 0) await store.setMetadata(fileId, metadata, 'overwrite', { signal })
}

type RewriteClient = Pick<StoreClient, 'source' | 'info' | 'download' | 'modify'>

/** An appender that these replicas do not have whole: its end is enough for those that are shorter, else all of it is needed. */
export async function rewriteFor(store: RewriteClient, fileId: string, behind: readonly Endpoint[], signal?: AbortSignal): Promise<void> {
  if (behind.length === 0) return
  const endpoint = await store.source(fileId, { signal })
  const { sizeBytes } = await store.info(fileId, { endpoint, skipCrc: true }, { signal })
  for (const replica of behind) {
    const there = await store.info(fileId, { endpoint: replica, skipCrc: true }, { signal }).catch(() => null)
    // One that is as long already would not fetch more than what is written.
    if (there?.sizeBytes === sizeBytes) return rewriteAll(store, fileId, signal)
  }
  await rewriteEnd(store, fileId, signal)
}

/**
 * An appender: its last bytes are read from its source and written there again at the same place, which changes nothing but is a
 * new record for the replicas. One that is shorter then fetches the whole file. The local file is not needed.
 */
async function rewriteEnd(store: RewriteClient, fileId: string, signal?: AbortSignal): Promise<void> {
  const endpoint = await store.source(fileId, { signal })
  const { sizeBytes } = await store.info(fileId, { endpoint, skipCrc: true }, { signal })
  await rewrite(store, fileId, endpoint, Math.max(0, sizeBytes - REPAIR_BYTES), sizeBytes, signal)
}

/** An appender of which a replica has as many bytes, but not the same: all of it is written again. */
async function rewriteAll(store: RewriteClient, fileId: string, signal?: AbortSignal): Promise<void> {
  const endpoint = await store.source(fileId, { signal })
  const { sizeBytes } = await store.info(fileId, { endpoint, skipCrc: true }, { signal })
  for (let at = 0; at < sizeBytes; at += WINDOW_BYTES) {
    await rewrite(store, fileId, endpoint, at, Math.min(sizeBytes, at + WINDOW_BYTES), signal)
  }
}

async function rewrite(
  store: RewriteClient,
  fileId: string,
  endpoint: Endpoint,
  from: number,
  to: number,
  signal?: AbortSignal
): Promise<void> {
  const bytes = await readRange(store, fileId, endpoint, from, to - from, signal)
  // What was damaged on its way must not be written over what is right. Nothing else tells the CRC-32 of a range.
  const again = await readRange(store, fileId, endpoint, from, to - from, signal)
  if (!bytes.equals(again)) throw new AppError('CHECKSUM_MISMATCH', { detail: { fileId, offset: from } })
  if (bytes.length > 0) await store.modify(endpoint, fileId, from, bufferSource(bytes), { signal })
}

/**
 * Copies a file from its source to one other storage of its group, checked by CRC-32 on the way: unless all of it is right, the
 * replica gets nothing.
 */
export async function copyTo(store: RepairClient, fileId: string, to: Endpoint, signal?: AbortSignal): Promise<void> {
  const facts = parseFileId(fileId)
  if (facts.trunk !== null) throw new AppError('UNSUPPORTED', { detail: { fileId, reason: 'trunk-file' } })
  const from = await store.source(fileId, { signal })
  if (from.host === to.host && from.port === to.port) throw new AppError('NOT_FOUND', { detail: { fileId } })
  // Of a slave the server computes the CRC-32; that of a normal file is in its name.
  const info = await store.info(fileId, { endpoint: from, skipCrc: facts.crc32 !== null }, { signal })
  const wanted = { sizeBytes: facts.sizeBytes ?? info.sizeBytes, crc32: facts.crc32 ?? info.crc32 }
  if (info.sizeBytes !== wanted.sizeBytes) {
    throw new AppError('SIZE_MISMATCH', { detail: { fileId, expected: wanted.sizeBytes, actual: info.sizeBytes } })
  }
  try {
    await store.putCopy(to, fileId, remoteSource(store, fileId, from, wanted, signal), { signal })
  } catch (error) {
    // It has arrived by itself meanwhile.
    if (toAppError(error).code !== 'EXISTS') throw error
  }
  // Deleted while it was copied: the replica must not keep what nobody can delete any more.
  const still = await store.info(fileId, { endpoint: from, skipCrc: true }, { signal }).catch((error: unknown) => toAppError(error).code)
  if (still !== 'NOT_FOUND') return
  await store.remove(fileId, { endpoint: to, signal })
  throw new AppError('NOT_FOUND', { detail: { fileId } })
}

/**
 * Gives a storage back a file that it has lost, from one that has it whole. The ID stays; unless all of it is right, the storage gets
 * nothing.
 */
export async function copyBack(
  store: Pick<StoreClient, 'download' | 'putCopy'>,
  fileId: string,
  way: { from: Endpoint; to: Endpoint },
  wanted: { sizeBytes: number; crc32: number },
  signal?: AbortSignal
): Promise<void> {
  try {
    await store.putCopy(way.to, fileId, remoteSource(store, fileId, way.from, wanted, signal), { signal })
  } catch (error) {
    if (toAppError(error).code !== 'EXISTS') throw error
  }
}

/** The content of a remote file, read piece by piece as it is wanted. Wrong content never ends: its last read fails. */
function remoteSource(
  store: Pick<StoreClient, 'download'>,
  fileId: string,
  from: Endpoint,
  wanted: { sizeBytes: number; crc32: number },
  signal: AbortSignal | undefined
): ByteSource {
  let at = 0
  let crc = 0
  let window = Buffer.alloc(0)
  return {
    size: wanted.sizeBytes,
    async read(into) {
      if (window.length === 0) {
        if (at === wanted.sizeBytes) {
          if (crc === wanted.crc32) return 0
          throw new AppError('CHECKSUM_MISMATCH', { detail: { fileId, expected: wanted.crc32, actual: crc } })
        }
        window = await readRange(store, fileId, from, at, Math.min(WINDOW_BYTES, wanted.sizeBytes - at), signal)
        crc = crc32(window, crc)
        at += window.length
      }
      const count = window.copy(into)
      window = window.subarray(count)
      return count
    }
  }
}

async function readRange(
  store: Pick<StoreClient, 'download'>,
  fileId: string,
  endpoint: Endpoint,
  offset: number,
  length: number,
  signal: AbortSignal | undefined
): Promise<Buffer<ArrayBuffer>> {
  const bytes = Buffer.alloc(length)
  if (length === 0) return bytes
  let at = 0
  await store.download(
    fileId,
    { endpoint, offset, length },
    {
      write(chunk) {
        chunk.copy(bytes, at)
        at += chunk.length
      }
    },
    { signal }
  )
  return bytes
}
