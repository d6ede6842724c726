/**
 * The content of files for the page to show, straight from the storage and never to disk. Both hosts serve it under
 * `/preview/<library number>?file=<file ID>`: only files the library of the active connection knows, only types that cannot run
 * anything, ranges for seeking.
 */
import { AppError } from '../../shared/errors.ts'
import type { FileRow } from '../../shared/model.ts'
import { previewType } from '../../shared/preview.ts'
import type { ByteSink } from '../client/types.ts'
import type { StoreClient } from '../cluster/types.ts'
import type { FileCatalogue } from '../library/types.ts'
import { pictureType } from './small-pictures.ts'
import type { SmallPictures } from './small-pictures.ts'

export interface Preview {
  /** 204: there is no small picture. */
  status: 200 | 204 | 206 | 416
  /** Lower case; they replace headers of the page of the same name. */
  headers: Record<string, string>
  /** Sends the body, as fast as the sink takes it. Rejects when the storage fails; an aborted one with ABORTED. */
  send(sink: ByteSink, signal: AbortSignal): Promise<void>
}

/** null: no such file. `range`: the Range header. Rejects with what the store client rejects with. */
export type OpenPreview = (url: URL, range: string | undefined, signal: AbortSignal) => Promise<Preview | null>

export interface PreviewOptions {
  files: Pick<FileCatalogue, 'get'>
  activeProfileId(): string
  client(profileId: string): Promise<StoreClient>
  smallPictures: Pick<SmallPictures, 'get'>
}

/**
 * Players ask for "everything from here" and read it slowly. A piece at a time keeps no connection to a storage waiting for
 * somebody who pressed pause.
 */
export const OPEN_RANGE_BYTES = 4 * 1_048_576

export function createPreviews({ files, activeProfileId, client, smallPictures }: PreviewOptions): OpenPreview {
  return async (url, range, signal) => {
    const [, id, small] = /^\/preview\/(\d{1,15})(\/small)?$/.exec(url.pathname) ?? []
    const profileId = activeProfileId()
    const row = id === undefined ? undefined : files.get(profileId, [Number(id)])[0]
    if (row === undefined || row.fileId !== url.searchParams.get('file')) return null
    if (small !== undefined) return smallPreview(await smallPictures.get(profileId, row, signal))
    const store = await client(profileId)
    const size = row.sizeBytes ?? (await store.info(row.fileId, { skipCrc: true }, { signal })).sizeBytes
    const part = range === undefined ? null : parseRange(range, size)
    const headers = headersOf(row)
    if (part === 'unsatisfiable') {
      const none = { ...headers, 'content-range': `bytes */${size}`, 'content-length': '0' }
      return { status: 416, headers: none, send: () => Promise.resolve() }
    }
    const { offset, length } = part ?? { offset: 0, length: size }
    headers['content-length'] = String(length)
    if (part !== null) headers['content-range'] = `bytes ${offset}-${offset + length - 1}/${size}`
    return {
      status: part === null ? 200 : 206,
      headers,
      async send(sink, sending) {
        const received = await store.download(row.fileId, { offset, length }, sink, { signal: sending })
        if (received.bytes !== length) {
          throw new AppError('SIZE_MISMATCH', { detail: { fileId: row.fileId, expected: length, actual: received.bytes } })
        }
      }
    }
  }
}

/** Asked for each time: the page keeps what it shows, and one that is made later must be seen. */
function smallPreview(picture: Buffer | null): Preview {
  const headers: Record<string, string> = { 'cache-control': 'no-store' }
  const type = picture === null ? null : pictureType(picture)
  if (picture === null || type === null) return { status: 204, headers, send: () => Promise.resolve() }
  headers['content-type'] = type
  headers['content-length'] = String(picture.length)
  headers['content-security-policy'] = "default-src 'none'; frame-ancestors 'none'; sandbox"
  return {
    status: 200,
    headers,
    async send(sink) {
      await sink.write(picture)
    }
  }
}

function headersOf(row: FileRow): Record<string, string> {
  const type = previewType(row.ext)
  const pdf = type === 'application/pdf'
  const headers: Record<string, string> = {
    'content-type': type,
    'accept-ranges': 'bytes',
    // The content of a normal file never changes under its ID; that of an appender may.
    'cache-control': row.kind === 'normal' ? 'private, max-age=86400' : 'no-store',
    // Opened by itself, it is nobody's page: no script, no origin. The viewer of a PDF needs a frame and does not start in a sandbox.
    'content-security-policy': pdf ? "default-src 'none'; frame-ancestors 'self'" : "default-src 'none'; frame-ancestors 'none'; sandbox",
    'x-frame-options': pdf ? 'SAMEORIGIN' : 'DENY'
  }
  if (type === 'application/octet-stream') headers['content-disposition'] = 'attachment'
  return headers
}

/** One range of a Range header; null where the whole is to be sent (another unit, several ranges, garbage). */
export function parseRange(header: string, size: number): { offset: number; length: number } | 'unsatisfiable' | null {
  const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim())
  if (!found) return null
  const [, from = '', to = ''] = found
  if (from === '' && to === '') return null
  if (from === '') {
    const length = Math.min(Number(to), size)
    return length === 0 ? 'unsatisfiable' : { offset: size - length, length }
  }
  const offset = Number(from)
  if (offset >= size) return 'unsatisfiable'
  if (to === '') return { offset, length: Math.min(OPEN_RANGE_BYTES, size - offset) }
  if (Number(to) < offset) return null
  return { offset, length: Math.min(Number(to), size - 1) - offset + 1 }
}
