import { describe, expect, it } from 'vitest'
import { PAGE_ROWS, RowCache } from '../../../../src/renderer/features/files/row-cache.ts'
import { fileRow } from './file-row.ts'

const rows = (start: number, count: number) => Array.from({ length: count }, (_, index) => fileRow(start + index))

describe('the row cache', () => {
  it('gives rows by number and finds the number of a file', () => {
    const cache = new RowCache()
    cache.put(200, rows(200, 130))
    expect(cache.get(329)?.id).toBe(329)
    expect(cache.get(330)).toBeUndefined()
    expect(cache.get(10)).toBeUndefined()
    expect(cache.indexOf(305)).toBe(305)
    expect(cache.indexOf(1)).toBeNull()
  })

  it('asks for whole pages, at most 500 rows, and never beyond the end', () => {
    const cache = new RowCache()
    expect(cache.missing(150, 180, 1_000_000)).toEqual({ start: 100, count: 100 })
    expect(cache.missing(0, 5_000, 1_000_000)).toEqual({ start: 0, count: 500 })
    expect(cache.missing(190, 250, 230)).toEqual({ start: 100, count: 130 })
  })

  it('asks for nothing that is there', () => {
    const cache = new RowCache()
    cache.put(0, rows(0, 200))
    expect(cache.missing(0, 199, 1_000)).toBeNull()
    expect(cache.missing(150, 250, 1_000)).toEqual({ start: 200, count: 100 })
  })

  it('drops the pages that were seen longest ago', () => {
    const cache = new RowCache()
    for (let page = 0; page < 80; page += 1) cache.put(page * PAGE_ROWS, rows(page * PAGE_ROWS, PAGE_ROWS))
    // Page 0 is looked at again: page 1 is the oldest now.
    cache.missing(0, 10, 1_000_000)
    cache.put(80 * PAGE_ROWS, rows(80 * PAGE_ROWS, PAGE_ROWS))
    expect(cache.get(0)?.id).toBe(0)
    expect(cache.get(PAGE_ROWS)).toBeUndefined()
    expect(cache.get(2 * PAGE_ROWS)?.id).toBe(2 * PAGE_ROWS)
  })
})
