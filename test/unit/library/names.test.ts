import { describe, expect, test } from 'vitest'
import { extensionOf, fold, nameKey, normalizeFolder } from '../../../src/main/library/names.ts'

describe('the sort key of a name', () => {
  test.each([
    ['file 2', 'file 10'],
    ['File 2', 'file 3'],
    ['img9.png', 'IMG010.png'],
    ['a', 'b'],
    ['1', '02'],
    ['99999999', '100000000'],
    ['999999999', '1000000000'],
    ['9'.repeat(30), `1${'0'.repeat(30)}`],
    ['ｆile 1', 'file 2'],
    ['图 2', '图 10']
  ])('puts %s before %s', (a, b) => {
    expect(Buffer.compare(Buffer.from(nameKey(a)), Buffer.from(nameKey(b)))).toBe(-1)
  })

  test('is bounded', () => {
    expect(nameKey('1a'.repeat(5000)).length).toBeLessThanOrEqual(200)
  })
})

test('folding makes full-width and upper-case letters and control characters plain', () => {
  expect(fold('ＡBC\n\u0000É')).toBe('abc é')
})

test.each([
  ['', ''],
  ['/', ''],
  ['a/b', 'a/b'],
  ['//a///b//', 'a/b'],
  ['a\\b', 'a/b'],
  ['../a/./b/..', 'a/b'],
  ['活动/春 季', '活动/春 季']
])('a folder written as %j is kept as %j', (written, kept) => {
  expect(normalizeFolder(written)).toBe(kept)
})

test.each([
  ['Poster.PSD', 'psd'],
  ['archive.tar.gz', 'tar.gz'],
  ['no extension', 'jpg'],
  ['.hidden', 'jpg'],
  ['ends.', 'jpg'],
  ['a.b c', 'jpg'],
  ['x.sketchbook', 'sketchbook']
])('the extension of %j is %j', (name, ext) => {
  expect(extensionOf(name, 'JPG')).toBe(ext)
})
