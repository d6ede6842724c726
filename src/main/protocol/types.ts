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

/**
 * A command whose request is followed by content: 11, 16, 21, 23, 24, 34. The codec describes the fixed part only; the
 * connection pumps `sizeBytes` bytes of content after it. pkg_len = fixed part + content.
 */
export interface ContentCommand<Req extends { sizeBytes: number }, Res> extends Command<Req, Res> {
  /** First bytes of the body, always there, that tell how long the fixed part is. */
  readonly headBytes: number
  /** Length of the whole fixed part, head included. Throws PROTOCOL_INVALID when a length field is out of range. */
  fixedBytes(head: ByteReader): number
}
