import { describe, expect, it } from 'vitest'
import { createFormat } from '../../../../src/renderer/i18n/format.ts'
import { browserLanguage, chosenLanguage } from '../../../../src/renderer/i18n/index.ts'

const en = createFormat('en')
const zh = createFormat('zh-CN')

describe('formats', () => {
  it('writes sizes as file managers do', () => {
    expect([0, 1023, 1024, 1536, 10_485_760, 1_073_741_824, 123_456_789].map(en.bytes)).toEqual([
      '0 B',
      '1,023 B',
      '1 KB',
      '1.5 KB',
      '10 MB',
      '1 GB',
      '118 MB'
    ])
  })

  it('never writes 1,024 of a unit', () => {
    expect(en.bytes(1024 * 1024 - 1)).toBe('1 MB')
  })

  it('says 100% only when all is done', () => {
    expect(en.percent(0.9999)).toBe('99%')
    expect(en.percent(1)).toBe('100%')
    expect(en.percent(-1)).toBe('0%')
  })

  it('writes durations with two units at most', () => {
    expect(en.duration(125)).toBe('2 min 5 sec')
    expect(en.duration(3_600)).toBe('1 hr')
    expect(en.duration(0)).toBe('0 sec')
    expect(zh.duration(125)).toMatch(/^2分钟 5秒/)
  })

  it('writes dates as each language does', () => {
    const noon = new Date(2026, 10, 22, 14, 3).getTime()
    expect(en.dateTime(noon)).toBe('22 Nov 2026, 14:03')
    expect(zh.dateTime(noon)).toBe('2026/11/22 14:03')
  })

  it('counts back in whole units', () => {
    expect(en.ago(0, 90_000)).toBe('1 minute ago')
    expect(zh.ago(0, 3_600_000)).toBe('1小时前')
  })
})

describe('the language', () => {
  it('is the setting, or the system', () => {
    expect(chosenLanguage('en', 'zh-CN')).toBe('en')
    expect(chosenLanguage('system', 'zh-CN')).toBe('zh-CN')
  })

  it('is, before the program answers, the first of the browser that is known', () => {
    expect(browserLanguage(['fr-FR', 'zh-TW', 'en'])).toBe('zh-CN')
    expect(browserLanguage(['de'])).toBe('en')
  })
})
