import { crc32 } from 'node:zlib'
import { AppError } from '../../shared/errors.ts'
import { type BufferPool, LARGE_BUFFER_BYTES } from './buffers.ts'
import type { ByteSource } from './types.ts'

/** One being read, the others on their way. */
const BUFFERS = 4
/** What comes here is never looked at. */
const ONE_MORE = Buffer.alloc(1)

/** The sending side of a connection, as the pump sees it. */
export interface PumpTarget {
  /** `written` is called when the bytes have left this process; never after a failure. */
  write(bytes: Buffer, written: () => void): void
  /** The exchange has failed or was answered early: nothing more is to be sent. */
  readonly stopped: boolean
  /** Resolves when a write has left, or when the exchange has stopped. */
  progress(): Promise<void>
}

/**
 * Sends `head` and then every byte of the source. Head and first bytes leave in one write; the next bytes are read while
 * the last ones are written. The last piece is held back until the source has said that there is nothing more: a file
 * that has grown must not become a complete, wrong upload.
 */
export class SourcePump {
  /** Of the content read so far, unsigned. */
  crc32 = 0
  /** The source is working: the silence of the peer is then not its fault. */
  reading = false
  readonly #source: ByteSource
  readonly #buffers: BufferPool
  readonly #onProgress: ((bytes: number) => void) | undefined
  readonly #lent = new Set<Buffer>()
  #read = 0
  #sent = 0

  constructor(source: ByteSource, buffers: BufferPool, onProgress: ((bytes: number) => void) | undefined) {
    this.#source = source
    this.#buffers = buffers
    this.#onProgress = onProgress
  }

  /**
   * null when everything has been handed to the socket at once, as with small files; else a promise that resolves when that is
   * so, or when the target has stopped. Throws (or rejects with) SOURCE_CHANGED for a source that ends early or goes on; what
   * the source throws passes through.
   */
  run(target: PumpTarget, head: Buffer): Promise<void> | null {
    const buffer = this.#lend(head.length)
    head.copy(buffer)
    const filled = this.#fill(buffer, head.length)
    if (typeof filled !== 'number') return this.#later(target, buffer, head.length, filled)
    this.#send(target, buffer, head.length, filled)
    return this.#read === this.#source.size ? null : this.#rest(target)
  }

  async #later(target: PumpTarget, buffer: Buffer, start: number, filled: Promise<number>): Promise<void> {
    this.#send(target, buffer, start, await filled)
    await this.#rest(target)
  }

  async #rest(target: PumpTarget): Promise<void> {
    while (this.#read < this.#source.size) {
      while (this.#lent.size >= BUFFERS && !target.stopped) await target.progress()
      if (target.stopped) return
      const buffer = this.#lend(0)
      const filled = this.#fill(buffer, 0)
      this.#send(target, buffer, 0, typeof filled === 'number' ? filled : await filled)
    }
  }

  /** With room for one byte more than there should be: most sources then show by their first answer that they have ended. */
  #lend(start: number): Buffer {
    const buffer = this.#buffers.take(Math.min(LARGE_BUFFER_BYTES, start + this.#source.size - this.#read + 1))
    this.#lent.add(buffer)
    return buffer
  }

  /** Puts the next bytes behind `start`; to how many the buffer is filled then. The last piece is there when nothing follows it. */
  #fill(buffer: Buffer, start: number): number | Promise<number> {
    const left = this.#source.size - this.#read
    if (left === 0) return this.#confirmEnd(start)
    const space = buffer.subarray(start, start + left + 1)
    const answer = this.#ask(space)
    return typeof answer === 'number' ? this.#took(space, start, answer) : answer.then((count) => this.#took(space, start, count))
  }

  #send(target: PumpTarget, buffer: Buffer, start: number, filled: number): void {
    if (target.stopped) return this.#giveBack(buffer)
    target.write(filled === buffer.length ? buffer : buffer.subarray(0, filled), () => {
      this.#giveBack(buffer)
      this.#sent += filled - start
      this.#onProgress?.(this.#sent)
    })
  }

  /** After a failure: the buffers that were under way will not come back. */
  abandon(): void {
    for (const buffer of this.#lent) this.#buffers.forget(buffer)
    this.#lent.clear()
  }

  #took(space: Buffer, start: number, count: number): number | Promise<number> {
    const { size } = this.#source
    if (count === 0) throw new AppError('SOURCE_CHANGED', { detail: { expected: size, actual: this.#read } })
    this.#read += count
    if (this.#read > size) throw grown(size)
    this.crc32 = crc32(count === space.length ? space : space.subarray(0, count), this.crc32)
    return this.#read === size ? this.#confirmEnd(start + count) : start + count
  }

  #confirmEnd(filled: number): number | Promise<number> {
    const { size } = this.#source
    const more = this.#ask(ONE_MORE)
    if (typeof more !== 'number') {
      return more.then((count) => {
        if (count > 0) throw grown(size)
        return filled
      })
    }
    if (more > 0) throw grown(size)
    return filled
  }

  #ask(space: Buffer): number | Promise<number> {
    const answer = this.#source.read(space)
    if (typeof answer === 'number') return checked(answer, space)
    this.reading = true
    return answer
      .then((count) => checked(count, space))
      .finally(() => {
        this.reading = false
      })
  }

  #giveBack(buffer: Buffer): void {
    this.#lent.delete(buffer)
    this.#buffers.give(buffer)
  }
}

function grown(expected: number): AppError {
  return new AppError('SOURCE_CHANGED', { detail: { expected, reason: 'longer than announced' } })
}

function checked(count: number, space: Buffer): number {
  if (Number.isInteger(count) && count >= 0 && count <= space.length) return count
  throw new AppError('INTERNAL', { detail: { reason: 'source overran its buffer', count } })
}
