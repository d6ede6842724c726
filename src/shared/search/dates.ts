/** Dates in the search box: `2026-11`, `today`, `7d`, `>=2026-11-03`, `2026-01..2026-03`. In the time zone of this computer. */

/** Unix ms: from ≤ t < to. */
export interface DateRange {
  from: number
  to: number
}

interface Period extends DateRange {
  /** Up to now, such as the last seven days. */
  recent: boolean
}

const NAMED: Readonly<Record<string, string>> = {
  今天: 'today',
  昨天: 'yesterday',
  本周: 'week',
  本月: 'month',
  今年: 'year',
  本年: 'year'
}
const UNITS: Readonly<Record<string, string>> = { 小时: 'h', 时: 'h', 天: 'd', 日: 'd', 周: 'w', 月: 'm', 个月: 'm', 年: 'y' }

const FIRST = 0
const LAST = 8.64e15

function day(year: number, month: number, date: number): number {
  const made = new Date(year, month - 1, date)
  return made.getFullYear() === year && made.getMonth() === month - 1 && made.getDate() === date ? made.getTime() : Number.NaN
}

/** The start of the day `days`, `months` and `years` before the present one. */
function before(now: number, years: number, months: number, days: number): number {
  const at = new Date(now)
  return new Date(at.getFullYear() - years, at.getMonth() - months, at.getDate() - days).getTime()
}

function named(text: string, now: number): Period | null {
  const at = new Date(now)
  switch (Object.hasOwn(NAMED, text) ? NAMED[text] : text) {
    case 'today':
      return { from: before(now, 0, 0, 0), to: before(now, 0, 0, -1), recent: false }
    case 'yesterday':
      return { from: before(now, 0, 0, 1), to: before(now, 0, 0, 0), recent: false }
    case 'week': {
      // Weeks start on Monday.
      const since = (at.getDay() + 6) % 7
      return { from: before(now, 0, 0, since), to: before(now, 0, 0, since - 7), recent: false }
    }
    case 'month':
      return {
        from: new Date(at.getFullYear(), at.getMonth(), 1).getTime(),
        to: new Date(at.getFullYear(), at.getMonth() + 1, 1).getTime(),
        recent: false
      }
    case 'year':
      return { from: new Date(at.getFullYear(), 0, 1).getTime(), to: new Date(at.getFullYear() + 1, 0, 1).getTime(), recent: false }
    default:
      return null
  }
}

function relative(text: string, now: number): Period | null {
  const match = /^(\d{1,4})(h|d|w|m|y|小时|时|天|日|周|个月|月|年)$/.exec(text)
  if (match === null) return null
  const count = Number(match[1])
  const unit = match[2]!
  const hour = 3_600_000
  const back: Record<string, () => number> = {
    // Whole hours: the same question has the same answer for a while.
    h: () => Math.floor(now / hour) * hour - count * hour,
    d: () => before(now, 0, 0, count),
    w: () => before(now, 0, 0, count * 7),
    m: () => before(now, 0, count, 0),
    y: () => before(now, count, 0, 0)
  }
  return { from: back[UNITS[unit] ?? unit]!(), to: LAST, recent: true }
}

function calendar(text: string): Period | null {
  const match = /^(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?$/.exec(text)
  if (match === null) return null
  const [, year, month, date] = match
  const y = Number(year)
  if (month === undefined) return period(day(y, 1, 1), day(y + 1, 1, 1))
  const m = Number(month)
  if (date === undefined) return period(day(y, m, 1), m === 12 ? day(y + 1, 1, 1) : day(y, m + 1, 1))
  const from = day(y, m, Number(date))
  return period(from, new Date(y, m - 1, Number(date) + 1).getTime())
}

function period(from: number, to: number): Period | null {
  return Number.isNaN(from) || Number.isNaN(to) ? null : { from, to, recent: false }
}

const periodOf = (text: string, now: number): Period | null => named(text, now) ?? relative(text, now) ?? calendar(text)

/** null when the text is no date. `now`: Unix ms, for what is relative to today. */
export function dateRange(text: string, now: number): DateRange | null {
  const dots = text.indexOf('..')
  if (dots >= 0) {
    const [first, last] = [text.slice(0, dots), text.slice(dots + 2)]
    if (first === '' && last === '') return null
    const from = first === '' ? null : periodOf(first, now)
    const to = last === '' ? null : periodOf(last, now)
    if ((first !== '' && from === null) || (last !== '' && to === null)) return null
    // What ends some days ago ends with that day's beginning, not with now.
    return { from: from?.from ?? FIRST, to: to === null ? LAST : to.recent ? to.from : to.to }
  }
  const [, operator = '', rest = ''] = /^(>=|<=|>|<|=)?(.*)$/s.exec(text) ?? []
  const found = periodOf(rest, now)
  if (found === null) return null
  switch (operator) {
    case '>':
      return { from: found.recent ? found.from : found.to, to: LAST }
    case '>=':
      return { from: found.from, to: LAST }
    case '<':
      return { from: FIRST, to: found.from }
    case '<=':
      return { from: FIRST, to: found.recent ? found.from : found.to }
    default:
      return { from: found.from, to: found.to }
  }
}
