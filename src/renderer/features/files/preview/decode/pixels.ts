/** A picture as pixels, and how large the whole is of which it is a smaller copy. */
export interface Pixels {
  width: number
  height: number
  /** RGBA, 8 bits each. */
  data: Uint8ClampedArray<ArrayBuffer>
}

/** More than this is no picture that people make; the sizes in a file are hostile until checked. */
const MAX_SIDE = 300_000
const MAX_PIXELS = 1_000_000_000

export function isPictureSize(width: number, height: number): boolean {
  return width > 0 && height > 0 && width <= MAX_SIDE && height <= MAX_SIDE && width * height <= MAX_PIXELS
}

/** Makes a picture smaller as its lines arrive: whatever its size, only the small one is in memory. */
export class Shrinker {
  readonly width: number
  readonly height: number
  readonly #step: number
  readonly #source: { width: number; height: number }
  readonly #sums: Float64Array
  readonly #channels: number

  constructor(width: number, height: number, channels: number, side: number) {
    this.#source = { width, height }
    this.#channels = channels
    this.#step = Math.max(1, Math.ceil(Math.max(width, height) / side))
    this.width = Math.ceil(width / this.#step)
    this.height = Math.ceil(height / this.#step)
    this.#sums = new Float64Array(this.width * this.height * channels)
  }

  /** One value (0–255) of a pixel of the whole picture. */
  add(x: number, y: number, channel: number, value: number): void {
    const step = this.#step
    const at = (Math.floor(y / step) * this.width + Math.floor(x / step)) * this.#channels + channel
    this.#sums[at] = (this.#sums[at] ?? 0) + value
  }

  /** `paint`: the values of a pixel → red, green, blue, alpha. */
  finish(paint: (values: readonly number[]) => readonly [number, number, number, number]): Pixels {
    const { width, height } = this
    const data = new Uint8ClampedArray(width * height * 4)
    const values: number[] = []
    for (let y = 0; y < height; y += 1) {
      const rows = Math.min(this.#step, this.#source.height - y * this.#step)
      for (let x = 0; x < width; x += 1) {
        const count = rows * Math.min(this.#step, this.#source.width - x * this.#step)
        const pixel = y * width + x
        for (let channel = 0; channel < this.#channels; channel += 1) {
          values[channel] = (this.#sums[pixel * this.#channels + channel] ?? 0) / count
        }
        data.set(paint(values), pixel * 4)
      }
    }
    return { width, height, data }
  }
}

/** Ink on paper: as good as it gets without the profile of the printer. Values: 0 = none, 255 = full. */
export function fromInk(cyan: number, magenta: number, yellow: number, black: number): [number, number, number] {
  const light = 1 - black / 255
  return [(255 - cyan) * light, (255 - magenta) * light, (255 - yellow) * light]
}

/** Runs of equal bytes, as PSD and TIFF pack them. Writes at most what fits; returns how many bytes were read. */
export function unpackBits(from: Uint8Array, start: number, end: number, to: Uint8Array): number {
  let at = start
  let written = 0
  while (at < end && written < to.length) {
    const code = from[at++] as number
    if (code < 128) {
      const count = Math.min(code + 1, to.length - written, end - at)
      to.set(from.subarray(at, at + count), written)
      at += code + 1
      written += count
    } else if (code > 128) {
      const count = Math.min(257 - code, to.length - written)
      to.fill(from[at] ?? 0, written, written + count)
      at += 1
      written += count
    }
  }
  return at - start
}
