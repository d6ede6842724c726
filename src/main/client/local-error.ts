import { AppError, type ErrorCode } from '../../shared/errors.ts'

const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOENT: 'LOCAL_NOT_FOUND',
  ENOTDIR: 'LOCAL_NOT_FOUND',
  EACCES: 'LOCAL_DENIED',
  EPERM: 'LOCAL_DENIED',
  EROFS: 'LOCAL_READ_ONLY',
  ENOSPC: 'LOCAL_DISK_FULL',
  EDQUOT: 'LOCAL_DISK_FULL',
  EISDIR: 'LOCAL_NOT_A_FILE',
  EEXIST: 'TARGET_EXISTS',
  ENAMETOOLONG: 'LOCAL_NAME_INVALID'
}

/** Translates an error of the local file system, once, where it enters. An AppError passes unchanged. */
export function localError(error: unknown, path?: string): AppError {
  if (error instanceof AppError) return error
  const errno = error instanceof Error && 'code' in error ? String(error.code) : ''
  return new AppError(CODES[errno] ?? 'LOCAL_IO', { cause: error, detail: { path, errno: errno === '' ? undefined : errno } })
}
