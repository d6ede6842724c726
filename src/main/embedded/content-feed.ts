import { statusFor } from './errno.ts'
import type { ContentSink, Reply } from './service.ts'

/** Content is written to disk in pieces of about this size. */
const PIECE_BYTES = 512 * 1024

interface FeedEvents {
  /** More is taken again. */
  moved(): void
  /** The sink does not want it; it has been aborted. */
  refused(status: number): void
  /** Everything was written. */
  answered(reply: Reply): void
}

/** Large content on its way from a connection to its sink: in pieces, as many at a time as the sink allows. */
export class ContentFeed {
  /** Bytes that have not come yet. */
  left: number
  /** Nothing more may be pushed until `moved`. */
  full = false
  private readonly sink: ContentSink
  private readonly events: FeedEvents
  private pending: Buffer[] = []
  private pendingBytes = 0
  private writes = 0
  private ended = false

  constructor(sink: ContentSink, bytes: number, events: FeedEvents) {
    this.sink = sink
    this.left = bytes
    this.events = events
  }

  /** The next bytes, which belong to the sink from now on. */
  push(part: Buffer): void {
    this.left -= part.length
    this.pending.push(part)
    this.pendingBytes += part.length
    this.step()
  }

  abort(): void {
    if (this.ended) return
    this.ended = true
    this.pending = []
    this.sink.abort()
  }

  private step(): void {
    if (this.pendingBytes >= PIECE_BYTES || (this.left === 0 && this.pendingBytes > 0)) {
      if (this.writes >= this.sink.parallel) {
        this.full = true
        return
      }
      const chunks = this.pending
      const bytes = this.pendingBytes
      this.pending = []
      this.pendingBytes = 0
      this.writes += 1
      this.sink.write(chunks, bytes, (status) => this.written(status))
      // Refused at once: its file is closed already.
      if (this.ended) return
    }
    if (this.left > 0) return
    this.full = true
    if (this.writes > 0 || this.pendingBytes > 0) return
    this.ended = true
    try {
      this.sink.finish((reply) => this.events.answered(reply))
    } catch (error) {
      this.events.answered(statusFor(error))
    }
  }

  private written(status: number): void {
    this.writes -= 1
    if (this.ended) return
    if (status !== 0) {
      this.abort()
      return this.events.refused(status)
    }
    this.full = false
    this.step()
    if (!this.ended) this.events.moved()
  }
}
