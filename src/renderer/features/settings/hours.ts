/** Times of day and days of the week as people write them. */

/** Minutes after midnight → '09:05', as a time field wants it. */
export function timeText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

/** '9:05' or '09:05' → minutes after midnight; null = no time. */
export function minuteOf(text: string): number | null {
  const match = /^(\d{1,2}):(\d{2})$/.exec(text.trim())
  if (match === null) return null
  const [hours, minutes] = [Number(match[1]), Number(match[2])]
  return hours < 24 && minutes < 60 ? hours * 60 + minutes : null
}

/** Monday first: 0 = Sunday, as the clock counts. */
export const WEEK = [1, 2, 3, 4, 5, 6, 0] as const

/** 'Mon' or '周一'; `long`: 'Monday'. */
export function weekdayName(day: number, language: string, style: 'short' | 'long' = 'short'): string {
  // The 4th of January 1970 was a Sunday.
  return new Intl.DateTimeFormat(language, { weekday: style, timeZone: 'UTC' }).format(new Date(Date.UTC(1970, 0, 4 + day)))
}

export function toggled(days: readonly number[], day: number): number[] {
  return days.includes(day) ? days.filter((other) => other !== day) : [...days, day].sort((a, b) => a - b)
}
