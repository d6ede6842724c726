/** A set of row ids as a bitmap: a million ids take 122 KiB, and testing one takes no time. */
export class IdSet {
  #words = new Uint32Array(1024)
  #size = 0

  get size(): number {
    return this.#size
  }

  add(id: number): void {
    const word = id >>> 5
    if (word >= this.#words.length) {
      const larger = new Uint32Array(Math.max(word + 1, this.#words.length * 2))
      larger.set(this.#words)
      this.#words = larger
    }
    const bit = 1 << (id & 31)
    if ((this.#words[word]! & bit) !== 0) return
    this.#words[word]! |= bit
    this.#size += 1
  }

  has(id: number): boolean {
    return ((this.#words[id >>> 5] ?? 0) & (1 << (id & 31))) !== 0
  }
}
