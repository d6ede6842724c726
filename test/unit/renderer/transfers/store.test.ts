import { describe, expect, it } from 'vitest'
import { ALL, EMPTY, fraction, phaseOf, takeSnapshot, waitReason } from '../../../../src/renderer/features/transfers/store.ts'
import { batch, counts, snapshot, transfer } from './samples.ts'

const copy = <T>(value: T): T => structuredClone(value)

describe('a snapshot of transfers', () => {
  it('leaves everything that it does not change the same object, so that nobody renders again', () => {
    const before = takeSnapshot(EMPTY, snapshot(1, [batch(2), batch(1)], [transfer(7), transfer(8)]), 0)
    const after = takeSnapshot(
      before,
      copy(snapshot(2, [batch(2, { doneBytes: 5 }), batch(1)], [transfer(7, { doneBytes: 5 }), transfer(8)])),
      100
    )
    expect(after.batches[1]).toBe(before.batches[1])
    expect(after.batches[2]).not.toBe(before.batches[2])
    expect(after.active[8]).toBe(before.active[8])
    expect(after.active[7]?.doneBytes).toBe(5)
    expect(after.order).toBe(before.order)
    expect(after.activeOf).toBe(before.activeOf)
    expect(after.totals).toBe(before.totals)
  })

  it('keeps the maps themselves when nothing in them changed', () => {
    const before = takeSnapshot(EMPTY, snapshot(1, [batch(1)], [transfer(7)]), 0)
    const after = takeSnapshot(before, copy(snapshot(2, [batch(1)], [transfer(7)])), 100)
    expect(after.batches).toBe(before.batches)
    expect(after.active).toBe(before.active)
  })

  it('that is older than what is shown is ignored', () => {
    const shown = takeSnapshot(EMPTY, snapshot(5, [batch(1)]), 0)
    expect(takeSnapshot(shown, snapshot(4, []), 100)).toBe(shown)
    expect(takeSnapshot(shown, snapshot(5, []), 100)).toBe(shown)
  })

  it('lets go of batches and transfers that are no longer in it', () => {
    const before = takeSnapshot(EMPTY, snapshot(1, [batch(2), batch(1)], [transfer(7)]), 0)
    const after = takeSnapshot(before, snapshot(2, [batch(2)], []), 100)
    expect(Object.keys(after.batches)).toEqual(['2'])
    expect(after.active).toEqual({})
    expect(after.order).toEqual([2])
  })

  it('tells the time left of unfinished batches and of everything', () => {
    const state = takeSnapshot(
      EMPTY,
      snapshot(1, [batch(2, { secondsLeft: 60 }), batch(1, { secondsLeft: 9, finishedAt: 5 })], [], 70),
      1_000
    )
    expect(state.timeLeft).toEqual({ [ALL]: { seconds: 70, at: 1_000 }, 2: { seconds: 60, at: 1_000 }, 1: null })
  })
})

describe('how far a batch is', () => {
  it('is told by bytes, or by files where there are no bytes to move', () => {
    expect(fraction({ counts: counts({ done: 1, queued: 3 }), totalBytes: 1_000, doneBytes: 500 })).toBe(0.5)
    expect(fraction({ counts: counts({ done: 1, queued: 3 }), totalBytes: 0, doneBytes: 0 })).toBe(0.25)
    expect(fraction({ counts: counts(), totalBytes: 0, doneBytes: 0 })).toBeNull()
    // A file that grew while it was sent, or one of unknown size that is still to come: not all is done.
    expect(fraction({ counts: counts({ running: 1 }), totalBytes: 10, doneBytes: 12 })).toBe(0.99)
    expect(fraction({ counts: counts({ done: 1 }), totalBytes: 10, doneBytes: 12 })).toBe(1)
  })
})

describe('why a batch does not move', () => {
  const failure = { code: 'GROUP_UNKNOWN', message: '' } as const
  const wait = { code: 'STORAGE_UNREACHABLE', message: '' } as const
  it('is told by a transfer that waits, not by one that failed before', () => {
    const view = batch(1, { error: failure, counts: { failed: 1, waiting: 1 } })
    const state = takeSnapshot(EMPTY, snapshot(1, [view], [transfer(7), transfer(8, { tag: 'waiting', error: wait })]), 0)
    expect(waitReason(state, view)).toBe(wait)
    expect(waitReason(takeSnapshot(EMPTY, snapshot(1, [view], []), 0), view)).toBeNull()
  })

  it('is told by the batch while nothing has failed', () => {
    const view = batch(1, { error: wait, counts: { queued: 1 } })
    expect(waitReason(takeSnapshot(EMPTY, snapshot(1, [view]), 0), view)).toBe(wait)
  })
})

describe('what a batch is doing', () => {
  const error = { code: 'LOCAL_READ_ONLY', message: '' } as const
  it.each([
    ['running while anything runs', batch(1, { counts: { running: 1, waiting: 5 } }), 'running'],
    ['scanning while files are looked for and nothing runs', batch(1, { scanning: true }), 'scanning'],
    ['waiting when all that is left waits for another try', batch(1, { counts: { waiting: 2, queued: 9 } }), 'waiting'],
    ['queued when others have the slots', batch(1, { counts: { queued: 2 } }), 'queued'],
    ['paused when the batch is', batch(1, { paused: true, counts: { running: 1 } }), 'paused'],
    ['paused when each of its files is', batch(1, { counts: { paused: 2 } }), 'paused'],
    ['done', batch(1, { finishedAt: 9, counts: { done: 2, skipped: 1 } }), 'done'],
    ['done when there was nothing to do', batch(1, { finishedAt: 9 }), 'done'],
    ['partly when some failed', batch(1, { finishedAt: 9, counts: { done: 2, failed: 1 } }), 'partly'],
    ['failed when all failed', batch(1, { finishedAt: 9, counts: { failed: 1 } }), 'failed'],
    ['failed when it could not even begin', batch(1, { finishedAt: 9, error }), 'failed'],
    ['cancelled when some were cancelled', batch(1, { finishedAt: 9, counts: { done: 2, cancelled: 1 } }), 'cancelled']
  ] as const)('%s', (_, view, phase) => {
    expect(phaseOf(view, false)).toBe(phase)
  })

  it('is paused when everything is, unless it is over', () => {
    expect(phaseOf(batch(1, { counts: { queued: 1 } }), true)).toBe('paused')
    expect(phaseOf(batch(1, { finishedAt: 1, counts: { done: 1 } }), true)).toBe('done')
  })
})
