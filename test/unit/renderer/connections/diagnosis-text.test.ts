import { beforeAll, describe, expect, it } from 'vitest'
import { diagnosisText, verdictOf } from '../../../../src/renderer/features/connections/diagnosis-text.ts'
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
