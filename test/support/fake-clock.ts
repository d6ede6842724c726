import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../src/main/transfer/clock.ts'

/** Time that stands still until the test moves it. */
export interface FakeClock extends Clock {
  /** Moves time, running what becomes due in order, with everything that follows from it. */
  advance(ms: number): Promise<void>
  /** How many timers wait. */
  readonly pending: number
}

export function createFakeClock(start = 1_000_000): FakeClock {
  let now = start
  const timers = new Set<{ at: number; run: () => void }>()
  return {
    now: () => now,
    after(ms, run) {
      const timer = { at: now + ms, run }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    get pending() {
      return timers.size
    },
    async advance(ms) {
      const end = now + ms
      for (;;) {
        await setImmediate()
        const due = [...timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0]
        if (!due) break
        now = due.at
        timers.delete(due)
        due.run()
      }
      now = end
    }
  }
}
