/** Sizes are rounded up to this, so that members of about the same size share memory. */
const GRAIN_BYTES = 64 * 1024
/** Below this, making memory anew is as cheap as keeping it. */
const MIN_BYTES = GRAIN_BYTES / 2
const MAX_KEPT_BYTES = 32 * 1024 * 1024

/**
 * Memory of members that are written, used again for the next ones: hundreds of fresh megabytes a second would stay in memory
 * until the garbage collector gets to them.
 */
export class RecycledBuffers {
  readonly #kept = new Map<number, Buffer[]>()
  #keptBytes = 0

  /** Of exactly this length, with undefined content. Whoever cannot give it back may drop it. */
  take(bytes: number): Buffer {
    if (bytes < MIN_BYTES) return Buffer.allocUnsafe(bytes)
    const size = Math.ceil(bytes / GRAIN_BYTES) * GRAIN_BYTES
    const kept = this.#kept.get(size)?.pop()
    if (kept === undefined) return Buffer.allocUnsafeSlow(size).subarray(0, bytes)
    this.#keptBytes -= size
    return kept.subarray(0, bytes)
  }

  /** A buffer of `take` that nobody looks at any more. */
  give(buffer: Buffer): void {
    if (buffer.length < MIN_BYTES) return
    const whole = Buffer.from(buffer.buffer)
    if (this.#keptBytes + whole.length > MAX_KEPT_BYTES) return
    this.#keptBytes += whole.length
    const list = this.#kept.get(whole.length)
    if (list === undefined) this.#kept.set(whole.length, [whole])
    else list.push(whole)
  }
}
