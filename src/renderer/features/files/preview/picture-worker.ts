/** The thread in which small pictures are made: fetching, decoding, drawing and packing leave the window alone. */
import { toAppError } from '../../../../shared/errors.ts'
import type { ErrorData } from '../../../../shared/errors.ts'
import type { FileRow } from '../../../../shared/model.ts'
import type { Wanted } from './make-pictures.ts'
import { Undecodable, readPicture, shrink } from './make-pictures.ts'

export type PictureRequest =
  | { type: 'make'; id: number; row: FileRow; wanted: Wanted[]; picture?: ImageBitmap | undefined }
  | { type: 'abort'; id: number }

/** data: base64. error null: what the file holds is no picture that can be read here. */
export type PictureAnswer = { id: number; pictures: { blob: Blob; data: string }[] } | { id: number; error: ErrorData | null }

/** The worker's own global; the page's types know a window only. */
interface WorkerScope {
  addEventListener(type: 'message', listener: (event: MessageEvent<PictureRequest>) => void): void
  postMessage(answer: PictureAnswer): void
}
const scope = globalThis as unknown as WorkerScope
const running = new Map<number, AbortController>()

scope.addEventListener('message', ({ data }) => {
  if (data.type === 'abort') running.get(data.id)?.abort()
  else void make(data)
})

async function make({ id, row, wanted, picture: given }: PictureRequest & { type: 'make' }): Promise<void> {
  const abort = new AbortController()
  running.set(id, abort)
  try {
    const side = Math.max(...wanted.map(({ width, height }) => Math.max(width, height)))
    const picture = given ?? (await readPicture(row, side, abort.signal))
    const pictures: { blob: Blob; data: string }[] = []
    for (const each of wanted) {
      const blob = await shrink(picture, each)
      pictures.push({ blob, data: await base64(blob) })
    }
    picture.close()
    scope.postMessage({ id, pictures })
  } catch (error) {
    const undecodable = error instanceof Undecodable || error instanceof DOMException
    scope.postMessage({ id, error: undecodable ? null : toAppError(error).toData() })
  } finally {
    running.delete(id)
  }
}

async function base64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer())
  let text = ''
  // Arguments of a call are limited.
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192))
  return btoa(text)
}
