/**
 * Photoshop documents (PSD, PSB): the picture of the whole that Photoshop stores at the end, and the small one near the start.
 * header 26: '8BPS', version 2 (1 PSD, 2 PSB), 6 reserved, channels 2, height 4, width 4, depth 2, mode 2
 * then, each with its length in front: colour data (4), resources (4), layers (4; PSB 8); then the picture, plane by plane.
 */
import type { Pixels } from './pixels.ts'
import { Shrinker, fromInk, isPictureSize, unpackBits } from './pixels.ts'

export interface PsdHeader {
  big: boolean
  channels: number
  width: number
  height: number
  depth: number
  mode: number
  colours: { offset: number; length: number }
  resources: { offset: number; length: number }
}

const GREY = 1
const INDEXED = 2
const RGB = 3
const CMYK = 4
const PLANES: Readonly<Record<number, number>> = { [GREY]: 1, [INDEXED]: 1, [RGB]: 3, [CMYK]: 4 }
const SMALL_PICTURE = 1036

/** How much of the start is needed to read the header, for files without large colour data. */
export const PSD_HEAD_BYTES = 64 * 1024

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** null: no such document, or more of it is needed. */
export function psdHeader(bytes: Uint8Array): PsdHeader | null {
  if (bytes.length < 34) return null
  const view = viewOf(bytes)
  const version = view.getUint16(4)
  if (view.getUint32(0) !== 0x38425053 || (version !== 1 && version !== 2)) return null
  const colours = { offset: 30, length: view.getUint32(26) }
  const at = colours.offset + colours.length
  if (at + 4 > bytes.length) return null
  const header = {
    big: version === 2,
    channels: view.getUint16(12),
    height: view.getUint32(14),
    width: view.getUint32(18),
    depth: view.getUint16(22),
    mode: view.getUint16(24),
    colours,
    resources: { offset: at + 4, length: view.getUint32(at) }
  }
  return isPictureSize(header.width, header.height) && header.channels >= 1 && header.channels <= 56 ? header : null
}

/** The small picture (a JPEG) among the resources; null where there is none in these bytes from the file's start. */
export function psdThumbnail(bytes: Uint8Array, header: PsdHeader): Uint8Array<ArrayBuffer> | null {
  const view = viewOf(bytes)
  const end = Math.min(bytes.length, header.resources.offset + header.resources.length)
  // '8BIM', number 2, name (length 1, padded to even), length 4, data (padded to even)
  for (let at = header.resources.offset; at + 12 <= end;) {
    if (view.getUint32(at) !== 0x3842494d) return null
    const number = view.getUint16(at + 4)
    const nameLength = (bytes[at + 6] as number) + 1
    const lengthAt = at + 6 + nameLength + (nameLength % 2)
    if (lengthAt + 4 > end) return null
    const length = view.getUint32(lengthAt)
    const start = lengthAt + 4
    if (number === SMALL_PICTURE) {
      // format 4 (1 = JPEG), width 4, height 4, … 28 in all, then the JPEG
      const whole = length > 28 && start + length <= end && view.getUint32(start) === 1
      return whole ? new Uint8Array(bytes.slice(start + 28, start + length)) : null
    }
    at = start + length + (length % 2)
  }
  return null
}

/** Where the length of the layers stands; they are followed by the picture. */
export const psdLayersAt = ({ resources }: PsdHeader): number => resources.offset + resources.length

/** Where the picture begins, of the bytes at `psdLayersAt` (8 are enough; a small PSD may have 4). null: the file ends before. */
export function psdPictureAt(header: PsdHeader, lengthBytes: Uint8Array): number | null {
  if (lengthBytes.length < (header.big ? 8 : 4)) return null
  const view = viewOf(lengthBytes)
  const length = header.big ? Number(view.getBigUint64(0)) : view.getUint32(0)
  return psdLayersAt(header) + (header.big ? 8 : 4) + length
}

/** The picture of the whole. `palette`: the colour data. null: in a way that is not known here. */
export function psdPicture(header: PsdHeader, palette: Uint8Array, bytes: Uint8Array, side: number): Pixels | null {
  const { width, height, depth, mode, big } = header
  const planes = PLANES[mode]
  if (planes === undefined || header.channels < planes || bytes.length < 2) return null
  if (depth !== 8 && depth !== 16) return null
  const alpha = mode !== INDEXED && header.channels > planes
  const used = planes + (alpha ? 1 : 0)
  const sampleBytes = depth / 8
  const row = new Uint8Array(width * sampleBytes)
  const shrinker = new Shrinker(width, height, mode === INDEXED ? 3 : used, side)
  const view = viewOf(bytes)
  const compression = view.getUint16(0)
  if (compression !== 0 && compression !== 1) return null
  const countBytes = big ? 4 : 2
  let at = compression === 0 ? 2 : 2 + header.channels * height * countBytes
  if (at > bytes.length) return null
  for (let plane = 0; plane < used; plane += 1) {
    for (let y = 0; y < height; y += 1) {
      if (compression === 0) {
        if (at + row.length > bytes.length) return null
        row.set(bytes.subarray(at, at + row.length))
        at += row.length
      } else {
        const countAt = 2 + (plane * height + y) * countBytes
        const count = big ? view.getUint32(countAt) : view.getUint16(countAt)
        if (at + count > bytes.length) return null
        unpackBits(bytes, at, at + count, row)
        at += count
      }
      for (let x = 0; x < width; x += 1) {
        // Of 16 bits the upper 8 are enough for the eye.
        const value = row[x * sampleBytes] as number
        if (mode !== INDEXED) shrinker.add(x, y, plane, value)
        // 256 reds, then greens, then blues.
        else for (let colour = 0; colour < 3; colour += 1) shrinker.add(x, y, colour, palette[colour * 256 + value] ?? 0)
      }
    }
  }
  const opacity = (values: readonly number[]): number => (alpha ? (values[planes] as number) : 255)
  return shrinker.finish((values) => {
    const [a = 0, b = 0, c = 0, d = 0] = values
    if (mode === GREY) return [a, a, a, opacity(values)]
    // Stored upside down: 0 is full ink.
    if (mode === CMYK) return [...fromInk(255 - a, 255 - b, 255 - c, 255 - d), opacity(values)]
    return [a, b, c, opacity(values)]
  })
}
