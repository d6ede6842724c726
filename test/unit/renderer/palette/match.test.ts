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

  it('lists what there is much of only for who types', () => {
    const items = [{ label: 'Upload files…' }, { label: 'Upload limit', typedOnly: true }]
    expect(bestMatches('', items)).toEqual([items[0]])
    expect(bestMatches('upl', items)).toEqual(items)
  })

  it('finds by other words too, after all that are called so', () => {
    const items = [
      { label: 'Download as ZIP…', also: 'archive pack' },
      { label: 'Archive of 2025', typedOnly: true }
    ]
    expect(bestMatches('arch', items).map(({ label }) => label)).toEqual(['Archive of 2025', 'Download as ZIP…'])
    expect(bestMatches('zip pack', items)).toEqual([items[0]])
    expect(bestMatches('zip nothing', items)).toEqual([])
  })

  it('takes the name of a thing for the thing, not for what can be done with it', () => {
    const items = [{ label: 'Cancel: autumn poster.txt', verb: 'Cancel' }, { label: 'autumn poster.txt' }]
    expect(bestMatches('poster', items)).toEqual([items[1]])
    expect(bestMatches('poster canc', items)).toEqual([items[0]])
  })

  it('takes what is typed as it is, not as a pattern', () => {
    expect(matchScore('.*', 'Copy links')).toBe(0)
    expect(matchScore('(', 'Copy (links')).toBeGreaterThan(0)
  })
})
