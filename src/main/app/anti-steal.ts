import { createHash } from 'node:crypto'
import { AppError } from '../../shared/errors.ts'

/** The nginx module joins ID and secret in a buffer of this size. */
const MAX_JOINED_BYTES = 308

/** Seconds for which the nginx module accepts a token unless its configuration says otherwise (`http.anti_steal.token_ttl`). */
export const DEFAULT_TOKEN_TTL_SECONDS = 600

/**
 * The token with which the nginx module of FastDFS lets a link through: MD5 of the file ID without group, the secret and the
 * time stamp (protocol page, section 10.3). `tsSeconds` 0 never expires. Throws TOKEN_SECRET_INVALID for a secret that is too long.
 */
export function antiStealToken(fileId: string, secret: string, tsSeconds: number): string {
  const remote = fileId.slice(fileId.indexOf('/') + 1)
  const joined = Buffer.from(remote + secret, 'utf8')
  if (secret === '' || joined.length > MAX_JOINED_BYTES) throw new AppError('TOKEN_SECRET_INVALID')
  return createHash('md5').update(joined).update(String(tsSeconds)).digest('hex')
}

/**
 * The time stamp of a token that ends in `lifetimeSeconds`, null = never. The server adds its own time to live (`ttlSeconds`) to
 * the stamp, so another lifetime is a shifted stamp. One that would be 0 or less, and so never end, becomes 1.
 */
export function tokenTimestamp(nowMs: number, lifetimeSeconds: number | null, ttlSeconds: number): number {
  if (lifetimeSeconds === null) return 0
  return Math.max(1, Math.floor(nowMs / 1000) + lifetimeSeconds - ttlSeconds)
}
