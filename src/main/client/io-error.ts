import { AppError, toAppError, type ErrorCode, type ErrorDetail } from '../../shared/errors.ts'
import { localError } from './local-error.ts'

const CONNECT_CODES: Readonly<Record<string, ErrorCode>> = {
  ECONNREFUSED: 'CONNECT_REFUSED',
  ENOTFOUND: 'HOST_NOT_FOUND',
  EAI_AGAIN: 'HOST_NOT_FOUND',
  EAI_FAIL: 'HOST_NOT_FOUND',
  EAI_NONAME: 'HOST_NOT_FOUND',
  EAI_NODATA: 'HOST_NOT_FOUND',
  EHOSTUNREACH: 'HOST_UNREACHABLE',
  ENETUNREACH: 'HOST_UNREACHABLE',
  EHOSTDOWN: 'HOST_UNREACHABLE',
  ENETDOWN: 'HOST_UNREACHABLE',
  EADDRNOTAVAIL: 'HOST_UNREACHABLE',
  EINVAL: 'HOST_UNREACHABLE',
  ETIMEDOUT: 'CONNECT_TIMEOUT',
  // Accepted and thrown out again: what a server at its connection limit does.
  ECONNRESET: 'SERVER_FULL',
  EPIPE: 'SERVER_FULL',
  EACCES: 'HOST_UNREACHABLE',
  EPERM: 'HOST_UNREACHABLE'
}

const EXCHANGE_CODES: Readonly<Record<string, ErrorCode>> = {
  EHOSTUNREACH: 'HOST_UNREACHABLE',
  ENETUNREACH: 'HOST_UNREACHABLE',
  ENETDOWN: 'HOST_UNREACHABLE'
}

/** Translates what `connect` or the name lookup reported. */
export function connectError(error: unknown, detail: ErrorDetail): AppError {
  const errno = errnoOf(error)
  return new AppError(CONNECT_CODES[errno] ?? 'CONNECT_REFUSED', { cause: error, detail: { ...detail, errno } })
}

/** Translates what an open socket reported: whatever it was, the connection is gone. */
export function exchangeError(error: unknown, detail: ErrorDetail): AppError {
  const errno = errnoOf(error)
  return new AppError(EXCHANGE_CODES[errno] ?? 'CONNECTION_LOST', { cause: error, detail: { ...detail, errno } })
}

/** What a source or sink threw: an AppError as it is, an error of the file system translated, anything else INTERNAL. */
export function ownError(error: unknown): AppError {
  return error instanceof Error && 'syscall' in error ? localError(error) : toAppError(error)
}

/** The same error with more facts; facts that it has already win. */
export function withDetail(error: AppError, detail: ErrorDetail): AppError {
  return new AppError(error.code, { cause: error.cause ?? error, detail: { ...detail, ...error.detail } })
}

export function abortedError(signal: AbortSignal, detail: ErrorDetail): AppError {
  return new AppError('ABORTED', { cause: signal.reason, detail })
}

function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}
