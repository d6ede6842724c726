import { expect, test } from 'vitest'
import type { Metadata } from '../../../../src/shared/model.ts'
import {
  blockOf,
  cellOf,
  differences,
  gridOf,
  isChanged,
  problems,
  replacements,
  toChanges,
  withBlock,
  withCells,
  withFill,
  withKey,
  withKeyRenamed,
  withoutKey,
  withKnown
} from '../../../../src/renderer/features/grid/model.ts'

const grid = (...files: (Metadata | null)[]) =>
  gridOf(files.map((metadata, index) => ({ id: index + 100, fileId: `id${index}`, name: `file ${index}`, metadata })))
const whole = (rows: number, columns: number) => ({ top: 0, left: 0, bottom: rows - 1, right: columns - 1 })

test('columns are the keys of all files, frequent ones first, the file name last', () => {
  expect(grid({ filename: 'a', b: '1' }, { filename: 'b', a: '1', b: '2' }, null).keys).toEqual(['b', 'a', 'filename'])
})

test('what is typed back to what the server has is no change', () => {
  const start = grid({ a: '1' })
  const changed = withCells(start, [{ row: 0, key: 'a', value: '2' }])
  expect(isChanged(changed, 0, 'a')).toBe(true)
  const back = withCells(changed, [{ row: 0, key: 'a', value: '1' }])
  expect(back.edits.size).toBe(0)
  expect(start.edits.size).toBe(0)
})

test('an emptied cell removes the key; an empty value on the server stays as it is', () => {
  const start = grid({ a: '1', b: '' })
  const changed = withCells(start, [
    { row: 0, key: 'a', value: '' },
    { row: 0, key: 'b', value: '' },
    { row: 0, key: 'c', value: '' }
  ])
  expect(differences(changed)).toEqual([{ row: 0, key: 'a', before: '1', after: null }])
  expect(toChanges(changed)).toEqual([{ id: 100, set: {}, remove: ['a'] }])
})

test('a block is pasted from the corner on; what lies outside of the grid is left out', () => {
  const start = withKey(grid({ a: '1' }, { a: '2' }), 'b')
  const {
    grid: pasted,
    range,
    cut
  } = withBlock(start, { top: 1, left: 0, bottom: 1, right: 0 }, [
    ['x', 'y', 'z'],
    ['u', 'v', 'w']
  ])
  expect(blockOf(pasted, whole(2, 2))).toEqual([
    ['1', null],
    ['x', 'y']
  ])
  expect(range).toEqual({ top: 1, left: 0, bottom: 1, right: 1 })
  expect(cut).toBe(true)
})

test('one copied cell fills the whole selection, and so does a block that fits into it', () => {
  const start = withKey(grid({ a: '1' }, { a: '2' }, {}, {}), 'b')
  expect(blockOf(withBlock(start, whole(4, 2), [['x']]).grid, whole(4, 2))).toEqual(Array(4).fill(['x', 'x']))
  const twice = withBlock(start, whole(4, 1), [['p'], ['q']]).grid
  expect(blockOf(twice, whole(4, 1)).flat()).toEqual(['p', 'q', 'p', 'q'])
})

test('filling repeats the pattern downwards and upwards', () => {
  const start = grid({ a: '1' }, { a: '2' }, { a: '3' }, { a: '4' }, { a: '5' })
  const down = withFill(start, { top: 0, left: 0, bottom: 1, right: 0 }, whole(5, 1))
  expect(blockOf(down, whole(5, 1)).flat()).toEqual(['1', '2', '1', '2', '1'])
  const up = withFill(start, { top: 3, left: 0, bottom: 4, right: 0 }, whole(5, 1))
  expect(blockOf(up, whole(5, 1)).flat()).toEqual(['5', '4', '5', '4', '5'])
})

test('find and replace takes the words as they are, with or without case, in parts or whole cells', () => {
  const start = grid({ a: 'Spring (old)' }, { a: 'spring' }, {})
  const find = (find: string, replace: string, matchCase = false, wholeCell = false) =>
    replacements(start, { find, replace, matchCase, wholeCell }, whole(3, 1)).map(({ row, value }) => [row, value])
  expect(find('SPRING', '$& 夏')).toEqual([
    [0, '$& 夏 (old)'],
    [1, '$& 夏']
  ])
  expect(find('Spring', 'x', true)).toEqual([[0, 'x (old)']])
  expect(find('spring', 'x', false, true)).toEqual([[1, 'x']])
  expect(find('(old)', '')).toEqual([[0, 'Spring ']])
  expect(find('', 'new', false, true)).toEqual([[2, 'new']])
  expect(find('', 'new')).toEqual([])
})

test('a key is removed and renamed for some rows; a value that is there already stays', () => {
  const start = grid({ a: '1', b: '9' }, { a: '2' }, { a: '3' })
  expect(toChanges(withoutKey(start, 'a', [1]))).toEqual([{ id: 101, set: {}, remove: ['a'] }])
  const renamed = withKeyRenamed(start, 'a', 'b', [0, 1])
  expect(toChanges(renamed)).toEqual([
    { id: 100, set: {}, remove: ['a'] },
    { id: 101, set: { b: '2' }, remove: ['a'] }
  ])
  expect(withKeyRenamed(start, 'a', 'c', [2]).keys).toEqual(['a', 'c', 'b'])
})

test('limits are counted in UTF-8 bytes, for keys and for values', () => {
  const at = (key: string, value: string) => problems(withCells(grid({}), [{ row: 0, key, value }])).map(({ problem }) => problem)
  expect(at('k', '好'.repeat(85))).toEqual([])
  expect(at('k', '好'.repeat(86))).toEqual(['valueTooLong'])
  expect(at('键'.repeat(22), 'v')).toEqual(['keyTooLong'])
  expect(at('k', 'a\u0001b')).toEqual(['characters'])
})

test('values read from the servers come under what was typed meanwhile', () => {
  const start = withCells(withKey(grid(null, null), 'a'), [
    { row: 0, key: 'a', value: 'typed' },
    { row: 1, key: 'a', value: 'same' }
  ])
  const known = withKnown(
    start,
    new Map<number, Metadata>([
      [0, { a: 'was', b: '1' }],
      [1, { a: 'same' }]
    ])
  )
  expect(known.keys).toEqual(['a', 'b'])
  expect(cellOf(known, 0, 'a')).toBe('typed')
  expect(differences(known)).toEqual([{ row: 0, key: 'a', before: 'was', after: 'typed' }])
})

test('a hundred thousand rows are filled, replaced and compared at once', () => {
  const many = gridOf(
    Array.from({ length: 100_000 }, (_, id) => ({ id, fileId: `f${id}`, name: `n${id}`, metadata: { a: `${id}`, b: 'x' } }))
  )
  const filled = withFill(many, { top: 0, left: 0, bottom: 0, right: 0 }, { ...whole(100_000, 1) })
  expect(differences(filled)).toHaveLength(99_999)
  expect(toChanges(filled)).toHaveLength(99_999)
})
