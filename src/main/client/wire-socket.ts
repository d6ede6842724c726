import { Socket } from 'node:net'
import { formatAddress } from '../../shared/address.ts'
import { AppError, type ErrorDetail } from '../../shared/errors.ts'
import { abortedError, connectError } from './io-error.ts'
import type { Endpoint } from './types.ts'

type WriteCallback = (error?: Error | null) => void

export interface WireSocketHandlers {
  /** Memory for the next read. */
  memory(): Buffer
  /** `chunk` is valid during the call only, unless it is the callee's own memory. false = stop reading until `resume()`. */
  received(chunk: Buffer): boolean
  /** Writing has failed, but what the peer sent before may still be read. */
  writeFailed(error: Error): void
}

/**
 * A TCP socket that reads into given memory (`onread`), and that keeps reading after a failed write: a storage that refuses
 * an upload answers and closes while we are still sending, and Node's own reaction to EPIPE would throw its answer away.
 * Half-open is allowed on purpose: with it off, Node starts a shutdown at the end of the stream, after which the
 * connection can no longer be reset.
 */
export class WireSocket extends Socket {
  readonly #handlers: WireSocketHandlers

  constructor(handlers: WireSocketHandlers) {
    super({
      allowHalfOpen: true,
      onread: {
        buffer: () => handlers.memory(),
        callback: (bytes, memory) => handlers.received(Buffer.from(memory.buffer, memory.byteOffset, bytes))
      }
    })
    this.#handlers = handlers
  }

  /**
   * Connects. Rejects with HOST_NOT_FOUND, CONNECT_REFUSED, HOST_UNREACHABLE, CONNECT_TIMEOUT, SERVER_FULL or ABORTED, after
   * the socket is closed. The owner has listeners of its own for what comes later, from the start.
   */
  connectTo(endpoint: Endpoint, options: { connectTimeoutMs: number; signal?: AbortSignal | undefined }): Promise<void> {
    const { connectTimeoutMs, signal } = options
    const detail: ErrorDetail = { endpoint: formatAddress(endpoint) }
    return new Promise((resolve, reject) => {
      let failure: AppError | null = null
      const fail = (error: AppError): void => {
        failure ??= error
        this.destroy()
      }
      const timer = setTimeout(
        () => fail(new AppError('CONNECT_TIMEOUT', { detail: { ...detail, timeoutMs: connectTimeoutMs } })),
        connectTimeoutMs
      )
      const onAbort = (): void => fail(abortedError(signal as AbortSignal, detail))
      const onError = (error: Error): void => fail(connectError(error, detail))
      const onClose = (): void => {
        settle()
        reject(failure ?? new AppError('CONNECTION_LOST', { detail }))
      }
      const onConnect = (): void => {
        settle()
        resolve()
      }
      const settle = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
        this.off('error', onError).off('close', onClose).off('connect', onConnect)
      }
      this.on('error', onError).once('close', onClose).once('connect', onConnect)
      signal?.addEventListener('abort', onAbort, { once: true })
      this.setNoDelay(true)
      this.setKeepAlive(true, 60_000)
      // A name with several addresses: give each a fair chance, the default of 250 ms fails on long links.
      this.connect({ host: endpoint.host, port: endpoint.port, autoSelectFamilyAttemptTimeout: 1500 })
      if (signal?.aborted) onAbort()
    })
  }

  override _write(chunk: unknown, encoding: BufferEncoding, callback: WriteCallback): void {
    super._write(chunk, encoding, this.#hold(callback))
  }

  override _writev(chunks: { chunk: unknown; encoding: BufferEncoding }[], callback: WriteCallback): void {
    super._writev?.(chunks, this.#hold(callback))
  }

  /** A failed write is never reported to the stream, so that the stream stays open for reading; the owner destroys it. */
  #hold(callback: WriteCallback): WriteCallback {
    return (error) => {
      if (error && !this.destroyed) this.#handlers.writeFailed(error)
      else callback()
    }
  }
}
