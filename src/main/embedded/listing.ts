import { encodeResponseHeader } from '../protocol/header.ts'
import { LISTING_ANNOUNCED_BYTES, LISTING_TRAILER_BYTES } from '../protocol/storage/fetch-one-path-binlog.ts'
import { formatRecord, readBinlog } from './binlog.ts'
import type { BinlogPosition, BinlogRecord } from './binlog.ts'
import type { BodySource, StreamReply } from './service.ts'
import type { FileStore } from './store.ts'

/** Binlog read per piece: some hundred lines, whose files are looked for without holding up the event loop for long. */
const PIECE_BYTES = 32_768

/**
 * The answer to command 26 (section 7.10): one line for each file of a store path that the binlog knows and that exists now,
 * then the length of the text, then the end. A file made by regenerate is listed under its new name.
 */
export function listStorePath(store: FileStore, pathIndex: number): StreamReply {
  return {
    header: encodeResponseHeader(0, LISTING_ANNOUNCED_BYTES),
    body: new ListingBody(store, pathIndex),
    closeAfter: true
  }
}

class ListingBody implements BodySource {
  private readonly store: FileStore
  private readonly pathIndex: number
  private readonly seen = new Set<string>()
  private at: BinlogPosition = { index: 0, offset: 0 }
  private textBytes = 0
  private ended = false

  constructor(store: FileStore, pathIndex: number) {
    this.store = store
    this.pathIndex = pathIndex
  }

  pull(done: (error: unknown, piece: Buffer | null) => void): void {
    setImmediate(() => {
      try {
        done(null, this.next())
      } catch (error) {
        done(error, null)
      }
    })
  }

  release(): void {}

  close(): void {
    this.ended = true
  }

  private next(): Buffer | null {
    if (this.ended) return null
    let text = ''
    while (text === '') {
      const { records, next } = readBinlog(this.store.journal.syncDir, this.at, PIECE_BYTES)
      if (next.index === this.at.index && next.offset === this.at.offset) return this.trailer()
      this.at = next
      for (const { record } of records) text += this.line(record)
    }
    this.textBytes += text.length
    return Buffer.from(text, 'latin1')
  }

  /** '' for records of other paths, of files that are gone, and of files that were listed already. */
  private line(record: BinlogRecord): string {
    const op = LISTED[record.op]
    if (op === undefined || this.seen.has(record.name)) return ''
    const name = this.store.parse(record.name)
    if (name === null || name.pathIndex !== this.pathIndex || typeof this.store.find(record.name) === 'number') return ''
    this.seen.add(record.name)
    return formatRecord({ ...record, op, extra: '' })
  }

  private trailer(): Buffer {
    this.ended = true
    const bytes = Buffer.alloc(LISTING_TRAILER_BYTES)
    bytes.writeBigInt64BE(BigInt(this.textBytes))
    return bytes
  }
}

const LISTED: Record<string, string> = { C: 'C', c: 'c', R: 'C', r: 'c' }
