import fc from 'fast-check'
import { expect, test } from 'vitest'
import { active, decodeText, fromCsv, inert, toCsv } from '../../../../src/renderer/features/grid/csv.ts'
import { cellOf, differences, gridOf, withCells } from '../../../../src/renderer/features/grid/model.ts'

const fileId = (n: number) => `group1/M00/00/00/fwAAA2sDVk${'ABCDEFG'[n]}AfbPEAAAAG7MuLE0550.txt`
const grid = (...files: Record<string, string>[]) =>
  gridOf(files.map((metadata, index) => ({ id: index, fileId: fileId(index + 1), name: `=${index}`, metadata })))

test('formulas are exported inert, and come back as they were', () => {
  const dangerous = { a: "=cmd|'/C calc'!A0", b: '+1', c: '-1', d: '@x', e: '\tx', f: "'=y", g: 'harmless' }
  const text = toCsv(grid(dangerous), false)
  for (const cell of ["'=cmd|'/C calc'!A0", "'+1", "'-1", "'@x", "'\tx", "''=y"]) expect(text).toContain(cell)
  expect(text).not.toMatch(/(^|,)"?[=+@]/m)
  const read = fromCsv(grid(dangerous), text)
  expect(read.ok && differences(withCells(grid(dangerous), read.value.changes))).toEqual([])
})

test('every value survives the way out and back', () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      expect(active(inert(value))).toBe(value)
    })
  )
})

test('the byte order mark is a choice, and is not read as part of the first column', () => {
  const some = grid({ 项目: '春季' })
  expect(toCsv(some, true).charCodeAt(0)).toBe(0xfeff)
  expect(toCsv(some, false).charCodeAt(0)).not.toBe(0xfeff)
  expect(fromCsv(some, toCsv(some, true))).toMatchObject({ ok: true, value: { matched: 1, unknown: [] } })
})

test('UTF-8, GBK and the UTF-16 of "Unicode text" are read', () => {
  expect(decodeText(new TextEncoder().encode('春'))).toEqual({ text: '春', encoding: 'utf-8' })
  expect(decodeText(Uint8Array.from([0xb4, 0xba]))).toEqual({ text: '春', encoding: 'gb18030' })
  expect(decodeText(Uint8Array.from([0xff, 0xfe, 0x25, 0x66]))).toEqual({ text: '春', encoding: 'utf-16le' })
})

test('a file without a column of IDs, with a column twice, or with nothing in it is refused by its reason', () => {
  const some = grid({ a: '1' })
  expect(fromCsv(some, 'name,a\nx,1')).toEqual({ ok: false, problem: { code: 'noIdColumn', columns: ['name', 'a'] } })
  expect(fromCsv(some, 'file_id,a,a\nx,1,2')).toEqual({ ok: false, problem: { code: 'twice', column: 'a' } })
  expect(fromCsv(some, '\n\n')).toEqual({ ok: false, problem: { code: 'empty' } })
})

test('lines of other files are told by number, short lines change only what they say, empty cells remove', () => {
  const some = grid({ a: '1', b: '2' }, { a: '3' })
  const read = fromCsv(some, `FILE_ID,a,b,new\n${fileId(1)},,2,x\nnonsense,9,9,9\n${fileId(2)}\n`)
  if (!read.ok) throw new Error('not read')
  expect(read.value).toMatchObject({ matched: 2, unknown: [{ line: 3, text: 'nonsense' }], newKeys: ['new'] })
  const changed = withCells(some, read.value.changes)
  expect([cellOf(changed, 0, 'a'), cellOf(changed, 0, 'b'), cellOf(changed, 0, 'new'), cellOf(changed, 1, 'a')]).toEqual([
    null,
    '2',
    'x',
    '3'
  ])
})
