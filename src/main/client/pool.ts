import { setMaxListeners } from 'node:events'
import { formatAddress } from '../../shared/address.ts'
import { AppError } from '../../shared/errors.ts'
import { activeTest } from '../protocol/both.ts'
import { BufferPool } from './buffers.ts'
import { Connection } from './connection.ts'
import { abortedError } from './io-error.ts'
import type { Endpoint } from './types.ts'

export interface PoolOptions {
  connectTimeoutMs: number
  /** Longest silence within an exchange. */
  networkTimeoutMs: number
  maxConnectionsPerEndpoint: number
  /** A connection that nobody used for so long is closed. */
  idleLimitMs: number
  /** Monotonic milliseconds. */
  now: () => number
}

export interface UseOptions {
  signal?: AbortSignal | undefined
  /**
   * The work may be done twice, and has no content. A kept connection that turns out to be dead before it has answered
   * anything is then replaced once by a new one.
   */
  repeatable?: boolean | undefined
  connectTimeoutMs?: number | undefined
}

interface Waiter {
  /** A connection to use, or null: leave to open one. */
  resolve(connection: Connection | null): void
  reject(error: AppError): void
}

interface Shelf {
  readonly endpoint: Endpoint
  /** Last used last: taken from the end, so that what is not needed grows old. */
  readonly idle: { connection: Connection; since: number }[]
  readonly waiting: Waiter[]
  /** Open or being opened, idle or not. */
  count: number
}

/** An idle connection younger than this is used without a probe. */
const TRUSTED_MS = 1000
/** A probe that is not answered within this time costs less than a request that is not. */
const PROBE_TIMEOUT_MS = 5000

/**
 * Connections by endpoint: at most `maxConnectionsPerEndpoint` each, who asks first is served first. A connection that
 * was idle is probed with ACTIVE_TEST before it is used again. The pool owns every connection; `close` ends all of them.
 */
export class ConnectionPool {
  readonly buffers = new BufferPool()
  readonly #options: PoolOptions
  readonly #shelves = new Map<string, Shelf>()
  readonly #connections = new Set<Connection>()
  readonly #opening = new Set<Promise<Connection>>()
  readonly #end = new AbortController()
  #sweeper: NodeJS.Timeout | null = null

  constructor(options: PoolOptions) {
    this.#options = options
    // One for each connection that is being made: more than ten are no leak, which is what Node 20 would print.
    setMaxListeners(0, this.#end.signal)
  }

  /** Open connections, idle or not. */
  get size(): number {
    return this.#connections.size
  }

  /** Lends a connection to `work` for one exchange or several. Whatever `work` does to it, it is taken back or thrown away. */
  use<T>(endpoint: Endpoint, work: (connection: Connection) => Promise<T>, options: UseOptions = {}): Promise<T> {
    const shelf = this.#shelf(endpoint)
    const connection = options.signal?.aborted || this.#end.signal.aborted ? null : this.#takeFresh(shelf)
    if (connection === null) return this.#useAny(shelf, work, options, true)
    return work(connection).then(
      (result) => {
        this.#release(shelf, connection)
        return result
      },
      (error: unknown) => {
        const again = this.#isStale(shelf, connection, error, options)
        this.#release(shelf, connection)
        if (!again) throw error
        return this.#useAny(shelf, work, options, false)
      }
    )
  }

  async #useAny<T>(shelf: Shelf, work: (connection: Connection) => Promise<T>, options: UseOptions, mayRepeat: boolean): Promise<T> {
    for (let first = mayRepeat; ; first = false) {
      const { connection, reused } = await this.#acquire(shelf, options)
      try {
        if (this.#end.signal.aborted) throw closedError(shelf.endpoint)
        return await work(connection)
      } catch (error) {
        if (!reused || !first || !this.#isStale(shelf, connection, error, options)) throw error
      } finally {
        this.#release(shelf, connection)
      }
    }
  }

  /** A kept connection has died unanswered: the server has gone and come back, and none of those kept is worth a try. */
  #isStale(shelf: Shelf, connection: Connection, error: unknown, options: UseOptions): boolean {
    const stale = connection.unanswered && error instanceof AppError && error.code === 'CONNECTION_LOST'
    if (!stale || !options.repeatable) return false
    this.#discardIdle(shelf)
    return true
  }

  /** Ends everything: waiting requests and running exchanges reject with ABORTED. Resolves when all sockets are closed. */
  async close(): Promise<void> {
    this.#end.abort()
    if (this.#sweeper) clearInterval(this.#sweeper)
    this.#sweeper = null
    for (const shelf of this.#shelves.values()) {
      for (const waiter of shelf.waiting.splice(0)) waiter.reject(closedError(shelf.endpoint))
    }
    await Promise.allSettled(this.#opening)
    await Promise.all([...this.#connections].map((connection) => connection.close()))
  }

  #shelf(endpoint: Endpoint): Shelf {
    const key = formatAddress(endpoint)
    let shelf = this.#shelves.get(key)
    if (!shelf) {
      shelf = { endpoint, idle: [], waiting: [], count: 0 }
      this.#shelves.set(key, shelf)
    }
    return shelf
  }

  /** A connection that was used a moment ago. */
  #takeFresh(shelf: Shelf): Connection | null {
    const kept = shelf.idle.at(-1)
    if (!kept?.connection.usable || this.#options.now() - kept.since >= TRUSTED_MS) return null
    shelf.idle.pop()
    return kept.connection
  }

  async #acquire(shelf: Shelf, options: UseOptions): Promise<{ connection: Connection; reused: boolean }> {
    const { signal } = options
    if (signal?.aborted) throw abortedError(signal, { endpoint: formatAddress(shelf.endpoint) })
    if (this.#end.signal.aborted) throw closedError(shelf.endpoint)

    for (let kept = shelf.idle.pop(); kept !== undefined; kept = shelf.idle.pop()) {
      const { connection, since } = kept
      const trusted = this.#options.now() - since < TRUSTED_MS
      if (connection.usable && (trusted || (await this.#probe(connection, signal)))) {
        return { connection, reused: true }
      }
      this.#release(shelf, connection)
      if (signal?.aborted) throw abortedError(signal, { endpoint: formatAddress(shelf.endpoint) })
    }
    if (shelf.count < this.#options.maxConnectionsPerEndpoint) shelf.count++
    else {
      const handed = await this.#wait(shelf, signal)
      if (handed) return { connection: handed, reused: true }
    }
    return { connection: await this.#open(shelf, options), reused: false }
  }

  async #probe(connection: Connection, signal: AbortSignal | undefined): Promise<boolean> {
    try {
      const timeoutMs = Math.min(PROBE_TIMEOUT_MS, this.#options.networkTimeoutMs)
      await connection.exchange(activeTest, undefined, { signal, timeoutMs })
      return true
    } catch {
      // Whatever is wrong with it, the next connection will tell the same or do better.
      return false
    }
  }

  #wait(shelf: Shelf, signal: AbortSignal | undefined): Promise<Connection | null> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        shelf.waiting.splice(shelf.waiting.indexOf(waiter), 1)
        reject(abortedError(signal as AbortSignal, { endpoint: formatAddress(shelf.endpoint) }))
      }
      const settled = (): void => signal?.removeEventListener('abort', onAbort)
      const waiter: Waiter = {
        resolve(connection) {
          settled()
          resolve(connection)
        },
        reject(error) {
          settled()
          reject(error)
        }
      }
      shelf.waiting.push(waiter)
      signal?.addEventListener('abort', onAbort, { once: true })
    })
  }

  /** Opens a connection in a place of `shelf.count` that is already taken. */
  async #open(shelf: Shelf, options: UseOptions): Promise<Connection> {
    const { signal } = options
    const opening = Connection.open(shelf.endpoint, {
      connectTimeoutMs: options.connectTimeoutMs ?? this.#options.connectTimeoutMs,
      networkTimeoutMs: this.#options.networkTimeoutMs,
      buffers: this.buffers,
      signal: signal ? AbortSignal.any([signal, this.#end.signal]) : this.#end.signal
    })
    this.#opening.add(opening)
    try {
      const connection = await opening
      this.#connections.add(connection)
      connection.onClosed = () => this.#closedBy(shelf, connection)
      return connection
    } catch (error) {
      this.#freePlace(shelf)
      throw error
    } finally {
      this.#opening.delete(opening)
    }
  }

  /** Takes back a connection that was lent. */
  #release(shelf: Shelf, connection: Connection): void {
    if (!connection.usable || this.#end.signal.aborted) return this.#freePlace(shelf)
    const waiter = shelf.waiting.shift()
    if (waiter) return waiter.resolve(connection)
    shelf.idle.push({ connection, since: this.#options.now() })
    this.#sweeper ??= setInterval(() => this.#sweep(), Math.max(100, this.#options.idleLimitMs / 2)).unref()
  }

  #freePlace(shelf: Shelf): void {
    const waiter = shelf.waiting.shift()
    // The place passes on to who has waited longest.
    if (waiter) waiter.resolve(null)
    else shelf.count--
  }

  #closedBy(shelf: Shelf, connection: Connection): void {
    this.#connections.delete(connection)
    const at = shelf.idle.findIndex((kept) => kept.connection === connection)
    // One that is lent frees its place when it is taken back.
    if (at < 0) return
    shelf.idle.splice(at, 1)
    this.#freePlace(shelf)
  }

  #discardIdle(shelf: Shelf): void {
    for (const { connection } of shelf.idle.splice(0)) {
      void connection.close()
      this.#freePlace(shelf)
    }
  }

  #sweep(): void {
    const oldest = this.#options.now() - this.#options.idleLimitMs
    for (const [key, shelf] of this.#shelves) {
      while (shelf.idle[0] && shelf.idle[0].since <= oldest) {
        void shelf.idle.shift()?.connection.close()
        this.#freePlace(shelf)
      }
      if (shelf.count === 0 && shelf.waiting.length === 0) this.#shelves.delete(key)
    }
    if (this.#shelves.size > 0 || !this.#sweeper) return
    clearInterval(this.#sweeper)
    this.#sweeper = null
  }
}

function closedError(endpoint: Endpoint): AppError {
  return new AppError('ABORTED', { detail: { endpoint: formatAddress(endpoint), reason: 'the client was closed' } })
}
