import { crc32 } from 'node:zlib'
import { AppError } from '../../shared/errors.ts'
import { BodyFramer } from '../protocol/header.ts'
import type { BufferPool } from './buffers.ts'
import type { ByteSink } from './types.ts'

/** Where the body of one response goes. Pushed by the connection, which knows nothing about bodies. */
export interface Reply {
  /** Longest body whose header is accepted. */
  readonly limit: number
  /** The header is in: status 0 and a legal length. Throws AppError to refuse it. */
  begin(length: number): void
  /** The next bytes of the body. Throws AppError when there are more than announced. */
  push(bytes: Buffer): void
  /** Own memory for the next read; null = the connection's. */
  memory(): Buffer | null
  /** Everything is here and has been handed on. */
  readonly complete: boolean
  /** Reading has to stop, until the reply says that it has changed. */
  readonly paused: boolean
  /** The peer has closed: true if everything has arrived (which for some bodies is what ends them). */
  ended(): boolean
  /** After a failure: resolves when nothing of the body's memory is in use any more. Never rejects. */
  settle(): Promise<void>
}

export function surplus(): AppError {
  return new AppError('PROTOCOL_INVALID', { detail: { reason: 'surplus-bytes' } })
}

/** Longest body that is held in memory as a whole. What can be longer (files, listings) has to be streamed. */
const COLLECTED_BYTES = 2 * 1_048_576

/** A body small enough to be held: allocated only after its length has been checked against the limit. */
export class CollectedReply implements Reply {
  readonly limit: number
  readonly paused = false
  body: Buffer | null = null
  #framer: BodyFramer | null = null

  constructor(limit: number) {
    this.limit = Math.min(limit, COLLECTED_BYTES)
  }

  get complete(): boolean {
    return this.body !== null
  }

  begin(length: number): void {
    if (length === 0) this.body = Buffer.alloc(0)
    else this.#framer = new BodyFramer(length)
  }

  push(bytes: Buffer): void {
    if (this.body !== null || this.#framer === null) throw surplus()
    const result = this.#framer.push(bytes)
    if (result === null) return
    if (result.rest.length > 0) throw surplus()
    this.body = result.body
  }

  memory(): null {
    return null
  }

  ended(): boolean {
    return this.complete
  }

  async settle(): Promise<void> {}
}

export interface SinkReplyOptions {
  sink: ByteSink
  buffers: BufferPool
  /** Exact length that must be announced. */
  length: number
  /** The body has no end but that of the connection (`length` is then the announced sentinel). */
  untilClose: boolean
  /** Bytes received so far; called before they are written. */
  onProgress: ((bytes: number) => void) | undefined
  /** Told when `paused` or `complete` may have changed outside of `push`, or when the sink failed. */
  changed: (reply: Reply, error?: unknown) => void
}

/** Stands for the writes under way of the many small bodies that never have one. */
const NONE = new Set<Promise<void>>()

/**
 * A body that streams into a sink through large reused buffers: they are filled to the brim before they are written, so
 * that a fast link makes few writes. When the sink is slower than the link, reading stops; at most
 * `sink.concurrency` buffers are being written and one is being filled.
 */
export class SinkReply implements Reply {
  readonly limit: number
  received = 0
  /** Of what was received, unsigned. */
  crc32 = 0

  readonly #sink: ByteSink
  readonly #buffers: BufferPool
  readonly #length: number
  readonly #untilClose: boolean
  readonly #onProgress: ((bytes: number) => void) | undefined
  readonly #changed: (reply: Reply, error?: unknown) => void
  #underWay = NONE
  readonly #concurrency: number
  #current: Buffer | null = null
  #filled = 0
  #begun = false
  #allIn = false
  #sinkFailed = false

  constructor(options: SinkReplyOptions) {
    this.#sink = options.sink
    this.#buffers = options.buffers
    this.#length = options.length
    this.#untilClose = options.untilClose
    this.#onProgress = options.onProgress
    this.#changed = options.changed
    this.#concurrency = Math.max(1, options.sink.concurrency ?? 1)
    this.limit = options.length
  }

  begin(length: number): void {
    if (length !== this.#length) {
      throw new AppError('SIZE_MISMATCH', { detail: { expected: this.#length, actual: length } })
    }
    this.#begun = true
    if (length === 0) this.#allIn = true
  }

  get complete(): boolean {
    return this.#allIn && this.#filled === 0 && this.#underWay.size === 0
  }

  get paused(): boolean {
    return this.#current !== null && this.#filled === this.#current.length && this.#underWay.size >= this.#concurrency
  }

  memory(): Buffer | null {
    if (!this.#begun || this.#allIn) return null
    const current = (this.#current ??= this.#take())
    if (this.#filled === current.length) return null
    return current.subarray(this.#filled, Math.min(current.length, this.#filled + this.#length - this.received))
  }

  push(bytes: Buffer): void {
    if (this.#allIn || bytes.length > this.#length - this.received) throw surplus()
    this.received += bytes.length
    this.crc32 = crc32(bytes, this.crc32)
    this.#onProgress?.(this.received)
    if (!this.#untilClose && this.received === this.#length) this.#allIn = true
    for (let rest = bytes; rest.length > 0;) {
      const current = (this.#current ??= this.#take())
      const used = Math.min(rest.length, current.length - this.#filled)
      const at = current.byteOffset + this.#filled
      if (rest.buffer !== current.buffer || rest.byteOffset !== at) rest.copy(current, this.#filled, 0, used)
      this.#filled += used
      rest = rest.subarray(used)
      this.#dispatch()
      // The memory handed out never exceeds what fits, so a rest is only left after a read into the connection's own memory.
      if (rest.length > 0 && this.paused) throw new AppError('INTERNAL', { detail: { reason: 'reply overrun' } })
    }
  }

  ended(): boolean {
    if (this.#untilClose && this.#begun && !this.#allIn) {
      this.#allIn = true
      this.#dispatch()
    }
    return this.#allIn
  }

  /** Writes what has arrived, so that a resumed download need not ask for it again; then waits for the sink. */
  async settle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay)
    const current = this.#current
    if (current === null) return
    this.#current = null
    this.#buffers.forget(current)
    if (this.#filled === 0 || this.#sinkFailed) return
    try {
      await this.#sink.write(current.subarray(0, this.#filled))
    } catch {
      // The failure that brought us here is the one to report.
    }
    this.#filled = 0
  }

  #take(): Buffer {
    return this.#buffers.take(this.#untilClose ? 64 * 1024 : this.#length - (this.received - this.#filled))
  }

  /** Hands a full buffer (or the last one) to the sink, unless too many are there already. */
  #dispatch(): void {
    const current = this.#current
    if (current === null || this.#filled === 0 || this.#underWay.size >= this.#concurrency) return
    if (this.#filled < current.length && !this.#allIn) return
    let result: void | Promise<void>
    try {
      result = this.#sink.write(current.subarray(0, this.#filled))
    } catch (error) {
      this.#sinkFailed = true
      throw error
    }
    this.#filled = 0
    if (!(result instanceof Promise)) {
      if (this.#allIn) this.#release(current)
      return
    }
    this.#current = null
    const written = result.then(
      () => {
        this.#underWay.delete(written)
        this.#buffers.give(current)
        this.#next()
      },
      (error: unknown) => {
        this.#underWay.delete(written)
        this.#buffers.forget(current)
        this.#sinkFailed = true
        this.#changed(this, error)
      }
    )
    if (this.#underWay === NONE) this.#underWay = new Set()
    this.#underWay.add(written)
  }

  #next(): void {
    try {
      this.#dispatch()
      this.#changed(this)
    } catch (error) {
      this.#changed(this, error)
    }
  }

  #release(current: Buffer): void {
    this.#current = null
    this.#buffers.give(current)
  }
}
