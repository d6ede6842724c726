import { describe, expect, it } from 'vitest'
import { countOf, passes } from '../../../../src/renderer/features/transfers/filters.ts'
import { batch, counts } from './samples.ts'

describe('the filters of transfers', () => {
  it('count what they show', () => {
    const all = counts({ queued: 1, running: 2, waiting: 3, paused: 4, done: 5, failed: 6, cancelled: 7, skipped: 8 })
    expect((['all', 'running', 'waiting', 'failed', 'done'] as const).map((filter) => countOf(all, filter))).toEqual([36, 2, 8, 6, 13])
  })

  it('let a batch pass that has such a file, or that failed as a whole', () => {
    expect(passes(batch(1, { counts: { done: 9, failed: 1 } }), 'failed')).toBe(true)
    expect(passes(batch(1, { counts: { done: 9 } }), 'failed')).toBe(false)
    expect(passes(batch(1, { finishedAt: 1, error: { code: 'LOCAL_DENIED', message: '' } }), 'failed')).toBe(true)
    expect(passes(batch(1, { error: { code: 'STORAGE_UNREACHABLE', message: '' }, counts: { queued: 1 } }), 'failed')).toBe(false)
    expect(passes(batch(1), 'all')).toBe(true)
  })
})
