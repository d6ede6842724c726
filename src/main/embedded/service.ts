import type { ContentCommand } from '../protocol/types.ts'

/** Content of an answer that is sent in pieces. One `pull` at a time; `release` gives a piece's memory back. */
export interface BodySource {
  /** null = end. A broken source closes the connection in mid-body, as the real server does. */
  pull(done: (error: unknown, piece: Buffer | null) => void): void
  release(piece: Buffer): void
  close(): void
}

/** `header` goes first, then what `body` gives. */
export interface StreamReply {
  header: Buffer
  body: BodySource
  closeAfter: boolean
}

/** A status (0 = success without a body), a whole packet, or a stream. */
export type Reply = number | Buffer | StreamReply

/** Takes the content of one request (11, 16, 21, 23, 24, 34). After `abort` nothing else is called. */
export interface ContentSink {
  /** How many `write`s may be under way. */
  readonly parallel: number
  /** The whole content in one piece, at once: small requests. */
  takeWhole(content: Buffer): Reply
  /** The next bytes. The chunks belong to the sink until `done`, which tells a status. */
  write(chunks: readonly Buffer[], bytes: number, done: (status: number) => void): void
  /** Everything was written. */
  finish(done: (reply: Reply) => void): void
  /** The sender went away, or a write failed: undo. */
  abort(): void
}

export interface ServerRequest {
  code: number
  /** Status byte of the header. */
  flags: number
  body: Buffer
  /** IP address of the caller. */
  peer: string
}

/** What a tracker or a storage answers; `Connection` does the framing. */
export interface Service {
  /** Name for fault rules: 'tracker' or 'group1/0'. */
  readonly name: string
  /** Longest body without content. Longer: the tracker closes, the storage answers EINVAL. */
  readonly maxBodyBytes: number
  readonly answersTooLong: boolean
  readonly closesAfterInvalid: boolean
  /** The tracker keeps only the low 32 bits of the length. */
  readonly lengthBits: 32 | 64
  contentCommand(code: number): ContentCommand<{ sizeBytes: number }, unknown> | null
  /** A sink for the content that follows, or the status that refuses it. Throws AppError for malformed bytes (EINVAL), and what the file system throws. */
  openContent(code: number, fixedPart: Buffer, bodyBytes: number): ContentSink | number
  /** Answers a request without content, now or later. Throws like `openContent`. */
  handle(request: ServerRequest, answer: (reply: Reply) => void): void
}
