import { describe, expect, it } from 'vitest'
import type { ProfileForm } from '../../../../src/renderer/features/connections/form.ts'
import {
  addPair,
  checkForm,
  emptyForm,
  formOf,
  mapWorks,
  mapChanged,
  splitAddresses,
  suggestName,
  webPair,
  withAddresses,
  withConf,
  withEveryGroup
} from '../../../../src/renderer/features/connections/form.ts'
import { ProfileInputSchema } from '../../../../src/shared/contract.ts'
import type { DiagnosisStep, Profile } from '../../../../src/shared/model.ts'

const form = (some: Partial<ProfileForm> = {}): ProfileForm => ({ ...emptyForm(), name: 'studio', trackers: '10.0.0.1:22122', ...some })
const problems = (some: Partial<ProfileForm>): string[] => Object.keys(checkForm(form(some)).problems ?? {})
const profile: Profile = {
  id: 'p1',
  name: 'studio',
  trackers: ['10.0.0.1:22122', '[::1]:22123'],
  builtIn: false,
  readOnly: true,
  connectTimeoutMs: 2_500,
  networkTimeoutMs: 60_000,
  httpBase: { '': 'http://files.example.com', group1: 'https://g1.example.com' },
  defaultGroup: 'group1',
  addressMap: { '172.17.0.3': '10.0.0.9', '172.17.0.4:23000': 'files.example.com:23001', '100001': '10.0.0.7' },
  storageIds: { '100001': ['172.17.0.5', '192.168.1.5'] },
  groupInLinks: false,
  tokenTtlSeconds: 900,
  color: 'red',
  environment: 'production'
}

describe('the form of a connection', () => {
  it('gives back what it was filled with, in a form that the contract accepts', () => {
    const { input } = checkForm(formOf(profile))
    const { builtIn: _, ...rest } = profile
    expect(input).toEqual(rest)
    expect(ProfileInputSchema.safeParse(input).success).toBe(true)
  })

  it('takes addresses one per line and as people paste them', () => {
    expect(splitAddresses('10.0.0.1\n\n 10.0.0.2:22122,10.0.0.3;\t10.0.0.1\uff0c\u4e3b\u673a')).toEqual([
      '10.0.0.1',
      '10.0.0.2:22122',
      '10.0.0.3',
      '\u4e3b\u673a'
    ])
    // As in client.conf: one tracker with two addresses.
    expect(splitAddresses('10.0.0.1,192.168.0.1:22000 a,b a:1,b:2 x,y,z:3')).toEqual([
      '10.0.0.1,192.168.0.1:22000',
      'a',
      'b',
      'a:1',
      'b:2',
      'x:3',
      'y:3',
      'z:3'
    ])
  })

  it('says which address is wrong', () => {
    const { problems: found } = checkForm(form({ trackers: '10.0.0.1\nhttp://10.0.0.2:8888' }))
    expect(found?.['trackers']).toMatchObject({
      tag: 'error',
      error: { code: 'ADDRESS_INVALID', detail: { address: 'http://10.0.0.2:8888' } }
    })
  })

  it('wants an address, and no more than the contract takes', () => {
    expect(checkForm(form({ trackers: ' \n ' })).problems?.['trackers']).toEqual({ tag: 'required' })
    const many = Array.from({ length: 17 }, (_, index) => `10.0.0.${index}`).join('\n')
    expect(checkForm(form({ trackers: many })).problems?.['trackers']).toEqual({ tag: 'tooMany', limit: 16 })
  })

  it('complains about a missing name only when there is no address to name it after', () => {
    expect(suggestName(form({ name: '', trackers: 'tracker.example.com' }))).toBe('tracker.example.com')
    expect(suggestName(form({ name: '', trackers: '[::1]:9000\n10.0.0.1' }))).toBe('[::1]:9000')
    expect(suggestName(form({ trackers: 'a:b:c' }))).toBe('')
    expect(problems({ name: '', trackers: '' })).toEqual(['trackers'])
    expect(problems({ name: '' })).toEqual(['name'])
  })

  it('keeps time limits within what the contract takes', () => {
    expect(problems({ connectSeconds: null, networkSeconds: 0.01 })).toEqual(['connectSeconds', 'networkSeconds'])
    expect(problems({ connectSeconds: 600.5 })).toEqual(['connectSeconds'])
    expect(checkForm(form({ connectSeconds: 0.1, networkSeconds: 600 })).input).toMatchObject({
      connectTimeoutMs: 100,
      networkTimeoutMs: 600_000
    })
  })

  it('checks groups, web addresses and mappings line by line', () => {
    const found = checkForm(
      form({
        defaultGroup: 'group 1',
        httpBase: [
          { key: 0, left: 'a/b', right: 'http://x' },
          { key: 1, left: '', right: 'ftp://x' },
          { key: 2, left: 'group1', right: '' },
          { key: 3, left: 'group2', right: 'http://x?a=1' },
          { key: 4, left: 'group3', right: 'http://files.example.com/base/' }
        ],
        addressMap: [
          { key: 0, left: '10.0.0.1', right: '' },
          { key: 1, left: '10.0.0.300', right: '10.0.0.1' },
          { key: 2, left: '10.0.0.2', right: '10.0.0.9' },
          { key: 3, left: '10.0.0.2', right: '10.0.0.8' },
          { key: 4, left: '', right: '' }
        ]
      })
    ).problems
    expect(Object.entries(found ?? {}).map(([field, problem]) => `${field} ${problem.tag}`)).toEqual([
      'defaultGroup group',
      'httpBase.0 group',
      'httpBase.1 url',
      'httpBase.2 noAddress',
      'httpBase.3 url',
      'addressMap.0 required',
      'addressMap.1 error',
      'addressMap.3 twice'
    ])
  })

  it('takes an address that was typed into the box for the group, and refuses a line without one', () => {
    expect(webPair({ key: 3, left: ' http://files.example.com', right: '' })).toEqual({
      key: 3,
      left: '',
      right: 'http://files.example.com'
    })
    const filled = { key: 3, left: 'http://a', right: 'http://b' }
    expect(webPair(filled)).toBe(filled)
    expect(webPair({ key: 3, left: 'group1', right: '' }).left).toBe('group1')
    expect(checkForm(form({ httpBase: [{ key: 0, left: 'http://files.example.com', right: ' ' }] })).input?.httpBase).toEqual({
      '': 'http://files.example.com'
    })
    expect(checkForm(form({ httpBase: [{ key: 0, left: ' ', right: '' }] })).problems).toEqual({ 'httpBase.0': { tag: 'noAddress' } })
  })

  it('offers the line for every other group once', () => {
    const [added] = withEveryGroup(form({ httpBase: [{ key: 4, left: 'group1', right: 'http://x' }] })).httpBase.slice(1)
    expect(added).toEqual({ key: 5, left: '', right: '' })
    const there = form({ httpBase: [{ key: 0, left: '', right: 'http://x' }] })
    expect(withEveryGroup(there)).toBe(there)
  })

  it('lets only the use of the built-in cluster be changed, and still satisfies the contract', () => {
    const { input } = checkForm(formOf({ ...profile, id: 'builtin', builtIn: true, trackers: [], name: '' }))
    expect(input).toMatchObject({ id: 'builtin', readOnly: true, defaultGroup: 'group1' })
    expect(ProfileInputSchema.safeParse(input).success).toBe(true)
  })

  it('takes addresses that a test has found, in place of lines for the same ones', () => {
    const before = form({
      addressMap: [
        { key: 3, left: '172.17.0.3:23000', right: '10.0.0.1:1' },
        { key: 4, left: '', right: '' },
        { key: 7, left: '172.17.0.9', right: '10.0.0.9' }
      ]
    })
    const { addressMap } = withAddresses(before, { '172.17.0.3:23000': '10.0.0.2:23000', '172.17.0.4:23000': '10.0.0.4:23000' })
    expect(addressMap.map(({ left, right }) => `${left}>${right}`)).toEqual([
      '172.17.0.9>10.0.0.9',
      '172.17.0.3:23000>10.0.0.2:23000',
      '172.17.0.4:23000>10.0.0.4:23000'
    ])
    expect(new Set(addressMap.map(({ key }) => key)).size).toBe(3)
  })

  it('is filled from a configuration, and keeps what that does not say', () => {
    const filled = withConf(form({ networkSeconds: 42, tokenSecret: 'old' }), {
      trackers: ['10.0.0.1:22122', '10.0.0.2:22122'],
      connectTimeoutMs: 2000,
      tokenSecret: 'new',
      httpBase: 'http://10.0.0.1:8080',
      notes: []
    })
    expect(filled).toMatchObject({ name: 'studio', connectSeconds: 2, networkSeconds: 42, tokenSecret: 'new', tokenTtlSeconds: 600 })
    expect(checkForm(filled).input).toMatchObject({
      trackers: ['10.0.0.1:22122', '10.0.0.2:22122'],
      httpBase: { '': 'http://10.0.0.1:8080' }
    })
    // A web address that the user wrote is not replaced by a guess.
    const own = { key: 3, left: '', right: 'http://own' }
    expect(withConf(form({ httpBase: [own] }), { trackers: [], httpBase: 'http://x', notes: [] }).httpBase).toEqual([own])
  })

  it('knows when an address map was changed, and when a test proved it', () => {
    const pair = (key: number, left: string, right: string) => ({ key, left, right })
    expect(mapChanged([pair(0, 'a', 'b'), pair(1, 'c', 'd')], [pair(7, ' c', 'd '), pair(8, '', ''), pair(9, 'a', 'b')])).toBe(false)
    expect(mapChanged([pair(0, 'a', 'b')], [pair(0, 'a', 'c')])).toBe(true)
    // Without one there is nothing to try.
    expect(mapChanged([pair(0, 'a', 'b')], [pair(0, '', '')])).toBe(false)
    const step = (ok: boolean, told: string | null): DiagnosisStep => ({
      target: 'storage',
      address: 'x:1',
      ok,
      ms: 1,
      note: { code: 'storage', group: 'g', status: 'active', version: '', told },
      error: null
    })
    const tested = (...steps: DiagnosisStep[]) => mapWorks({ ok: true, steps, groups: [], addressMap: {} })
    expect(tested(step(true, 'y:1'), step(true, null))).toBe(true)
    // A storage that the map does not concern is no reason to doubt it.
    expect(tested(step(true, 'y:1'), step(false, null))).toBe(true)
    expect(tested(step(true, 'y:1'), step(false, 'z:1'))).toBe(false)
    // Nothing was tried.
    expect(tested()).toBe(false)
  })

  it('gives every new line a key that none of the others has', () => {
    const pairs = addPair(addPair([{ key: 4, left: 'a', right: 'b' }]))
    expect(new Set(pairs.map((pair) => pair.key)).size).toBe(3)
  })
})
