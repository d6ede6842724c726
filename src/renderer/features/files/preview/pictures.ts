/** Small pictures of files, made of their content beside the window (see picture-worker.ts). */
import { AppError, fromErrorData } from '../../../../shared/errors.ts'
import type { FileRow } from '../../../../shared/model.ts'
import { previewKind, previewPath } from '../../../../shared/preview.ts'
import type { Wanted } from './make-pictures.ts'
import type { PictureAnswer, PictureRequest } from './picture-worker.ts'

export interface MadePicture {
  blob: Blob
  /** base64 */
  data: string
}

interface Pending {
  resolve(pictures: MadePicture[] | null): void
  reject(error: AppError): void
}

let worker: Worker | null = null
let nextId = 1
const pending = new Map<number, Pending>()

function start(): Worker {
  const fresh = new Worker(new URL('./picture-worker.ts', import.meta.url), { type: 'module' })
  fresh.addEventListener('message', ({ data }: MessageEvent<PictureAnswer>) => {
    const waiting = pending.get(data.id)
    pending.delete(data.id)
    if ('pictures' in data) waiting?.resolve(data.pictures)
    else if (data.error === null) waiting?.resolve(null)
    else waiting?.reject(fromErrorData(data.error))
  })
  // Out of memory, at worst: the next picture begins with a new thread.
  fresh.addEventListener('error', () => {
    worker = null
    fresh.terminate()
    for (const waiting of pending.values()) waiting.resolve(null)
    pending.clear()
  })
  return fresh
}

/** One picture for each that is wanted; null: the file cannot be read as a picture. Rejects when its content cannot be had. */
export async function makePictures(row: FileRow, wanted: Wanted[], signal: AbortSignal): Promise<MadePicture[] | null> {
  const picture = previewKind(row.ext) === 'video' ? await frameOf(row, signal) : undefined
  if (picture === null) return null
  if (signal.aborted) throw new AppError('ABORTED')
  const id = nextId++
  const thread = (worker ??= start())
  return new Promise((resolve, reject) => {
    const abort = (): void => thread.postMessage({ type: 'abort', id } satisfies PictureRequest)
    signal.addEventListener('abort', abort, { once: true })
    const end = (): void => signal.removeEventListener('abort', abort)
    pending.set(id, {
      resolve(pictures) {
        end()
        resolve(pictures)
      },
      reject(error) {
        end()
        reject(signal.aborted ? new AppError('ABORTED') : error)
      }
    })
    const request: PictureRequest = { type: 'make', id, row, wanted, picture }
    thread.postMessage(request, picture === undefined ? [] : [picture])
  })
}

/** A film that has not shown a picture by then will not. */
const FRAME_MS = 15_000

/** A picture from the first part of a film: only what leads to it is read. null: the film cannot be played here. */
function frameOf(row: FileRow, signal: AbortSignal): Promise<ImageBitmap | null> {
  return new Promise((resolve, reject) => {
    const video = document.createElement('video')
    const end = (): void => {
      window.clearTimeout(timer)
      signal.removeEventListener('abort', aborted)
      video.removeAttribute('src')
      video.load()
    }
    const give = (picture: ImageBitmap | null): void => {
      end()
      resolve(picture)
    }
    const aborted = (): void => {
      end()
      reject(new AppError('ABORTED'))
    }
    const timer = window.setTimeout(() => give(null), FRAME_MS)
    signal.addEventListener('abort', aborted, { once: true })
    video.muted = true
    video.preload = 'auto'
    video.addEventListener('error', () => give(null))
    video.addEventListener('loadeddata', () => {
      // The very first picture of many films is black.
      const { duration } = video
      video.currentTime = Number.isFinite(duration) ? Math.min(3, duration / 3) : 0
    })
    video.addEventListener('seeked', () => {
      createImageBitmap(video).then(give, () => give(null))
    })
    video.src = previewPath(row)
  })
}
