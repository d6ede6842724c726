import { describe, expect, it } from 'vitest'
import { fromMegabytes, isAbsolutePath, problemOf, toMegabytes } from '../../../../src/renderer/features/settings/megabytes.ts'
import { SettingsSchema } from '../../../../src/shared/contract.ts'

describe('sizes in the settings', () => {
  it('go from bytes to MB and back without drifting', () => {
    for (const megabytes of [0.25, 1, 7.5, 16, 256, 1_048_576]) expect(toMegabytes(fromMegabytes(megabytes))).toBe(megabytes)
    expect(fromMegabytes(0.25)).toBe(262_144)
  })

  it('are whole bytes that the contract accepts, at both ends of what can be entered', () => {
    for (const megabytes of [0.25, 0.33, 1_048_576]) {
      expect(SettingsSchema.safeParse({ resumableThresholdBytes: fromMegabytes(megabytes) }).success).toBe(true)
    }
    for (const megabytes of [0.25, 0.33, 256]) expect(SettingsSchema.safeParse({ chunkBytes: fromMegabytes(megabytes) }).success).toBe(true)
    expect(SettingsSchema.safeParse({ uploadLimitBytes: fromMegabytes(0.1), downloadLimitBytes: fromMegabytes(100_000) }).success).toBe(
      true
    )
  })

  it('are refused when empty or out of range', () => {
    const range = { min: 1, max: 32 }
    expect([null, Number.NaN, 0, 33, 1, 32].map((value) => problemOf(value, range))).toEqual([
      'required',
      'required',
      'range',
      'range',
      null,
      null
    ])
  })
})

describe('a folder in the settings', () => {
  it('is a whole path of any system, or nothing', () => {
    expect(['', '/home/anna', 'C:\\Users', 'd:/x', '\\\\server\\share'].every(isAbsolutePath)).toBe(true)
    expect(['home', './x', 'C:', '~'].some(isAbsolutePath)).toBe(false)
  })
})
