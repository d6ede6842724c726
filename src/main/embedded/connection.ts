import type { Socket } from 'node:net'
import { CODES } from '../protocol/codes.ts'
import { HEADER_BYTES, encodeResponseHeader } from '../protocol/header.ts'
import { ByteReader } from '../protocol/reader.ts'
import { ERRNO } from '../protocol/status.ts'
import type { ContentCommand } from '../protocol/types.ts'
import { ContentFeed } from './content-feed.ts'
import { statusFor } from './errno.ts'
import type { Fault } from './faults.ts'
import { ReplyWriter, releaseReply } from './reply-writer.ts'
import type { ContentSink, Reply, Service } from './service.ts'

/** What a connection needs of its listener. */
export interface ConnectionHost {
  readonly service: Service
  takeFault(command: number): Fault | null
  /** Runs the step now, or when the server is no longer frozen. */
  whenThawed(step: () => void): void
}

/** Content up to this size is collected and handled in one synchronous step. */
const WHOLE_BYTES = 256 * 1024
/** The real storage decides about content after this much of the packet, header included. */
const DECIDE_BYTES = 262_144 - HEADER_BYTES
/** Bytes of a refused request that are still read after the closing answer, so that the answer survives. */
const LINGER_BYTES = 4 * 1024 * 1024
const LINGER_MS = 2000

type State = 'header' | 'fixed' | 'body' | 'content' | 'discard' | 'stalled' | 'closing'

/**
 * The server's end of one connection: cuts the byte stream into requests, hands each to the service, sends the answers in
 * order. One request at a time; while it is being answered nothing is read. Content never becomes a command: what a refused
 * request still brings is read and dropped.
 */
export class Connection {
  readonly socket: Socket
  private readonly host: ConnectionHost
  private readonly writer: ReplyWriter
  private readonly queue: Buffer[] = []
  private state: State = 'header'
  private busy = false
  private stepping = false
  private held = false
  private requests = 0
  // The request being read
  private code = 0
  private flags = 0
  private length = 0
  private received = 0
  private gathered: Buffer | null = null
  private want = HEADER_BYTES
  private have = 0
  private command: ContentCommand<{ sizeBytes: number }, unknown> | null = null
  private fault: Fault | null = null
  // Its content
  private sink: ContentSink | null = null
  private refusal: Reply | null = null
  private feed: ContentFeed | null = null
  private contentSeen = 0

  constructor(socket: Socket, host: ConnectionHost, networkTimeoutMs: number) {
    this.socket = socket
    this.host = host
    this.writer = new ReplyWriter(socket)
    socket.setTimeout(networkTimeoutMs, () => this.onTimeout())
    socket.on('data', (chunk: Buffer) => this.onData(chunk))
    socket.on('error', () => {}) // 'close' follows
    socket.on('close', () => this.onClose())
  }

  /** Stops reading, or goes on (freeze). */
  hold(frozen: boolean): void {
    this.held = frozen
    this.flow()
  }

  // ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────

  private onData(chunk: Buffer): void {
    if (this.state === 'closing') {
      this.received += chunk.length
      if (this.received > LINGER_BYTES) this.socket.resetAndDestroy()
      return
    }
    this.queue.push(chunk)
    this.run()
  }

  private run(): void {
    if (this.stepping) return
    this.stepping = true
    try {
      while (!this.busy && this.state !== 'stalled' && this.state !== 'closing' && this.queue.length > 0) this.step()
    } finally {
      this.stepping = false
    }
    this.flow()
  }

  private flow(): void {
    if (this.socket.destroyed) return
    const full = this.queue.length > 0 || this.state === 'stalled'
    if (this.held || (full && this.state !== 'closing')) this.socket.pause()
    else this.socket.resume()
  }

  private step(): void {
    const chunk = this.queue[0]!
    if (this.state === 'content') return this.onContent(this.take(chunk, this.contentRoom()))
    if (this.state === 'discard') return this.onDiscard(this.take(chunk, this.length - this.received).length)
    const part = this.take(chunk, this.want - this.have)
    const bytes = this.gather(part)
    if (this.state === 'body' && this.contentFaultHits(part.length)) return
    if (bytes === null) return
    if (this.state === 'header') this.onHeader(bytes)
    else if (this.state === 'fixed') this.onFixed(bytes)
    else this.onBody(bytes)
  }

  /** null until `want` bytes are together; a part that is complete by itself is not copied. */
  private gather(part: Buffer): Buffer | null {
    if (this.have === 0 && part.length === this.want) {
      this.have = this.want
      return part
    }
    this.gathered ??= Buffer.allocUnsafe(this.want)
    part.copy(this.gathered, this.have)
    this.have += part.length
    return this.have < this.want ? null : this.gathered
  }

  /** Up to `max` bytes from the front of the queue. */
  private take(chunk: Buffer, max: number): Buffer {
    if (chunk.length <= max) {
      this.queue.shift()
      return chunk
    }
    this.queue[0] = chunk.subarray(max)
    return chunk.subarray(0, max)
  }

  private expect(state: State, bytes: number): void {
    this.state = state
    this.want = bytes
    this.have = 0
    this.gathered = null
  }

  private onHeader(bytes: Buffer): void {
    const { service } = this.host
    this.length = service.lengthBits === 32 ? bytes.readInt32BE(4) : Number(bytes.readBigInt64BE(0))
    this.code = bytes[8]!
    this.flags = bytes[9]!
    this.received = 0
    if (this.length < 0) return this.abandon()
    if (this.code === CODES.QUIT) return this.closeGently()
    this.fault = this.host.takeFault(this.code)
    this.command = service.contentCommand(this.code)
    this.contentSeen = 0
    if (this.command !== null) {
      if (this.length < this.command.headBytes) this.refuse(ERRNO.EINVAL)
      else this.expect('fixed', this.command.headBytes)
    } else if (this.length > service.maxBodyBytes) {
      if (service.answersTooLong) this.refuse(ERRNO.EINVAL)
      else this.abandon()
    } else if (this.length === 0) {
      this.onBody(Buffer.alloc(0))
    } else {
      this.expect('body', this.length)
    }
  }

  /** Head of a content request, then its whole fixed part. */
  private onFixed(bytes: Buffer): void {
    const command = this.command!
    try {
      const fixed = command.fixedBytes(new ByteReader(bytes))
      if (fixed > this.length) return this.refuse(ERRNO.EINVAL, bytes.length)
      if (bytes.length < fixed) {
        const whole = Buffer.allocUnsafe(fixed)
        bytes.copy(whole)
        this.gathered = whole
        this.want = fixed
        this.have = bytes.length
        return
      }
      this.openContent(bytes)
    } catch (error) {
      this.refuse(statusFor(error), bytes.length)
    }
  }

  private openContent(fixedPart: Buffer): void {
    const opened = this.fault?.kind === 'status' ? this.fault.status : this.host.service.openContent(this.code, fixedPart, this.length)
    if (typeof opened === 'number') return this.refuse(opened, fixedPart.length)
    this.sink = opened
    this.received = fixedPart.length
    const bytes = this.length - fixedPart.length
    if (this.contentFaultHits(0)) return
    if (bytes === 0) return this.onBody(Buffer.alloc(0))
    if (bytes <= WHOLE_BYTES) return this.expect('body', bytes)
    this.sink = null
    this.feed = this.feedInto(opened, bytes)
    this.state = 'content'
  }

  /** A whole body without content, or the whole of small content. */
  private onBody(body: Buffer): void {
    this.busy = true
    const { sink, fault } = this
    this.sink = null
    try {
      if (sink !== null) return this.answer(sink.takeWhole(body))
      if (fault?.kind === 'status') return this.answer(fault.status)
      const peer = this.socket.remoteAddress ?? ''
      this.host.service.handle({ code: this.code, flags: this.flags, body, peer }, (reply) => this.answer(reply))
    } catch (error) {
      this.answer(statusFor(error))
    }
  }

  // ── Large content ──────────────────────────────────────────────────────────────────────────────────────────

  private contentRoom(): number {
    const { left } = this.feed!
    const at = this.contentFaultAt()
    return at === null ? left : Math.min(left, Math.max(1, at - this.contentSeen))
  }

  private onContent(part: Buffer): void {
    const feed = this.feed!
    this.received += part.length
    if (this.contentFaultHits(part.length)) return
    feed.push(part)
    if (this.feed === feed) this.busy = feed.full
  }

  /** What the sink of this content does later changes nothing about the next request. */
  private feedInto(sink: ContentSink, bytes: number): ContentFeed {
    const feed: ContentFeed = new ContentFeed(sink, bytes, {
      moved: () => {
        this.busy = feed.full
        this.run()
      },
      refused: (status) => {
        this.feed = null
        this.busy = false
        this.refuse(status, this.received)
        this.run()
      },
      answered: (reply) => {
        this.feed = null
        this.busy = true
        this.answer(reply)
      }
    })
    return feed
  }

  private dropSink(): void {
    this.sink?.abort()
    this.sink = null
    this.feed?.abort()
    this.feed = null
  }

  // ── Refusing ───────────────────────────────────────────────────────────────────────────────────────────────

  /** Answers an error for a request whose body has not all been read; the rest of the body is dropped. */
  private refuse(status: number, received = 0): void {
    this.received = received
    this.refusal = status
    this.state = 'discard'
    this.onDiscard(0)
  }

  private onDiscard(bytes: number): void {
    this.received += bytes
    const complete = this.received >= this.length
    if (this.refusal !== null && (complete || this.received >= DECIDE_BYTES)) {
      const reply = this.refusal
      this.refusal = null
      if (!complete) return this.sendNow(reply)
      this.busy = true
      return this.answer(reply)
    }
    if (complete) this.nextRequest()
  }

  // ── Answering ──────────────────────────────────────────────────────────────────────────────────────────────

  private answer(reply: Reply): void {
    const { fault } = this
    if (fault?.kind === 'delay') {
      this.fault = null
      setTimeout(() => this.answer(reply), fault.ms)
      return
    }
    this.host.whenThawed(() => this.sendAnswer(reply))
  }

  private sendAnswer(reply: Reply): void {
    const { fault } = this
    if (this.socket.destroyed) return releaseReply(reply)
    if (fault?.kind === 'drop-answer') {
      releaseReply(reply)
      return this.breakOff(fault.reset === true)
    }
    // A fault in the content was dealt with while it came in.
    const bodyFault = this.command === null && fault !== null && fault.kind !== 'delay' && fault.kind !== 'status' ? fault : null
    this.writer.send(
      reply,
      bodyFault,
      (outcome) => {
        if (outcome === 'close') return this.closeGently()
        if (outcome === 'stall') {
          this.state = 'stalled'
          return this.socket.pause()
        }
        this.nextRequest()
        this.run()
      },
      this.closesAfter(reply)
    )
  }

  /** An early refusal: the connection closes (EINVAL), or goes on dropping the rest of the body. */
  private sendNow(status: Reply): void {
    this.socket.write(encodeResponseHeader(status as number, 0))
    if (this.closesAfter(status)) this.closeGently()
  }

  private closesAfter(reply: Reply): boolean {
    return reply === ERRNO.EINVAL && this.host.service.closesAfterInvalid
  }

  private nextRequest(): void {
    this.requests += 1
    this.busy = false
    this.fault = null
    this.command = null
    this.expect('header', HEADER_BYTES)
  }

  // ── Ending ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** FIN, then read and drop for a moment: closing with unread bytes would send RST and could destroy the answer on its way. */
  private closeGently(): void {
    this.state = 'closing'
    this.received = 0
    this.queue.length = 0
    this.dropSink()
    this.socket.end()
    this.socket.resume()
    setTimeout(() => this.socket.destroy(), LINGER_MS).unref()
  }

  private breakOff(reset: boolean): void {
    this.dropSink()
    if (reset) this.abandon()
    else this.closeGently()
  }

  /** No answer, no care: what the peer sent is not worth one, or a fault wants it so. */
  private abandon(): void {
    this.state = 'closing'
    this.queue.length = 0
    this.socket.resetAndDestroy()
  }

  private onTimeout(): void {
    const waiting = this.requests > 0 && this.state === 'header' && this.have === 0
    const working = this.busy && !this.writer.sending
    if (!waiting && !working && this.state !== 'stalled') this.socket.destroy()
  }

  private onClose(): void {
    this.dropSink()
    this.writer.close()
    this.queue.length = 0
  }

  private contentFaultAt(): number | null {
    const { fault } = this
    return this.command !== null && (fault?.kind === 'cut' || fault?.kind === 'stall') ? (fault.afterBytes ?? 0) : null
  }

  /** Counts content; true when the fault struck and the connection goes no further. */
  private contentFaultHits(bytes: number): boolean {
    if (this.command === null) return false
    this.contentSeen += bytes
    const at = this.contentFaultAt()
    if (at === null || this.contentSeen < at) return false
    if (this.fault?.kind === 'cut') this.breakOff(this.fault.reset === true)
    else this.state = 'stalled'
    return true
  }
}
