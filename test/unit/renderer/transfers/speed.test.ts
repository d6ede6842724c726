import { describe, expect, it } from 'vitest'
import { NO_SPEED, SAMPLES, sampleSpeed, speedPaths } from '../../../../src/renderer/features/transfers/speed.ts'
import type { TransferSnapshot } from '../../../../src/shared/model.ts'
import { batch, snapshot } from './samples.ts'

function at(rate: number, ids = [1]): TransferSnapshot {
  const taken = snapshot(
    1,
    ids.map((id) => batch(id, { rateBytes: rate }))
  )
  return { ...taken, totals: { ...taken.totals, rateBytes: rate } }
}

describe('the speed history', () => {
  it('takes one sample a second, for all and for each unfinished batch', () => {
    let history = sampleSpeed(NO_SPEED, at(10, [1, 2]), 0)
    history = sampleSpeed(history, at(99, [1, 2]), 999)
    history = sampleSpeed(history, at(20, [2]), 1_000)
    expect(history.of).toEqual({ 0: [10, 20], 2: [10, 20] })
  })

  it('keeps two minutes', () => {
    let history = NO_SPEED
    for (let i = 0; i < SAMPLES + 50; i++) history = sampleSpeed(history, at(i), i * 1_000)
    expect(history.of[0]).toHaveLength(SAMPLES)
    expect(history.of[0]?.at(-1)).toBe(SAMPLES + 49)
  })

  it('begins anew when nothing has run meanwhile', () => {
    const history = sampleSpeed(sampleSpeed(NO_SPEED, at(10), 0), at(0, []), 1_000)
    expect(history.of).toEqual({})
  })

  it('goes on when the clock was set back', () => {
    const history = sampleSpeed(sampleSpeed(NO_SPEED, at(10), 5_000), at(20), 1_000)
    expect(history.of[0]).toEqual([10, 20])
  })
})

describe('the line', () => {
  it('ends at the right edge, its highest point near the top, and never leaves the box', () => {
    const paths = speedPaths([0, 50, 100], 29, 40)
    expect(paths).toEqual({ line: 'M27 39L28 20L29 1', area: 'M27 39L28 20L29 1L29 40L27 40Z', peak: 100 })
  })

  it('is not drawn of nothing', () => {
    expect(speedPaths([], 100, 40)).toBeNull()
    expect(speedPaths([5], 100, 40)).toBeNull()
    expect(speedPaths([0, 0], 100, 40)).toBeNull()
  })
})
