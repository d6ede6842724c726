import { describe, expect, it } from 'vitest'
import { nameBy } from '../../../src/shared/naming.ts'

const DAY = new Date(2026, 2, 7, 23, 59).getTime()

describe('names by a pattern', () => {
  it.each([
    ['{name}', 'photo.JPG', 'photo.JPG'],
    ['Spring {n}', 'photo.jpg', 'Spring 5.jpg'],
    ['{date} {nnn} {name}', 'a.b.psd', '2026-03-07 005 a.b.psd'],
    ['海报_{nn}', '旧名字.png', '海报_05.png'],
    ['poster.png', 'x.png', 'poster.png'],
    ['poster.PNG', 'x.png', 'poster.png'],
    ['no ending', 'README', 'no ending'],
    ['.hidden', '.env', '.hidden'],
    ['{unknown}', 'a.txt', '{unknown}.txt']
  ])('%s makes of %s: %s', (pattern, original, expected) => {
    expect(nameBy(pattern, original, 5, DAY)).toBe(expected)
  })

  it('never makes a folder, an empty name or one that is too long', () => {
    expect(nameBy('../../etc/passwd', 'a.txt', 1, DAY)).toBe('..-..-etc-passwd.txt')
    expect(nameBy('a\\b\u0000c', 'a.txt', 1, DAY)).toBe('a-b-c.txt')
    expect(nameBy('  ', 'a.txt', 1, DAY)).toBe('a.txt')
    expect(Array.from(nameBy('长'.repeat(400), 'a.txt', 1, DAY))).toHaveLength(255)
  })
})
