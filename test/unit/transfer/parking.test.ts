import { expect, test } from 'vitest'
import { createParkingLot } from '../../../src/main/transfer/parking.ts'

const error = { code: 'STORAGE_UNREACHABLE' as const, message: '' }
const lot = (maxAttempts = Number.POSITIVE_INFINITY) => createParkingLot(() => 0.5, maxAttempts)

test('parks once for all, lets one probe through, and opens for all when it succeeds', () => {
  const parking = lot()
  expect(parking.gate(['p', 'p/g'], 1, 0)).toEqual({ tag: 'open' })
  const until = parking.park('p/g', error, 0)!
  // Fifteen more that were under way.
  for (let i = 0; i < 15; i++) expect(parking.park('p/g', error, 1)).toBe(until)
  expect(parking.gate(['p', 'p/g'], 2, until - 1)).toEqual({ tag: 'closed', until })
  expect(parking.gate(['p', 'p/other'], 3, until - 1)).toEqual({ tag: 'open' })
  expect(parking.gate(['p', 'p/g'], 4, until)).toEqual({ tag: 'open' })
  expect(parking.gate(['p', 'p/g'], 5, until).tag).toBe('closed')
  parking.release(['p', 'p/g'])
  expect(parking.gate(['p', 'p/g'], 5, until)).toEqual({ tag: 'open' })
  expect(parking.isEmpty).toBe(true)
})

test('each failing probe parks longer', () => {
  const parking = lot()
  let now = 0
  const waits = [1, 2, 3, 4].map(() => {
    const until = parking.park('p', error, now)!
    const wait = until - now
    now = until
    parking.gate(['p'], 1, now)
    return wait
  })
  expect(waits).toEqual([500, 1_000, 3_000, 5_000])
})

test('a probe that ends without an answer makes room for the next', () => {
  const parking = lot()
  const until = parking.park('p', error, 0)!
  parking.gate(['p'], 1, until)
  expect(parking.gate(['p'], 2, until).tag).toBe('closed')
  parking.withdraw(1)
  expect(parking.gate(['p'], 2, until).tag).toBe('open')
})

test('after the last try what needs it fails at once, for a while', () => {
  const parking = lot(2)
  const until = parking.park('p', error, 0)!
  parking.gate(['p'], 1, until)
  expect(parking.park('p', error, until)).toBe(null)
  expect(parking.gate(['p'], 2, until + 1)).toEqual({ tag: 'dead', error })
  expect(parking.gate(['p'], 3, until + 60_000)).toEqual({ tag: 'open' })
})

test('tells when to look again, and nothing when a probe is out or the time has passed', () => {
  const parking = lot()
  const until = parking.park('p', error, 0)!
  expect(parking.nextAt(0)).toBe(until)
  expect(parking.nextAt(until)).toBe(null)
  parking.gate(['p'], 1, until)
  expect(parking.nextAt(0)).toBe(null)
  expect(parking.reason('p')).toEqual(error)
})
