/**
 * Small pictures of files, shown when they are first seen: a few at a time, the last wanted first. The program has those that were
 * made before (on this computer's disk) or are stored beside the file on the server; the others are made in a worker, and given to
 * the program to keep.
 */
import { toAppError } from '../../../../shared/errors.ts'
import type { FileRow } from '../../../../shared/model.ts'
import { previewKind, smallPicturePath } from '../../../../shared/preview.ts'
import { call } from '../../../api/client.ts'
import { makePictures } from './pictures.ts'
import { readFile, sizeOf } from './read-file.ts'

/** Longest side, in pixels: enough for the largest tile on a sharp screen, and for the inspector. */
const SIDE = 512
const MB = 1_048_576
/** Larger files cost more to fetch than a glance is worth; a click shows them. Of a film only the beginning is read. */
const MAX_BYTES = { image: 12 * MB, psd: 256 * MB, tiff: 24 * MB, svg: MB, video: Number.POSITIVE_INFINITY, heic: 12 * MB }
const LANES = 3
const IN_MEMORY = 400

export function hasThumbnail(row: FileRow): boolean {
  if (row.state === 'deleted' || row.state === 'missing' || row.sizeBytes === 0) return false
  const kind = previewKind(row.ext)
  // A large one may have a small one on the server.
  return kind === 'image' || kind === 'psd' || kind === 'tiff' || kind === 'video' || kind === 'heic' || isVector(row)
}

const isVector = (row: FileRow): boolean => previewKind(row.ext) === 'svg' && row.sizeBytes !== null && row.sizeBytes <= MAX_BYTES.svg

interface Job {
  row: FileRow
  signal: AbortSignal
  resolve(url: string | null): void
}

/** File ID → object URL, in the order of use. null: cannot be decoded. */
const kept = new Map<string, string | null>()
const waiting: Job[] = []
let running = 0

export function knownThumbnail(row: FileRow): string | null | undefined {
  const url = kept.get(row.fileId)
  if (url !== undefined) keep(row.fileId, url)
  return url
}

/** Resolves with an object URL, or null when there is nothing to show. Never rejects. */
export function thumbnail(row: FileRow, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    waiting.push({ row, signal, resolve })
    void work()
  })
}

async function work(): Promise<void> {
  if (running >= LANES) return
  running += 1
  for (let job = waiting.pop(); job !== undefined; job = waiting.pop()) {
    if (job.signal.aborted) {
      job.resolve(null)
      continue
    }
    const known = kept.get(job.row.fileId)
    job.resolve(known === undefined ? await find(job.row, job.signal) : known)
  }
  running -= 1
}

async function find(row: FileRow, signal: AbortSignal): Promise<string | null> {
  try {
    const small = isVector(row) ? await vector(row, signal) : ((await fromProgram(row, signal)) ?? (await make(row, signal)))
    const made = small === null ? null : URL.createObjectURL(small)
    const url = made !== null && isVector(row) && !(await isDrawable(made)) ? null : made
    if (made !== null && url === null) URL.revokeObjectURL(made)
    keep(row.fileId, url)
    return url
  } catch (error) {
    // What could not be fetched may come another time.
    if (toAppError(error).code === 'NOT_FOUND') keep(row.fileId, null)
    return null
  }
}

/** Drawn by the browser at any size; as a picture it can neither run nor load anything. */
async function vector(row: FileRow, signal: AbortSignal): Promise<Blob> {
  return new Blob([await readFile(row, signal)], { type: 'image/svg+xml' })
}

/** Pictures that the program or the worker has made always are; of a drawing only trying tells. */
function isDrawable(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const image = new Image()
    image.addEventListener('load', () => resolve(true))
    image.addEventListener('error', () => resolve(false))
    image.src = url
  })
}

async function fromProgram(row: FileRow, signal: AbortSignal): Promise<Blob | null> {
  const response = await fetch(smallPicturePath(row), { signal, credentials: 'same-origin' })
  return response.status === 200 ? response.blob() : null
}

async function make(row: FileRow, signal: AbortSignal): Promise<Blob | null> {
  const kind = previewKind(row.ext)
  const limit: number = kind === 'image' || kind === 'psd' || kind === 'tiff' || kind === 'video' || kind === 'heic' ? MAX_BYTES[kind] : 0
  const size = await sizeOf(row, signal)
  if (size === null || size > limit || (kind === 'heic' && !(await readsHeic()))) return null
  const made = (await makePictures({ ...row, sizeBytes: size }, [{ width: SIDE, height: SIDE, type: 'image/webp' }], signal))?.[0]
  if (made === undefined) return null
  // Without it the next look makes it again.
  call('thumbnails.keep', { fileId: row.fileId, picture: made.data }).catch(() => undefined)
  return made.blob
}

let heic: Promise<boolean> | null = null

/** Few browsers do: nothing is fetched for those that do not. */
export function readsHeic(): Promise<boolean> {
  heic ??=
    'ImageDecoder' in globalThis
      ? (globalThis as unknown as { ImageDecoder: { isTypeSupported(type: string): Promise<boolean> } }).ImageDecoder.isTypeSupported(
          'image/heic'
        )
      : // Safari shows them, and cannot be asked.
        Promise.resolve(true)
  return heic.catch(() => false)
}

function keep(fileId: string, url: string | null): void {
  kept.delete(fileId)
  kept.set(fileId, url)
  for (const [oldest, old] of kept) {
    if (kept.size <= IN_MEMORY) break
    kept.delete(oldest)
    // A picture that is shown stays: it was read when it appeared.
    if (old !== null) URL.revokeObjectURL(old)
  }
}
