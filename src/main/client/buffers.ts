/** Sizes of the buffers that are lent. 264 KiB holds a 256 KiB file and the head of its request. */
const CLASSES = [64 * 1024, 264 * 1024, 1024 * 1024, 2 * 1024 * 1024] as const
const KEPT_PER_CLASS = [32, 16, 8, 4] as const
/** With this much lent, large requests get the next smaller class: many slow transfers must not add up to a large program. */
const PLENTY_BYTES = 24 * 1024 * 1024

/** The size that big bodies are sent in. They are received in the next larger one (a tenth faster; 256 KiB are a fifth slower). */
export const LARGE_BUFFER_BYTES = CLASSES[2]
const LARGEST = CLASSES.length - 1

/**
 * Buffers that are used again, shared by the connections of one pool. A buffer that may still be in use somewhere
 * (an aborted transfer) is simply not given back: the garbage collector takes it.
 */
export class BufferPool {
  readonly #free: Buffer[][] = CLASSES.map(() => [])
  #lentBytes = 0

  /** A buffer of at least `bytes`; if that is more than the largest class, or a lot is lent already, a smaller one. */
  take(bytes: number): Buffer {
    let index = CLASSES.findIndex((size) => size >= bytes)
    if (index < 0 || index === LARGEST) index = this.#lentBytes > PLENTY_BYTES ? 1 : LARGEST
    this.#lentBytes += CLASSES[index] ?? 0
    return this.#free[index]?.pop() ?? Buffer.allocUnsafeSlow(CLASSES[index] ?? LARGE_BUFFER_BYTES)
  }

  /** Takes back a whole buffer that `take` handed out. */
  give(buffer: Buffer): void {
    this.forget(buffer)
    const index = CLASSES.findIndex((size) => size === buffer.length)
    const free = this.#free[index]
    if (free && free.length < (KEPT_PER_CLASS[index] ?? 0)) free.push(buffer)
  }

  /** A lent buffer will not come back. */
  forget(buffer: Buffer): void {
    this.#lentBytes -= buffer.length
  }
}
