/** How many at once are tried beside the present number. */
const STEP = 1.5
/** One more is worth having only if it brings this much. */
const WORTH = 1.06
/** Fewer are as good as long as they bring this much of it. */
const AS_GOOD = 0.98
/** After two looks that changed nothing: that many windows of rest, doubled each time. */
const FIRST_REST = 2
const LAST_REST = 16

export interface ClimberOptions {
  min: number
  max: number
  start: number
}

/**
 * Finds how many transfers at once help, by trying: the work done in one window of time at the present number is compared with
 * that of the next window at a higher or a lower one. More are kept only where they bring more, fewer where they bring as much:
 * a server that is the limit is not fought over. Pure: windows are told, nothing is measured here.
 */
export interface Climber {
  /** How many may run in the window that begins now. */
  readonly limit: number
  /** A window has ended in which `limit` ran all the time; `rate` is the work done in it, in any unit per second. */
  observe(rate: number): void
  /** The server was overwhelmed (time limits, "busy"): half as many from now on. */
  backOff(): void
}

type Phase = 'base' | 'up' | 'down' | 'rest'

export function createClimber({ min, max, start }: ClimberOptions): Climber {
  let base = clamp(start)
  let baseRate = 0
  let phase: Phase = 'base'
  /** Which way the next look goes; the first one is upwards. */
  let next: 'up' | 'down' = 'up'
  let vain = 0
  let rest = 0
  let nextRest = FIRST_REST

  function clamp(value: number): number {
    return Math.min(max, Math.max(min, value))
  }

  const higher = (): number => clamp(Math.max(base + 1, Math.round(base * STEP)))
  const lower = (): number => clamp(Math.min(base - 1, Math.round(base / STEP)))

  function look(): void {
    const wanted = next === 'up' ? higher() : lower()
    if (wanted === base) {
      disappointed()
      return
    }
    phase = next
  }

  function moved(to: number, rate: number): void {
    base = to
    baseRate = rate
    vain = 0
    nextRest = FIRST_REST
    // What helped once may help again: the same way, from here, without measuring here again.
    look()
  }

  function disappointed(): void {
    vain += 1
    next = next === 'up' ? 'down' : 'up'
    phase = 'base'
    if (vain < 2) return
    vain = 0
    phase = 'rest'
    rest = nextRest
    nextRest = Math.min(LAST_REST, nextRest * 2)
  }

  return {
    get limit() {
      return phase === 'up' ? higher() : phase === 'down' ? lower() : base
    },
    observe(rate) {
      if (phase === 'rest') {
        rest -= 1
        if (rest <= 0) phase = 'base'
      } else if (phase === 'base') {
        baseRate = rate
        look()
      } else if (phase === 'up') {
        if (rate >= baseRate * WORTH) moved(higher(), rate)
        else disappointed()
      } else if (rate >= baseRate * AS_GOOD) moved(lower(), rate)
      else disappointed()
    },
    backOff() {
      base = clamp(Math.floor(base / 2))
      phase = 'rest'
      rest = FIRST_REST
      next = 'up'
      vain = 0
    }
  }
}
