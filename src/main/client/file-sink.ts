import { write, writeSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { localError } from './local-error.ts'
import type { ByteSink } from './types.ts'

/** Up to this size a piece is always written by a synchronous call: it costs less than a turn through the thread pool. */
const SMALL_BYTES = 64 * 1024
/**
 * Larger pieces are, too, while that is quick (a third of a millisecond for 1 MiB in the page cache: several writes at a time would
 * only wait for each other at the file's lock, three times as long). A call that took longer than this shows a disk that does not
 * come along; for a while nobody waits for it then.
 */
const SLOW_MS = 4
const PATIENCE_MS = 1000
/** One disk, or the memory in front of it, for all: when large pieces may be written by synchronous calls again. */
let quickAgainAt = 0

export interface FileSink extends ByteSink {
  /** Bytes that have reached the file without a gap from the start: from here a download can be resumed. */
  readonly contiguous: number
}

/**
 * Writes to an open file by position, from `offset` on; the handle's own position is neither used nor moved, so that
 * several ranges can be written to one handle at a time. Nothing is flushed to the disk and the file is not closed: both are
 * the caller's. Errors are LOCAL_* (a full disk is LOCAL_DISK_FULL).
 */
export function fileSink(file: number | FileHandle, offset = 0): FileSink {
  return new PositionedSink(typeof file === 'number' ? file : file.fd, offset)
}

class PositionedSink implements FileSink {
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
    const small = chunk.length <= SMALL_BYTES
    const started = small ? 0 : performance.now()
    if (started < quickAgainAt && !small) {
      return writeLater(this.#fd, chunk, this.#offset + at).then(() => this.#done(at, chunk.length))
    }
    try {
      for (let written = 0; written < chunk.length;) {
        written += writeSync(this.#fd, chunk, written, chunk.length - written, this.#offset + at + written)
      }
    } catch (error) {
      throw localError(error)
    }
    if (!small) noteSpeed(started)
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

function noteSpeed(started: number): void {
  const now = performance.now()
  if (now - started > SLOW_MS) quickAgainAt = now + PATIENCE_MS
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
