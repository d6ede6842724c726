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
   * Resolves when everything has been handed to the socket, or the target has stopped. Throws SOURCE_CHANGED for a source
   * that ends early or goes on; what the source throws passes through.
   */
  async run(target: PumpTarget, head: Buffer): Promise<void> {
    const { size } = this.#source
    for (let first = true; first || this.#read < size; first = false) {
      while (this.#lent.size >= BUFFERS && !target.stopped) await target.progress()
      if (target.stopped) return

      const start = first ? head.length : 0
      const buffer = this.#buffers.take(Math.min(LARGE_BUFFER_BYTES, start + size - this.#read))
      this.#lent.add(buffer)
      if (first) head.copy(buffer)
      let filled = start
      if (this.#read < size) {
        const space = buffer.subarray(start, start + size - this.#read)
        const answer = this.#ask(space)
        filled += this.#took(space, typeof answer === 'number' ? answer : await answer)
      }
      if (this.#read === size) {
        const more = this.#ask(ONE_MORE)
        this.#expectEnd(typeof more === 'number' ? more : await more)
      }
      if (target.stopped) return this.#giveBack(buffer)

      target.write(buffer.subarray(0, filled), () => {
        this.#giveBack(buffer)
        this.#sent += filled - start
        this.#onProgress?.(this.#sent)
      })
    }
  }

  /** After a failure: the buffers that were under way will not come back. */
  abandon(): void {
    for (const buffer of this.#lent) this.#buffers.forget(buffer)
    this.#lent.clear()
  }

  #took(space: Buffer, count: number): number {
    if (count === 0) throw new AppError('SOURCE_CHANGED', { detail: { expected: this.#source.size, actual: this.#read } })
    this.#read += count
    this.crc32 = crc32(space.subarray(0, count), this.crc32)
    return count
  }

  #expectEnd(count: number): void {
    if (count === 0) return
    throw new AppError('SOURCE_CHANGED', { detail: { expected: this.#source.size, reason: 'longer than announced' } })
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

function checked(count: number, space: Buffer): number {
  if (Number.isInteger(count) && count >= 0 && count <= space.length) return count
  throw new AppError('INTERNAL', { detail: { reason: 'source overran its buffer', count } })
}
