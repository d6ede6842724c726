/**
 * Small pictures of images, made in the page when they are first seen: a few at a time, the last wanted first, decoded by the
 * browser off the main thread. They are kept in memory, and those of files that cannot change also on disk, up to a limit.
 */
import { toAppError } from '../../../../shared/errors.ts'
import type { FileRow } from '../../../../shared/model.ts'
import { previewKind } from '../../../../shared/preview.ts'
import { readFile } from './read-file.ts'

/** Longest side, in pixels: enough for the largest tile on a sharp screen, and for the inspector. */
const SIDE = 512
/** Larger pictures cost more to fetch than a glance is worth; a click shows them. */
const MAX_BYTES = 12 * 1_048_576
const MAX_SVG_BYTES = 1_048_576
const LANES = 3
const IN_MEMORY = 400
const ON_DISK = 3_000
const DISK = 'thumbnails-1'

export function hasThumbnail(row: FileRow): boolean {
  const kind = previewKind(row.ext)
  if (row.state === 'deleted' || row.state === 'missing' || row.sizeBytes === 0) return false
  if (kind === 'svg') return row.sizeBytes !== null && row.sizeBytes <= MAX_SVG_BYTES
  return kind === 'image' && row.sizeBytes !== null && row.sizeBytes <= MAX_BYTES
}

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
    job.resolve(known === undefined ? await make(job.row, job.signal) : known)
  }
  running -= 1
}

async function make(row: FileRow, signal: AbortSignal): Promise<string | null> {
  try {
    const small = (await fromDisk(row)) ?? (await shrink(row, await readFile(row, signal)))
    const url = URL.createObjectURL(small)
    keep(row.fileId, url)
    void toDisk(row, small)
    return url
  } catch (error) {
    // What could not be fetched may come another time; what cannot be decoded never will.
    if (error instanceof DOMException || toAppError(error).code === 'NOT_FOUND') keep(row.fileId, null)
    return null
  }
}

async function shrink(row: FileRow, content: Blob): Promise<Blob> {
  // Drawn by the browser at any size; as a picture it can neither run nor load anything.
  if (previewKind(row.ext) === 'svg') return new Blob([content], { type: 'image/svg+xml' })
  const whole = await createImageBitmap(content)
  const scale = Math.min(1, SIDE / Math.max(whole.width, whole.height))
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(whole.width * scale)), Math.max(1, Math.round(whole.height * scale)))
  const context = canvas.getContext('2d')
  if (context === null) throw new DOMException('no canvas', 'NotSupportedError')
  context.imageSmoothingQuality = 'high'
  context.drawImage(whole, 0, 0, canvas.width, canvas.height)
  whole.close()
  return canvas.convertToBlob({ type: 'image/webp', quality: 0.85 })
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

const keyOf = (row: FileRow): string => `/thumbnail/${encodeURIComponent(row.fileId)}`
const lasting = (row: FileRow): boolean => row.kind === 'normal' && 'caches' in globalThis

async function fromDisk(row: FileRow): Promise<Blob | null> {
  if (!lasting(row)) return null
  try {
    const found = await (await caches.open(DISK)).match(keyOf(row))
    return found === undefined ? null : await found.blob()
  } catch {
    // Some surroundings offer the store but not its use.
    return null
  }
}

let added = 0

async function toDisk(row: FileRow, small: Blob): Promise<void> {
  if (!lasting(row)) return
  try {
    const disk = await caches.open(DISK)
    await disk.put(keyOf(row), new Response(small))
    added += 1
    if (added % 100 !== 1) return
    const keys = await disk.keys()
    await Promise.all(keys.slice(0, Math.max(0, keys.length - ON_DISK)).map((key) => disk.delete(key)))
  } catch {
    // Without the store the next start makes it again.
  }
}
