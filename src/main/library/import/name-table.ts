/** What is known of a name; a sum of these. */
export const EVER = 1
export const ALIVE = 2
export const TOLD = 4

const FIRST_SIZE = 1 << 16

/**
 * Flags of names in 9 bytes each instead of some 150: a log of ten million lines fits into memory. Names are told apart by 64
 * bits of hash (a log of ten million names has one chance in 300,000 that two are taken for one).
 */
export class NameTable {
  #low = new Int32Array(FIRST_SIZE)
  #high = new Int32Array(FIRST_SIZE)
  #flags = new Uint8Array(FIRST_SIZE)
  #size = 0

  /** Flags of a name; 0 = never seen. */
  get(name: string): number {
    return this.#flags[this.#slot(lowHash(name), highHash(name))]!
  }

  /** `flags` must not be 0. */
  set(name: string, flags: number): void {
    const [low, high] = [lowHash(name), highHash(name)]
    let slot = this.#slot(low, high)
    if (this.#flags[slot] === 0) {
      if (this.#size * 2 >= this.#flags.length) {
        this.#grow()
        slot = this.#slot(low, high)
      }
      this.#low[slot] = low
      this.#high[slot] = high
      this.#size += 1
    }
    this.#flags[slot] = flags
  }

  /** Where a name is, or the free place where it belongs. */
  #slot(low: number, high: number): number {
    const mask = this.#flags.length - 1
    let slot = low & mask
    while (this.#flags[slot] !== 0 && (this.#low[slot] !== low || this.#high[slot] !== high)) slot = (slot + 1) & mask
    return slot
  }

  #grow(): void {
    const [low, high, flags] = [this.#low, this.#high, this.#flags]
    this.#low = new Int32Array(low.length * 2)
    this.#high = new Int32Array(low.length * 2)
    this.#flags = new Uint8Array(low.length * 2)
    for (let i = 0; i < flags.length; i++) {
      if (flags[i] === 0) continue
      const slot = this.#slot(low[i]!, high[i]!)
      this.#low[slot] = low[i]!
      this.#high[slot] = high[i]!
      this.#flags[slot] = flags[i]!
    }
  }
}

/** FNV-1a, its bits mixed once more: linear probing wants the low ones to be good. */
function lowHash(name: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b)
  return hash ^ (hash >>> 16)
}

function highHash(name: string): number {
  let hash = 0x9747b28c
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash, 0x5bd1e995) ^ name.charCodeAt(i) ^ (hash >>> 13)
  return hash | 0
}
