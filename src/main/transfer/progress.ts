/** Samples shorter than this are gathered first: a rate over a few milliseconds is noise. */
const SAMPLE_MS = 250
/** Time constants of the two averages: the rate shown follows quickly, the time left calmly. */
const RATE_TAU_MS = 2_000
const ETA_TAU_MS = 10_000
/** Below this a rate counts as standing still. */
const STILL_BYTES_PER_SECOND = 1

/** Bytes moved over time → rate and time left, by exponentially weighted averages. Time is told, never asked. */
export interface RateMeter {
  add(bytes: number, now: number): void
  /** Bytes per second; 0 when nothing has moved for a while. */
  rate(now: number): number
  /** null = unknown: nothing moves, or it is too early to tell. */
  secondsLeft(remainingBytes: number, now: number): number | null
  /** Forget the past (everything was paused). */
  reset(): void
}

export function createRateMeter(): RateMeter {
  let pending = 0
  let sampledAt: number | null = null
  let observedMs = 0
  let quick = 0
  let calm = 0

  function sample(now: number): void {
    if (sampledAt === null) return
    const elapsed = now - sampledAt
    if (elapsed < SAMPLE_MS) return
    const current = (pending / elapsed) * 1000
    observedMs += elapsed
    quick = blend(quick, current, elapsed, RATE_TAU_MS)
    calm = blend(calm, current, elapsed, ETA_TAU_MS)
    pending = 0
    sampledAt = now
  }

  // An average that starts at zero is too small at first by a known factor: divide it out.
  const corrected = (average: number, tau: number): number => (observedMs === 0 ? 0 : average / (1 - Math.exp(-observedMs / tau)))

  return {
    add(bytes, now) {
      sampledAt ??= now
      pending += bytes
      sample(now)
    },
    rate(now) {
      sample(now)
      const value = corrected(quick, RATE_TAU_MS)
      return value < STILL_BYTES_PER_SECOND ? 0 : value
    },
    secondsLeft(remainingBytes, now) {
      sample(now)
      const still = corrected(quick, RATE_TAU_MS) < STILL_BYTES_PER_SECOND
      const value = corrected(calm, ETA_TAU_MS)
      if (still || value < STILL_BYTES_PER_SECOND) return null
      return Math.ceil(remainingBytes / value)
    },
    reset() {
      pending = 0
      sampledAt = null
      observedMs = 0
      quick = 0
      calm = 0
    }
  }
}

function blend(average: number, current: number, elapsedMs: number, tau: number): number {
  const weight = 1 - Math.exp(-elapsedMs / tau)
  return average + (current - average) * weight
}
