import { close, closeSync, fstatSync, openSync, read, readSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { promisify } from 'node:util'
import { AppError } from '../../shared/errors.ts'
import { localError } from './local-error.ts'
import type { ByteSource } from './types.ts'

/** Up to this size a file is read and closed by synchronous calls: they cost less than a turn through the thread pool. */
export const SYNC_READ_LIMIT = 256 * 1024

export interface FileRange {
  /** First byte; default 0. */
  offset?: number | undefined
  /** Number of bytes; default: to the end of the file as it is now. */
  length?: number | undefined
}

/** A source that owns its file: whoever opened it closes it, also after an error. */
export interface OwnedByteSource extends ByteSource {
  close(): Promise<void>
}

/** The bytes of a Buffer; the Buffer must not change until the transfer has ended. */
export function bufferSource(bytes: Uint8Array): ByteSource {
  let at = 0
  return {
    size: bytes.byteLength,
    read(into) {
      const part = bytes.subarray(at, at + into.length)
      into.set(part)
      at += part.length
      return part.length
    }
  }
}

/**
 * A range of an open file, read by position: the handle's own position is neither used nor moved, so that several
 * sources can read one handle. The caller keeps the file open until the transfer has settled, and closes it.
 * A file that has become shorter ends early; one that has grown is seen when no `length` was given. The connection
 * turns both into SOURCE_CHANGED. Errors of the file system are LOCAL_*.
 */
export function fileSource(file: number | FileHandle, range: FileRange = {}): ByteSource {
  return new FileSource(typeof file === 'number' ? file : file.fd, range, undefined)
}

/** Opens `path` and reads a range of it. Close it when the transfer has settled. Throws LOCAL_*. */
export function openFileSource(path: string, range: FileRange = {}): OwnedByteSource {
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch (error) {
    throw localError(error, path)
  }
  try {
    return new FileSource(fd, range, path)
  } catch (error) {
    close(fd)
    throw error
  }
}

class FileSource implements OwnedByteSource {
  readonly size: number
  readonly #fd: number
  readonly #path: string | undefined
  /** Where reading stops. */
  readonly #end: number
  /** Where the file should end. */
  readonly #last: number
  #position: number
  /** A read has got all there should be, and less than it asked for: there is no more, and no need to look again. */
  #ended = false

  constructor(fd: number, range: FileRange, path: string | undefined) {
    const start = range.offset ?? 0
    const size = range.length ?? sizeOf(fd, path) - start
    if (size < 0) throw new AppError('SOURCE_CHANGED', { detail: { path, offset: start, reason: 'shorter than the offset' } })
    this.size = size
    this.#last = start + size
    this.#fd = fd
    this.#path = path
    this.#position = start
    // Without a length the file itself is the limit, so that a file that grows meanwhile is noticed.
    this.#end = range.length === undefined ? Number.POSITIVE_INFINITY : start + size
  }

  read(into: Buffer): number | Promise<number> {
    const length = Math.min(into.length, this.#end - this.#position)
    if (length === 0 || this.#ended) return 0
    return this.size <= SYNC_READ_LIMIT ? this.#readNow(into, length) : this.#readLater(into, length)
  }

  async close(): Promise<void> {
    try {
      if (this.size <= SYNC_READ_LIMIT) closeSync(this.#fd)
      else await promisify(close)(this.#fd)
    } catch (error) {
      throw localError(error, this.#path)
    }
  }

  #readNow(into: Buffer, length: number): number {
    try {
      const count = readSync(this.#fd, into, 0, length, this.#position)
      this.#took(count, length)
      return count
    } catch (error) {
      throw localError(error, this.#path)
    }
  }

  #readLater(into: Buffer, length: number): Promise<number> {
    return new Promise((resolve, reject) => {
      read(this.#fd, into, 0, length, this.#position, (error, count) => {
        if (error) return reject(localError(error, this.#path))
        this.#took(count, length)
        resolve(count)
      })
    })
  }

  #took(count: number, length: number): void {
    this.#position += count
    this.#ended = count < length && this.#position === this.#last
  }
}

function sizeOf(fd: number, path: string | undefined): number {
  try {
    const stat = fstatSync(fd)
    if (!stat.isFile()) throw new AppError('LOCAL_NOT_A_FILE', { detail: { path } })
    return stat.size
  } catch (error) {
    throw localError(error, path)
  }
}
