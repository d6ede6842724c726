/** A server address. `host` is a name, an IPv4 or an IPv6 address without brackets. */
export interface Endpoint {
  readonly host: string
  readonly port: number
}

/**
 * Where content to send comes from. `read` fills `into` from its start with the next bytes and returns how many
 * (0 = end). It may answer synchronously (small files) or by promise. The buffer belongs to the caller and is
 * reused: the source keeps nothing of it. `size` is the exact number of bytes `read` will deliver in all;
 * fewer or more is an error of the source (SOURCE_CHANGED).
 */
export interface ByteSource {
  readonly size: number
  read(into: Buffer): number | Promise<number>
}

/**
 * Where received content goes. `write` must have taken the bytes when it returns or its promise resolves;
 * the chunk's memory is reused afterwards. Rejecting aborts the download and resets the connection.
 */
export interface ByteSink {
  /** How many writes may be under way at once, started in order; default 1: the next one waits for the last. */
  readonly concurrency?: number | undefined
  write(chunk: Buffer): void | Promise<void>
}

export interface ExchangeOptions {
  signal?: AbortSignal | undefined
  /** Longest silence of the peer, per read or write, not for the whole transfer. Default: the pool's networkTimeoutMs. */
  timeoutMs?: number | undefined
}

export interface TransferOptions extends ExchangeOptions {
  /** Bytes moved so far in this exchange; called often, must be cheap. */
  onProgress?: ((bytes: number) => void) | undefined
}
