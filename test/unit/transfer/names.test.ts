import { join, sep } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createNameSet, metadataName, nameKey, numberedName, safeFolder, safeName } from '../../../src/main/transfer/names.ts'

const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)$/i
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 120 }),
  fc.stringMatching(/^[ ./\\:*?<>|"a.]{0,20}$/),
  fc.constantFrom(
    '..',
    '.',
    '',
    'CON',
    'nul.txt',
    'COM1.tar.gz',
    'aux ',
    'LPT¹',
    '../../etc/passwd',
    'C:\\Windows',
    'a\u0000b',
    '\ud800.txt'
  )
)

test('every name becomes one safe component that stays below the chosen folder', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const name = safeName(text)
      expect(name).not.toMatch(/[<>:"/\\|?*]/)
      expect(Array.from(name, (c) => c.codePointAt(0)!).every((code) => code >= 32)).toBe(true)
      expect(name).not.toMatch(/[. ]$/)
      expect(['', '.', '..']).not.toContain(name)
      expect(name.split('.')[0]!.trimEnd()).not.toMatch(RESERVED)
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(240)
      expect(name.isWellFormed()).toBe(true)
      expect(name).toBe(name.normalize('NFC'))
      expect(join('/root', name).startsWith(`/root${sep}`)).toBe(true)
    }),
    { numRuns: 3_000 }
  )
})

test('making a safe name safe changes nothing', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(safeName(safeName(text))).toBe(safeName(text))
    }),
    { numRuns: 2_000 }
  )
})

test('ordinary names stay as they are', () => {
  for (const name of ['photo.jpg', '设计图 (终稿).psd', '.htaccess', 'a.tar.gz', 'Überblick.pdf', 'con text.txt', '100% wool.png']) {
    expect(safeName(name)).toBe(name)
  }
})

test('tells what was there: unsafe characters as %XX, reserved names with an underscore', () => {
  expect(safeName('a/b:c?.txt')).toBe('a%2Fb%3Ac%3F.txt')
  expect(safeName('nul.txt')).toBe('nul_.txt')
  expect(safeName('end. .')).toBe('end%2E%20%2E')
  expect(safeName('..')).toBe('%2E%2E')
  expect(safeName('gpj.\u202eexe')).toBe('gpj.%E2%80%AEexe')
})

test('long names are cut between characters and keep their extension', () => {
  const name = safeName(`${'图'.repeat(200)}.jpeg`)
  expect(name.endsWith('图.jpeg')).toBe(true)
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(240)
  expect(safeName(`${'x'.repeat(300)}.tar.gz`).endsWith('x.tar.gz')).toBe(true)
  expect(safeName(`a.${'e'.repeat(300)}`)).toMatch(/^a\.e+$/)
})

test('folders keep their shape and cannot climb', () => {
  expect(safeFolder('a//b/./c')).toBe('a/b/c')
  expect(safeFolder('/../../x')).toBe('%2E%2E/%2E%2E/x')
  expect(safeFolder('con/设计')).toBe('con_/设计')
  expect(safeFolder('')).toBe('')
})

test('in a set every claim gets a name of its own, blind to case and to the form of accents', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a.txt', 'A.TXT', 'a (2).txt', 'é', 'e\u0301', 'ß', 'SS', 'x'), { maxLength: 60 }), (names) => {
      const set = createNameSet()
      const given = names.map((name) => nameKey(set.claim('', name)))
      expect(new Set(given).size).toBe(names.length)
    })
  )
})

test('numbers go before the extension', () => {
  expect(numberedName('photo.jpg', 2)).toBe('photo (2).jpg')
  expect(numberedName('a.tar.gz', 3)).toBe('a (3).tar.gz')
  expect(numberedName('.env', 2)).toBe('.env (2)')
  expect(Buffer.byteLength(numberedName(`${'图'.repeat(79)}.x`, 12_345))).toBeLessThanOrEqual(240)
})

test('a metadata value fits and has no separators', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const value = metadataName(text)
      expect(Buffer.byteLength(value)).toBeLessThanOrEqual(256)
      expect(Array.from(value, (c) => c.codePointAt(0)!).some((code) => code < 3)).toBe(false)
    })
  )
  expect(metadataName('图'.repeat(100) + '.png')).toMatch(/^图{84}\.png$/)
})
