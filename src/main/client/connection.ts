import { formatAddress } from '../../shared/address.ts'
import { AppError, type ErrorDetail } from '../../shared/errors.ts'
import { activeTest } from '../protocol/both.ts'
import { commandName } from '../protocol/codes.ts'
import { decodeBody, encodeRequest } from '../protocol/packet.ts'
import { ERRNO, statusError } from '../protocol/status.ts'
import type { Codec, Command, ContentCommand } from '../protocol/types.ts'
import type { BufferPool } from './buffers.ts'
import { Exchange } from './exchange.ts'
import { abortedError, ownError, withDetail } from './io-error.ts'
import { Peer } from './peer.ts'
import { CollectedReply, type Reply, SinkReply, surplus } from './reply.ts'
import { SourcePump } from './source-pump.ts'
import type { ByteSink, ByteSource, Endpoint, ExchangeOptions, TransferOptions } from './types.ts'
import { WireSocket } from './wire-socket.ts'

/** Answers and small files arrive here; larger bodies bring their own memory. */
const READ_BUFFER_BYTES = 64 * 1024
/** After a failed write: how long an answer that was sent before is waited for. */
const LAST_WORDS_MS = 500

function nothing(): void {}

export interface ConnectOptions {
  connectTimeoutMs: number
  /** Longest silence within an exchange, unless the exchange says otherwise. */
  networkTimeoutMs: number
  buffers: BufferPool
  signal?: AbortSignal | undefined
}

/**
 * One TCP connection: one exchange at a time, in order. After any doubt (time limit, abort, an answer that makes no sense,
 * an error on a request with content, EINVAL) it is reset and never used again: `usable` is then false.
 *
 * Every exchange rejects with AppError whose detail names `endpoint` and `command`; it rejects only after the socket is
 * closed and neither source nor sink is in use any more.
 */
export class Connection {
  readonly endpoint: Endpoint
  /** The last exchange failed before a single byte of its answer had come. */
  unanswered = false
  /** Told once, when the connection can no longer be used. */
  onClosed: () => void = () => {}

  readonly #socket: WireSocket
  readonly #options: ConnectOptions
  readonly #readBuffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES)
  readonly #closed: Promise<void>
  readonly #peer = new Peer()
  #exchange: Exchange | null = null
  #dead = false

  private constructor(endpoint: Endpoint, options: ConnectOptions) {
    this.endpoint = endpoint
    this.#options = options
    this.#socket = new WireSocket({
      memory: () => this.#exchange?.reply.memory() ?? this.#readBuffer,
      received: (chunk) => this.#received(chunk),
      writeFailed: (error) => this.#writeFailed(error)
    })
    this.#socket.on('error', (error) => this.#socketFailed(error))
    this.#socket.on('end', () => this.#ended())
    this.#socket.on('timeout', () => this.#silent())
    this.#closed = new Promise((resolve) => {
      this.#socket.once('close', () => {
        this.#dead = true
        if (!this.#exchange?.orphan) this.#fail(() => this.#peer.lost(this.#exchange, { reason: 'closed' }))
        this.onClosed()
        resolve()
      })
    })
  }

  /**
   * Connects. Throws HOST_NOT_FOUND, CONNECT_REFUSED, HOST_UNREACHABLE, CONNECT_TIMEOUT, SERVER_FULL or ABORTED.
   */
  static async open(endpoint: Endpoint, options: ConnectOptions): Promise<Connection> {
    const connection = new Connection(endpoint, options)
    await connection.#socket.connectTo(endpoint, options)
    connection.#peer.opened()
    return connection
  }

  get usable(): boolean {
    return !this.#dead && this.#exchange === null
  }

  /** Sends a request and decodes its answer. */
  async exchange<Req, Res>(command: Command<Req, Res>, request: Req, options: ExchangeOptions = {}): Promise<Res> {
    const packet = encodeRequest(command, request)
    const reply = new CollectedReply(command.maxResponse)
    await this.#run(command, reply, null, packet, options)
    return this.#decode(command, reply)
  }

  /**
   * Sends a request with content. The first exchange of a connection is preceded by an ACTIVE_TEST, so that content never
   * goes to a server that is full or is something else. After any error the connection is reset: the storage would
   * execute unread content as commands.
   */
  async send<Req extends { sizeBytes: number }, Res>(
    command: ContentCommand<Req, Res>,
    request: Req,
    source: ByteSource,
    options: TransferOptions = {}
  ): Promise<{ response: Res; crc32: number }> {
    if (request.sizeBytes !== source.size) {
      throw new AppError('INTERNAL', { detail: { reason: 'source and request differ in size', command: commandName(command.code) } })
    }
    const packet = encodeRequest(command, request)
    if (!this.#peer.proven) await this.exchange(activeTest, undefined, options)
    const reply = new CollectedReply(command.maxResponse)
    const pump = new SourcePump(source, this.#options.buffers, options.onProgress)
    await this.#run(command, reply, pump, packet, options)
    return { response: this.#decode(command, reply), crc32: pump.crc32 }
  }

  /**
   * Sends a request and streams the body of its answer, which must have exactly `length` bytes, into the sink.
   * SIZE_MISMATCH (before anything was delivered) when the server announces fewer. When the connection fails in the
   * middle, what had arrived is still delivered before this rejects.
   */
  async receive<Req>(
    command: Command<Req, unknown>,
    request: Req,
    length: number,
    sink: ByteSink,
    options: TransferOptions = {}
  ): Promise<{ bytes: number; crc32: number }> {
    const packet = encodeRequest(command, request)
    const { buffers } = this.#options
    const { onProgress } = options
    const reply = new SinkReply({ sink, buffers, length, untilClose: false, onProgress, changed: this.#replyChanged })
    await this.#run(command, reply, null, packet, options)
    return { bytes: reply.received, crc32: reply.crc32 }
  }

  /**
   * Sends a request whose answer announces `sentinel` as its length and ends with the connection. Streams everything
   * up to there into the sink and returns how many bytes that were. The connection is closed afterwards.
   */
  async receiveUntilClose<Req>(
    command: Command<Req, unknown>,
    request: Req,
    sentinel: number,
    sink: ByteSink,
    options: ExchangeOptions = {}
  ): Promise<number> {
    const packet = encodeRequest(command, request)
    const { buffers } = this.#options
    const changed = this.#replyChanged
    const reply = new SinkReply({ sink, buffers, length: sentinel, untilClose: true, onProgress: undefined, changed })
    await this.#run(command, reply, null, packet, options)
    return reply.received
  }

  /** Closes an idle connection in peace, resets a busy one, whose exchange rejects with ABORTED. Resolves when it is closed. */
  async close(): Promise<void> {
    this.#fail(() => new AppError('ABORTED', { detail: { reason: 'the client was closed' } }), false)
    if (this.#exchange) this.#kill()
    this.#dead = true
    this.#socket.destroy()
    await this.#closed
  }

  /**
   * Not an async function, nor is anything between it and the socket: with thousands of small files a second, promises and the
   * frames of async functions cost more than everything else that this program does for a file.
   */
  #run(command: { readonly code: number }, reply: Reply, pump: SourcePump | null, packet: Buffer, options: ExchangeOptions): Promise<void> {
    const { signal } = options
    const refusal = this.#refusal(command, signal)
    if (refusal) return Promise.reject(refusal)

    const timeoutMs = options.timeoutMs ?? this.#options.networkTimeoutMs
    const exchange = new Exchange({ command, reply, pump, signal, timeoutMs, write: this.#write })
    this.#exchange = exchange
    signal?.addEventListener('abort', this.#aborted, { once: true })
    // The clock starts again with every read and write; between exchanges it may run out unheard.
    if (this.#socket.timeout !== exchange.timeoutMs) this.#socket.setTimeout(exchange.timeoutMs)

    if (pump) this.#pump(exchange, pump, packet)
    else {
      this.#write(exchange, packet, nothing)
      exchange.sent = true
    }
    return exchange.done
  }

  /** Why an exchange cannot even begin. */
  #refusal(command: { readonly code: number }, signal: AbortSignal | undefined): AppError | null {
    if (this.#exchange) return new AppError('INTERNAL', { detail: { ...this.#detail(command), reason: 'exchange under way' } })
    if (signal?.aborted) return abortedError(signal, this.#detail(command))
    this.unanswered = this.#dead
    return this.#dead ? this.#peer.lost(null, this.#detail(command)) : null
  }

  #detail(command: { readonly code: number }): ErrorDetail {
    return { endpoint: formatAddress(this.endpoint), command: commandName(command.code) }
  }

  #pump(exchange: Exchange, pump: SourcePump, packet: Buffer): void {
    try {
      const rest = pump.run(exchange, packet)
      if (rest === null) exchange.sent = true
      else {
        exchange.pumping = rest.then(
          () => {
            exchange.sent = true
            this.#completeIfDone(exchange)
          },
          (error: unknown) => this.#fail(() => ownError(error))
        )
      }
    } catch (error) {
      this.#fail(() => ownError(error))
    }
  }

  readonly #write = (exchange: Exchange, bytes: Buffer, written: () => void): void => {
    exchange.writesUnderWay++
    this.#socket.write(bytes, (error) => {
      if (error || exchange.error) return
      exchange.writesUnderWay--
      written()
      exchange.wake()
      this.#completeIfDone(exchange)
    })
  }

  #received(chunk: Buffer): boolean {
    const exchange = this.#exchange
    if (exchange === null) {
      // Bytes that nobody asked for: whatever comes next would be taken for an answer.
      this.#peer.spokeUnasked()
      this.#kill()
      return true
    }
    if (exchange.error) return true
    try {
      this.#take(exchange, chunk)
    } catch (error) {
      this.#fail(() => ownError(error))
      return true
    }
    this.#completeIfDone(exchange)
    return !exchange.reply.paused
  }

  #take(exchange: Exchange, chunk: Buffer): void {
    const { reply, command } = exchange
    if (exchange.header) {
      if (reply instanceof CollectedReply) this.#checkPace(exchange)
      if (chunk.length > 0) reply.push(chunk)
      return
    }
    if (exchange.answeredAt === 0) {
      exchange.answeredAt = performance.now()
      exchange.firstByte = chunk[0] ?? 0
    } else this.#checkPace(exchange)

    const result = exchange.framer.push(chunk, (bytes) => this.#peer.header(bytes, reply.limit))
    if (result === null) return
    const { header, rest } = result
    exchange.header = header
    if (header.status !== 0) {
      if (rest.length > 0) throw surplus()
      const error = statusError(header.status, { command: command.code })
      // With content on its way, or after EINVAL (the storage closes), nothing more may be sent on this connection.
      const doubtful = exchange.pump !== null || header.status === ERRNO.EINVAL
      this.#fail(() => error, doubtful)
      return
    }
    reply.begin(header.length)
    if (exchange.pump && !exchange.sent) {
      throw new AppError('PROTOCOL_INVALID', { detail: { reason: 'answer-before-the-content' } })
    }
    if (rest.length > 0) reply.push(rest)
  }

  /** Small answers must not drip for ever: silence is not the only way to hang. */
  #checkPace(exchange: Exchange): void {
    if (performance.now() - exchange.answeredAt <= 2 * exchange.timeoutMs) return
    throw new AppError('TIMEOUT', { detail: { timeoutMs: exchange.timeoutMs, reason: 'answer too slow' } })
  }

  #completeIfDone(exchange: Exchange): void {
    if (exchange !== this.#exchange || exchange.error) return
    if (!exchange.reply.complete || !exchange.sent || exchange.writesUnderWay > 0) return
    exchange.signal?.removeEventListener('abort', this.#aborted)
    this.#exchange = null
    exchange.succeed()
  }

  // Made once for each connection, not for each exchange: a function that an exchange is bound to keeps it alive through
  // several rounds of garbage collection, which then makes room for many times what a thousand small files need.
  readonly #aborted = (): void => {
    const signal = this.#exchange?.signal
    if (signal) this.#fail(() => abortedError(signal, {}))
  }

  readonly #replyChanged = (reply: Reply, error?: unknown): void => {
    const exchange = this.#exchange
    if (exchange?.reply !== reply || exchange.error) return
    if (error !== undefined) return this.#fail(() => ownError(error))
    // Its silence began when we stopped listening.
    if (!exchange.reply.paused && !exchange.reply.complete) {
      this.#socket.setTimeout(exchange.timeoutMs)
      this.#socket.resume()
    }
    this.#completeIfDone(exchange)
  }

  #decode<Res>(command: { readonly code: number; readonly response: Codec<Res> }, reply: CollectedReply): Res {
    try {
      return decodeBody(command.response, reply.body ?? Buffer.alloc(0))
    } catch (error) {
      this.#kill()
      throw withDetail(ownError(error), this.#detail(command))
    }
  }

  /** Fails the running exchange once. `doubtful` = false keeps the connection: the answer was a clean refusal. */
  #fail(makeError: () => AppError, doubtful = true): void {
    const exchange = this.#exchange
    if (exchange && !exchange.error) {
      exchange.error = makeError()
      this.unanswered = exchange.answeredAt === 0
      exchange.wake()
      void this.#failWhenQuiet(exchange, exchange.error)
    }
    if (doubtful) this.#kill()
  }

  /** Tells of the failure when the socket is closed and neither source nor sink is in use any more. */
  async #failWhenQuiet(exchange: Exchange, error: AppError): Promise<void> {
    // It may be the very first read of the source that has brought us here.
    await Promise.resolve()
    await exchange.pumping
    exchange.signal?.removeEventListener('abort', this.#aborted)
    if (this.#dead) await this.#closed
    await exchange.reply.settle()
    exchange.pump?.abandon()
    this.#exchange = null
    exchange.fail(withDetail(error, this.#detail(exchange.command)))
  }

  #kill(): void {
    if (this.#dead) return
    this.#dead = true
    // RST, not FIN: what is still in our send buffer must not reach the server as the start of a command.
    this.#socket.resetAndDestroy()
  }

  #writeFailed(error: Error): void {
    const exchange = this.#exchange
    if (!exchange || exchange.error) return this.#kill()
    const timer = setTimeout(() => this.#socketFailed(error), LAST_WORDS_MS)
    this.#socket.once('close', () => clearTimeout(timer))
  }

  #socketFailed(error: Error): void {
    this.#peerGone(() => this.#peer.lost(this.#exchange, {}, error))
  }

  #ended(): void {
    this.#peerGone(() => this.#peer.lost(this.#exchange, { reason: 'closed by the server' }))
  }

  /** The peer has closed or reset. An exchange that has everything (the sink may still be writing) is none the worse for it. */
  #peerGone(makeError: () => AppError): void {
    const exchange = this.#exchange
    try {
      if (exchange && !exchange.error && exchange.header && exchange.sent && exchange.reply.ended()) {
        exchange.orphan = true
        exchange.writesUnderWay = 0
        this.#completeIfDone(exchange)
        this.#kill()
        return
      }
    } catch (error) {
      return this.#fail(() => ownError(error))
    }
    this.#fail(makeError)
  }

  #silent(): void {
    const exchange = this.#exchange
    if (!exchange || exchange.error) return
    const ownFault = exchange.reply.paused || (exchange.pump?.reading === true && exchange.writesUnderWay === 0)
    if (ownFault) {
      this.#socket.setTimeout(exchange.timeoutMs)
      return
    }
    this.#fail(() => new AppError('TIMEOUT', { detail: { timeoutMs: exchange.timeoutMs } }))
  }
}
