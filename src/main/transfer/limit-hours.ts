import type { Settings } from '../../shared/contract.ts'

export interface SpeedLimits {
  /** Bytes per second, 0 = no limit. */
  up: number
  down: number
  /** When other limits begin to hold, Unix ms; null = never. */
  until: number | null
}

type LimitSettings = Pick<Settings, 'uploadLimitBytes' | 'downloadLimitBytes' | 'limitHours'>

/** Weekday and minute of a moment by the clock of this computer: what people mean by "at night". */
const MINUTES_A_DAY = 1440

/** The speed limits that hold at `now` (Unix ms, read by the clock of this computer, so that summer time is followed). */
export function limitsAt(settings: LimitSettings, now: number): SpeedLimits {
  const usual = { up: settings.uploadLimitBytes, down: settings.downloadLimitBytes }
  const { limitHours } = settings
  if (!limitHours.on || limitHours.weekdays.length === 0) return { ...usual, until: null }
  const inside = isInside(limitHours, now)
  const limits = inside ? { up: limitHours.uploadLimitBytes, down: limitHours.downloadLimitBytes } : usual
  return { ...limits, until: nextBorder(limitHours, now) }
}

type Hours = Settings['limitHours']

/** Minutes that a period lasts: one whose end is not after its beginning ends on the next day. */
function lengthOf({ fromMinute, toMinute }: Hours): number {
  return toMinute > fromMinute ? toMinute - fromMinute : toMinute - fromMinute + MINUTES_A_DAY
}

function isInside(hours: Hours, now: number): boolean {
  const date = new Date(now)
  const minute = date.getHours() * 60 + date.getMinutes()
  const today = date.getDay()
  const startedToday = minute - hours.fromMinute
  if (startedToday >= 0 && startedToday < lengthOf(hours) && hours.weekdays.includes(today)) return true
  // It began yesterday and goes over midnight.
  return startedToday + MINUTES_A_DAY < lengthOf(hours) && hours.weekdays.includes((today + 6) % 7)
}

/** The next time the clock shows the beginning or the end: at the latest tomorrow. Whether anything changes then is asked then. */
function nextBorder({ fromMinute, toMinute }: Hours, now: number): number {
  const date = new Date(now)
  const at = (days: number, minute: number): number =>
    new Date(date.getFullYear(), date.getMonth(), date.getDate() + days, 0, minute).getTime()
  const borders = [0, 1].flatMap((days) => [at(days, fromMinute), at(days, toMinute)])
  return Math.min(...borders.filter((border) => border > now))
}
