import { formatAddress } from '../../shared/address.ts'
import { AppError, type ErrorCode, toAppError } from '../../shared/errors.ts'
import type { ConnectionPool } from '../client/pool.ts'
import type { Endpoint, ExchangeOptions } from '../client/types.ts'
import type { Command } from '../protocol/index.ts'

/** Errors that say something about the way to a tracker, not about the question: another tracker may answer. */
const FAIL_OVER: ReadonlySet<ErrorCode> = new Set([
  'HOST_NOT_FOUND',
  'CONNECT_REFUSED',
  'CONNECT_TIMEOUT',
  'HOST_UNREACHABLE',
  'SERVER_FULL',
  'CONNECTION_LOST',
  'TIMEOUT',
  'NOT_FASTDFS'
])

/** A tracker that failed is asked last for this long. */
const REMEMBER_FAILURE_MS = 10_000
/** While another tracker is left to ask, none gets more than this to connect, and this to answer. */
const IMPATIENT_CONNECT_MS = 2500
const IMPATIENT_ANSWER_MS = 5000

interface Tracker {
  readonly endpoint: Endpoint
  badUntil: number
}

/** The trackers of one cluster. All are equal for queries: the one that answered last is asked first. */
export class TrackerSet {
  readonly #pool: ConnectionPool
  readonly #now: () => number
  readonly #timeouts: { connectTimeoutMs: number; networkTimeoutMs: number }
  /** In the order they are asked. */
  #trackers: Tracker[]

  constructor(
    endpoints: readonly Endpoint[],
    pool: ConnectionPool,
    options: { connectTimeoutMs: number; networkTimeoutMs: number; now: () => number }
  ) {
    this.#trackers = endpoints.map((endpoint) => ({ endpoint, badUntil: 0 }))
    this.#pool = pool
    this.#now = options.now
    this.#timeouts = options
  }

  get endpoints(): Endpoint[] {
    return this.#trackers.map((tracker) => tracker.endpoint)
  }

  /**
   * Asks one tracker after the other until one answers. A status is an answer: it is not asked again elsewhere. With a single
   * tracker its own error is thrown, with several TRACKER_UNREACHABLE (NOT_FASTDFS if that is what one of them is).
   */
  async ask<Req, Res>(command: Command<Req, Res>, request: Req, options: ExchangeOptions = {}): Promise<Res> {
    const failures: AppError[] = []
    const order = this.#trackers.toSorted((a, b) => this.#badness(a) - this.#badness(b))
    for (const [index, tracker] of order.entries()) {
      const last = index === order.length - 1
      const { connectTimeoutMs, networkTimeoutMs } = this.#timeouts
      const timeoutMs = options.timeoutMs ?? networkTimeoutMs
      try {
        const answer = await this.#pool.use(
          tracker.endpoint,
          (connection) =>
            connection.exchange(command, request, {
              signal: options.signal,
              timeoutMs: last ? timeoutMs : Math.min(timeoutMs, IMPATIENT_ANSWER_MS)
            }),
          {
            signal: options.signal,
            repeatable: true,
            connectTimeoutMs: last ? connectTimeoutMs : Math.min(connectTimeoutMs, IMPATIENT_CONNECT_MS)
          }
        )
        this.#prefer(tracker)
        return answer
      } catch (thrown) {
        const error = toAppError(thrown)
        if (!FAIL_OVER.has(error.code)) throw error
        tracker.badUntil = this.#now() + REMEMBER_FAILURE_MS
        failures.push(error)
      }
    }
    throw this.#unreachable(failures)
  }

  #badness(tracker: Tracker): number {
    return tracker.badUntil > this.#now() ? tracker.badUntil : 0
  }

  #prefer(tracker: Tracker): void {
    tracker.badUntil = 0
    if (this.#trackers[0] !== tracker) this.#trackers = [tracker, ...this.#trackers.filter((other) => other !== tracker)]
  }

  #unreachable(failures: AppError[]): AppError {
    const [first] = failures
    if (!first) return new AppError('TRACKER_UNREACHABLE', { detail: { reason: 'no tracker is configured' } })
    if (failures.length === 1) return first
    const stranger = failures.find((error) => error.code === 'NOT_FASTDFS')
    if (stranger) return stranger
    return new AppError('TRACKER_UNREACHABLE', {
      cause: first,
      detail: { endpoint: this.endpoints.map(formatAddress).join(', '), reason: failures.map((error) => error.code).join(', ') }
    })
  }
}
