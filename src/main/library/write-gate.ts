/** Two words of shared memory: how many transactions the main thread wants to begin, and whether the other thread is in one. */
const WANTED = 0
const HELD = 1
const LONGEST_WAIT_MS = 5_000

/**
 * Lets two threads write to one library without the main thread noticing: whoever does bulk work ends its transaction as soon as
 * the main thread wants to write, and waits until that is done. SQLite alone would let the main thread wait in growing steps, for
 * as long as the other one finds the lock free first.
 */
export class WriteGate {
  readonly #words: Int32Array<SharedArrayBuffer>

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(8)) {
    this.#words = new Int32Array(memory)
  }

  /** What is handed to the other thread. */
  get memory(): SharedArrayBuffer {
    return this.#words.buffer
  }

  /** The main thread wants to write: returns when the other one is out of its transaction. Call the result afterwards. */
  pass(): () => void {
    const words = this.#words
    Atomics.add(words, WANTED, 1)
    const start = performance.now()
    while (Atomics.load(words, HELD) === 1 && performance.now() - start < LONGEST_WAIT_MS) Atomics.wait(words, HELD, 1, 100)
    return () => {
      Atomics.sub(words, WANTED, 1)
      Atomics.notify(words, WANTED)
    }
  }

  /** The bulk thread begins a transaction: returns when the main thread does not want to write. Call the result afterwards. */
  enter(): () => void {
    const words = this.#words
    const leave = (): void => {
      Atomics.store(words, HELD, 0)
      Atomics.notify(words, HELD)
    }
    for (;;) {
      Atomics.store(words, HELD, 1)
      const wanted = Atomics.load(words, WANTED)
      if (wanted === 0) return leave
      leave()
      Atomics.wait(words, WANTED, wanted, 100)
    }
  }

  /** The bulk thread should end its transaction now. */
  get wanted(): boolean {
    return Atomics.load(this.#words, WANTED) > 0
  }

  /** The bulk thread has died: it holds nothing. */
  free(): void {
    Atomics.store(this.#words, HELD, 0)
    Atomics.notify(this.#words, HELD)
  }
}
