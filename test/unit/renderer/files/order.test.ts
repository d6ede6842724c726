import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  columnWidth,
  moveColumn,
  resetColumns,
  setColumnWidth,
  shiftColumn,
  showColumn,
  useColumns,
  visibleColumns
} from '../../../../src/renderer/features/files/columns.ts'
import { rowsWithin, type MarqueeShape } from '../../../../src/renderer/features/files/marquee.ts'
import { accept, complete, type Sources } from '../../../../src/renderer/features/files/search/complete.ts'
import { filterValues } from '../../../../src/shared/search/syntax.ts'

describe('columns', () => {
  beforeEach(resetColumns)
  const shown = () => visibleColumns(useColumns.getState()).map((column) => column.id)

  it('move by one place and before another, and come back behind their neighbour', () => {
    expect(shown()).toEqual(['name', 'sizeBytes', 'ext', 'group', 'createdAt', 'fileId', 'metadata'])
    shiftColumn('group', -1)
    expect(shown().slice(0, 4)).toEqual(['name', 'sizeBytes', 'group', 'ext'])
    shiftColumn('name', -1)
    shiftColumn('metadata', 1)
    moveColumn('metadata', 'name')
    expect(shown().slice(0, 2)).toEqual(['metadata', 'name'])
    moveColumn('metadata', null)
    expect(shown().at(-1)).toBe('metadata')
    showColumn('tags', true)
    expect(shown().slice(2, 5)).toEqual(['group', 'ext', 'tags'])
    showColumn('group', false)
    showColumn('group', true)
    expect(shown().slice(2, 5)).toEqual(['group', 'ext', 'tags'])
  })

  it('are made of metadata keys, and keep their width', () => {
    showColumn('meta:项目', true)
    const column = visibleColumns(useColumns.getState()).at(-1)!
    expect(column).toMatchObject({ id: 'meta:项目', sort: 'meta.项目' })
    setColumnWidth(column, 10)
    expect(columnWidth(column, useColumns.getState())).toBe(column.min)
    showColumn('meta:项目', false)
    expect(shown()).not.toContain('meta:项目')
  })

  it('are the same columns after any moves', () => {
    const ids = shown()
    const id = fc.constantFrom(...ids)
    fc.assert(
      fc.property(fc.array(fc.tuple(id, fc.option(id), fc.constantFrom(-1 as const, 1 as const)), { maxLength: 12 }), (moves) => {
        for (const [one, before, by] of moves) {
          moveColumn(one, before)
          shiftColumn(one, by)
        }
        expect(shown().toSorted()).toEqual(ids.toSorted())
      })
    )
  })
})

describe('a marquee', () => {
  const table: MarqueeShape = {
    total: 1_000_000,
    header: 30,
    lineHeight: 34,
    columns: 1,
    columnWidth: Number.MAX_SAFE_INTEGER,
    paddingLeft: 0
  }

  it('touches rows that it crosses, in either direction', () => {
    expect(rowsWithin({ x: 5, y: 33 }, { x: 900, y: 68 }, table)).toMatchObject({ from: 0, to: 2 })
    expect(rowsWithin({ x: 900, y: 68 }, { x: 5, y: -50 }, table)).toMatchObject({ from: 0, to: 2 })
    expect(rowsWithin({ x: 0, y: 33_999_990 }, { x: 5, y: 99_000_000 }, table)).toMatchObject({ from: 999_999, to: 999_999 })
    expect(rowsWithin({ x: 0, y: 34_000_001 }, { x: 5, y: 99_000_000 }, table).to).toBe(-1)
  })

  it('touches exactly the tiles whose area it meets', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 7 }),
        fc.tuple(fc.integer({ min: -50, max: 900 }), fc.integer({ min: -50, max: 900 })),
        fc.tuple(fc.integer({ min: -50, max: 900 }), fc.integer({ min: -50, max: 900 })),
        (total, columns, [ax, ay], [bx, by]) => {
          const shape = { total, header: 12, lineHeight: 100, columns, columnWidth: 80, paddingLeft: 12 }
          const { from, to, wanted } = rowsWithin({ x: ax, y: ay }, { x: bx, y: by }, shape)
          const touched: number[] = []
          for (let index = from; index <= to; index += 1) if (wanted(index)) touched.push(index)
          const expected: number[] = []
          for (let index = 0; index < total; index += 1) {
            const left = 12 + (index % columns) * 80
            const top = Math.floor(index / columns) * 100
            const meets =
              Math.max(ax, bx) >= left && Math.min(ax, bx) < left + 80 && Math.max(ay, by) >= top && Math.min(ay, by) < top + 100
            if (meets) expected.push(index)
          }
          expect(touched).toEqual(expected)
        }
      ),
      { numRuns: 500 }
    )
  })
})

describe('completion', () => {
  const sources: Sources = {
    groups: ['group1', 'group2'],
    tags: ['hero', '主 图'],
    folders: ['campaign/autumn'],
    exts: ['jpg', 'psd', 'png'],
    metadataKeys: ['project', 'my key'],
    metadataValues: { project: ['spring', 'autumn'] }
  }
  const offered = (text: string) => complete(text, text.length, sources).items.map((item) => item.label)
  const take = (text: string, index = 0) => {
    const completion = complete(text, text.length, sources)
    return accept(text, completion, completion.items[index]!).text
  }

  it('offers keys, then values of the key', () => {
    expect(offered('')).toEqual(expect.arrayContaining(['ext:', 'size:', 'meta.project:']))
    expect(offered('sky ex')).toEqual(['ext:'])
    expect(offered('sky ')).toContain('ext:')
    expect(complete('sky ', 4, sources, false).items).toEqual([])
    expect(complete('', 0, sources, false).items).not.toEqual([])
    expect(offered('ext:')).toEqual(['jpg', 'psd', 'png'])
    expect(offered('ext:p')).toEqual(['psd', 'png', 'jpg'])
    expect(offered('size:')).toEqual(['>10kb', '>100kb', '>1mb', '>10mb', '>100mb', '>1gb', '<100kb'])
    expect(offered('-ext:jpg,ps')).toEqual(['psd'])
    expect(offered('组:2')).toEqual(['group2'])
    expect(offered('is:fav')).toEqual(['favourite'])
    expect(offered('meta.project:au')).toEqual(['autumn'])
    expect(offered('meta.un')).toEqual([])
    expect(offered('her')).toEqual(['tag:hero'])
  })

  it('puts them where the caret is', () => {
    expect(take('sky ex')).toBe('sky ext:')
    expect(take('-ext:jpg,ps')).toBe('-ext:jpg,psd ')
    expect(take('tag:主')).toBe('tag:"主 图" ')
    expect(take('tag:"主 ')).toBe('tag:"主 图" ')
    expect(take('my')).toBe('meta."my key":')
    const completion = complete('ext:p sky', 5, sources)
    expect(accept('ext:p sky', completion, completion.items[0]!)).toEqual({ text: 'ext:psd sky', caret: 8 })
  })

  it('never fails, and what it inserts is understood', () => {
    const piece = fc.constantFrom('ext:', 'tag:', '标签：', 'meta.project:', '"', '“', '-', ',', ' ', 'p', 'her', '主', 'is:')
    const typed = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''))
    )
    fc.assert(
      fc.property(typed, fc.nat(), (text, at) => {
        const caret = Math.min(at, text.length)
        const completion = complete(text, caret, sources)
        for (const item of completion.items) {
          const next = accept(text, completion, item)
          expect(next.caret).toBeLessThanOrEqual(next.text.length)
        }
      })
    )
    expect(filterValues(take('tag:主'), 'tag')).toEqual(['主 图'])
  })
})
