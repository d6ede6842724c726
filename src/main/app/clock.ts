/** Time as the application sees it; tests bring their own. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number
  /** Runs `work` once after `ms`; the result cancels it. Never keeps the process alive. */
  after(ms: number, work: () => void): () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms)
    timer.unref()
    return () => clearTimeout(timer)
  }
}
