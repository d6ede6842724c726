import type { Clock } from './clock.ts'

/** Largest burst, as a share of a second at full rate. */
const BURST_SECONDS = 0.25

/**
 * A token bucket shared by all transfers of one direction. Bytes are taken first and waited for afterwards (debt), so that
 * whoever comes first is served first, whatever the sizes.
 */
export interface RateLimit {
  /** undefined: go on at once. A promise: wait for it. An aborted signal ends the wait; the caller looks at the signal. */
  take(bytes: number, signal?: AbortSignal): Promise<void> | undefined
  /** How many bytes may reasonably be asked for in one go so that nobody pauses longer than `seconds`; Infinity without a limit. */
  slice(seconds: number): number
  /** Bytes per second, 0 = no limit. Whoever waits is let through: the old debt means nothing at the new rate. */
  setRate(bytesPerSecond: number): void
}

export function createRateLimit(clock: Clock, bytesPerSecond: number): RateLimit {
  let rate = bytesPerSecond
  let tokens = rate * BURST_SECONDS
  let filledAt = clock.now()
  const waiting = new Set<() => void>()

  function refill(): void {
    const now = clock.now()
    // A clock set back must not freeze the transfers.
    const elapsed = Math.max(0, now - filledAt)
    filledAt = now
    tokens = Math.min(rate * BURST_SECONDS, tokens + (elapsed / 1000) * rate)
  }

  return {
    take(bytes, signal) {
      if (rate === 0) return undefined
      refill()
      tokens -= bytes
      if (tokens >= 0 || signal?.aborted) return undefined
      const waitMs = Math.ceil((-tokens / rate) * 1000)
      return new Promise((resolve) => {
        const done = (): void => {
          cancel()
          waiting.delete(done)
          signal?.removeEventListener('abort', done)
          resolve()
        }
        const cancel = clock.after(waitMs, done)
        waiting.add(done)
        signal?.addEventListener('abort', done, { once: true })
      })
    },
    slice(seconds) {
      return rate === 0 ? Number.POSITIVE_INFINITY : Math.max(4096, Math.floor(rate * seconds))
    },
    setRate(next) {
      if (next === rate) return
      rate = next
      tokens = rate * BURST_SECONDS
      filledAt = clock.now()
      for (const done of waiting) done()
    }
  }
}
