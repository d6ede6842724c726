import { describe, expect, it } from 'vitest'
import { FIRST_CHOICE, hasAddress, linkRequest, readChoice } from '../../../src/renderer/features/links/options.ts'

describe('how links are copied', () => {
  it('is remembered as far as it is understood', () => {
    const choice = { format: 'bbcode', downloadName: true, signed: true, lifetime: 'd7', template: '{url}' }
    expect(readChoice(choice)).toEqual(choice)
    for (const junk of [undefined, null, 'x', [], { format: 'constructor', lifetime: 'toString', signed: 'yes', template: 3 }]) {
      expect(readChoice(junk)).toEqual(FIRST_CHOICE)
    }
  })

  it('asks for tokens and names only where there is an address to carry them', () => {
    const wish = { ...FIRST_CHOICE, downloadName: true, signed: true }
    expect(linkRequest(wish)).toMatchObject({ downloadName: true, signed: true, lifetimeSeconds: 86_400 })
    expect(linkRequest({ ...wish, format: 'id' })).toMatchObject({ downloadName: false, signed: false })
    expect(hasAddress({ ...wish, format: 'template', template: '{id}' })).toBe(false)
    expect(linkRequest({ ...wish, format: 'template', lifetime: 'never' })).toMatchObject({ signed: true, lifetimeSeconds: null })
  })
})
