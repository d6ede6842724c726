/** Small pictures of a file, made of its content. Runs in a worker: nothing here touches the page. */
import type { FileRow } from '../../../../shared/model.ts'
import { previewKind } from '../../../../shared/preview.ts'
import { psdHeader, psdLayersAt, psdPicture, psdPictureAt, psdThumbnail, PSD_HEAD_BYTES } from './decode/psd.ts'
import type { PsdHeader } from './decode/psd.ts'
import { tiffPicture } from './decode/tiff.ts'
import type { Pixels } from './decode/pixels.ts'
import { readFile } from './read-file.ts'

const MB = 1_048_576
/** Resources of Photoshop documents hold their small picture near the start, behind texts at most. */
const PSD_RESOURCE_BYTES = 2 * MB
/** Above these nothing is read for a small picture. */
export const MAX_BYTES: Readonly<Record<'image' | 'tiff' | 'psd', number>> = { image: 64 * MB, tiff: 64 * MB, psd: 256 * MB }

export interface Wanted {
  /** The picture fits into this. */
  width: number
  height: number
  /** MIME type. */
  type: 'image/webp' | 'image/jpeg' | 'image/png'
}

/** Thrown for what is no picture, or none that can be read here. */
export class Undecodable extends Error {}

async function bytesOf(row: FileRow, signal: AbortSignal, from = 0, to = row.sizeBytes ?? 0): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await readFile(row, signal, { from, to })).arrayBuffer())
}

function bitmapOf(pixels: Pixels | null): Promise<ImageBitmap> {
  if (pixels === null) throw new Undecodable()
  return createImageBitmap(new ImageData(pixels.data, pixels.width, pixels.height))
}

/** A picture at least as large as `side` where the file has one. */
export async function readPicture(row: FileRow, side: number, signal: AbortSignal): Promise<ImageBitmap> {
  const kind = previewKind(row.ext)
  const size = row.sizeBytes ?? 0
  if (kind !== 'image' && kind !== 'tiff' && kind !== 'psd' && kind !== 'heic') throw new Undecodable()
  if (size > MAX_BYTES[kind === 'heic' ? 'image' : kind]) throw new Undecodable()
  if (kind === 'psd') return readPsd(row, side, signal)
  if (kind === 'tiff') return bitmapOf(await tiffPicture(await bytesOf(row, signal), Math.max(side, 512)))
  try {
    return await createImageBitmap(await readFile(row, signal))
  } catch (error) {
    if (error instanceof DOMException) throw new Undecodable()
    throw error
  }
}

async function readPsd(row: FileRow, side: number, signal: AbortSignal): Promise<ImageBitmap> {
  const size = row.sizeBytes ?? 0
  let head = await bytesOf(row, signal, 0, Math.min(size, PSD_HEAD_BYTES))
  const header = psdHeader(head)
  if (header === null) throw new Undecodable()
  if (side <= 160) {
    const needed = Math.min(size, header.resources.offset + Math.min(header.resources.length, PSD_RESOURCE_BYTES))
    if (head.length < needed) head = await bytesOf(row, signal, 0, needed)
    const small = psdThumbnail(head, header)
    if (small !== null) {
      try {
        return await createImageBitmap(new Blob([small], { type: 'image/jpeg' }))
      } catch {
        // The large one may be sound.
      }
    }
  }
  return bitmapOf(await composite(row, header, head, side, signal))
}

async function composite(row: FileRow, header: PsdHeader, head: Uint8Array, side: number, signal: AbortSignal): Promise<Pixels | null> {
  const layersAt = psdLayersAt(header)
  const size = row.sizeBytes ?? 0
  if (layersAt + 4 > size) return null
  const pictureAt = psdPictureAt(header, await bytesOf(row, signal, layersAt, Math.min(size, layersAt + 8)))
  if (pictureAt === null || pictureAt + 2 > size) return null
  const palette = head.subarray(header.colours.offset, header.colours.offset + header.colours.length)
  return psdPicture(header, palette, await bytesOf(row, signal, pictureAt, size), Math.max(side, 512))
}

/** Drawn to fit, never larger than it is. The paper below what is transparent is white where the type has no transparency. */
export async function shrink(picture: ImageBitmap, { width, height, type }: Wanted): Promise<Blob> {
  const scale = Math.min(1, width / picture.width, height / picture.height)
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale)))
  const context = canvas.getContext('2d')
  if (context === null) throw new Undecodable()
  if (type === 'image/jpeg') {
    context.fillStyle = '#fff'
    context.fillRect(0, 0, canvas.width, canvas.height)
  }
  context.imageSmoothingQuality = 'high'
  context.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return canvas.convertToBlob({ type, quality: 0.85 })
}
