import { AppError, type ErrorDetail } from '../../shared/errors.ts'
import { type Header, decodeResponseHeader } from '../protocol/header.ts'
import { exchangeError } from './io-error.ts'

/** A server that closes a new connection this soon, before any answer, has no room for it (or does not want us). */
const SERVER_FULL_MS = 1000

/** What an exchange that ended too early had received. */
interface Received {
  /** When the first byte of the answer came; 0 = none did. */
  readonly answeredAt: number
  readonly firstByte: number
}

/** Who is at the other end of a connection, as far as can be told from what it says. */
export class Peer {
  /** A well-formed answer has come: the peer is a FastDFS server and has taken us in. */
  proven = false
  #openedAt = 0
  /** It spoke before it was asked. */
  #stranger = false

  opened(): void {
    this.#openedAt = performance.now()
  }

  spokeUnasked(): void {
    this.#stranger = !this.proven
  }

  /** Reads the header of an answer. The first thing it ever says may show that it is a web server, a mail server, TLS … */
  header(bytes: Buffer, limit: number): Header {
    try {
      const header = decodeResponseHeader(bytes, limit)
      this.proven = true
      return header
    } catch (error) {
      const stranger = !this.proven && error instanceof AppError && error.detail['reason'] === 'not-a-response'
      throw stranger ? new AppError('NOT_FASTDFS', { cause: error, detail: { ...error.detail } }) : error
    }
  }

  /** The connection is gone: what that means depends on how far it had come. */
  lost(exchange: Received | null, detail: ErrorDetail, cause?: Error): AppError {
    if (!this.proven) {
      const firstByte = exchange?.firstByte ?? 0
      // Every answer begins with a zero (the high byte of its length), a listing with 2^58.
      if (this.#stranger || (firstByte !== 0 && firstByte !== 4)) return new AppError('NOT_FASTDFS', { cause, detail })
      const unanswered = exchange === null || exchange.answeredAt === 0
      if (unanswered && performance.now() - this.#openedAt < SERVER_FULL_MS) {
        return new AppError('SERVER_FULL', { cause, detail: { ...detail, reason: `${cause ? 'reset' : 'closed'} before any answer` } })
      }
    }
    return cause ? exchangeError(cause, detail) : new AppError('CONNECTION_LOST', { detail })
  }
}
