import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dateRange } from '../../../../src/shared/search/dates.ts'
import { sizeRange } from '../../../../src/shared/search/sizes.ts'

const MB = 1_048_576
const MAX = Number.MAX_SAFE_INTEGER

describe('sizes', () => {
  test.each([
    ['>10mb', { min: 10 * MB + 1, max: MAX }],
    ['>=10m', { min: 10 * MB, max: MAX }],
    ['<1k', { min: 0, max: 1023 }],
    ['<=1kib', { min: 0, max: 1024 }],
    ['0', { min: 0, max: 0 }],
    ['=1024', { min: 1024, max: 1024 }],
    ['10mb', { min: 9.5 * MB, max: 10.5 * MB - 1 }],
    ['1.5mb', { min: Math.ceil(1.45 * MB), max: Math.ceil(1.55 * MB) - 1 }],
    ['1mb..2mb', { min: MB, max: 2 * MB }],
    ['..2k', { min: 0, max: 2048 }],
    ['1t..', { min: 1024 ** 4, max: MAX }]
  ])('%s', (text, range) => {
    expect(sizeRange(text)).toEqual(range)
  })

  test.each(['', 'many', '10 mb', '10xb', '..', '>', '-1', '1..b', '1e9', '99999999999t'])('%j is none', (text) => {
    expect(sizeRange(text)).toBeNull()
  })

  test('never throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[<>=.0-9kmgb]{1,10}$/)), (text) => {
        const range = sizeRange(text)
        expect(range === null || range.min >= 0).toBe(true)
      })
    )
  })
})

describe('dates', () => {
  // A Sunday.
  const now = new Date(2026, 10, 22, 14, 30).getTime()
  const at = (year: number, month: number, date: number): number => new Date(year, month - 1, date).getTime()
  const END = 8.64e15

  test.each([
    ['2026', at(2026, 1, 1), at(2027, 1, 1)],
    ['2026-11', at(2026, 11, 1), at(2026, 12, 1)],
    ['2026-12', at(2026, 12, 1), at(2027, 1, 1)],
    ['2026-11-22', at(2026, 11, 22), at(2026, 11, 23)],
    ['2026/1/2', at(2026, 1, 2), at(2026, 1, 3)],
    ['2026年11月22日', at(2026, 11, 22), at(2026, 11, 23)],
    ['2026年11月', at(2026, 11, 1), at(2026, 12, 1)],
    ['today', at(2026, 11, 22), at(2026, 11, 23)],
    ['昨天', at(2026, 11, 21), at(2026, 11, 22)],
    ['week', at(2026, 11, 16), at(2026, 11, 23)],
    ['本月', at(2026, 11, 1), at(2026, 12, 1)],
    ['year', at(2026, 1, 1), at(2027, 1, 1)],
    ['7d', at(2026, 11, 15), END],
    ['2周', at(2026, 11, 8), END],
    ['3m', at(2026, 8, 22), END],
    ['1h', new Date(2026, 10, 22, 13).getTime(), END],
    ['>2026-11', at(2026, 12, 1), END],
    ['>=2026-11', at(2026, 11, 1), END],
    ['<2026-11', 0, at(2026, 11, 1)],
    ['<=2026-11', 0, at(2026, 12, 1)],
    ['<7d', 0, at(2026, 11, 15)],
    ['2026-11-03..2026-11-05', at(2026, 11, 3), at(2026, 11, 6)],
    ['..2025', 0, at(2026, 1, 1)],
    ['30d..7d', at(2026, 10, 23), at(2026, 11, 15)],
    ['2026-11..', at(2026, 11, 1), END]
  ])('%s', (text, from, to) => {
    expect(dateRange(text, now)).toEqual({ from, to })
  })

  test.each(['', 'soon', '2026-13', '2026-02-30', '26-11', '..', '>', '7', '2026-11-22..x', '12345d'])('%j is none', (text) => {
    expect(dateRange(text, now)).toBeNull()
  })

  test('never throw, and mean something or not whatever the day', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[<>=.0-9dwmyh/-]{1,12}$/)), fc.integer({ min: 0, max: 4e12 }), (text, day) => {
        expect(dateRange(text, day) === null).toBe(dateRange(text, 0) === null)
      })
    )
  })
})
