/** A time left that people can read: it neither jumps with every sample nor promises seconds when it knows minutes. */

/** What was shown last: so many seconds, at that moment (Unix ms). */
export interface TimeLeft {
  seconds: number
  at: number
}

/** New estimates within this part of the running countdown change nothing: it just counts down. */
const TOLERANCE = 0.15
/** Otherwise the countdown moves this part of the way at each new estimate. */
const PULL = 0.3
/** An estimate this many times longer or shorter is a new situation: it is taken at once. */
const JUMP = 3

/** The next countdown from the last one and a raw estimate in seconds; null = nothing moves or it is too early to tell. */
export function steady(last: TimeLeft | null, raw: number | null, now: number): TimeLeft | null {
  if (raw === null) return null
  if (last === null) return { seconds: raw, at: now }
  const counted = Math.max(0, last.seconds - (now - last.at) / 1000)
  if (Math.abs(raw - counted) <= Math.max(1, counted * TOLERANCE)) return { seconds: counted, at: now }
  if (raw > (counted + 1) * JUMP || counted > (raw + 1) * JUMP) return { seconds: raw, at: now }
  return { seconds: counted + (raw - counted) * PULL, at: now }
}

/** Seconds as they are shown: exact below 10 s, then in steps that grow with the time; at least 1. */
export function roundSeconds(seconds: number): number {
  const step = seconds < 10 ? 1 : seconds < 60 ? 5 : seconds < 600 ? 30 : seconds < 3_600 ? 60 : seconds < 36_000 ? 600 : 3_600
  return Math.max(1, Math.ceil(seconds / step) * step)
}
