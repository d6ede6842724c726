/** Words of shared memory: how many transactions the main thread wants to begin, who is in one. */
const WANTED = 0
const MAIN_IN = 1
const BULK_IN = 2
/** The bulk thread lets the main thread go first for so long; then it takes one turn. */
const PATIENCE_MS = 20
const LONGEST_WAIT_MS = 5_000

/**
 * Lets two threads write to one library without the main thread noticing: whoever does bulk work ends its transaction as soon as
 * the main thread wants to write, and waits until that is done. SQLite alone would let the main thread wait in growing steps, for
 * as long as the other one finds the lock free first.
 */
export class WriteGate {
  readonly #words: Int32Array<SharedArrayBuffer>

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(12)) {
    this.#words = new Int32Array(memory)
  }

  /** What is handed to the other thread. */
  get memory(): SharedArrayBuffer {
    return this.#words.buffer
  }

  /** The main thread wants to write: returns when the other one is out of its transaction. Call the result afterwards. */
  pass(): () => void {
    Atomics.add(this.#words, WANTED, 1)
    this.#untilZero(BULK_IN, LONGEST_WAIT_MS)
    this.#set(MAIN_IN, 1)
    return () => {
      this.#set(MAIN_IN, 0)
      Atomics.sub(this.#words, WANTED, 1)
      Atomics.notify(this.#words, WANTED)
    }
  }

  /**
   * The bulk thread begins a transaction: returns when the main thread does not want to write, or has written often enough in a
   * row. Call the result afterwards.
   */
  enter(): () => void {
    this.#untilZero(WANTED, PATIENCE_MS)
    this.#set(BULK_IN, 1)
    this.#untilZero(MAIN_IN, LONGEST_WAIT_MS)
    return () => this.#set(BULK_IN, 0)
  }

  /** The bulk thread should end its transaction now. */
  get wanted(): boolean {
    return Atomics.load(this.#words, WANTED) > 0
  }

  /** The bulk thread has died: it holds nothing. */
  free(): void {
    this.#set(BULK_IN, 0)
  }

  #set(word: number, value: number): void {
    Atomics.store(this.#words, word, value)
    Atomics.notify(this.#words, word)
  }

  /** Not for ever: SQLite's own lock is behind this one, and a wait that is too short costs time, nothing else. */
  #untilZero(word: number, longestMs: number): void {
    const start = performance.now()
    for (;;) {
      const value = Atomics.load(this.#words, word)
      const left = longestMs - (performance.now() - start)
      if (value === 0 || left <= 0) return
      Atomics.wait(this.#words, word, value, left)
    }
  }
}
