import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Term } from '../../../../src/shared/search/syntax.ts'
import { MAX_TERMS, filterValues, parseSearch, printSearch, withFilter, withoutTerm } from '../../../../src/shared/search/syntax.ts'

const filters = (text: string) => parseSearch(text).flatMap((term) => (term.type === 'filter' ? [{ not: term.not, ...term.filter }] : []))

/** What a term means, without where it stood. */
const meaning = (term: Term): unknown => ({ ...term, start: undefined, end: undefined })

const PIECES =
  'group|ext|size|created|tag|meta.|is|标签|元数据.|foo|http|:|：|,|，|"|“|”|-| |　|>|<=|..|10mb|2026-11|7d|today|今天|image|图片|psd|.psd|hero|蓝天|\\|//|😀|\n'
const piece = fc.constantFrom(...PIECES.split('|'))
const anything = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''))
)

describe('whatever is typed', () => {
  test('is read without an error, and every term stands where it says', () => {
    fc.assert(
      fc.property(anything, (text) => {
        let end = 0
        for (const term of parseSearch(text)) {
          expect(term.start).toBeGreaterThanOrEqual(end)
          expect(term.end).toBeGreaterThan(term.start)
          expect(term.end).toBeLessThanOrEqual(text.length)
          end = term.end
        }
      }),
      { numRuns: 2_000 }
    )
  })

  test('is printed so that it means the same, and is then printed the same', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const terms = parseSearch(text)
        const printed = printSearch(terms)
        expect(parseSearch(printed).map(meaning)).toEqual(terms.map(meaning))
        expect(printSearch(parseSearch(printed))).toBe(printed)
      }),
      { numRuns: 2_000 }
    )
  })

  test('loses nothing but white space and quotes around nothing', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const terms = parseSearch(text)
        if (terms.length >= MAX_TERMS) return
        const rest = text
          .split('')
          .filter((_, at) => !terms.some((term) => at >= term.start && at < term.end))
          .join('')
        expect(rest).toMatch(/^[\s"“”-]*$/u)
      })
    )
  })

  test('keeps its other terms when one is taken out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('sky', '"blue sky"', '-draft', 'ext:psd,ai', 'size:>10mb', 'tag:"a b"', 'foo:bar'), { minLength: 1 }),
        (words) => {
          const some = words.slice(0, 30)
          const text = some.join(' ')
          const terms = parseSearch(text)
          terms.forEach((term, at) => {
            expect(parseSearch(withoutTerm(text, term)).map(meaning)).toEqual(terms.toSpliced(at, 1).map(meaning))
          })
        }
      )
    )
  })
})

describe('the search box understands', () => {
  test('words, phrases and what is to be left out', () => {
    expect(parseSearch('sky "blue  sky" -draft -"old one" - ab"c d"').map(meaning)).toEqual([
      { type: 'text', not: false, text: 'sky', quoted: false, unknownKey: null },
      { type: 'text', not: false, text: 'blue  sky', quoted: true, unknownKey: null },
      { type: 'text', not: true, text: 'draft', quoted: false, unknownKey: null },
      { type: 'text', not: true, text: 'old one', quoted: true, unknownKey: null },
      { type: 'text', not: false, text: '-', quoted: false, unknownKey: null },
      { type: 'text', not: false, text: 'ab', quoted: false, unknownKey: null },
      { type: 'text', not: false, text: 'c d', quoted: true, unknownKey: null }
    ])
  })

  test('every filter of the manual', () => {
    expect(
      filters('group:group2 ext:PSD,.ai size:>10mb created:2026-11 added:7d tag:hero meta.project:spring is:appender -kind:slave')
    ).toEqual([
      { not: false, key: 'group', name: '', values: ['group2'] },
      { not: false, key: 'ext', name: '', values: ['psd', 'ai'] },
      { not: false, key: 'size', name: '', values: ['>10mb'] },
      { not: false, key: 'created', name: '', values: ['2026-11'] },
      { not: false, key: 'added', name: '', values: ['7d'] },
      { not: false, key: 'tag', name: '', values: ['hero'] },
      { not: false, key: 'meta', name: 'project', values: ['spring'] },
      { not: false, key: 'is', name: '', values: ['appender'] },
      { not: true, key: 'kind', name: '', values: ['slave'] }
    ])
    expect(filters('folder:"campaign/autumn 26" name:hero meta."my key":"a, b",c')).toEqual([
      { not: false, key: 'folder', name: '', values: ['campaign/autumn 26'] },
      { not: false, key: 'name', name: '', values: ['hero'] },
      { not: false, key: 'meta', name: 'my key', values: ['a, b', 'c'] }
    ])
  })

  test('Chinese keys, values, colons, commas and quotes', () => {
    expect(filters('组：group1 扩展名:psd，ai 大小:＞10MB 创建:今天 标签:“主 图” 元数据.项目:春 是:收藏、图片')).toEqual([
      { not: false, key: 'group', name: '', values: ['group1'] },
      { not: false, key: 'ext', name: '', values: ['psd', 'ai'] },
      { not: false, key: 'size', name: '', values: ['>10mb'] },
      { not: false, key: 'created', name: '', values: ['今天'] },
      { not: false, key: 'tag', name: '', values: ['主 图'] },
      { not: false, key: 'meta', name: '项目', values: ['春'] },
      { not: false, key: 'is', name: '', values: ['favourite', 'image'] }
    ])
  })

  test('links and clock times as words', () => {
    expect(parseSearch('http://files.example.com/group1/M00 12:30 C:\\pictures').map(meaning)).toEqual([
      { type: 'text', not: false, text: 'http://files.example.com/group1/M00', quoted: false, unknownKey: null },
      { type: 'text', not: false, text: '12:30', quoted: false, unknownKey: null },
      { type: 'text', not: false, text: 'C:\\pictures', quoted: false, unknownKey: null }
    ])
  })

  test('what it does not: unknown keys, missing and wrong values', () => {
    expect(parseSearch('colour:red size: size:many is:ugly created:2026-13 meta.a:').map(meaning)).toEqual([
      { type: 'text', not: false, text: 'colour:red', quoted: false, unknownKey: 'colour' },
      { type: 'unfinished', not: false, key: 'size', name: '' },
      { type: 'invalid', not: false, key: 'size', name: '', values: ['many'], bad: 'many' },
      { type: 'invalid', not: false, key: 'is', name: '', values: ['ugly'], bad: 'ugly' },
      { type: 'invalid', not: false, key: 'created', name: '', values: ['2026-13'], bad: '2026-13' },
      { type: 'unfinished', not: false, key: 'meta', name: 'a' }
    ])
  })
})

describe('a filter that is clicked', () => {
  test('is the same as one that is typed', () => {
    expect(withFilter('sky ext:psd -ext:ai', 'ext', ['jpg', 'png'])).toBe('sky -ext:ai ext:jpg,png')
    expect(withFilter('ext:psd "blue sky"', 'ext', [])).toBe('"blue sky"')
    expect(withFilter('', 'tag', ['main picture'])).toBe('tag:"main picture"')
    expect(filterValues('ext:psd sky 扩展名:AI -ext:jpg', 'ext')).toEqual(['psd', 'ai'])
  })
})
