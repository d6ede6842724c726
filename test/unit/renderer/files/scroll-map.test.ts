import { describe, expect, it } from 'vitest'
import type { ScrollPosition } from '../../../../src/renderer/features/files/scroll-map.ts'
import { MAX_HEIGHT, physicalHeight, scrollFor, scrolled } from '../../../../src/renderer/features/files/scroll-map.ts'

const small = { virtualHeight: 34_000, viewport: 600 }
const huge = { virtualHeight: 34_000_000, viewport: 600 }
const maxPhysical = MAX_HEIGHT - huge.viewport
const maxVirtual = huge.virtualHeight - huge.viewport

describe('scrolling', () => {
  it('leaves tables alone that browsers can draw', () => {
    expect(physicalHeight(small)).toBe(34_000)
    expect(scrolled({ scrollTop: 0, virtualTop: 0 }, 500, small)).toEqual({ scrollTop: 500, virtualTop: 500 })
  })

  it('never makes an element higher than browsers draw', () => {
    expect(physicalHeight(huge)).toBe(MAX_HEIGHT)
  })

  it('moves by the wheel as far as the wheel says', () => {
    const middle = scrollFor(10_000_000, huge)
    const next = scrolled(middle, middle.scrollTop + 120, huge)
    expect(next.virtualTop).toBeCloseTo(middle.virtualTop + 120)
  })

  it('moves by the thumb in proportion, and reaches both ends', () => {
    const from: ScrollPosition = { scrollTop: 0, virtualTop: 0 }
    expect(scrolled(from, maxPhysical / 2, huge).virtualTop).toBeCloseTo(maxVirtual / 2)
    expect(scrolled(from, maxPhysical, huge).virtualTop).toBe(maxVirtual)
    expect(scrolled({ scrollTop: maxPhysical, virtualTop: maxVirtual }, 0, huge).virtualTop).toBe(0)
  })

  it('arrives at the last row exactly when the element does', () => {
    let at = scrollFor(maxVirtual - 5_000, huge)
    let steps = 0
    while (at.scrollTop < maxPhysical && steps < 1_000) {
      at = scrolled(at, Math.min(maxPhysical, at.scrollTop + 40), huge)
      steps += 1
    }
    expect(at).toEqual({ scrollTop: maxPhysical, virtualTop: maxVirtual })
    expect(steps).toBeGreaterThan(100)
  })

  it('arrives at the first row exactly when the element does', () => {
    let at = scrollFor(5_000, huge)
    let steps = 0
    while (at.scrollTop > 0 && steps < 1_000) {
      at = scrolled(at, Math.max(0, at.scrollTop - 40), huge)
      steps += 1
    }
    expect(at).toEqual({ scrollTop: 0, virtualTop: 0 })
    expect(steps).toBeGreaterThan(100)
  })

  it('goes to any row and back to the same place', () => {
    for (const wanted of [0, 1_000, 12_345_678, maxVirtual - 1_000, maxVirtual]) {
      const at = scrollFor(wanted, huge)
      expect(at.virtualTop).toBe(wanted)
      expect(at.scrollTop).toBeGreaterThanOrEqual(0)
      expect(at.scrollTop).toBeLessThanOrEqual(maxPhysical)
    }
    expect(scrollFor(99_999_999, huge).virtualTop).toBe(maxVirtual)
  })
})
