/** Sizes, rates, dates and durations as people of a language write them. */
import { useTranslation } from 'react-i18next'
import type { Language } from './index.ts'

export interface Format {
  /** '1,234' */
  number(value: number): string
  /** '45%' of a fraction 0…1; never 100% before it is all there. */
  percent(fraction: number): string
  /** '1.5 MB', 1 KB being 1024 bytes as in the file managers of Windows and Linux. */
  bytes(bytes: number): string
  /** '1.5 MB/s' */
  rate(bytesPerSecond: number): string
  /** '22 Nov 2026, 14:03' of Unix milliseconds. */
  dateTime(ms: number): string
  /** '22 Nov 2026' */
  date(ms: number): string
  /** '14:03:09' */
  time(ms: number): string
  /** '2 min 5 sec' of seconds; at most two units. */
  duration(seconds: number): string
  /** '3 minutes ago' of Unix milliseconds. */
  ago(ms: number, nowMs: number): string
  /** 'a, b and c' */
  list(items: readonly string[]): string
}

const BYTE_UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const
const DURATION_UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1]
] as const

export function createFormat(language: Language): Format {
  const locale = language === 'en' ? 'en-GB' : language
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 })
  const one = new Intl.NumberFormat(language, { maximumFractionDigits: 1 })
  const two = new Intl.NumberFormat(language, { maximumFractionDigits: 2 })
  const percentage = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 })
  // '22 Nov 2026' and '2026/11/22': what people of each language write in lists.
  const dateStyle = language === 'en' ? 'medium' : 'short'
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle, timeStyle: 'short' })
  const date = new Intl.DateTimeFormat(locale, { dateStyle })
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' })
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const list = new Intl.ListFormat(language, { type: 'conjunction' })
  const units = new Map(
    DURATION_UNITS.map(([unit]) => [unit, new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' })])
  )

  const bytes = (value: number): string => {
    let amount = Math.max(0, value)
    let unit = 0
    while (amount >= 1024 && unit < BYTE_UNITS.length - 1) {
      amount /= 1024
      unit += 1
    }
    // 1023.99 KB would be rounded to '1,024 KB'.
    if (amount >= 1023.5 && unit < BYTE_UNITS.length - 1) {
      amount /= 1024
      unit += 1
    }
    const number = unit === 0 || amount >= 100 ? whole : amount >= 10 ? one : two
    return `${number.format(amount)} ${BYTE_UNITS[unit]}`
  }
  const duration = (seconds: number): string => {
    const total = Math.max(0, Math.round(seconds))
    const index = DURATION_UNITS.findIndex(([, size]) => total >= size)
    const [unit, size] = DURATION_UNITS[index] ?? ['second', 1]
    const next = DURATION_UNITS[index + 1]
    const first = units.get(unit)?.format(Math.floor(total / size)) ?? ''
    const rest = next ? Math.floor((total % size) / next[1]) : 0
    return next && rest > 0 ? `${first} ${units.get(next[0])?.format(rest) ?? ''}` : first
  }
  const ago = (ms: number, nowMs: number): string => {
    const seconds = Math.round((ms - nowMs) / 1000)
    const [unit, size] = DURATION_UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? ['second', 1]
    return relative.format(Math.trunc(seconds / size), unit)
  }
  return {
    number: (value) => whole.format(value),
    percent: (fraction) => percentage.format(fraction >= 1 ? 1 : Math.floor(Math.max(0, fraction) * 100) / 100),
    bytes,
    rate: (value) => `${bytes(value)}/s`,
    dateTime: (ms) => dateTime.format(ms),
    date: (ms) => date.format(ms),
    time: (ms) => time.format(ms),
    duration,
    ago,
    list: (items) => list.format(items)
  }
}

/** One for each language: what the browser needs to make its formatters costs more than a row of a table that uses them. */
const made = new Map<Language, Format>()

/** The formatter of the present language. */
export function useFormat(): Format {
  const { i18n } = useTranslation()
  const language = i18n.language as Language
  const known = made.get(language)
  if (known) return known
  const format = createFormat(language)
  made.set(language, format)
  return format
}
