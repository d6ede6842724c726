import { write, writeSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { localError } from './local-error.ts'
import type { ByteSink } from './types.ts'

/** Up to this size a piece is always written by a synchronous call: it costs less than a turn through the thread pool. */
const SMALL_BYTES = 64 * 1024
/**
 * Larger pieces are, too, while that is quick: a third of a millisecond for 1 MiB in the page cache, and the thread pool takes
 * three times as long. A call that took longer than this (a frame of a window) shows a disk that does not come along.
 */
const SLOW_MS = 16
/** For so long nobody waits for a slow disk: longer each time, until it has been quick for a while. */
const SHORTEST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 8000
const QUICK_FOR_A_WHILE = 32

/** Whether the disk, or the memory in front of it, takes large pieces without making anybody wait. */
class DiskPace {
  #quickAgainAt = 0
  #pauseMs = SHORTEST_PAUSE_MS
  #quickInARow = 0

  isQuick(now: number): boolean {
    return now >= this.#quickAgainAt
  }

  took(started: number, now: number): void {
    if (now - started <= SLOW_MS) {
      if (++this.#quickInARow >= QUICK_FOR_A_WHILE) this.#pauseMs = SHORTEST_PAUSE_MS
      return
    }
    this.#quickInARow = 0
    this.#quickAgainAt = now + this.#pauseMs
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2)
  }
}

/** One for the process: transfers that come and go meet the same disk. */
const pace = new DiskPace()

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
    if (!small && !pace.isQuick(started)) {
      return writeLater(this.#fd, chunk, this.#offset + at).then(() => this.#done(at, chunk.length))
    }
    try {
      for (let written = 0; written < chunk.length;) {
        written += writeSync(this.#fd, chunk, written, chunk.length - written, this.#offset + at + written)
      }
    } catch (error) {
      throw localError(error)
    }
    if (!small) pace.took(started, performance.now())
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
