import type { ErrorData } from '../../../../shared/errors.ts'
import { AppError, fromErrorData } from '../../../../shared/errors.ts'
import type { FileRow } from '../../../../shared/model.ts'
import { previewPath } from '../../../../shared/preview.ts'

/** How large a file is where the library does not know (slaves, appenders); null: it cannot be told. */
export async function sizeOf(row: FileRow, signal: AbortSignal): Promise<number | null> {
  if (row.sizeBytes !== null) return row.sizeBytes
  try {
    const response = await fetch(previewPath(row), { signal, credentials: 'same-origin', headers: { range: 'bytes=0-0' } })
    await response.body?.cancel()
    const total = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1]
    return total === undefined ? null : Number(total)
  } catch {
    return null
  }
}

/** Content of a file: all of it, or the bytes from…to (without the last), as far as there are. Rejects with an AppError. */
export async function readFile(row: FileRow, signal: AbortSignal, part?: { from: number; to: number }): Promise<Blob> {
  // An empty file has no first byte to ask for.
  const range: Record<string, string> = part !== undefined && row.sizeBytes !== 0 ? { range: `bytes=${part.from}-${part.to - 1}` } : {}
  let response: Response
  try {
    response = await fetch(previewPath(row), { signal, credentials: 'same-origin', headers: range })
    if (response.ok) return await response.blob()
  } catch (error) {
    throw signal.aborted ? new AppError('ABORTED') : new AppError('CONNECTION_LOST', { cause: error })
  }
  if (response.status === 416) return new Blob([])
  const body: unknown = await response.json().catch(() => null)
  const data = typeof body === 'object' && body !== null && 'error' in body ? (body.error as ErrorData) : null
  throw data === null ? new AppError('INTERNAL', { detail: { status: response.status } }) : fromErrorData(data)
}
