import { ERRORS } from '../../shared/errors.ts'
import type { ErrorCode } from '../../shared/errors.ts'

export interface RetrySettings {
  /** Tries without any progress between them, the first one included. */
  maxAttempts: number
}

const STEPS_MS = [100, 1_000, 3_000, 5_000, 10_000, 20_000, 30_000, 60_000]

/** Codes whose cause passes only with time: an earlier try is wasted. */
const LEAST_MS: Partial<Record<ErrorCode, number>> = {
  // A storage or tracker measures its disk every few seconds; a storage that has just started answers 28 until then.
  NO_SPACE: 3_000,
  NOT_SYNCED: 500,
  // Whoever is writing the file needs a moment to finish.
  SOURCE_CHANGED: 1_000
}

/**
 * How long to wait before the next try, in milliseconds; null = trying again unchanged cannot help, or was tried often enough.
 * `attempt` counts the failed tries since the last progress (1 = the first failure). `random` returns [0, 1).
 */
export function retryDelay(code: ErrorCode, attempt: number, random: () => number, settings: RetrySettings): number | null {
  if (!ERRORS[code].retry || attempt >= settings.maxAttempts) return null
  return Math.max(stepDelay(attempt, random), LEAST_MS[code] ?? 0)
}

/** The same steps without an end: how long an endpoint stays parked after its nth failure in a row. */
export function parkDelay(attempt: number, random: () => number): number {
  return Math.max(stepDelay(attempt, random), 500)
}

function stepDelay(attempt: number, random: () => number): number {
  const base = STEPS_MS[Math.min(Math.max(attempt, 1), STEPS_MS.length) - 1]!
  // A quarter to either side, so that many transfers do not come back in the same moment.
  return Math.round(base * (0.75 + random() * 0.5))
}
