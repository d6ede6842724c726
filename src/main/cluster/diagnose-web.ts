import { AppError, toAppError } from '../../shared/errors.ts'
import type { DiagnosisNote, DiagnosisStep } from '../../shared/model.ts'
import type { WebAnswer, WebRequest } from './web-probe.ts'
import { askWeb } from './web-probe.ts'

/** A web address of the connection, and a file that it should deliver. */
export interface WebTarget {
  group: string
  /** 'http://host:port/path' without slash at the end. */
  base: string
  /** null: no file of the group is known here. */
  file: {
    url: string
    /** With the group where the other is without it, or the other way round: what is tried when that does not deliver. */
    otherUrl?: string
    fileId: string
    sizeBytes: number
    crc32: number
  } | null
}

export interface DiagnoseWebOptions {
  targets: readonly WebTarget[]
  /** The link with a token that is right by the server's clock (its time now, Unix ms), or null without a token secret. */
  sign: ((fileId: string, serverNowMs: number) => string) | null
  limitMs: number
  signal?: AbortSignal | undefined
  /** Wall clock, Unix ms. */
  now?: (() => number) | undefined
}

/** Files up to this size are read whole, so that their CRC-32 tells a decoy of the same size. */
const READ_BYTES = 1_048_576
const REQUEST_MS = 2_500
const CLOCK_MS = 2_000
const WRONG_TOKEN = '0123456789abcdef0123456789abcdef'

type Verdict = 'right' | 'refused' | 'decoy' | 'missing' | 'other'

/**
 * Tests the web servers of a connection, all at once: whether each answers, delivers a file as it is (by size, and by CRC-32 where it
 * is small), goes by the same clock, and where a token secret is known, whether it takes a right token and refuses a wrong one.
 * Never throws.
 */
export async function diagnoseWeb(options: DiagnoseWebOptions): Promise<DiagnosisStep[]> {
  const deadline = performance.now() + options.limitMs
  const steps = (await Promise.all(options.targets.map((target) => testTarget(target, options, deadline)))).flat()
  // Groups behind one address share its clock.
  const told = new Set<string>()
  return steps.filter(({ target, address }) => target !== 'clock' || (!told.has(address) && told.add(address)))
}

async function testTarget(target: WebTarget, options: DiagnoseWebOptions, deadline: number): Promise<DiagnosisStep[]> {
  const { group, base, file } = target
  const { sign } = options
  const steps: DiagnosisStep[] = []
  const started = performance.now()
  const add = (step: DiagnosisStep['target'], from: number, note: DiagnosisNote | null, error: AppError | null): void => {
    steps.push({
      target: step,
      address: base,
      ok: error === null,
      ms: Math.round(performance.now() - from),
      note,
      error: error?.toData() ?? null
    })
  }
  const ask = (url: string, request: Pick<WebRequest, 'method' | 'maxBytes'>): Promise<WebAnswer> =>
    askWeb(url, {
      ...request,
      timeoutMs: Math.max(50, Math.min(REQUEST_MS, deadline - performance.now())),
      signal: options.signal,
      now: options.now
    })
  const now = options.now ?? Date.now
  try {
    // The first answer tells the server's time, which the token needs.
    const first = await ask(file === null ? `${base}/` : file.url, { method: 'HEAD' })
    const clock = Math.abs(first.clockMs ?? 0) < CLOCK_MS ? 0 : (first.clockMs ?? 0)
    const { status } = first
    if (file === null) add('web', started, { code: 'web', group, status, fileId: null }, null)
    else {
      const signed = (url: string): string => (sign ? withQuery(url, sign(file.fileId, now() + clock)) : url)
      const delivered = async (url: string, answer: WebAnswer): Promise<Verdict> => {
        const verdict = judge(answer, file)
        return verdict === 'right' && file.sizeBytes <= READ_BYTES
          ? judge(await ask(url, { method: 'GET', maxBytes: READ_BYTES }), file)
          : verdict
      }
      const link = signed(file.url)
      const answer = sign ? await ask(link, { method: 'HEAD' }) : first
      const verdict = await delivered(link, answer)
      const note = { code: 'web', group, status: answer.status, fileId: file.fileId } as const
      let failure = webError(verdict, answer, base, file.sizeBytes)
      if (failure && file.otherUrl !== undefined) {
        const other = signed(file.otherUrl)
        const otherwise = await ask(other, { method: 'HEAD' }).then(
          (found) => delivered(other, found),
          () => null
        )
        if (otherwise === 'right') failure = new AppError('WEB_GROUP', { detail: { url: base, status: answer.status } })
      }
      add('web', started, note, failure)
      if (sign && verdict === 'right') {
        const from = performance.now()
        const ts = /(?:^|&)ts=(\d+)/.exec(new URL(link).search.slice(1))?.[1] ?? '0'
        const wrong = withQuery(file.url, `token=${WRONG_TOKEN}&ts=${ts}`)
        const small = file.sizeBytes <= READ_BYTES
        const refused = judge(await ask(wrong, small ? { method: 'GET', maxBytes: READ_BYTES } : { method: 'HEAD' }), file)
        add('token', from, { code: 'token', wrong: refused === 'right' ? 'delivered' : refused === 'decoy' ? 'decoy' : 'refused' }, null)
      }
    }
    if (first.clockMs !== null) add('clock', started, { code: 'clock', differenceSeconds: Math.trunc(clock / 1000), exact: true }, null)
  } catch (error) {
    add('web', started, { code: 'web', group, status: null, fileId: file?.fileId ?? null }, toAppError(error))
  }
  return steps
}

/** Whether an answer is the file: a decoy comes with status 200, so its bytes decide. */
export function judge(
  answer: Pick<WebAnswer, 'status' | 'totalBytes' | 'crc32'>,
  file: { sizeBytes: number; crc32: number | null }
): Verdict {
  const { status, totalBytes, crc32 } = answer
  if (status === 404 || status === 410) return 'missing'
  if (status === 400 || status === 401 || status === 403) return 'refused'
  if (status !== 200 && status !== 206) return 'other'
  if (totalBytes !== null && totalBytes !== file.sizeBytes) return 'decoy'
  return status === 200 && crc32 !== null && file.crc32 !== null && crc32 !== file.crc32 ? 'decoy' : 'right'
}

/** null where the web server delivered the file. */
export function webError(
  verdict: Verdict,
  answer: Pick<WebAnswer, 'status' | 'totalBytes'>,
  url: string,
  sizeBytes: number
): AppError | null {
  const detail = { url, status: answer.status, sizeBytes, answeredBytes: answer.totalBytes ?? undefined }
  switch (verdict) {
    case 'right':
      return null
    case 'refused':
      return new AppError('WEB_REFUSED', { detail })
    case 'decoy':
      return new AppError('WEB_DECOY', { detail })
    case 'missing':
      return new AppError('WEB_MISSING', { detail })
    case 'other':
      return new AppError('WEB_STATUS', { detail })
  }
}

function withQuery(url: string, query: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}${query}`
}
