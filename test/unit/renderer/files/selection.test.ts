import { describe, expect, it } from 'vitest'
import {
  EVERYTHING,
  NOTHING,
  isSelected,
  only,
  pruned,
  selectedCount,
  toContract,
  toggled,
  withAdded
} from '../../../../src/renderer/features/files/selection.ts'

describe('the selection', () => {
  it('adds and removes single files', () => {
    const one = toggled(NOTHING, 5)
    expect(isSelected(one, 5)).toBe(true)
    expect(selectedCount(toggled(one, 5), 10)).toBe(0)
  })

  it('keeps exceptions of everything instead of listing a million files', () => {
    const most = toggled(EVERYTHING, 7)
    expect(selectedCount(most, 1_000_000)).toBe(999_999)
    expect(isSelected(most, 7)).toBe(false)
    expect(toContract(most, { group: 'group1' }, 1_000_000)).toEqual({ query: { group: 'group1' }, exceptIds: [7] })
  })

  it('takes a range into everything by dropping its exceptions', () => {
    expect(selectedCount(withAdded(toggled(toggled(EVERYTHING, 7), 8), [7]), 10)).toBe(9)
  })

  it('adds a range to what is selected', () => {
    expect(toContract(withAdded(only([1]), [2, 3]), {}, 10)).toEqual({ ids: [1, 2, 3] })
  })

  it('is nothing for a call when nothing is selected, or all of nothing', () => {
    expect(toContract(NOTHING, {}, 10)).toBeNull()
    expect(toContract(EVERYTHING, {}, 0)).toBeNull()
  })

  it('forgets files that are gone and stays the same object when none is', () => {
    const selection = only([1, 2])
    expect(pruned(selection, new Set([1, 2, 3]))).toBe(selection)
    expect(toContract(pruned(selection, new Set([2])), {}, 10)).toEqual({ ids: [2] })
  })
})
