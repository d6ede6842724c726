import { describe, expect, it } from 'vitest'
import { draftKey } from '../../../../src/renderer/features/files/drafts.ts'
import { only, toggled, EVERYTHING } from '../../../../src/renderer/features/files/selection.ts'

const range = (from: number, count: number) => only(Array.from({ length: count }, (_, index) => from + index))

describe('the name of a selection with unsaved changes', () => {
  it('does not depend on the order of selecting', () => {
    expect(draftKey(only([3, 1, 20]), {})).toBe(draftKey(only([20, 3, 1]), { ext: 'jpg' }))
  })

  it('tells long selections apart without listing them', () => {
    const long = draftKey(range(1, 100_000), {})
    expect(long.length).toBeLessThan(60)
    expect(long).toBe(draftKey(range(1, 100_000), {}))
    expect(long).not.toBe(draftKey(range(2, 100_000), {}))
  })

  it('tells everything of one query from everything of another', () => {
    expect(draftKey(EVERYTHING, { group: 'group1' })).not.toBe(draftKey(EVERYTHING, { group: 'group2' }))
    expect(draftKey(EVERYTHING, {})).not.toBe(draftKey(toggled(EVERYTHING, 4), {}))
  })
})
