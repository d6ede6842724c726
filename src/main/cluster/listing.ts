import { formatAddress } from '../../shared/address.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import type { ByteSink, Endpoint } from '../client/types.ts'
import { LISTING_ANNOUNCED_BYTES, type ListedFile, ListingParser, fetchOnePathBinlog } from '../protocol/index.ts'
import type { Servers } from './servers.ts'
import type { ListedLine, ListOptions } from './types.ts'

/**
 * Command 26 as a stream: the next piece is read from the network only when the last one has been taken. Whoever stops
 * iterating early resets the connection. A stream whose last 8 bytes do not match what came before is PROTOCOL_INVALID:
 * then nothing may be concluded from what is missing.
 */
export async function* listStorePath(
  servers: Servers,
  endpoint: Endpoint,
  group: string,
  storePathIndex: number,
  options: ListOptions
): AsyncGenerator<ListedLine[], void, void> {
  const parser = new ListingParser()
  const handover = new Handover<ListedLine[]>()
  const stop = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal
  const sink: ByteSink = {
    write(chunk) {
      const lines = parser.push(chunk).map(toLine)
      return lines.length === 0 ? undefined : handover.put(lines)
    }
  }
  const receiving = servers
    .storage(
      endpoint,
      (connection) =>
        connection.receiveUntilClose(fetchOnePathBinlog, { group, storePathIndex }, LISTING_ANNOUNCED_BYTES, sink, { ...options, signal }),
      { signal, detail: { group } }
    )
    .then(
      () => handover.end(null),
      (error: unknown) => handover.end(toAppError(error))
    )
  try {
    for (let lines = await handover.take(); lines !== null; lines = await handover.take()) yield lines
    checkTrailer(parser, endpoint)
    options.unreadable?.(parser.skipped)
  } finally {
    stop.abort()
    handover.abandon()
    await receiving
  }
}

function toLine(file: ListedFile): ListedLine {
  return {
    timestampSeconds: file.timestamp,
    op: file.linkTo === undefined ? 'C' : 'L',
    remoteName: file.remoteName,
    source: file.linkTo ?? null
  }
}

function checkTrailer(parser: ListingParser, endpoint: Endpoint): void {
  try {
    parser.finish()
  } catch (error) {
    throw new AppError('PROTOCOL_INVALID', { cause: error, detail: { endpoint: formatAddress(endpoint), reason: 'listing-incomplete' } })
  }
}

/** Passes one item at a time from a writer to a reader: `put` resolves when the item has been taken. */
class Handover<T> {
  #item: T | null = null
  #taken: () => void = () => {}
  #wake: () => void = () => {}
  #ended = false
  #error: AppError | null = null

  put(item: T): Promise<void> {
    if (this.#ended) return Promise.resolve()
    this.#item = item
    this.#wake()
    return new Promise((resolve) => {
      this.#taken = resolve
    })
  }

  async take(): Promise<T | null> {
    this.#taken()
    while (this.#item === null && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const item = this.#item
    this.#item = null
    if (item === null && this.#error) throw this.#error
    return item
  }

  end(error: AppError | null): void {
    this.#ended = true
    this.#error = error
    this.#wake()
  }

  /** The reader is gone: a writer that waits is let go. */
  abandon(): void {
    this.#ended = true
    this.#taken()
  }
}
