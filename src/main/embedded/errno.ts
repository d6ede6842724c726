import { AppError } from '../../shared/errors.ts'
import { ERRNO } from '../protocol/status.ts'

/** libuv's codes as the Linux numbers that travel in the status byte; the numbers of other systems differ. */
const LINUX: Record<string, number> = {
  EPERM: 1,
  ENOENT: 2,
  EIO: 5,
  ENOMEM: 12,
  EACCES: 13,
  EBUSY: 16,
  EEXIST: 17,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  ENFILE: 23,
  EMFILE: 24,
  EFBIG: 27,
  ENOSPC: 28,
  EROFS: 30,
  ENAMETOOLONG: 36,
  EDQUOT: 122
}

/** Status byte for an error of the file system; EIO when it is none of the known ones. */
export function statusOf(error: unknown): number {
  const code = (error as NodeJS.ErrnoException | null)?.code
  return (code === undefined ? undefined : LINUX[code]) ?? 5
}

/** Malformed bytes are EINVAL; what the file system refuses is its own number. A server goes on serving the others. */
export function statusFor(error: unknown): number {
  return error instanceof AppError ? ERRNO.EINVAL : statusOf(error)
}
