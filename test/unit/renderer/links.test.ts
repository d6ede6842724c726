import { describe, expect, it } from 'vitest'
import { FIRST_CHOICE, hasAddress, linkRequest, readChoice } from '../../../src/renderer/features/links/options.ts'

describe('how links are copied', () => {
  it('is remembered as far as it is understood', () => {
    const choice = {
      format: 'bbcode',
      downloadName: true,
      signed: true,
      lifetime: 'd7',
      template: '{url}',
      amount: 3,
      unit: 'days',
      output: 'table'
    }
    expect(readChoice(choice)).toEqual(choice)
    for (const junk of [
      undefined,
      null,
      'x',
      [],
      { format: 'constructor', lifetime: 'toString', signed: 'yes', template: 3, amount: -1, unit: 'ages', output: 1 }
    ]) {
      expect(readChoice(junk)).toEqual(FIRST_CHOICE)
    }
  })

  it('works for any time', () => {
    const wish = { ...FIRST_CHOICE, signed: true, lifetime: 'custom' as const, amount: 90 }
    expect(linkRequest({ ...wish, unit: 'minutes' })).toMatchObject({ lifetimeSeconds: 5_400 })
    expect(linkRequest({ ...wish, unit: 'days' })).toMatchObject({ lifetimeSeconds: 7_776_000 })
    // A table of IDs has links beside them.
    expect(linkRequest({ ...wish, format: 'id', output: 'table' })).toMatchObject({ signed: true, table: true })
  })

  it('asks for tokens and names only where there is an address to carry them', () => {
    const wish = { ...FIRST_CHOICE, downloadName: true, signed: true }
    expect(linkRequest(wish)).toMatchObject({ downloadName: true, signed: true, lifetimeSeconds: 86_400 })
    expect(linkRequest({ ...wish, format: 'id' })).toMatchObject({ downloadName: false, signed: false })
    expect(hasAddress({ ...wish, format: 'template', template: '{id}' })).toBe(false)
    expect(linkRequest({ ...wish, format: 'template', lifetime: 'never' })).toMatchObject({ signed: true, lifetimeSeconds: null })
  })
})
