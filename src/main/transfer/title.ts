import type { NewTransfer } from '../library/types.ts'

/**
 * What a batch of many files is called: the folder that holds all of them, else the first file and how many more. Rows are told
 * as they come.
 */
export class TitleOf {
  #first: string | null = null
  #count = 0
  /** Common beginning of all folders. */
  #folder: string[] | null = null

  add(rows: readonly NewTransfer[]): void {
    for (const row of rows) {
      this.#first ??= row.name
      this.#count += 1
      const parts = row.folder === '' ? [] : row.folder.split('/')
      if (this.#folder === null) this.#folder = parts
      else if (this.#folder.length > 0) {
        const different = this.#folder.findIndex((part, index) => part !== parts[index])
        if (different !== -1) this.#folder = this.#folder.slice(0, different)
      }
    }
  }

  /** `more`: how many things it does not name. */
  get value(): { title: string; more: number } {
    const folder = this.#folder?.at(-1)
    if (this.#count > 1 && folder !== undefined) return { title: folder, more: 0 }
    return { title: this.#first ?? '', more: Math.max(0, this.#count - 1) }
  }
}
