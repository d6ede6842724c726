import { describe, expect, it } from 'vitest'
import { minuteOf, timeText, toggled, WEEK, weekdayName } from '../../../../src/renderer/features/settings/hours.ts'

describe('times of day', () => {
  it('are written with two digits and read back', () => {
    expect(timeText(545)).toBe('09:05')
    for (let minute = 0; minute < 1440; minute++) expect(minuteOf(timeText(minute))).toBe(minute)
  })

  it.each(['', '24:00', '9:60', '9', 'nine', '-1:00'])('are refused: %j', (text) => {
    expect(minuteOf(text)).toBeNull()
  })
})

describe('days of the week', () => {
  it('begin on Monday and are named in the language of the window', () => {
    expect(WEEK.map((day) => weekdayName(day, 'en'))).toEqual(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'])
    expect(weekdayName(0, 'zh-CN', 'long')).toBe('星期日')
  })

  it('are switched on and off, in the order of the clock', () => {
    expect(toggled([1, 5], 3)).toEqual([1, 3, 5])
    expect(toggled([1, 3, 5], 3)).toEqual([1, 5])
  })
})
