import { Socket } from 'node:net'

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
