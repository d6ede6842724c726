import type { ErrorData } from '../../../../shared/errors.ts'
import { AppError, fromErrorData } from '../../../../shared/errors.ts'
import type { FileRow } from '../../../../shared/model.ts'
import { previewPath } from '../../../../shared/preview.ts'

/** Content of a file, at most `limit` bytes from its start. Rejects with an AppError. */
export async function readFile(row: FileRow, signal: AbortSignal, limit?: number): Promise<Blob> {
  // An empty file has no first byte to ask for.
  const part: Record<string, string> = limit !== undefined && row.sizeBytes !== 0 ? { range: `bytes=0-${limit - 1}` } : {}
  let response: Response
  try {
    response = await fetch(previewPath(row), { signal, credentials: 'same-origin', headers: part })
    if (response.ok) return await response.blob()
  } catch (error) {
    throw signal.aborted ? new AppError('ABORTED') : new AppError('CONNECTION_LOST', { cause: error })
  }
  if (response.status === 416) return new Blob([])
  const body: unknown = await response.json().catch(() => null)
  const data = typeof body === 'object' && body !== null && 'error' in body ? (body.error as ErrorData) : null
  throw data === null ? new AppError('INTERNAL', { detail: { status: response.status } }) : fromErrorData(data)
}
