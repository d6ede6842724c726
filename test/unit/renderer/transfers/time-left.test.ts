import { describe, expect, it } from 'vitest'
import type { TimeLeft } from '../../../../src/renderer/features/transfers/time-left.ts'
import { roundSeconds, steady } from '../../../../src/renderer/features/transfers/time-left.ts'

describe('the time left', () => {
  it('counts down by the clock while the estimates wobble a little around it', () => {
    let shown: TimeLeft | null = null
    const seen: number[] = []
    for (let second = 0; second <= 20; second++) {
      const wobble = second % 2 === 0 ? 1.05 : 0.95
      shown = steady(shown, (120 - second) * wobble, second * 1_000)
      seen.push(Math.round(shown?.seconds ?? -1))
    }
    expect(seen.every((value, index) => index === 0 || value === (seen[index - 1] ?? 0) - 1)).toBe(true)
  })

  it('never goes up by a single bad sample, but follows when the estimates stay longer', () => {
    let shown = steady(null, 100, 0)
    shown = steady(shown, 150, 1_000)
    expect(shown?.seconds).toBeLessThan(120)
    for (let second = 2; second < 15; second++) shown = steady(shown, 150, second * 1_000)
    expect(shown?.seconds).toBeGreaterThan(125)
  })

  it('takes a wholly different estimate at once', () => {
    expect(steady({ seconds: 10, at: 0 }, 4_000, 1_000)?.seconds).toBe(4_000)
    expect(steady({ seconds: 4_000, at: 0 }, 10, 1_000)?.seconds).toBe(10)
  })

  it('is nothing while nothing is known, and begins anew after that', () => {
    expect(steady({ seconds: 10, at: 0 }, null, 1_000)).toBeNull()
    expect(steady(null, 90, 5_000)).toEqual({ seconds: 90, at: 5_000 })
  })

  it('is shown in steps that grow with it, and never as 0', () => {
    expect([0, 0.2, 7.4, 11, 58, 61, 590, 700, 7_300, 90_000].map(roundSeconds)).toEqual([1, 1, 8, 15, 60, 90, 600, 720, 7_800, 90_000])
  })
})
