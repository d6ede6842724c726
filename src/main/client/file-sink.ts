import { write, writeSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { localError } from './local-error.ts'
import type { ByteSink } from './types.ts'

/** Up to this size a piece is written by a synchronous call: it costs less than a turn through the thread pool. */
const SYNC_WRITE_LIMIT = 64 * 1024
const WRITES_UNDER_WAY = 4

export interface FileSink extends ByteSink {
  /** Bytes that have reached the file without a gap from the start: from here a download can be resumed. */
  readonly contiguous: number
}

/**
 * Writes to an open file by position, from `offset` on; the handle's own position is neither used nor moved, so that
 * several ranges can be written to one handle at a time. At most four writes are under way. Nothing is flushed to
 * the disk and the file is not closed: both are the caller's. Errors are LOCAL_* (a full disk is LOCAL_DISK_FULL).
 */
export function fileSink(file: number | FileHandle, offset = 0): FileSink {
  return new PositionedSink(typeof file === 'number' ? file : file.fd, offset)
}

class PositionedSink implements FileSink {
  readonly concurrency = WRITES_UNDER_WAY
  contiguous = 0
  readonly #fd: number
  readonly #offset: number
  /** Of the next piece, from `#offset`. */
  #position = 0
  /** Start → length of finished pieces behind a gap; only writes that are under way at the same time leave one. */
  #finished: Map<number, number> | null = null

  constructor(fd: number, offset: number) {
    this.#fd = fd
    this.#offset = offset
  }

  write(chunk: Buffer): void | Promise<void> {
    const at = this.#position
    this.#position += chunk.length
    if (chunk.length > SYNC_WRITE_LIMIT) return writeLater(this.#fd, chunk, this.#offset + at).then(() => this.#done(at, chunk.length))
    try {
      for (let written = 0; written < chunk.length;) {
        written += writeSync(this.#fd, chunk, written, chunk.length - written, this.#offset + at + written)
      }
    } catch (error) {
      throw localError(error)
    }
    this.#done(at, chunk.length)
  }

  #done(at: number, length: number): void {
    if (at === this.contiguous) this.contiguous += length
    else (this.#finished ??= new Map()).set(at, length)
    const finished = this.#finished
    if (finished === null) return
    for (let next = finished.get(this.contiguous); next !== undefined; next = finished.get(this.contiguous)) {
      finished.delete(this.contiguous)
      this.contiguous += next
    }
  }
}

function writeLater(fd: number, chunk: Buffer, position: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const from = (start: number): void => {
      write(fd, chunk, start, chunk.length - start, position + start, (error, count) => {
        if (error) return reject(localError(error))
        if (start + count < chunk.length) return from(start + count)
        resolve()
      })
    }
    from(0)
  })
}
