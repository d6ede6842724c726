import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SettingsSchema } from '../../../src/shared/contract.ts'
import { limitsAt } from '../../../src/main/transfer/limit-hours.ts'

const usual = { uploadLimitBytes: 0, downloadLimitBytes: 5 }
const hours = { on: true, fromMinute: 540, toMinute: 1080, weekdays: [1, 2, 3, 4, 5], uploadLimitBytes: 100, downloadLimitBytes: 200 }
const settings = (some: Partial<typeof hours> = {}) => ({ ...SettingsSchema.parse({}), ...usual, limitHours: { ...hours, ...some } })
/** Local time. 2026-11-23 is a Monday. */
const local = (day: number, hour: number, minute = 0): number => new Date(2026, 10, day, hour, minute).getTime()

test('inside the hours their limits hold, outside the usual ones', () => {
  expect(limitsAt(settings(), local(23, 9))).toEqual({ up: 100, down: 200, until: local(23, 18) })
  expect(limitsAt(settings(), local(23, 8, 59))).toEqual({ up: 0, down: 5, until: local(23, 9) })
  expect(limitsAt(settings(), local(23, 18))).toEqual({ up: 0, down: 5, until: local(24, 9) })
})

test('a day that is not chosen has the usual limits', () => {
  expect(limitsAt(settings(), local(22, 12))).toMatchObject({ up: 0, down: 5 })
})

test('hours over midnight belong to the day on which they begin', () => {
  const night = settings({ fromMinute: 23 * 60, toMinute: 7 * 60, weekdays: [5] })
  // Friday the 27th at 23:00 to Saturday 07:00.
  expect(limitsAt(night, local(27, 23, 30)).up).toBe(100)
  expect(limitsAt(night, local(28, 6, 59)).up).toBe(100)
  expect(limitsAt(night, local(28, 7)).up).toBe(0)
  expect(limitsAt(night, local(27, 6)).up).toBe(0)
})

test('the same beginning and end mean the whole day', () => {
  const whole = settings({ fromMinute: 0, toMinute: 0, weekdays: [1] })
  expect(limitsAt(whole, local(23, 0)).up).toBe(100)
  expect(limitsAt(whole, local(23, 23, 59)).up).toBe(100)
  expect(limitsAt(whole, local(24, 0)).up).toBe(0)
})

test('switched off, or without a day, nothing ever changes', () => {
  expect(limitsAt(settings({ on: false }), local(23, 12))).toEqual({ up: 0, down: 5, until: null })
  expect(limitsAt(settings({ weekdays: [] }), local(23, 12))).toEqual({ up: 0, down: 5, until: null })
})

test('limits change only at a moment that was told before', () => {
  const minute = fc.integer({ min: 0, max: 1439 })
  fc.assert(
    fc.property(
      minute,
      minute,
      fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 }),
      fc.integer({ min: 0, max: 20_000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (fromMinute, toMinute, weekdays, startMinute, part) => {
        const all = settings({ fromMinute, toMinute, weekdays })
        const now = local(1, 0) + startMinute * 60_000
        const first = limitsAt(all, now)
        expect(first.until!).toBeGreaterThan(now)
        const later = limitsAt(all, now + Math.floor((first.until! - now) * part))
        expect([later.up, later.down]).toEqual([first.up, first.down])
      }
    ),
    { numRuns: 2_000 }
  )
})
