/**
 * Makes the small pictures that are to be stored beside files. What is to be made stands in the library: windows take some of it at
 * a time, and what a closed one has left is taken by the next.
 */
import { ERRORS, toAppError } from '../../../../shared/errors.ts'
import type { FileRow } from '../../../../shared/model.ts'
import { THUMBNAIL_SIZE, smallPictureExt } from '../../../../shared/preview.ts'
import { call } from '../../../api/client.ts'
import type { Wanted } from './make-pictures.ts'
import { makePictures } from './pictures.ts'

const AT_ONCE = 3
/** When another window has the rest, or the servers are away. */
const AGAIN_MS = 10_000

let working = false
let timer: number | undefined

/** There is something to make: begins, unless it is under way. */
export function makeThumbnails(): void {
  if (working) return
  working = true
  window.clearTimeout(timer)
  void work().finally(() => {
    working = false
  })
}

async function work(): Promise<void> {
  try {
    for (;;) {
      const tasks = await call('thumbnails.take', { limit: AT_ONCE })
      if (tasks.length === 0) {
        const { waiting } = await call('thumbnails.state', {})
        if (waiting > 0) again()
        return
      }
      await Promise.all(tasks.map(({ row, sizes }) => make(row, sizes)))
    }
  } catch {
    // The link or the cluster is away, and says so elsewhere.
    again()
  }
}

function again(): void {
  timer = window.setTimeout(makeThumbnails, AGAIN_MS)
}

const TYPES: Readonly<Record<string, Wanted['type']>> = { png: 'image/png', webp: 'image/webp' }

async function make(row: FileRow, sizes: string[]): Promise<void> {
  const { fileId } = row
  const type = TYPES[smallPictureExt(row.ext).toLowerCase()] ?? 'image/jpeg'
  const wanted = sizes.map((size) => {
    const [, width, height] = THUMBNAIL_SIZE.exec(size) ?? []
    return { width: Number(width), height: Number(height), type }
  })
  const fail = async (code: string): Promise<void> => {
    for (const size of sizes) await call('thumbnails.fail', { fileId, size, code })
  }
  try {
    const made = await makePictures(row, wanted, new AbortController().signal)
    if (made === null) return await fail('UNREADABLE')
    for (const [index, size] of sizes.entries()) await call('thumbnails.store', { fileId, size, picture: made[index]?.data ?? '' })
  } catch (error) {
    const { code } = toAppError(error)
    // What may work later is not given up.
    if (ERRORS[code].retry) throw error
    await fail(code)
  }
}
