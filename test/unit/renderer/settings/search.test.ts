import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasAll, hitsIn, wordsOf } from '../../../../src/renderer/features/settings/search.ts'

describe('the search of the settings', () => {
  it('wants every word, in any order, blind to case and width', () => {
    const text = 'Transfers Limit the upload speed'
    expect(hasAll(text, wordsOf('SPEED  upload'))).toBe(true)
    expect(hasAll(text, wordsOf('ｓｐｅｅｄ'))).toBe(true)
    expect(hasAll(text, wordsOf('speed download'))).toBe(false)
    expect(hasAll('限制上传速度', wordsOf('上传'))).toBe(true)
  })

  it('finds everything when nothing is typed', () => {
    expect(wordsOf('  ')).toEqual([])
    expect(hasAll('', [])).toBe(true)
  })

  it('marks every place of every word, overlapping ones once', () => {
    expect(hitsIn('Upload, upload at most', wordsOf('upload'))).toEqual([
      [0, 6],
      [8, 14]
    ])
    expect(hitsIn('speed', wordsOf('speed spe eed'))).toEqual([[0, 5]])
    expect(hitsIn('限制上传速度', wordsOf('上传'))).toEqual([[2, 4]])
  })

  it('never marks outside the text or twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, query) => {
        let end = 0
        for (const [from, to] of hitsIn(text, wordsOf(query))) {
          expect(from).toBeGreaterThanOrEqual(end)
          expect(to).toBeGreaterThan(from)
          expect(to).toBeLessThanOrEqual(text.length)
          end = to
        }
      })
    )
  })
})
