import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { AppError } from '../../shared/errors.ts'
import { fileSource } from '../client/file-source.ts'
import type { ByteSource } from '../client/types.ts'
import { onDisk, onDiskSync } from './on-disk.ts'
import type { RateLimit } from './rate-limit.ts'
import type { FileIdentity } from './states.ts'

/** Up to here a file is read whole in one synchronous call, which costs less than a turn through the thread pool. */
export const SMALL_BYTES = 256 * 1024
const READ_BYTES = 1024 * 1024

/** A file to send, held open: its content cannot be replaced under us, only changed. */
export interface LocalFile {
  readonly path: string
  readonly handle: FileHandle
  readonly identity: FileIdentity
  /** The identity now. */
  look(): Promise<FileIdentity>
  close(): Promise<void>
}

export function openLocal(path: string, rawPath: Buffer | null): Promise<LocalFile> {
  return onDisk(path, async () => {
    const handle = await open(rawPath ?? path, 'r')
    try {
      const look = async (): Promise<FileIdentity> => identityOf(await onDisk(path, () => handle.stat({ bigint: true })), path)
      return { path, handle, identity: await look(), look, close: () => handle.close() }
    } catch (error) {
      await handle.close()
      throw error
    }
  })
}

/** The bytes of a small file at once; null when it is not small (any more). */
export function readSmall(path: string, rawPath: Buffer | null): Buffer | null {
  return onDiskSync(path, () => {
    const fd = openSync(rawPath ?? path, 'r')
    try {
      const facts = fstatSync(fd)
      if (!facts.isFile()) throw new AppError('LOCAL_NOT_A_FILE', { detail: { path } })
      if (facts.size > SMALL_BYTES) return null
      const bytes = Buffer.allocUnsafe(facts.size)
      let length = 0
      while (length < bytes.length) {
        const read = readSync(fd, bytes, length, bytes.length - length, length)
        if (read === 0) break
        length += read
      }
      return bytes.subarray(0, length)
    } finally {
      closeSync(fd)
    }
  })
}

function identityOf(facts: BigIntStats, path: string): FileIdentity {
  if (!facts.isFile()) throw new AppError('LOCAL_NOT_A_FILE', { detail: { path } })
  return { sizeBytes: Number(facts.size), mtimeNs: String(facts.mtimeNs), ctimeNs: String(facts.ctimeNs), inode: String(facts.ino) }
}

/** The content was changed between the two looks at an open file. */
export function hasChanged(before: FileIdentity, now: FileIdentity): boolean {
  return before.sizeBytes !== now.sizeBytes || before.mtimeNs !== now.mtimeNs
}

/** Nothing speaks against it being the same file, unchanged. false: it may have been moved, copied back or edited. */
export function isSameFile(before: FileIdentity, now: FileIdentity): boolean {
  return !hasChanged(before, now) && before.inode === now.inode && before.ctimeNs === now.ctimeNs
}

/** CRC-32 of the bytes [0, length) of a local file. Throws SOURCE_CHANGED when it is shorter. */
export async function crcOfStart(file: LocalFile, length: number, signal: AbortSignal): Promise<number> {
  const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, Math.max(1, length)))
  let crc = 0
  for (let at = 0; at < length;) {
    signal.throwIfAborted()
    const wanted = Math.min(buffer.length, length - at)
    const { bytesRead } = await onDisk(file.path, () => file.handle.read(buffer, 0, wanted, at))
    if (bytesRead === 0) throw new AppError('SOURCE_CHANGED', { detail: { path: file.path, expected: length, actual: at } })
    crc = crc32(buffer.subarray(0, bytesRead), crc)
    at += bytesRead
  }
  return crc
}

/** A range of a local file as content to send, no faster than the limit allows. */
export function rangeSource(file: LocalFile, offset: number, length: number, limit: RateLimit, signal: AbortSignal): ByteSource {
  return limitSource(fileSource(file.handle, { offset, length }), limit, signal)
}

/** Holds a source back to the limit, in slices small enough that the server never waits more than about a second. */
export function limitSource(source: ByteSource, limit: RateLimit, signal: AbortSignal): ByteSource {
  if (limit.slice(1) === Number.POSITIVE_INFINITY) return source
  const held = (count: number): number | Promise<number> => limit.take(count, signal)?.then(() => count) ?? count
  return {
    size: source.size,
    read(into) {
      const count = source.read(into.subarray(0, Math.min(into.length, limit.slice(1))))
      return typeof count === 'number' ? held(count) : count.then(held)
    }
  }
}
