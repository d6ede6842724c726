import { beforeAll, describe, expect, it } from 'vitest'
import { diagnosisText, isWarning, noteText, verdictOf } from '../../../../src/renderer/features/connections/diagnosis-text.ts'
import type { Diagnosis, DiagnosisNote } from '../../../../src/shared/model.ts'
import { loadTexts } from '../texts.ts'

beforeAll(() => loadTexts())

const diagnosis: Diagnosis = {
  ok: false,
  groups: ['group1'],
  addressMap: {},
  steps: [
    {
      target: 'tracker',
      address: '10.0.0.1:22122',
      ok: true,
      ms: 3,
      note: { code: 'answered', connectMs: 1, answerMs: 2, leader: null },
      error: null
    },
    {
      target: 'storage',
      address: '172.17.0.3:23000',
      ok: false,
      ms: 3_000,
      note: null,
      error: { code: 'STORAGE_UNREACHABLE', message: 'STORAGE_UNREACHABLE', detail: { endpoint: '172.17.0.3:23000' } }
    }
  ]
}

describe('the result of a connection test', () => {
  it('tells a cluster that cannot be reached from one of which some servers cannot', () => {
    expect(verdictOf({ ok: true, steps: [], groups: [], addressMap: {} })).toBe('good')
    expect(verdictOf(diagnosis)).toBe('partly')
    expect(verdictOf({ ok: false, steps: [], groups: [], addressMap: {} })).toBe('bad')
  })

  it('tells in both languages what was found at a hop', () => {
    const both = (note: DiagnosisNote) => [noteText(note, 'en'), noteText(note, 'zh-CN')]
    expect(both({ code: 'resolved', addresses: ['10.0.0.1', '::1'] })).toEqual(['Stands for 10.0.0.1 and ::1.', '解析为 10.0.0.1和::1。'])
    expect(both({ code: 'answered', connectMs: 4, answerMs: 1, leader: true })).toEqual([
      'Connected in 4 ms, answers in 1 ms, is the leader.',
      '4 毫秒连接成功，1 毫秒响应，它是 Leader。'
    ])
    expect(noteText({ code: 'answered', connectMs: 4, answerMs: 1, leader: null }, 'en')).not.toContain('leader')
    expect(both({ code: 'version', versions: [], groupLayout: 105, storageLayout: 612 })[0]).toContain('unknown version')
    expect(both({ code: 'clock', differenceSeconds: -125 })[0]).toContain('behind this computer by at least 2 min 5 sec')
    expect(both({ code: 'clock', differenceSeconds: 125 })[1]).toContain('至少快')
    expect(both({ code: 'storage', group: 'group1', status: 'active', version: '6.06', told: '172.17.0.3:23000' })).toEqual([
      'group1 · Active · 6.06 · the tracker says 172.17.0.3:23000',
      'group1 · 正常 · 6.06 · Tracker 给出的是 172.17.0.3:23000'
    ])
  })

  it('warns of a clock that goes wrong, and of nothing else', () => {
    const step = (note: DiagnosisNote) => ({ target: 'clock', address: 'a', ok: true, ms: 1, note, error: null }) as const
    expect(isWarning(step({ code: 'clock', differenceSeconds: 9 }))).toBe(true)
    expect(isWarning(step({ code: 'clock', differenceSeconds: 0 }))).toBe(false)
    expect(isWarning(step({ code: 'literal' }))).toBe(false)
  })

  it('is written hop by hop, with the reason and the advice where one failed', () => {
    const text = diagnosisText(diagnosis, 'en')
    expect(text).toContain('✓ Tracker 10.0.0.1:22122: 3 ms (Connected in 1 ms, answers in 2 ms.)')
    expect(text).toContain(
      '✗ Storage 172.17.0.3:23000: 3000 ms\n  The storage server 172.17.0.3:23000 cannot be reached from here. If the tracker'
    )
    expect(text).toContain('[STORAGE_UNREACHABLE]')
    expect(diagnosisText(diagnosis, 'zh-CN')).toContain('✗ 存储服务器 172.17.0.3:23000')
  })
})
