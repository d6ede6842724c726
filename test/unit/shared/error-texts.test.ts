import { describe, expect, it } from 'vitest'
import { describeError, ERROR_TEXTS } from '../../../src/shared/error-texts.ts'
import type { ErrorLanguage } from '../../../src/shared/error-texts.ts'
import { ERRORS } from '../../../src/shared/errors.ts'
import type { ErrorCode, ErrorDetail } from '../../../src/shared/errors.ts'

const codes = Object.keys(ERRORS) as ErrorCode[]
const languages: ErrorLanguage[] = ['en', 'zh-CN']

const everything: ErrorDetail = {
  endpoint: 'h:1',
  fileId: 'group1/M00/00/00/a.jpg',
  group: 'group1',
  path: '/tmp/a',
  name: 'a',
  key: 'k',
  field: 'f',
  reason: 'r',
  timeoutMs: 5000,
  expected: 1,
  actual: 2,
  profile: 'p',
  call: 'c'
}

describe('error texts', () => {
  it('every code has both sentences in both languages', () => {
    for (const language of languages) {
      for (const code of codes) {
        const { what, next } = ERROR_TEXTS[language][code]
        expect(what.length, `${language} ${code}`).toBeGreaterThan(3)
        expect(next.length, `${language} ${code}`).toBeGreaterThan(3)
      }
    }
  })

  it('reads well without any detail, and uses no fact outside an optional part', () => {
    for (const language of languages) {
      for (const code of codes) {
        const { what, next } = describeError({ code, message: code }, language)
        for (const text of [what, next]) {
          expect(text, `${language} ${code}`).not.toMatch(/[{}[\]]|undefined/)
          expect(text, `${language} ${code}`).not.toMatch(/ {2}| \.|\( *\)|（）|： *。/)
          expect(text, `${language} ${code}`).toMatch(/[.。?？]$/)
        }
      }
    }
  })

  it('fills every placeholder when the facts are there', () => {
    for (const language of languages) {
      for (const code of codes) {
        const { what, next } = describeError({ code, message: code, detail: everything }, language)
        expect(what + next, `${language} ${code}`).not.toMatch(/[{}]|\[|\]| {2}/)
      }
    }
  })

  it("shows the server's status number", () => {
    expect(describeError({ code: 'NO_SPACE', message: '', detail: { group: 'group1', status: 28 } }, 'en').what).toBe(
      'There is no space left on the servers of group1. (28)'
    )
  })

  it('derives the endpoint from host and port, and seconds from the time limit', () => {
    expect(describeError({ code: 'CONNECT_TIMEOUT', message: '', detail: { host: 'a.b', port: 22122, timeoutMs: 2500 } }, 'en').what).toBe(
      'No answer from a.b:22122 within 2.5 s.'
    )
  })

  it('inserts hostile facts as plain text and cuts very long ones', () => {
    const { what } = describeError({ code: 'INTERNAL', message: '', detail: { reason: '{call}[x]$&<b>' } }, 'en')
    expect(what).toContain('{call}[x]$&<b>')
    expect(describeError({ code: 'INTERNAL', message: '', detail: { reason: 'x'.repeat(100_000) } }, 'en').what.length).toBeLessThan(300)
  })

  it('reads an unknown code as an internal error', () => {
    const data = { code: 'NEWER_CODE' as ErrorCode, message: '' }
    expect(describeError(data, 'en')).toEqual(describeError({ code: 'INTERNAL', message: '' }, 'en'))
  })
})
