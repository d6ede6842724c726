import { expect, test } from 'vitest'
import { createRateMeter } from '../../../src/main/transfer/progress.ts'

function flow(bytesPerSecond: number, seconds: number, from = 0, meter = createRateMeter()) {
  for (let ms = from; ms <= from + seconds * 1000; ms += 50) meter.add(bytesPerSecond / 20, ms)
  return { meter, now: from + seconds * 1000 }
}

test('a steady flow shows its rate from the first second on', () => {
  for (const seconds of [1, 5, 60]) {
    const { meter, now } = flow(1_000_000, seconds)
    expect(meter.rate(now) / 1_000_000).toBeCloseTo(1, 1)
  }
})

test('the rate falls to zero when nothing moves, and there is no time left to tell', () => {
  const { meter, now } = flow(1_000_000, 10)
  const before = meter.rate(now)
  expect(meter.rate(now + 1_000)).toBeLessThan(before)
  expect(meter.rate(now + 60_000)).toBe(0)
  expect(meter.secondsLeft(1_000_000, now + 60_000)).toBe(null)
})

test('the time left is right for a steady flow and hardly moves with a short burst', () => {
  const { meter, now } = flow(1_000_000, 30)
  expect(meter.secondsLeft(60_000_000, now)).toBeGreaterThanOrEqual(55)
  expect(meter.secondsLeft(60_000_000, now)).toBeLessThanOrEqual(65)
  const burst = flow(4_000_000, 0.5, now, meter)
  expect(burst.meter.secondsLeft(60_000_000, burst.now)).toBeGreaterThan(40)
})

test('before anything moved nothing is claimed', () => {
  const meter = createRateMeter()
  expect(meter.rate(0)).toBe(0)
  expect(meter.secondsLeft(10, 0)).toBe(null)
})

test('forgets the past when told', () => {
  const { meter, now } = flow(1_000_000, 10)
  meter.reset()
  expect(meter.rate(now)).toBe(0)
})
