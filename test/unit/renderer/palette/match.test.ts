import { describe, expect, it } from 'vitest'
import { bestMatches, matchScore } from '../../../../src/renderer/features/palette/match.ts'

const labels = (typed: string, ...of: string[]) =>
  bestMatches(
    typed,
    of.map((label) => ({ label }))
  ).map(({ label }) => label)

describe('the command palette', () => {
  it('shows everything in its order while nothing is typed', () => {
    expect(labels('  ', 'b', 'a')).toEqual(['b', 'a'])
  })

  it('finds by every word, in any order and case', () => {
    expect(labels('LINKS copy', 'Copy links', 'Copy file IDs', 'Paste file IDs or links…')).toEqual(['Copy links'])
    expect(labels('复制 链接', '复制链接', '复制文件 ID')).toEqual(['复制链接'])
    expect(labels('nothing', 'Copy links')).toEqual([])
  })

  it('puts the start of a label before the start of a word, and that before the middle of one', () => {
    expect(labels('re', 'Compact rows, spread', 'Files: refresh', 'Rename')).toEqual(['Rename', 'Files: refresh', 'Compact rows, spread'])
  })

  it('takes what is typed as it is, not as a pattern', () => {
    expect(matchScore('.*', 'Copy links')).toBe(0)
    expect(matchScore('(', 'Copy (links')).toBeGreaterThan(0)
  })
})
