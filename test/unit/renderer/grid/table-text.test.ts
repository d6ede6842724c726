import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatTable, parseTable } from '../../../../src/renderer/features/grid/table-text.ts'

test('a block of Excel ends with a line break and quotes cells with line breaks in them', () => {
  expect(parseTable('春季\t1\r\n夏季\t2\r\n')).toEqual([
    ['春季', '1'],
    ['夏季', '2']
  ])
  expect(parseTable('"two\nlines"\tx\n"say ""hi"" now"\ty')).toEqual([
    ['two\nlines', 'x'],
    ['say "hi" now', 'y']
  ])
})

test('quotes that are part of the text stay', () => {
  expect(parseTable('"quoted"\t5" pipe\n"open')).toEqual([['"quoted"', '5" pipe'], ['"open']])
})

test('one cell, empty cells and rows of different lengths', () => {
  expect(parseTable('x')).toEqual([['x']])
  expect(parseTable('')).toEqual([['']])
  expect(parseTable('\t\na')).toEqual([['', ''], ['a']])
})

test('what is copied is pasted the same', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', '\t', '\n', '好', ' ', '=', ',') })
  const block = fc
    .integer({ min: 1, max: 3 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1 }))
  fc.assert(
    fc.property(block, (table) => {
      expect(parseTable(`${formatTable(table)}\n`)).toEqual(table)
    })
  )
})
