import { describe, expect, it } from 'vitest'
import type { Part, Row } from '../../../../src/renderer/features/transfers/layout.ts'
import { layOut } from '../../../../src/renderer/features/transfers/layout.ts'

const rows = (parts: Part[]): Row[] => {
  const layout = layOut(parts)
  return Array.from({ length: layout.count }, (_, index) => layout.at(index))
}

describe('the rows of the transfers list', () => {
  it('put the members of opened batches under them, and a line that loads more while there are more', () => {
    expect(
      rows([
        { batchId: 9, members: { loaded: 2, end: false } },
        { batchId: 8, members: null },
        { batchId: 7, members: { loaded: 1, end: true } }
      ])
    ).toEqual([
      { type: 'batch', batchId: 9, position: 0 },
      { type: 'member', batchId: 9, index: 0 },
      { type: 'member', batchId: 9, index: 1 },
      { type: 'more', batchId: 9 },
      { type: 'batch', batchId: 8, position: 1 },
      { type: 'batch', batchId: 7, position: 2 },
      { type: 'member', batchId: 7, index: 0 }
    ])
  })

  it('say so when an opened batch has no members', () => {
    expect(rows([{ batchId: 1, members: { loaded: 0, end: true } }]).map((row) => row.type)).toEqual(['batch', 'none'])
    expect(rows([{ batchId: 1, members: { loaded: 0, end: false } }]).map((row) => row.type)).toEqual(['batch', 'more'])
  })

  it('find the row of a batch', () => {
    const layout = layOut([
      { batchId: 5, members: { loaded: 100_000, end: true } },
      { batchId: 4, members: null }
    ])
    expect(layout.count).toBe(100_002)
    expect(layout.rowOf(4)).toBe(100_001)
    expect(layout.at(100_000)).toEqual({ type: 'member', batchId: 5, index: 99_999 })
    expect(layout.rowOf(77)).toBe(-1)
  })

  it('end where they end', () => {
    expect(() => layOut([{ batchId: 1, members: null }]).at(1)).toThrow(RangeError)
    expect(layOut([]).count).toBe(0)
  })
})
