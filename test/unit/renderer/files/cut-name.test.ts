import { describe, expect, it } from 'vitest'
import { cutName } from '../../../../src/renderer/features/files/cut-name.ts'

describe('a name without enough room', () => {
  it('is cut before its last letters, where versions and endings are', () => {
    expect(cutName('campaign_summer_banner_v12.psd')).toEqual({ head: 'campaign_summer_ba', tail: 'nner_v12.psd' })
  })

  it('is not cut in its middle when it is short', () => {
    expect(cutName('banner_v12.psd')).toBeNull()
    expect(cutName('')).toBeNull()
  })

  it('counts Chinese characters as wide as they are, so that the end fits a narrow tile', () => {
    expect(cutName('一个非常长的中文文件名_最终版_确认稿.txt')).toEqual({ head: '一个非常长的中文文件名_最终版', tail: '_确认稿.txt' })
    expect(cutName('夏季海报终稿.psd')).toBeNull()
  })

  it('keeps what is drawn as one letter together', () => {
    const family = '👨‍👩‍👧'
    const cut = cutName(`${family.repeat(20)}`)
    expect(cut).toEqual({ head: family.repeat(14), tail: family.repeat(6) })
    // An accent that is a character of its own stays on its letter.
    expect(cutName(`${'a'.repeat(20)}e\u0301${'b'.repeat(11)}`)?.tail).toBe(`e\u0301${'b'.repeat(11)}`)
  })

  it('loses no character, whatever the name', () => {
    for (const name of ['x'.repeat(500), `${'长'.repeat(100)}.jpg`, `\ud800${'y'.repeat(40)}`, ' '.repeat(30)]) {
      const cut = cutName(name)
      expect(`${cut?.head}${cut?.tail}`).toBe(name)
    }
  })
})
