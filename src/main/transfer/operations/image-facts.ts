import { closeSync, openSync, readSync } from 'node:fs'
import { imageSize } from 'image-size'
import type { Metadata } from '../../../shared/model.ts'

/** Headers of pictures are in here, also behind the embedded previews of cameras. */
const HEADER_BYTES = 512 * 1024
const PICTURE = /\.(?:avif|bmp|gif|heic|heif|icns|ico|j2c|jp2|jpe?g|jxl|ktx|png|pnm|psd|svg|tga|tiff?|webp)$/i
/** Exif orientations of a picture that lies on its side. */
const TURNED = 5

/**
 * Width and height in pixels as the picture is looked at, and its type ('jpg', 'png', …), by the header of a local file. Empty
 * for anything else: a picture that cannot be understood, or read, is a file like any other.
 */
export function imageFacts(name: string, path: string | Buffer): Metadata {
  if (!PICTURE.test(name)) return {}
  try {
    const file = openSync(path, 'r')
    try {
      const header = Buffer.allocUnsafe(HEADER_BYTES)
      const { width, height, type, orientation = 0 } = imageSize(header.subarray(0, readSync(file, header, 0, HEADER_BYTES, 0)))
      if (!Number.isFinite(width) || !Number.isFinite(height) || width <= 0 || height <= 0) return {}
      const [across, down] = orientation >= TURNED ? [height, width] : [width, height]
      return { width: String(Math.round(across)), height: String(Math.round(down)), ...(type === undefined ? {} : { type }) }
    } finally {
      closeSync(file)
    }
  } catch {
    return {}
  }
}
