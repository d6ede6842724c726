import { existsSync } from 'node:fs'
import { open, statfs } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { fileSink } from '../../client/file-sink.ts'
import type { ByteSink, Endpoint } from '../../client/types.ts'
import { crc32Combine } from '../crc32-combine.ts'
import { onDisk } from '../on-disk.ts'
import type { Target } from '../targets.ts'
import type { DownloadJob } from './download.ts'
import { crcOfRange } from './download-files.ts'

/** What one request fetches: big enough that requests cost nothing, small enough that little is lost with a connection. */
const SEGMENT_BYTES = 16 * 1024 * 1024
/** A terabyte still has a journal row of a few kilobytes. */
const MAX_SEGMENTS = 2048
/** Up to here one connection is as good as several. */
const PARALLEL_FROM_BYTES = 64 * 1024 * 1024
const MAX_PARALLEL = 3
/** At a limit, a request is kept this short: the server cuts off readers that pause. */
const LIMITED_SECONDS = 2
const MISSING = -1

/**
 * Fetches a large file segment by segment, several at once above a size, each with the CRC-32 it had on the wire. Returns the
 * CRC-32 of the whole, combined from those. What an earlier try left in the `.part` file is used again after reading it.
 */
export async function receiveSegments(job: DownloadJob, target: Target): Promise<number> {
  const { ctx, sizeBytes } = job
  const existed = existsSync(target.partPath)
  if (!existed) await checkSpace(target, sizeBytes)
  const handle = await onDisk(target.partPath, () => open(target.partPath, existed ? 'r+' : 'w+'))
  try {
    const segments = await openSegments(job, handle, existed)
    const todo = segments.crc32.flatMap((crc, index) => (crc === MISSING ? [index] : []))
    if (todo.length > 0) await receiveAll(job, handle, segments, todo)
    ctx.step('checking')
    await onDisk(target.partPath, () => handle.sync())
    return segments.crc32.reduce((whole, crc, index) => crc32Combine(whole, crc, lengthOf(job, segments, index)), 0)
  } catch (error) {
    // The connection translates errors of the disk without knowing which file it was.
    const translated = toAppError(error)
    if (!translated.code.startsWith('LOCAL_') || translated.detail['path'] !== undefined) throw error
    throw new AppError(translated.code, { cause: error, detail: { ...translated.detail, path: target.partPath } })
  } finally {
    await handle.close()
  }
}

interface SegmentTable {
  bytes: number
  crc32: number[]
}

/** The segments of an earlier try, each read again and kept when it is still what arrived then; else all anew. */
async function openSegments(job: DownloadJob, handle: FileHandle, existed: boolean): Promise<SegmentTable> {
  const { ctx, state, sizeBytes } = job
  const earlier = state.segments
  if (existed && earlier !== undefined && earlier.crc32.length === Math.ceil(sizeBytes / earlier.bytes)) {
    ctx.step('checking')
    for (const [index, crc] of earlier.crc32.entries()) {
      if (crc === MISSING) continue
      const found = await onDisk('', () => crcOfRange(handle, index * earlier.bytes, lengthOf(job, earlier, index), ctx.signal))
      if (found !== crc) earlier.crc32[index] = MISSING
    }
    return earlier
  }
  const bytes = Math.max(SEGMENT_BYTES, Math.ceil(sizeBytes / MAX_SEGMENTS))
  state.segments = { bytes, crc32: Array.from({ length: Math.ceil(sizeBytes / bytes) }, () => MISSING) }
  // Sparse: the space is not written twice, and ranges may arrive in any order.
  await onDisk('', () => handle.truncate(sizeBytes))
  return state.segments
}

async function receiveAll(job: DownloadJob, handle: FileHandle, segments: SegmentTable, todo: number[]): Promise<void> {
  const { ctx, sizeBytes } = job
  ctx.step('receiving')
  let kept = segments.crc32.reduce((sum, crc, index) => sum + (crc === MISSING ? 0 : lengthOf(job, segments, index)), 0)
  const underWay = new Map<number, number>()
  const tell = (): void => ctx.progress(kept + [...underWay.values()].reduce((a, b) => a + b, 0))
  tell()

  // One failing range ends the others: the try as a whole fails, and what is whole stays.
  const failure = new AbortController()
  const signal = AbortSignal.any([ctx.signal, failure.signal])
  let server = await firstServer(job, signal)

  const work = async (): Promise<void> => {
    for (let index = todo.shift(); index !== undefined; index = todo.shift()) {
      const segment = index
      const report = (bytes: number): void => {
        underWay.set(segment, bytes)
        tell()
      }
      try {
        segments.crc32[segment] = await receiveSegment(job, handle, segments, segment, server, signal, report)
      } catch (error) {
        server = await otherServer(job, toAppError(error), server, signal)
        segments.crc32[segment] = await receiveSegment(job, handle, segments, segment, server, signal, report)
      }
      underWay.delete(segment)
      kept += lengthOf(job, segments, segment)
      tell()
      ctx.advanced()
      ctx.writeNow({ doneBytes: kept, state: job.state })
    }
  }

  const workers = sizeBytes < PARALLEL_FROM_BYTES ? 1 : Math.min(MAX_PARALLEL, todo.length, 1 + ctx.freeSlots())
  const ends = await Promise.allSettled(
    Array.from({ length: workers }, () =>
      work().catch((error: unknown) => {
        failure.abort()
        throw error
      })
    )
  )
  const failed = ends.filter((end) => end.status === 'rejected').map((end) => end.reason as unknown)
  if (failed.length === 0) return
  ctx.progress(kept)
  // The first cause, not the ranges that were stopped because of it.
  throw failed.find((error) => toAppError(error).code !== 'ABORTED') ?? failed[0]
}

/** One server for all ranges. Content that was damaged is asked for where the file was first stored. */
async function firstServer(job: DownloadJob, signal: AbortSignal): Promise<Endpoint> {
  const { store } = job.ctx
  const { fileId } = job.facts
  if (job.state.mismatches > 0) {
    const source = await store.source(fileId, { signal }).catch(() => null)
    if (source !== null) return source
  }
  return store.queryFetch(fileId, { signal })
}

/**
 * A replica that has not got the file, or not all of it, yet: its source has. Any other error, and one of the source, stands. While
 * the source is away nobody can say that the file is gone.
 */
async function otherServer(job: DownloadJob, error: AppError, server: Endpoint, signal: AbortSignal): Promise<Endpoint> {
  if (error.code !== 'NOT_FOUND' && error.code !== 'SIZE_MISMATCH') throw error
  const { store } = job.ctx
  const { fileId } = job.facts
  const isServer = (other: Endpoint): boolean => other.host === server.host && other.port === server.port
  let other: Endpoint
  try {
    other = await store.source(fileId, { signal })
  } catch {
    // Throws what is known of the file: NOT_SYNCED, or NOT_FOUND where no storage is its source any more.
    other = (await store.info(fileId, { skipCrc: true }, { signal })).endpoint
    if (isServer(other)) throw new AppError('NOT_SYNCED', { cause: error, detail: error.detail })
  }
  if (isServer(other)) throw error
  return other
}

/** One segment, in one request where no limit is set. Returns its CRC-32. */
async function receiveSegment(
  job: DownloadJob,
  handle: FileHandle,
  segments: SegmentTable,
  index: number,
  endpoint: Endpoint,
  signal: AbortSignal,
  report: (bytes: number) => void
): Promise<number> {
  const { ctx } = job
  const start = index * segments.bytes
  const length = lengthOf(job, segments, index)
  let crc = 0
  for (let done = 0; done < length;) {
    const wanted = Math.min(length - done, ctx.limits.down.slice(LIMITED_SECONDS))
    const before = done
    const result = await ctx.store.download(
      job.facts.fileId,
      { offset: start + done, length: wanted, endpoint },
      limitedSink(fileSink(handle, start + done), job, signal),
      { signal, onProgress: (bytes) => report(before + bytes) }
    )
    crc = crc32Combine(crc, result.crc32, wanted)
    done += wanted
  }
  return crc
}

function limitedSink(sink: ByteSink, job: DownloadJob, signal: AbortSignal): ByteSink {
  const { down } = job.ctx.limits
  if (down.slice(1) === Number.POSITIVE_INFINITY) return sink
  return {
    async write(chunk) {
      const { length } = chunk
      await sink.write(chunk)
      await down.take(length, signal)
    }
  }
}

function lengthOf(job: DownloadJob, segments: SegmentTable, index: number): number {
  return Math.min(segments.bytes, job.sizeBytes - index * segments.bytes)
}

/** Better now than after an hour. Where the file system does not tell, the write will. */
async function checkSpace(target: Target, sizeBytes: number): Promise<void> {
  const facts = await statfs(dirname(target.partPath)).catch(() => null)
  if (facts === null || facts.bavail * facts.bsize >= sizeBytes) return
  throw new AppError('LOCAL_DISK_FULL', { detail: { path: target.partPath, expected: sizeBytes, actual: facts.bavail * facts.bsize } })
}
