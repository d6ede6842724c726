/**
 * The closed table of error codes. Every error that crosses a border of the program is one of these:
 * errno, FastDFS status bytes and SQLite codes are translated once, where they enter.
 *
 * `retry` tells the transfer engine whether trying again unchanged can help.
 * `parks` names errors that concern an endpoint rather than one file: the scheduler parks the endpoint once.
 * Texts live beside the codes in `error-texts.ts`, in both languages.
 */
export const ERRORS = {
  // Reaching servers
  HOST_NOT_FOUND: { retry: true, parks: true },
  CONNECT_REFUSED: { retry: true, parks: true },
  CONNECT_TIMEOUT: { retry: true, parks: true },
  HOST_UNREACHABLE: { retry: true, parks: true },
  TRACKER_UNREACHABLE: { retry: true, parks: true },
  STORAGE_UNREACHABLE: { retry: true, parks: true },
  SERVER_FULL: { retry: true, parks: true },
  CONNECTION_LOST: { retry: true, parks: false },
  TIMEOUT: { retry: true, parks: false },
  NOT_FASTDFS: { retry: false, parks: false },
  // Malformed answers (a subset of NOT_FASTDFS that happened after a valid header)
  PROTOCOL_TRUNCATED: { retry: true, parks: false },
  PROTOCOL_INVALID: { retry: true, parks: false },
  // What a server answered
  NOT_FOUND: { retry: false, parks: false },
  GROUP_UNKNOWN: { retry: false, parks: false },
  NO_STORAGE: { retry: true, parks: true },
  NO_SPACE: { retry: true, parks: false },
  REJECTED: { retry: false, parks: false },
  EXISTS: { retry: false, parks: false },
  DENIED: { retry: false, parks: false },
  BUSY: { retry: true, parks: false },
  UNSUPPORTED: { retry: false, parks: false },
  SERVER_IO: { retry: true, parks: false },
  SERVER_STATUS: { retry: false, parks: false },
  NOT_SYNCED: { retry: true, parks: false },
  SOURCE_AWAY: { retry: true, parks: true },
  // Verification
  CHECKSUM_MISMATCH: { retry: true, parks: false },
  SIZE_MISMATCH: { retry: true, parks: false },
  // What the user gave us
  FILE_ID_INVALID: { retry: false, parks: false },
  GROUP_INVALID: { retry: false, parks: false },
  ADDRESS_INVALID: { retry: false, parks: false },
  METADATA_INVALID: { retry: false, parks: false },
  METADATA_TOO_LONG: { retry: false, parks: false },
  INPUT_INVALID: { retry: false, parks: false },
  // This computer
  LOCAL_NOT_FOUND: { retry: false, parks: false },
  LOCAL_DENIED: { retry: false, parks: false },
  LOCAL_READ_ONLY: { retry: false, parks: false },
  LOCAL_DISK_FULL: { retry: false, parks: false },
  LOCAL_IO: { retry: true, parks: false },
  LOCAL_NOT_A_FILE: { retry: false, parks: false },
  LOCAL_NAME_INVALID: { retry: false, parks: false },
  SOURCE_CHANGED: { retry: true, parks: false },
  TARGET_EXISTS: { retry: false, parks: false },
  ADDRESS_IN_USE: { retry: false, parks: false },
  // The library
  LIBRARY_LOCKED: { retry: true, parks: false },
  LIBRARY_CORRUPT: { retry: false, parks: false },
  LIBRARY_FAILED: { retry: false, parks: false },
  // What is brought into the library
  BINLOG_NONE: { retry: false, parks: false },
  BINLOG_MIXED: { retry: false, parks: false },
  BINLOG_UNREADABLE: { retry: false, parks: false },
  LIST_UNREADABLE: { retry: false, parks: false },
  IMPORT_BUSY: { retry: false, parks: false },
  // The program itself
  PROFILE_UNKNOWN: { retry: false, parks: false },
  PROFILE_READ_ONLY: { retry: false, parks: false },
  NOT_CONFIRMED: { retry: false, parks: false },
  LINK_BASE_MISSING: { retry: false, parks: false },
  LINK_NAME_INVALID: { retry: false, parks: false },
  WEB_REFUSED: { retry: false, parks: false },
  WEB_DECOY: { retry: false, parks: false },
  WEB_MISSING: { retry: false, parks: false },
  WEB_STATUS: { retry: true, parks: false },
  WEB_GROUP: { retry: false, parks: false },
  WEB_CERTIFICATE: { retry: false, parks: false },
  WEB_BROKEN: { retry: false, parks: false },
  CONNECT_LINK_INVALID: { retry: false, parks: false },
  TOKEN_SECRET_MISSING: { retry: false, parks: false },
  TOKEN_SECRET_INVALID: { retry: false, parks: false },
  HOST_CANNOT: { retry: false, parks: false },
  CALL_UNKNOWN: { retry: false, parks: false },
  CALL_INVALID: { retry: false, parks: false },
  LINK_LOST: { retry: true, parks: false },
  ABORTED: { retry: false, parks: false },
  INTERNAL: { retry: false, parks: false }
} as const satisfies Record<string, { retry: boolean; parks: boolean }>

export type ErrorCode = keyof typeof ERRORS

/** Facts for the text of an error: names, sizes, addresses, the server's status number. Never secrets. */
export type ErrorDetail = Record<string, string | number | boolean | undefined>

/** An error as data: what crosses IPC, is stored in the journal, and is printed by the command line. */
export interface ErrorData {
  code: ErrorCode
  /** English, one line, for logs. People read `describeError`. */
  message: string
  detail?: ErrorDetail | undefined
}

export class AppError extends Error {
  readonly code: ErrorCode
  readonly detail: ErrorDetail

  constructor(code: ErrorCode, options: { cause?: unknown; detail?: ErrorDetail; message?: string } = {}) {
    super(options.message ?? defaultMessage(code, options.detail), options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.detail = options.detail ?? {}
  }

  toData(): ErrorData {
    return { code: this.code, message: this.message, detail: this.detail }
  }
}

/** Any thrown value as an AppError: AbortError becomes ABORTED, the unknown becomes INTERNAL with its cause kept. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (error instanceof Error && error.name === 'AbortError') return new AppError('ABORTED', { cause: error })
  const message = error instanceof Error ? error.message : String(error)
  return new AppError('INTERNAL', { cause: error, message: `INTERNAL: ${message}`, detail: { reason: message } })
}

/** Restores an error that arrived as data. An unknown code becomes INTERNAL: the table is closed. */
export function fromErrorData(data: ErrorData): AppError {
  const code: ErrorCode = Object.hasOwn(ERRORS, data.code) ? data.code : 'INTERNAL'
  return new AppError(code, { message: data.message, ...(data.detail ? { detail: data.detail } : {}) })
}

export function isRetriable(code: ErrorCode): boolean {
  return ERRORS[code].retry
}

/** For the default branch of a switch over a union: a new member becomes a compile error. */
export function assertNever(value: never): never {
  throw new AppError('INTERNAL', { message: `INTERNAL: unexpected value ${JSON.stringify(value)}` })
}

function defaultMessage(code: ErrorCode, detail: ErrorDetail | undefined): string {
  const facts = Object.entries(detail ?? {})
    .filter(([, v]) => v !== undefined)
    .map(([k, v]) => `${k}=${v}`)
    .join(' ')
  return facts === '' ? code : `${code} (${facts})`
}
