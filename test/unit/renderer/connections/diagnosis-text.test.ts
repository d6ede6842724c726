import { beforeAll, describe, expect, it } from 'vitest'
import { diagnosisText, noteOf, verdictOf } from '../../../../src/renderer/features/connections/diagnosis-text.ts'
import type { Diagnosis } from '../../../../src/shared/model.ts'
import { loadTexts } from '../texts.ts'

beforeAll(() => loadTexts())

const diagnosis: Diagnosis = {
  ok: false,
  groups: ['group1'],
  steps: [
    { target: 'tracker', address: '10.0.0.1:22122', ok: true, ms: 3, note: 'leader', error: null },
    {
      target: 'storage',
      address: '172.17.0.3:23000',
      ok: false,
      ms: 3_000,
      note: '',
      error: { code: 'STORAGE_UNREACHABLE', message: 'STORAGE_UNREACHABLE', detail: { endpoint: '172.17.0.3:23000' } }
    }
  ]
}

describe('the result of a connection test', () => {
  it('tells a cluster that cannot be reached from one of which some servers cannot', () => {
    expect(verdictOf({ ok: true, steps: [], groups: [] })).toBe('good')
    expect(verdictOf(diagnosis)).toBe('partly')
    expect(verdictOf({ ok: false, steps: [], groups: [] })).toBe('bad')
  })

  it('shows beside a hop what its reader can read', () => {
    const step = (target: 'address' | 'tracker' | 'groups' | 'storage', note: string) => ({
      target,
      address: 'a',
      ok: true,
      ms: 1,
      note,
      error: null
    })
    const notes = [
      step('address', '10.0.0.1, ::1'),
      step('address', 'an IP address'),
      step('tracker', 'connected in 4 ms'),
      step('groups', 'group1'),
      step('storage', 'group1, active')
    ]
    const shown = (language: 'en' | 'zh-CN') => notes.map((each) => noteOf(each, ['group1', 'group10'], language))
    expect(shown('zh-CN')).toEqual(['10.0.0.1, ::1', '', '', '', 'group1'])
    expect(shown('en')).toEqual(['10.0.0.1, ::1', 'an IP address', 'connected in 4 ms', '', 'group1, active'])
  })

  it('is written hop by hop, with the reason and the advice where one failed', () => {
    const text = diagnosisText(diagnosis, 'en')
    expect(text).toContain('✓ Tracker 10.0.0.1:22122: 3 ms (leader)')
    expect(text).toContain(
      '✗ Storage 172.17.0.3:23000: 3000 ms\n  The storage server 172.17.0.3:23000 cannot be reached from here. If the tracker'
    )
    expect(text).toContain('[STORAGE_UNREACHABLE]')
    expect(diagnosisText(diagnosis, 'zh-CN')).toContain('✗ 存储服务器 172.17.0.3:23000')
  })
})
