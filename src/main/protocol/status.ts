import { AppError } from '../../shared/errors.ts'
import type { ErrorCode, ErrorDetail } from '../../shared/errors.ts'
import { CODES, commandName } from './codes.ts'

/** Linux errno values that servers put into the status byte (protocol page, section 2), with the code they mean without context. */
const STATUS: Record<number, { name: string; code: ErrorCode }> = {
  1: { name: 'EPERM', code: 'DENIED' },
  2: { name: 'ENOENT', code: 'NOT_FOUND' },
  5: { name: 'EIO', code: 'SERVER_IO' },
  12: { name: 'ENOMEM', code: 'BUSY' },
  13: { name: 'EACCES', code: 'DENIED' },
  14: { name: 'EFAULT', code: 'REJECTED' },
  16: { name: 'EBUSY', code: 'BUSY' },
  17: { name: 'EEXIST', code: 'EXISTS' },
  21: { name: 'EISDIR', code: 'REJECTED' },
  22: { name: 'EINVAL', code: 'REJECTED' },
  23: { name: 'ENFILE', code: 'BUSY' },
  24: { name: 'EMFILE', code: 'BUSY' },
  28: { name: 'ENOSPC', code: 'NO_SPACE' },
  30: { name: 'EROFS', code: 'SERVER_IO' },
  36: { name: 'ENAMETOOLONG', code: 'REJECTED' },
  64: { name: 'ENONET', code: 'NO_STORAGE' },
  95: { name: 'EOPNOTSUPP', code: 'UNSUPPORTED' },
  116: { name: 'ESTALE', code: 'SERVER_IO' },
  122: { name: 'EDQUOT', code: 'NO_SPACE' }
}

/** The values an own server answers with. */
export const ERRNO = {
  ENOENT: 2,
  EIO: 5,
  EACCES: 13,
  EBUSY: 16,
  EEXIST: 17,
  EINVAL: 22,
  ENOSPC: 28,
  EOPNOTSUPP: 95
} as const

/**
 * What ENOENT means depends on the question. For 104 and 107 the server says ENOENT for an unknown group as well as for
 * a group without a writable storage, for 102, 103 and 105 likewise: NO_STORAGE, and who needs to know asks 90 (GROUP_UNKNOWN).
 */
const NOT_THERE: Record<number, ErrorCode> = {
  [CODES.QUERY_STORE_WITHOUT_GROUP_ONE]: 'NO_STORAGE',
  [CODES.QUERY_STORE_WITH_GROUP_ONE]: 'NO_STORAGE',
  [CODES.QUERY_STORE_WITHOUT_GROUP_ALL]: 'NO_STORAGE',
  [CODES.QUERY_STORE_WITH_GROUP_ALL]: 'NO_STORAGE',
  [CODES.QUERY_FETCH_ONE]: 'NO_STORAGE',
  [CODES.QUERY_UPDATE]: 'NO_STORAGE',
  [CODES.QUERY_FETCH_ALL]: 'NO_STORAGE',
  [CODES.TRACKER_GET_STATUS]: 'NO_STORAGE',
  [CODES.LIST_ONE_GROUP]: 'GROUP_UNKNOWN',
  [CODES.LIST_STORAGE]: 'GROUP_UNKNOWN'
}

/** Commands that older servers do not know: their EINVAL says "unknown command", not "bad request". */
const RECENT: ReadonlySet<number> = new Set([CODES.GET_LEADER, CODES.TRACKER_CLUSTER_STAT, CODES.STORAGE_CLUSTER_STAT, CODES.GROUP_STAT])

export interface StatusContext {
  /** Number of the command that was answered. */
  command: number
  /** More facts for the error: endpoint, group, fileId … */
  detail?: ErrorDetail | undefined
}

/**
 * The status byte of a response (not 0) as an error. Its detail carries `status`, `statusName` and `command` besides the
 * given facts; whether a retry can help is in the table of codes. Unknown values become SERVER_STATUS with the number.
 */
export function statusError(status: number, context: StatusContext): AppError {
  const known = STATUS[status]
  return new AppError(codeFor(status, context.command), {
    detail: { ...context.detail, status, statusName: known?.name, command: commandName(context.command) }
  })
}

function codeFor(status: number, command: number): ErrorCode {
  if (status === 2) return NOT_THERE[command] ?? 'NOT_FOUND'
  if (status === 22 && RECENT.has(command)) return 'UNSUPPORTED'
  return STATUS[status]?.code ?? 'SERVER_STATUS'
}
