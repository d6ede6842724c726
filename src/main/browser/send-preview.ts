import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError, toAppError } from '../../shared/errors.ts'
import type { ErrorData } from '../../shared/errors.ts'
import type { OpenPreview } from '../app/preview.ts'

/** Answers a request for the content of a file. Ends quietly when the page stops reading: players do that at every seek. */
export async function sendPreview(open: OpenPreview, request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  try {
    const preview = await open(url, request.headers.range, gone.signal)
    if (preview === null) return fail(response, 404, new AppError('NOT_FOUND').toData())
    // Only once the storage gives something: until then it can still be said why it gives nothing.
    const begin = () => response.headersSent || response.writeHead(preview.status, preview.headers)
    if (request.method !== 'HEAD') {
      const sink = {
        write(chunk: Buffer) {
          begin()
          return write(response, chunk, gone.signal)
        }
      }
      await preview.send(sink, gone.signal)
    }
    begin()
    response.end()
  } catch (error) {
    const known = toAppError(error)
    // A body that began can only break off: the page must not take it for whole.
    if (response.headersSent) response.destroy()
    else fail(response, known.code === 'NOT_FOUND' ? 404 : 502, known.toData())
  }
}

function fail(response: ServerResponse, status: number, error: ErrorData): void {
  if (response.destroyed) return
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
    .end(JSON.stringify({ error }))
}

/** Resolves when the bytes have left: their memory is used again, and the storage sends no faster than the page reads. */
function write(response: ServerResponse, chunk: Buffer, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const aborted = () => reject(new AppError('ABORTED'))
    if (signal.aborted) return aborted()
    signal.addEventListener('abort', aborted, { once: true })
    response.write(chunk, (error) => {
      signal.removeEventListener('abort', aborted)
      if (error) reject(error)
      else resolve()
    })
  })
}
