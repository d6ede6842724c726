import type { AppError } from '../../shared/errors.ts'
import { type Header, HeaderFramer } from '../protocol/header.ts'
import type { Reply } from './reply.ts'
import type { PumpTarget, SourcePump } from './source-pump.ts'

export interface ExchangeParts {
  command: { readonly code: number }
  reply: Reply
  /** null = a request without content. */
  pump: SourcePump | null
  signal: AbortSignal | undefined
  timeoutMs: number
  /** The connection's way to its socket. */
  write: (exchange: Exchange, bytes: Buffer, written: () => void) => void
}

/** One request and its answer while they are under way: what the connection has to know of them, and what the pump sees. */
export class Exchange implements PumpTarget {
  readonly command: { readonly code: number }
  readonly reply: Reply
  readonly pump: SourcePump | null
  readonly signal: AbortSignal | undefined
  readonly timeoutMs: number
  readonly framer = new HeaderFramer()
  header: Header | null = null
  /** The request has been handed to the socket as a whole. */
  sent = false
  writesUnderWay = 0
  /** When the first byte of the answer came; 0 = none yet. */
  answeredAt = 0
  firstByte = 0
  error: AppError | null = null
  /** The answer is complete and the socket gone; only the sink is still at work. */
  orphan = false
  /** The pump is at work: it may hold the source. */
  pumping: Promise<void> | null = null
  /** Settles by `succeed` or `fail`, when neither source nor sink is in use any more. */
  readonly done: Promise<void>
  readonly succeed: () => void
  readonly fail: (error: AppError) => void
  /** Wakes the pump. */
  wake: () => void = asleep
  readonly #write: ExchangeParts['write']

  constructor(parts: ExchangeParts) {
    this.command = parts.command
    this.reply = parts.reply
    this.pump = parts.pump
    this.signal = parts.signal
    this.timeoutMs = parts.timeoutMs
    this.#write = parts.write
    // Not Promise.withResolvers: the command line also runs on Node 20.
    let succeed = asleep
    let fail: (error: AppError) => void = asleep
    this.done = new Promise<void>((resolve, reject) => {
      succeed = resolve
      fail = reject
    })
    this.succeed = succeed
    this.fail = fail
  }

  get stopped(): boolean {
    return this.error !== null
  }

  write(bytes: Buffer, written: () => void): void {
    this.#write(this, bytes, written)
  }

  progress(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve
    })
  }
}

function asleep(): void {}
