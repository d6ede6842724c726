import { formatAddress } from '../../shared/address.ts'
import { AppError, type ErrorCode, type ErrorDetail, toAppError } from '../../shared/errors.ts'
import type { Connection } from '../client/connection.ts'
import { withDetail } from '../client/io-error.ts'
import { ConnectionPool, type UseOptions } from '../client/pool.ts'
import type { Endpoint, ExchangeOptions } from '../client/types.ts'
import { TrackerSet } from './trackers.ts'
import type { StoreClientOptions } from './types.ts'

const CANNOT_REACH: ReadonlySet<ErrorCode> = new Set(['HOST_NOT_FOUND', 'CONNECT_REFUSED', 'CONNECT_TIMEOUT', 'HOST_UNREACHABLE'])
/** More storages than any cluster has; a tracker that names ever new ones must not fill the memory. */
const MAX_REMEMBERED = 20_000
/** Servers read, and compute a CRC-32 of, at least this much in a second (measured: 350 MB/s). */
const SERVER_BYTES_PER_SECOND = 50_000_000

/** What every operation on a cluster needs: its trackers, a way to its storages, and the one place where addresses are mapped. */
export class Servers {
  readonly pool: ConnectionPool
  readonly trackers: TrackerSet
  readonly now: () => number
  readonly #networkTimeoutMs: number
  readonly #mapAddress: (told: Endpoint) => Endpoint
  /** Address in use → address as the tracker told it, for error messages. */
  readonly #told = new Map<string, string>()

  constructor(options: StoreClientOptions) {
    const connectTimeoutMs = options.connectTimeoutMs ?? 10_000
    this.now = options.now ?? (() => performance.now())
    this.#networkTimeoutMs = options.networkTimeoutMs ?? 30_000
    this.#mapAddress = options.mapAddress ?? ((told) => told)
    this.pool = new ConnectionPool({
      connectTimeoutMs,
      networkTimeoutMs: this.#networkTimeoutMs,
      maxConnectionsPerEndpoint: options.maxConnectionsPerEndpoint ?? 16,
      idleLimitMs: options.idleConnectionMs ?? 30_000,
      now: this.now
    })
    this.trackers = new TrackerSet(options.trackers, this.pool, {
      connectTimeoutMs,
      networkTimeoutMs: this.#networkTimeoutMs,
      now: this.now
    })
  }

  /** The address to use for a storage that a tracker named. The address map is applied here and nowhere else. */
  reach(told: Endpoint): Endpoint {
    const { host, port } = this.#mapAddress({ host: told.host, port: told.port })
    const mapped = { host, port }
    const key = formatAddress(mapped)
    if (!this.#told.has(key)) {
      if (this.#told.size >= MAX_REMEMBERED) this.#told.clear()
      this.#told.set(key, formatAddress(told))
    }
    return mapped
  }

  /**
   * Runs an exchange on a connection to a storage. A storage that cannot be reached is STORAGE_UNREACHABLE, with the
   * address in use (`endpoint`), the one the tracker told (`told`) and the `reason`. `detail` is added to every error.
   */
  storage<T>(endpoint: Endpoint, work: (connection: Connection) => Promise<T>, options: UseOptions & { detail?: ErrorDetail }): Promise<T> {
    return this.pool.use(endpoint, work, options).catch((thrown: unknown) => {
      throw this.#storageError(endpoint, toAppError(thrown), options.detail)
    })
  }

  #storageError(endpoint: Endpoint, error: AppError, detail: ErrorDetail | undefined): AppError {
    if (!CANNOT_REACH.has(error.code)) return detail ? withDetail(error, detail) : error
    const key = formatAddress(endpoint)
    return new AppError('STORAGE_UNREACHABLE', {
      cause: error,
      detail: { ...detail, ...error.detail, endpoint: key, told: this.#told.get(key) ?? key, reason: error.code }
    })
  }

  /** The time limit of an answer for which the server has to read `bytes` first. */
  timeLimit(bytes: number, options: ExchangeOptions): number {
    return (options.timeoutMs ?? this.#networkTimeoutMs) + Math.ceil((bytes / SERVER_BYTES_PER_SECOND) * 1000)
  }
}
