import { describe, expect, it } from 'vitest'
import type { Metadata } from '../../../../src/shared/model.ts'
import {
  CLEAN,
  commonValues,
  isDirty,
  keyProblem,
  toPatch,
  utf8Length,
  valueProblem,
  withRemoved,
  withRestored,
  withValue
} from '../../../../src/renderer/features/files/metadata-draft.ts'

const files: Metadata[] = [
  { author: 'Mara', project: 'Autumn', only: 'here' },
  { author: '林晓', project: 'Autumn' }
]

describe('the metadata draft', () => {
  it('shows what files have in common, where they differ, and what only some have', () => {
    expect(commonValues(files)).toEqual([
      { key: 'author', value: null, fileCount: 2 },
      { key: 'only', value: null, fileCount: 1 },
      { key: 'project', value: 'Autumn', fileCount: 2 }
    ])
  })

  it('keeps a key that is named like a property of every object', () => {
    expect(commonValues([{ constructor: 'x', toString: 'y' }]).map((each) => each.key)).toEqual(['constructor', 'toString'])
  })

  it('is clean again when the old value comes back', () => {
    const changed = withValue(CLEAN, 'project', 'Spring', 'Autumn')
    expect(isDirty(changed)).toBe(true)
    expect(isDirty(withValue(changed, 'project', 'Autumn', 'Autumn'))).toBe(false)
  })

  it('sets one value on all files where they differed', () => {
    const { patch } = toPatch(withValue(CLEAN, 'author', 'Mara', null), commonValues(files), false)
    expect(patch).toEqual({ set: { author: 'Mara' }, remove: [], overwrite: false })
  })

  it('removes a key the files have, and only forgets one they never had', () => {
    const draft = withRemoved(withRemoved(withValue(CLEAN, 'new', '1', null), 'new', false), 'project', true)
    expect(toPatch(draft, commonValues(files), false).patch).toEqual({ set: {}, remove: ['project'], overwrite: false })
    expect(isDirty(withRestored(draft, 'project'))).toBe(false)
  })

  it('overwrites with exactly what is shown and names what is lost', () => {
    const draft = withRemoved(withValue(CLEAN, 'new', '1', null), 'project', true)
    expect(toPatch(draft, commonValues(files), true)).toEqual({
      patch: { set: { new: '1' }, remove: [], overwrite: true },
      lost: ['author', 'only']
    })
  })

  it('counts bytes, not characters', () => {
    expect(utf8Length('林晓')).toBe(6)
    expect(valueProblem('林'.repeat(85))).toBeNull()
    expect(valueProblem('林'.repeat(86))).toBe('valueTooLong')
    expect(keyProblem('林'.repeat(22), new Set())).toBe('keyTooLong')
  })

  it('refuses the characters that separate pairs on the wire', () => {
    expect(valueProblem('a\u0001b')).toBe('characters')
    expect(keyProblem('a\u0002', new Set())).toBe('characters')
    expect(valueProblem('line\nbreak\u0003')).toBeNull()
  })

  it('refuses empty and taken keys', () => {
    expect(keyProblem('', new Set())).toBe('empty')
    expect(keyProblem('author', new Set(['author']))).toBe('taken')
  })
})
