import { crc32 } from 'node:zlib'
import { AppError } from '../../shared/errors.ts'
import type { ErrorDetail } from '../../shared/errors.ts'
import { connectError } from '../client/io-error.ts'

/** What a web server answered. */
export interface WebAnswer {
  status: number
  /** Size of the whole file, as told (Content-Range, else Content-Length); null = not told. */
  totalBytes: number | null
  /** What came of the body, at most the limit that was asked for; null for HEAD. */
  body: Buffer | null
  /** Unsigned CRC-32 of the whole body; null when it was not read to its end. */
  crc32: number | null
  /** The server's clock less this computer's, ms; null = it does not say. Its step is a second: less than two mean nothing. */
  clockMs: number | null
  ms: number
}

export interface WebRequest {
  method: 'HEAD' | 'GET'
  /** Inclusive offsets. */
  range?: { first: number; last: number } | undefined
  /** GET: how much of the body is read. Default 8 MiB. */
  maxBytes?: number | undefined
  timeoutMs: number
  signal?: AbortSignal | undefined
  /** Wall clock, Unix ms. */
  now?: (() => number) | undefined
}

const MAX_BYTES = 8 * 1_048_576
/** HTTP tells whole seconds, cut off: on average half a second is missing. */
const CUT_OFF_MS = 500

/**
 * Asks a web server one thing, without trusting it: no credentials, no cookies, bounded in time and bytes. Redirects (the module's
 * `response_mode = redirect`) are followed. Rejects with the errors of a connection (`endpoint` = host and port), TIMEOUT or ABORTED.
 */
export async function askWeb(url: string, request: WebRequest): Promise<WebAnswer> {
  const { method, range, timeoutMs, signal, maxBytes = MAX_BYTES } = request
  const now = request.now ?? Date.now
  const endpoint = new URL(url).host
  const limit = AbortSignal.timeout(Math.ceil(timeoutMs))
  const started = performance.now()
  const sentAt = now()
  try {
    const response = await fetch(url, {
      method,
      redirect: 'follow',
      credentials: 'omit',
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      headers: { 'Accept-Encoding': 'identity', ...(range ? { Range: `bytes=${range.first}-${range.last}` } : {}) }
    })
    const date = Date.parse(response.headers.get('date') ?? '')
    const clockMs = Number.isNaN(date) ? null : date + CUT_OFF_MS - (sentAt + now()) / 2
    const read = method === 'HEAD' ? null : await readUpTo(response, maxBytes)
    return {
      status: response.status,
      totalBytes: totalOf(response.headers),
      body: read?.body ?? null,
      crc32: read?.whole ? crc32(read.body) : null,
      clockMs,
      ms: Math.round(performance.now() - started)
    }
  } catch (error) {
    if (signal?.aborted) throw new AppError('ABORTED', { cause: error })
    if (limit.aborted) throw new AppError('TIMEOUT', { cause: error, detail: { endpoint } })
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
    throw webFailure(cause, { endpoint })
  }
}

const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)/

/** Nobody there, nobody to be trusted, or somebody who does not speak HTTP. */
function webFailure(cause: unknown, detail: ErrorDetail): AppError {
  const errno = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
  if (UNTRUSTED.test(errno)) return new AppError('WEB_CERTIFICATE', { cause, detail: { ...detail, errno } })
  const away = connectError(cause, detail)
  // That a connection is thrown out again means a full server only where it is one of FastDFS.
  const known = errno === 'ECONNREFUSED' || (away.code !== 'CONNECT_REFUSED' && away.code !== 'SERVER_FULL')
  return known ? away : new AppError('WEB_BROKEN', { cause, detail: { ...detail, errno } })
}

async function readUpTo(response: Response, maxBytes: number): Promise<{ body: Buffer; whole: boolean }> {
  const parts: Uint8Array[] = []
  let bytes = 0
  let whole = true
  for await (const part of response.body ?? []) {
    parts.push(part.subarray(0, maxBytes - bytes))
    bytes += part.length
    // Leaving the loop ends the connection: nothing more is wanted of it.
    if (bytes > maxBytes) {
      whole = false
      break
    }
  }
  return { body: Buffer.concat(parts), whole }
}

function totalOf(headers: Headers): number | null {
  const range = /^bytes [\d*-]+\/(\d{1,15})$/.exec(headers.get('content-range') ?? '')?.[1]
  const told = range ?? headers.get('content-length') ?? ''
  return /^\d{1,15}$/.test(told) ? Number(told) : null
}
