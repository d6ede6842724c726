import type { ErrorData } from '../../shared/errors.ts'
import { parkDelay } from './retry-policy.ts'

/** 'profile', 'profile/group' or 'profile/group@source': what is away, from coarse to fine. */
export type ParkKey = string

interface Parked {
  until: number
  attempt: number
  error: ErrorData
  /** The one transfer that tries whether it is back. */
  probe: number | null
}

export type Gate =
  | { tag: 'open' }
  /** Somebody else finds out; this one stays where it is. */
  | { tag: 'closed'; until: number }
  /** It was tried often enough: whatever needs it fails with this. */
  | { tag: 'dead'; error: ErrorData }

/**
 * A server that is away is parked once, for all transfers that need it: one of them tries again when the time has come, the
 * others wait quietly in the queue and are not touched.
 */
export interface ParkingLot {
  /** Nothing is parked: no need to ask. */
  readonly isEmpty: boolean
  /** May this transfer start? The first one asked after the time has passed becomes the probe. */
  gate(keys: readonly ParkKey[], transferId: number, now: number): Gate
  /** A transfer met a dead end. Returns until when, or null when it has been tried often enough. */
  park(key: ParkKey, error: ErrorData, now: number): number | null
  /** A transfer got an answer (or ended otherwise): what it needed is there. */
  release(keys: readonly ParkKey[]): void
  /** A probe ended without saying anything about the server. */
  withdraw(transferId: number): void
  /** The next moment, after `now`, at which something may be tried again; null = none. */
  nextAt(now: number): number | null
  /** Why the first of these is parked, if one is. */
  reason(prefix: string): ErrorData | null
  /** The user wants it now. */
  clear(): void
}

/** How long a server stays given up, once it is: what was queued meanwhile fails at once instead of one time limit each. */
const DEAD_MS = 10_000

export function createParkingLot(random: () => number, maxAttempts: number): ParkingLot {
  const parked = new Map<ParkKey, Parked>()
  const dead = new Map<ParkKey, { until: number; error: ErrorData }>()

  return {
    get isEmpty() {
      return parked.size === 0 && dead.size === 0
    },
    gate(keys, transferId, now) {
      for (const key of keys) {
        const gone = dead.get(key)
        if (gone !== undefined && gone.until > now) return { tag: 'dead', error: gone.error }
        dead.delete(key)
      }
      const held = keys.map((key) => parked.get(key)).filter((entry) => entry !== undefined)
      for (const entry of held) {
        if (entry.probe !== transferId && (entry.probe !== null || entry.until > now)) return { tag: 'closed', until: entry.until }
      }
      for (const entry of held) entry.probe = transferId
      return { tag: 'open' }
    },
    park(key, error, now) {
      const entry = parked.get(key)
      // Sixteen transfers under way meet the same dead end: that is one failure, not sixteen.
      if (entry !== undefined && entry.until > now && entry.probe === null) return entry.until
      const attempt = (entry?.attempt ?? 0) + 1
      if (attempt >= maxAttempts) {
        parked.delete(key)
        dead.set(key, { until: now + DEAD_MS, error })
        return null
      }
      const until = now + parkDelay(attempt, random)
      parked.set(key, { until, attempt, error, probe: null })
      return until
    },
    release(keys) {
      for (const key of keys) {
        parked.delete(key)
        dead.delete(key)
      }
    },
    withdraw(transferId) {
      for (const entry of parked.values()) if (entry.probe === transferId) entry.probe = null
    },
    nextAt(now) {
      let earliest: number | null = null
      for (const entry of parked.values()) {
        if (entry.probe === null && entry.until > now && (earliest === null || entry.until < earliest)) earliest = entry.until
      }
      return earliest
    },
    reason(prefix) {
      for (const [key, entry] of parked) if (key === prefix || key.startsWith(`${prefix}/`)) return entry.error
      return null
    },
    clear() {
      parked.clear()
      dead.clear()
    }
  }
}
