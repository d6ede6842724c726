import { expect, test } from 'vitest'
import { createClimber } from '../../../src/main/transfer/climber.ts'
import { randomFrom } from '../../bench/library-data.ts'

const BOUNDS = { min: 1, max: 32, start: 4 }

/** Lets it climb on a server that does `rate(n)` with n at once; returns what it ran at in the last windows. */
function climb(rate: (n: number) => number, windows = 60, noise = 0, bounds = BOUNDS): number[] {
  const climber = createClimber(bounds)
  const random = randomFrom(7)
  const limits: number[] = []
  for (let i = 0; i < windows; i++) {
    limits.push(climber.limit)
    climber.observe(rate(climber.limit) * (1 + noise * (random() - 0.5)))
  }
  return limits.slice(-20)
}

const mean = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0) / numbers.length

test('where more always helps, it goes to the upper bound and stays there', () => {
  expect(mean(climb((n) => n))).toBeGreaterThan(28)
})

test('where two at once are all that a server can do, it comes down to about two', () => {
  expect(mean(climb((n) => Math.min(n, 2)))).toBeLessThan(3)
})

test('where more do harm, it does not stay there', () => {
  // As measured on a real storage: 1: 1.0, 2: 1.3, 4: 0.67, 8: 0.55.
  const measured = (n: number): number => (n === 1 ? 1 : n === 2 ? 1.3 : n <= 4 ? 0.67 : 0.55)
  expect(mean(climb(measured))).toBeLessThan(3)
})

test('noise of ten per cent does not carry it away from where a server is full', () => {
  const limits = climb((n) => Math.min(n, 8), 300, 0.1)
  expect(mean(limits)).toBeGreaterThan(5)
  expect(mean(limits)).toBeLessThan(14)
})

test('it never leaves its bounds, whatever is measured', () => {
  const climber = createClimber({ min: 2, max: 6, start: 4 })
  const random = randomFrom(3)
  for (let i = 0; i < 500; i++) {
    expect(climber.limit).toBeGreaterThanOrEqual(2)
    expect(climber.limit).toBeLessThanOrEqual(6)
    if (random() < 0.05) climber.backOff()
    else climber.observe(random() * 1e9)
  }
})

test('an overwhelmed server gets half as many, and later more again', () => {
  const climber = createClimber({ ...BOUNDS, start: 16 })
  climber.backOff()
  expect(climber.limit).toBe(8)
  for (let i = 0; i < 40; i++) climber.observe(climber.limit)
  expect(climber.limit).toBeGreaterThan(16)
})
