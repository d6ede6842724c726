import type { FileRow } from '../../../shared/model.ts'

/** Rows of one view are asked and kept by pages of this many. */
export const PAGE_ROWS = 100
const MAX_PAGES = 80

/** Rows of one view by their number; the pages least recently used are dropped. */
export class RowCache {
  readonly #pages = new Map<number, readonly FileRow[]>()

  get(index: number): FileRow | undefined {
    return this.#pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS]
  }

  /** `start` must be the start of a page. A last page may be short. */
  put(start: number, rows: readonly FileRow[]): void {
    for (let at = 0; at < rows.length; at += PAGE_ROWS) {
      const page = (start + at) / PAGE_ROWS
      this.#pages.delete(page)
      this.#pages.set(page, rows.slice(at, at + PAGE_ROWS))
    }
    for (const page of this.#pages.keys()) {
      if (this.#pages.size <= MAX_PAGES) break
      this.#pages.delete(page)
    }
  }

  /** What to ask for so that rows first…last are there: one run that starts at a page, or null. Marks what is there as used. */
  missing(first: number, last: number, total: number): { start: number; count: number } | null {
    let from: number | null = null
    let to = 0
    const lastPage = Math.floor(Math.min(last, total - 1) / PAGE_ROWS)
    for (let page = Math.floor(Math.max(0, first) / PAGE_ROWS); page <= lastPage; page += 1) {
      const rows = this.#pages.get(page)
      if (rows === undefined) {
        from ??= page
        to = page
      } else {
        this.#pages.delete(page)
        this.#pages.set(page, rows)
      }
    }
    if (from === null) return null
    const start = from * PAGE_ROWS
    return { start, count: Math.min((to - from + 1) * PAGE_ROWS, total - start, 500) }
  }

  /** Row number of a file, if it is among the rows kept. */
  indexOf(id: number): number | null {
    for (const [page, rows] of this.#pages) {
      const at = rows.findIndex((row) => row.id === id)
      if (at >= 0) return page * PAGE_ROWS + at
    }
    return null
  }

  find(id: number): FileRow | undefined {
    const index = this.indexOf(id)
    return index === null ? undefined : this.get(index)
  }
}
