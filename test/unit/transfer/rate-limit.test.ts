import { expect, test } from 'vitest'
import { createRateLimit } from '../../../src/main/transfer/rate-limit.ts'
import { FakeClock } from './fake-clock.ts'

test('without a limit nobody waits', () => {
  const limit = createRateLimit(new FakeClock(), 0)
  expect(limit.take(1e12)).toBe(undefined)
  expect(limit.slice(1)).toBe(Number.POSITIVE_INFINITY)
})

test('over a long time, exactly the rate passes, whatever the pieces', async () => {
  const clock = new FakeClock()
  const limit = createRateLimit(clock, 1_000)
  let passed = 0
  let stop = false
  const sender = async (piece: number): Promise<void> => {
    while (!stop) {
      await limit.take(piece)
      passed += piece
      await Promise.resolve()
      if (clock.pending === 0) return
    }
  }
  const senders = [sender(170), sender(90), sender(410)]
  for (let i = 0; i < 1_000; i++) {
    clock.advance(100)
    for (let k = 0; k < 10; k++) await Promise.resolve()
  }
  stop = true
  clock.advance(10_000)
  await Promise.all(senders)
  // 100 s at 1000 B/s, a burst at the start and what the last waiters took in advance.
  expect(passed).toBeGreaterThanOrEqual(98_000)
  expect(passed).toBeLessThanOrEqual(102_000)
})

test('who comes first is served first', () => {
  const clock = new FakeClock()
  const limit = createRateLimit(clock, 1_000)
  const order: string[] = []
  void limit.take(1_250)
  void limit.take(1_000)?.then(() => order.push('big'))
  void limit.take(1)?.then(() => order.push('small'))
  clock.advance(10_000)
  return Promise.resolve().then(() => expect(order).toEqual(['big', 'small']))
})

test('an aborted transfer stops waiting', async () => {
  const clock = new FakeClock()
  const limit = createRateLimit(clock, 10)
  const controller = new AbortController()
  const waiting = limit.take(1_000_000, controller.signal)
  controller.abort()
  await waiting
  expect(clock.pending).toBe(0)
})

test('lifting the limit lets everybody through at once', async () => {
  const clock = new FakeClock()
  const limit = createRateLimit(clock, 10)
  const waiting = [limit.take(1_000_000) ?? Promise.reject(new Error('no limit')), limit.take(1_000_000)!]
  limit.setRate(0)
  await Promise.all(waiting)
  expect(limit.take(1_000_000)).toBe(undefined)
})

test('a clock that is set back does not freeze what waits', async () => {
  const clock = new FakeClock()
  const limit = createRateLimit(clock, 1_000)
  clock.advance(-3_600_000)
  const waiting = limit.take(1_250)
  clock.advance(1_000)
  await waiting
  expect(clock.pending).toBe(0)
})
