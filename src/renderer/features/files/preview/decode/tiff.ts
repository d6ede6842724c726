/** TIFF as programs for pictures write it: strips or tiles, 8 or 16 bits, plain or packed (PackBits, LZW, Deflate). */
import type { Pixels } from './pixels.ts'
import { Shrinker, fromInk, isPictureSize, unpackBits } from './pixels.ts'

const TAGS = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  stripOffsets: 273,
  samples: 277,
  rowsPerStrip: 278,
  stripCounts: 279,
  planar: 284,
  predictor: 317,
  palette: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileCounts: 325
} as const
/** Bytes of one value, by its type: byte, text, short, long. */
const TYPE_BYTES: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4 }
const MAX_VALUES = 1_000_000

const NONE = 1
const LZW = 5
const DEFLATE = [8, 32946]
const PACK_BITS = 32773
const WHITE_IS_ZERO = 0
const RGB = 2
const PALETTE = 3
const CMYK = 5

type Fields = Map<number, number[]>

function readFields(view: DataView, little: boolean): Fields | null {
  const at = view.getUint32(4, little)
  if (at + 2 > view.byteLength) return null
  const fields: Fields = new Map()
  const count = view.getUint16(at, little)
  for (let index = 0; index < count; index += 1) {
    const entry = at + 2 + index * 12
    if (entry + 12 > view.byteLength) return null
    const bytes = TYPE_BYTES[view.getUint16(entry + 2, little)]
    const values = view.getUint32(entry + 4, little)
    if (bytes === undefined || values > MAX_VALUES) continue
    const start = values * bytes <= 4 ? entry + 8 : view.getUint32(entry + 8, little)
    if (start + values * bytes > view.byteLength) continue
    const read = (offset: number): number =>
      bytes === 1 ? view.getUint8(offset) : bytes === 2 ? view.getUint16(offset, little) : view.getUint32(offset, little)
    fields.set(
      view.getUint16(entry, little),
      Array.from({ length: values }, (_, value) => read(start + value * bytes))
    )
  }
  return fields
}

/** null: no TIFF, or one in a way that is not known here. */
export async function tiffPicture(bytes: Uint8Array<ArrayBuffer>, side: number): Promise<Pixels | null> {
  if (bytes.length < 8) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const order = view.getUint16(0)
  const little = order === 0x4949
  if ((!little && order !== 0x4d4d) || view.getUint16(2, little) !== 42) return null
  const fields = readFields(view, little)
  if (fields === null) return null
  const all = (tag: keyof typeof TAGS): number[] => fields.get(TAGS[tag]) ?? []
  const one = (tag: keyof typeof TAGS, otherwise: number): number => all(tag)[0] ?? otherwise
  const width = one('width', 0)
  const height = one('height', 0)
  const samples = one('samples', 1)
  const bits = one('bits', 1)
  const photometric = one('photometric', RGB)
  const planar = one('planar', 1) === 2
  const needed = { [RGB]: 3, [CMYK]: 4 }[photometric] ?? 1
  if (!isPictureSize(width, height) || (bits !== 8 && bits !== 16) || photometric > CMYK || photometric === 4) return null
  if (samples < needed || samples > 16 || (photometric === PALETTE && bits !== 8)) return null

  const tiled = fields.has(TAGS.tileOffsets)
  const partWidth = tiled ? one('tileWidth', 0) : width
  const partHeight = tiled ? one('tileHeight', 0) : Math.min(height, one('rowsPerStrip', height))
  const offsets = all(tiled ? 'tileOffsets' : 'stripOffsets')
  const counts = all(tiled ? 'tileCounts' : 'stripCounts')
  if (!isPictureSize(partWidth, partHeight) || partWidth * partHeight > 268_435_456 || offsets.length !== counts.length) return null
  const across = Math.ceil(width / partWidth)
  const parts = across * Math.ceil(height / partHeight)
  if (offsets.length < parts * (planar ? samples : 1)) return null

  const perPixel = planar ? 1 : samples
  const sampleBytes = bits / 8
  const rowBytes = partWidth * perPixel * sampleBytes
  const alpha = samples > needed && photometric !== PALETTE
  const used = photometric === PALETTE ? 3 : needed + (alpha ? 1 : 0)
  const palette = all('palette')
  const shrinker = new Shrinker(width, height, used, side)
  for (let index = 0; index < parts * (planar ? needed + (alpha ? 1 : 0) : 1); index += 1) {
    const part = index % parts
    const plane = Math.floor(index / parts)
    const top = Math.floor(part / across) * partHeight
    const left = (part % across) * partWidth
    const lines = tiled ? partHeight : Math.min(partHeight, height - top)
    const packed = bytes.subarray(offsets[index], (offsets[index] as number) + (counts[index] as number))
    const raw = await unpack(one('compression', NONE), packed, rowBytes * lines)
    if (raw === null) return null
    if (one('predictor', 1) === 2) undoPredictor(raw, rowBytes, perPixel, sampleBytes, little)
    for (let y = 0; y < lines && top + y < height; y += 1) {
      for (let x = 0; x < partWidth && left + x < width; x += 1) {
        for (let sample = 0; sample < perPixel; sample += 1) {
          const channel = planar ? plane : sample
          // The upper byte of 16 bits.
          const at = y * rowBytes + (x * perPixel + sample) * sampleBytes + (little ? sampleBytes - 1 : 0)
          const value = raw[at] ?? 0
          if (photometric === PALETTE) {
            if (channel > 0) continue
            for (let colour = 0; colour < 3; colour += 1) shrinker.add(left + x, top + y, colour, (palette[colour * 256 + value] ?? 0) >> 8)
          } else if (channel < used) shrinker.add(left + x, top + y, channel, value)
        }
      }
    }
  }
  return shrinker.finish((values) => {
    const [a = 0, b = 0, c = 0, d = 0] = values
    const opacity = alpha ? (values[needed] as number) : 255
    if (photometric === RGB || photometric === PALETTE) return [a, b, c, opacity]
    if (photometric === CMYK) return [...fromInk(a, b, c, d), opacity]
    const grey = photometric === WHITE_IS_ZERO ? 255 - a : a
    return [grey, grey, grey, opacity]
  })
}

async function unpack(compression: number, packed: Uint8Array<ArrayBuffer>, length: number): Promise<Uint8Array | null> {
  if (compression === NONE) return packed.slice(0, length)
  const raw = new Uint8Array(length)
  if (compression === PACK_BITS) {
    unpackBits(packed, 0, packed.length, raw)
    return raw
  }
  if (compression === LZW) {
    unpackLzw(packed, raw)
    return raw
  }
  if (!DEFLATE.includes(compression)) return null
  try {
    const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate')).getReader()
    let at = 0
    for (let part = await reader.read(); !part.done && at < length; part = await reader.read()) {
      raw.set(part.value.subarray(0, length - at), at)
      at += part.value.length
    }
    // What is longer than it says is not read to its end.
    void reader.cancel().catch(() => undefined)
    return raw
  } catch {
    return null
  }
}

/** Codes of 9 to 12 bits, the highest bit first, as TIFF has them: one code earlier wider than elsewhere. */
function unpackLzw(from: Uint8Array, to: Uint8Array): void {
  const CLEAR = 256
  const END = 257
  const before = new Uint16Array(4096)
  const last = new Uint8Array(4096)
  const lengths = new Uint16Array(4096)
  for (let code = 0; code < 256; code += 1) {
    last[code] = code
    lengths[code] = 1
  }
  let next = 258
  let size = 9
  let previous = -1
  let buffer = 0
  let held = 0
  let written = 0
  /** Writes the text of a code; returns its first byte. */
  const write = (code: number): number => {
    const length = lengths[code] as number
    let at = code
    for (let place = written + length - 1; place >= written; place -= 1) {
      if (place < to.length) to[place] = last[at] as number
      if (place > written) at = before[at] as number
    }
    written += length
    return last[at] as number
  }
  const firstOf = (code: number): number => {
    let at = code
    while ((lengths[at] as number) > 1) at = before[at] as number
    return last[at] as number
  }
  for (const byte of from) {
    buffer = ((buffer << 8) | byte) & 0xffffff
    held += 8
    if (held < size) continue
    held -= size
    const code = (buffer >> held) & ((1 << size) - 1)
    if (code === END || written >= to.length) return
    if (code === CLEAR) {
      next = 258
      size = 9
      previous = -1
      continue
    }
    if (previous < 0) {
      if (code > 255) return
      write(code)
    } else {
      if (code > next || next > 4095) return
      before[next] = previous
      lengths[next] = (lengths[previous] as number) + 1
      last[next] = code === next ? firstOf(previous) : firstOf(code)
      next += 1
      write(code)
    }
    previous = code
    if (next >= (1 << size) - 1 && size < 12) size += 1
  }
}

/** Each value was stored as its difference from the one on its left. */
function undoPredictor(raw: Uint8Array, rowBytes: number, perPixel: number, sampleBytes: number, little: boolean): void {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
  for (let row = 0; row + rowBytes <= raw.length; row += rowBytes) {
    for (let at = row + perPixel * sampleBytes; at < row + rowBytes; at += sampleBytes) {
      const left = at - perPixel * sampleBytes
      if (sampleBytes === 1) raw[at] = ((raw[at] as number) + (raw[left] as number)) & 0xff
      else view.setUint16(at, (view.getUint16(at, little) + view.getUint16(left, little)) & 0xffff, little)
    }
  }
}
