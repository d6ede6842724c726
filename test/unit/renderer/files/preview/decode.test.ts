import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import {
  psdHeader,
  psdLayersAt,
  psdPicture,
  psdPictureAt,
  psdThumbnail
} from '../../../../../src/renderer/features/files/preview/decode/psd.ts'
import { tiffPicture } from '../../../../../src/renderer/features/files/preview/decode/tiff.ts'
import { parseSizes } from '../../../../../src/renderer/features/files/preview/sizes.ts'

const u16 = (value: number): number[] => [value >> 8, value & 255]
const u32 = (value: number): number[] => [...u16(Math.floor(value / 65_536)), ...u16(value % 65_536)]
const text = (ascii: string): number[] => [...Buffer.from(ascii, 'latin1')]
const bytes = (...parts: (number[] | Uint8Array)[]): Uint8Array<ArrayBuffer> => new Uint8Array(parts.flatMap((part) => [...part]))
const pixelAt = (picture: { width: number; data: Uint8ClampedArray } | null, x: number, y: number): number[] =>
  picture === null ? [] : [...picture.data.subarray((y * picture.width + x) * 4, (y * picture.width + x) * 4 + 4)]

// ── Photoshop ────────────────────────────────────────────────────────────────────────────────────────────────

interface Psd {
  mode: number
  channels: number
  width: number
  height: number
  depth?: number
  big?: boolean
  colours?: number[]
  resources?: number[]
  layers?: number[]
  picture: number[]
}

/** By the layout of Adobe's file format specification. */
function psd({ mode, channels, width, height, depth = 8, big = false, colours = [], resources = [], layers = [], picture }: Psd) {
  return bytes(
    text('8BPS'),
    u16(big ? 2 : 1),
    [0, 0, 0, 0, 0, 0],
    u16(channels),
    u32(height),
    u32(width),
    u16(depth),
    u16(mode),
    u32(colours.length),
    colours,
    u32(resources.length),
    resources,
    big ? u32(0) : [],
    u32(layers.length),
    layers,
    picture
  )
}

function decodePsd(file: Uint8Array, side = 512) {
  const header = psdHeader(file)
  if (header === null) return null
  const at = psdPictureAt(header, file.subarray(psdLayersAt(header), psdLayersAt(header) + 8))
  if (at === null) return null
  return psdPicture(header, file.subarray(header.colours.offset, header.colours.offset + header.colours.length), file.subarray(at), side)
}

describe('a Photoshop document', () => {
  it('shows its whole picture, plain or packed, behind layers of any length', () => {
    const plain = psd({ mode: 3, channels: 3, width: 2, height: 1, layers: [9, 9, 9], picture: [...u16(0), 10, 20, 30, 40, 50, 60] })
    expect(pixelAt(decodePsd(plain), 0, 0)).toEqual([10, 30, 50, 255])
    expect(pixelAt(decodePsd(plain), 1, 0)).toEqual([20, 40, 60, 255])
    // Per line: its length, then runs: 254 = three times, 1 = two bytes as they are.
    const packed = psd({
      mode: 3,
      channels: 3,
      width: 3,
      height: 1,
      picture: [...u16(1), ...u16(2), ...u16(2), ...u16(4), 254, 7, 254, 8, 254 + 1, 9, 0, 5]
    })
    expect(pixelAt(decodePsd(packed), 0, 0)).toEqual([7, 8, 9, 255])
    expect(pixelAt(decodePsd(packed), 2, 0)).toEqual([7, 8, 5, 255])
  })

  it('knows grey, ink, palettes, transparency, 16 bits and the large kind', () => {
    expect(pixelAt(decodePsd(psd({ mode: 1, channels: 1, width: 1, height: 1, picture: [0, 0, 99] })), 0, 0)).toEqual([99, 99, 99, 255])
    const ink = psd({ mode: 4, channels: 4, width: 1, height: 1, picture: [0, 0, 255, 0, 255, 255] })
    expect(pixelAt(decodePsd(ink), 0, 0)).toEqual([255, 0, 255, 255])
    const colours = Array.from({ length: 768 }, (_, index) => (index % 256 === 3 ? [11, 22, 33][Math.floor(index / 256)]! : 0))
    expect(pixelAt(decodePsd(psd({ mode: 2, channels: 1, width: 1, height: 1, colours, picture: [0, 0, 3] })), 0, 0)).toEqual([
      11, 22, 33, 255
    ])
    const clear = psd({ mode: 3, channels: 4, width: 1, height: 1, big: true, picture: [0, 0, 1, 2, 3, 128] })
    expect(pixelAt(decodePsd(clear), 0, 0)).toEqual([1, 2, 3, 128])
    const deep = psd({ mode: 3, channels: 3, width: 1, height: 1, depth: 16, picture: [0, 0, 200, 1, 100, 2, 50, 3] })
    expect(pixelAt(decodePsd(deep), 0, 0)).toEqual([200, 100, 50, 255])
  })

  it('gives the small picture among its resources', () => {
    const jpeg = [0xff, 0xd8, 0xff, 1, 2, 3]
    const other = [...text('8BIM'), ...u16(1005), 3, ...text('abc'), ...u32(3), 1, 2, 3, 0]
    const thumb = [
      ...text('8BIM'),
      ...u16(1036),
      0,
      0,
      ...u32(28 + jpeg.length),
      ...u32(1),
      ...Array.from({ length: 24 }, () => 0),
      ...jpeg
    ]
    const file = psd({ mode: 3, channels: 3, width: 1, height: 1, resources: [...other, ...thumb], picture: [0, 0, 1, 2, 3] })
    expect([...psdThumbnail(file, psdHeader(file)!)!]).toEqual(jpeg)
    expect(psdThumbnail(file.subarray(0, 60), psdHeader(file)!)).toBeNull()
  })

  it('is averaged where it is made smaller', () => {
    const picture = decodePsd(psd({ mode: 1, channels: 1, width: 4, height: 2, picture: [0, 0, 0, 100, 10, 10, 0, 100, 10, 10] }), 2)
    expect(picture).toMatchObject({ width: 2, height: 1 })
    expect([pixelAt(picture, 0, 0)[0], pixelAt(picture, 1, 0)[0]]).toEqual([50, 10])
  })

  it('is refused when it is cut, hostile or something else, and never costs memory by what it claims', () => {
    const good = psd({ mode: 3, channels: 3, width: 2, height: 2, picture: [...u16(0), ...Array.from({ length: 12 }, () => 1)] })
    for (let cut = 0; cut < good.length; cut += 1) expect(() => decodePsd(good.subarray(0, Math.max(cut, 0)))).not.toThrow()
    expect(decodePsd(good.subarray(0, good.length - 1))).toBeNull()
    expect(psdHeader(psd({ mode: 3, channels: 3, width: 0xffffffff, height: 0xffffffff, picture: [] }))).toBeNull()
    expect(
      psdHeader(
        bytes(
          text('GIF89a'),
          Array.from({ length: 60 }, () => 0)
        )
      )
    ).toBeNull()
    expect(decodePsd(psd({ mode: 9, channels: 3, width: 1, height: 1, picture: [0, 0, 1, 2, 3] }))).toBeNull()
  })
})

// ── TIFF ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** One directory with the given tags (all as long), the strips or tiles behind it. */
function tiff(tags: Record<number, number | number[]>, parts: (number[] | Uint8Array)[], tiled = false): Uint8Array<ArrayBuffer> {
  const [offsetsTag, countsTag] = tiled ? [324, 325] : [273, 279]
  const all: [number, number[]][] = [
    ...Object.entries(tags).map(([tag, value]): [number, number[]] => [Number(tag), [value].flat()]),
    [offsetsTag, parts.map(() => 0)],
    [countsTag, parts.map((part) => part.length)]
  ]
  let free = 8 + 2 + all.length * 12 + 4
  const far: number[][] = []
  const lists = free + all.reduce((sum, [, values]) => sum + (values.length > 1 ? values.length * 4 : 0), 0)
  let start = lists
  all.find(([tag]) => tag === offsetsTag)![1] = parts.map((part) => {
    const at = start
    start += part.length
    return at
  })
  const entries = all
    .sort((a, b) => a[0] - b[0])
    .flatMap(([tag, values]) => {
      const head = [...u16(tag), ...u16(4), ...u32(values.length)]
      if (values.length === 1) return [...head, ...u32(values[0]!)]
      far.push(values.flatMap(u32))
      const at = free
      free += values.length * 4
      return [...head, ...u32(at)]
    })
  return bytes(text('MM'), u16(42), u32(8), u16(all.length), entries, u32(0), ...far, ...parts)
}

/** By the pseudo-code of the TIFF 6.0 specification: codes get wider as soon as entry 511, 1023 or 2047 was added. */
function lzw(data: readonly number[]): Uint8Array {
  const out: number[] = []
  let buffer = 0
  let held = 0
  let size = 9
  const put = (code: number): void => {
    buffer = buffer * 2 ** size + code
    held += size
    while (held >= 8) {
      held -= 8
      out.push(Math.floor(buffer / 2 ** held) & 255)
      buffer %= 2 ** held
    }
  }
  let table = new Map<string, number>()
  const reset = (): void => {
    table = new Map(Array.from({ length: 256 }, (_, index): [string, number] => [String(index), index]))
  }
  reset()
  put(256)
  let next = 258
  let omega = ''
  for (const value of data) {
    const longer = omega === '' ? String(value) : `${omega},${value}`
    if (table.has(longer)) {
      omega = longer
      continue
    }
    put(table.get(omega)!)
    table.set(longer, next)
    next += 1
    if (next - 1 === 511 || next - 1 === 1023 || next - 1 === 2047) size += 1
    if (next === 4095) {
      put(256)
      size = 9
      next = 258
      reset()
    }
    omega = String(value)
  }
  put(table.get(omega)!)
  put(257)
  if (held > 0) out.push((buffer * 2 ** (8 - held)) & 255)
  return new Uint8Array(out)
}

const RGB = { 258: 8, 262: 2, 277: 3 }

describe('a TIFF', () => {
  it('is read from strips, plain or packed', async () => {
    const plain = tiff({ 256: 2, 257: 2, 259: 1, 278: 1, ...RGB }, [
      [1, 2, 3, 4, 5, 6],
      [7, 8, 9, 10, 11, 12]
    ])
    expect(pixelAt(await tiffPicture(plain, 512), 1, 1)).toEqual([10, 11, 12, 255])
    const packed = tiff({ 256: 2, 257: 1, 259: 32773, 278: 1, ...RGB }, [[251, 77]])
    expect(pixelAt(await tiffPicture(packed, 512), 1, 0)).toEqual([77, 77, 77, 255])
    const deflated = tiff({ 256: 1, 257: 1, 259: 8, 278: 1, ...RGB }, [deflateSync(Buffer.from([9, 8, 7]))])
    expect(pixelAt(await tiffPicture(deflated, 512), 0, 0)).toEqual([9, 8, 7, 255])
  })

  it('is read from LZW with codes of every width, and with differences', async () => {
    // Little repeats: the table fills up, and is begun anew.
    let seed = 1
    const noise = Array.from({ length: 120 * 90 * 3 }, () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return (seed >> 16) & 255
    })
    const picture = await tiffPicture(tiff({ 256: 120, 257: 90, 259: 5, 278: 90, ...RGB }, [lzw(noise)]), 512)
    for (const [x, y] of [
      [0, 0],
      [50, 31],
      [119, 89]
    ] as const)
      expect(pixelAt(picture, x, y)).toEqual([...noise.slice((y * 120 + x) * 3, (y * 120 + x) * 3 + 3), 255])
    const differences = tiff({ 256: 3, 257: 1, 259: 5, 278: 1, 317: 2, ...RGB }, [lzw([10, 20, 30, 1, 1, 1, 255, 0, 1])])
    expect(pixelAt(await tiffPicture(differences, 512), 2, 0)).toEqual([10, 21, 32, 255])
  })

  it('is read from tiles, which reach over the edge', async () => {
    const tile = (value: number): number[] => Array.from({ length: 4 }, () => value)
    const picture = await tiffPicture(
      tiff({ 256: 3, 257: 2, 258: 8, 259: 1, 262: 1, 277: 1, 322: 2, 323: 2 }, [tile(5), tile(6)], true),
      512
    )
    expect(picture).toMatchObject({ width: 3, height: 2 })
    expect([pixelAt(picture, 0, 0)[0], pixelAt(picture, 2, 1)[0]]).toEqual([5, 6])
  })

  it('knows white as zero, ink, palettes, planes of their own and 16 bits', async () => {
    const one = { 256: 1, 257: 1, 259: 1, 278: 1 }
    expect(pixelAt(await tiffPicture(tiff({ ...one, 258: 8, 262: 0, 277: 1 }, [[0]]), 9), 0, 0)).toEqual([255, 255, 255, 255])
    expect(pixelAt(await tiffPicture(tiff({ ...one, 258: 8, 262: 5, 277: 4 }, [[255, 0, 0, 0]]), 9), 0, 0)).toEqual([0, 255, 255, 255])
    const palette = Array.from({ length: 768 }, (_, index) => (index % 256 === 2 ? [0x1100, 0x2200, 0x3300][Math.floor(index / 256)]! : 0))
    expect(pixelAt(await tiffPicture(tiff({ ...one, 258: 8, 262: 3, 277: 1, 320: palette }, [[2]]), 9), 0, 0)).toEqual([17, 34, 51, 255])
    expect(pixelAt(await tiffPicture(tiff({ ...one, ...RGB, 284: 2 }, [[1], [2], [3]]), 9), 0, 0)).toEqual([1, 2, 3, 255])
    expect(pixelAt(await tiffPicture(tiff({ ...one, 258: 16, 262: 2, 277: 3 }, [[9, 1, 8, 1, 7, 1]]), 9), 0, 0)).toEqual([9, 8, 7, 255])
  })

  it('is refused when it is cut, hostile or packed in a way that is not known', async () => {
    const good = tiff({ 256: 2, 257: 1, 259: 5, 278: 1, ...RGB }, [lzw([1, 2, 3, 4, 5, 6])])
    for (let cut = 0; cut < good.length; cut += 1) await tiffPicture(good.slice(0, cut), 9)
    for (let at = 8; at < good.length; at += 1) {
      const bad = good.slice()
      bad[at] = 255
      await tiffPicture(bad, 9)
    }
    expect(await tiffPicture(tiff({ 256: 2, 257: 1, 259: 7, 278: 1, ...RGB }, [[1, 2]]), 9)).toBeNull()
    expect(await tiffPicture(tiff({ 256: 1_000_000, 257: 1_000_000, 259: 1, 278: 1, ...RGB }, [[1]]), 9)).toBeNull()
    expect(await tiffPicture(tiff({ 256: 2, 257: 1, 259: 8, 278: 1, ...RGB }, [[1, 2, 3]]), 9)).toBeNull()
    expect(await tiffPicture(bytes(text('II'), [42, 0, 255, 255, 255, 255]), 9)).toBeNull()
  })
})

describe('sizes of thumbnails', () => {
  it('are read as people write them', () => {
    expect(parseSizes('150x150')).toEqual(['150x150'])
    expect(parseSizes(' 150X150， 400×300;400x300 ')).toEqual(['150x150', '400x300'])
    expect(parseSizes('')).toEqual([])
    for (const bad of ['150', '0x10', '10x', '99999x1', '1x1', '20x20 30x30 40x40 50x50 60x60', '150x150 _1'])
      expect(parseSizes(bad)).toBeNull()
  })
})
