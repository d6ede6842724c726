import type { ByteReader } from './reader.ts'
import type { ByteWriter } from './writer.ts'

/** One direction of one command: bytes only. `decode` throws AppError PROTOCOL_TRUNCATED or PROTOCOL_INVALID. */
export interface Codec<T> {
  encode(w: ByteWriter, value: T): void
  decode(r: ByteReader): T
}

/**
 * One FastDFS command, both directions. The client uses request.encode and response.decode,
 * the embedded server request.decode and response.encode.
 */
export interface Command<Req, Res> {
  readonly name: string
  readonly code: number
  readonly request: Codec<Req>
  readonly response: Codec<Res>
  /** Largest legal response body, checked before anything is allocated (protocol page, section 12). */
  readonly maxResponse: number
  /** Value of the header's status byte in the request; only QUERY_FILE_INFO uses it. */
  flags?(req: Req): number
}
