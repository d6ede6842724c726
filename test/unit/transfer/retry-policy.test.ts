import { expect, test } from 'vitest'
import { ERRORS } from '../../../src/shared/errors.ts'
import type { ErrorCode } from '../../../src/shared/errors.ts'
import { parkDelay, retryDelay } from '../../../src/main/transfer/retry-policy.ts'

const middle = (): number => 0.5
const settings = { maxAttempts: 20 }

test('waits a little at first, then longer, and not without end', () => {
  const delays = [1, 2, 3, 4, 9, 15].map((attempt) => retryDelay('TIMEOUT', attempt, middle, settings))
  expect(delays).toEqual([100, 1_000, 3_000, 5_000, 60_000, 60_000])
})

test('chance moves a delay by at most a quarter', () => {
  expect(retryDelay('TIMEOUT', 2, () => 0, settings)).toBe(750)
  expect(retryDelay('TIMEOUT', 2, () => 0.999999, settings)).toBe(1_250)
})

test('gives up after the last try, and at once where trying again cannot help', () => {
  expect(retryDelay('TIMEOUT', 3, middle, { maxAttempts: 3 })).toBe(null)
  for (const code of Object.keys(ERRORS) as ErrorCode[]) {
    expect(retryDelay(code, 1, middle, settings) === null).toBe(!ERRORS[code].retry)
  }
})

test('a full disk is given time to be measured again', () => {
  expect(retryDelay('NO_SPACE', 1, middle, settings)).toBe(3_000)
})

test('a parked endpoint is tried again for ever', () => {
  expect(parkDelay(1, middle)).toBe(500)
  expect(parkDelay(10_000, middle)).toBe(60_000)
})
