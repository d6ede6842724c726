import { AppError, toAppError } from '../../shared/errors.ts'
import type { LinkCheck } from '../../shared/contract.ts'
import { judge, webError } from '../cluster/diagnose-web.ts'
import type { StoreClient } from '../cluster/types.ts'
import { askWeb } from '../cluster/web-probe.ts'

export interface CheckedFile {
  id: number
  fileId: string
  name: string
  sizeBytes: number | null
  crc32: number | null
}

export interface LinkCheckOptions {
  client: StoreClient
  signal?: AbortSignal | undefined
  timeoutMs?: number | undefined
}

/** Up to this size the whole file is fetched, so that its CRC-32 decides. */
const WHOLE_BYTES = 8 * 1_048_576
/** Of larger ones this much at the beginning and the end is compared with what the storage has. */
const PART_BYTES = 65_536
const TIMEOUT_MS = 20_000

/**
 * Follows a link as a browser would, and compares what comes with the file: size and CRC-32 of small ones, size and two parts of
 * large ones. What goes wrong is the result; rejects only with ABORTED.
 */
export async function checkLink(file: CheckedFile, url: string, options: LinkCheckOptions): Promise<LinkCheck> {
  const { client, signal, timeoutMs = TIMEOUT_MS } = options
  const started = performance.now()
  const result = (error: AppError | null, compared: LinkCheck['compared'], status: number | null): LinkCheck => ({
    id: file.id,
    name: file.name,
    ok: error === null,
    compared,
    status,
    ms: Math.round(performance.now() - started),
    error: error?.toData() ?? null
  })
  // Without token and name: what is shown and logged of a link must not open it.
  const [address = url] = url.split('?')
  try {
    const facts = await factsOf(file, client, signal)
    const { sizeBytes } = facts
    if (sizeBytes <= WHOLE_BYTES) {
      const answer = await askWeb(url, { method: 'GET', maxBytes: WHOLE_BYTES, timeoutMs, signal })
      // A body without a size told is as long as it is.
      const told = { ...answer, totalBytes: answer.totalBytes ?? answer.body?.length ?? null }
      return result(webError(judge(told, facts), told, address, sizeBytes), 'whole', answer.status)
    }
    for (const first of [0, sizeBytes - PART_BYTES]) {
      const range = { first, last: first + PART_BYTES - 1 }
      const answer = await askWeb(url, { method: 'GET', range, maxBytes: PART_BYTES, timeoutMs, signal })
      const failure = webError(judge(answer, { sizeBytes, crc32: null }), answer, address, sizeBytes)
      if (failure) return result(failure, 'part', answer.status)
      // A server without ranges sends the whole: only its beginning can be compared then.
      const from = answer.status === 206 ? first : 0
      const stored = await readPart(client, file.fileId, from, signal)
      if (!answer.body?.equals(stored)) return result(webError('decoy', answer, address, sizeBytes), 'part', answer.status)
    }
    return result(null, 'part', 206)
  } catch (thrown) {
    const error = toAppError(thrown)
    if (error.code === 'ABORTED') throw error
    return result(error, null, null)
  }
}

/** What the file must be: by its ID, or else by its storage. */
async function factsOf(file: CheckedFile, client: StoreClient, signal?: AbortSignal): Promise<{ sizeBytes: number; crc32: number | null }> {
  if (file.sizeBytes !== null && file.crc32 !== null) return { sizeBytes: file.sizeBytes, crc32: file.crc32 }
  const info = await client.info(file.fileId, file.sizeBytes === null ? {} : { expectBytes: file.sizeBytes }, { signal })
  return { sizeBytes: info.sizeBytes, crc32: info.crc32 }
}

async function readPart(client: StoreClient, fileId: string, offset: number, signal?: AbortSignal): Promise<Buffer> {
  const parts: Buffer[] = []
  const sink = { write: (part: Uint8Array) => void parts.push(Buffer.from(part)) }
  await client.download(fileId, { offset, length: PART_BYTES }, sink, { signal })
  return Buffer.concat(parts)
}
