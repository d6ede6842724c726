import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { coalesce } from '../../../src/main/app/coalesce.ts'
import { defaultDataDir } from '../../../src/main/app/data-dir.ts'
import { createEventHub } from '../../../src/main/app/events.ts'
import { languageOf } from '../../../src/main/app/host.ts'
import { appVersion } from '../../../src/main/app/version.ts'
import { createFakeClock } from '../../support/fake-clock.ts'

describe('the data folder', () => {
  it.each([
    ['linux', {}, '/home/u/.local/share/fastdfs-desktop'],
    ['linux', { XDG_DATA_HOME: '/data' }, '/data/fastdfs-desktop'],
    ['linux', { XDG_DATA_HOME: 'relative' }, '/home/u/.local/share/fastdfs-desktop'],
    ['darwin', {}, '/home/u/Library/Application Support/fastdfs-desktop'],
    ['win32', { APPDATA: '/roaming' }, '/roaming/fastdfs-desktop']
  ] as const)('follows the custom of %s %j', (platform, env, expected) => {
    expect(defaultDataDir({ platform, env, home: '/home/u' })).toBe(join(expected))
  })
})

describe('languages', () => {
  it('take every kind of Chinese for Chinese and everything else for English', () => {
    for (const locale of ['zh', 'zh-CN', 'zh_TW.UTF-8', 'zh-Hans-SG', 'ZH']) expect(languageOf(locale), `${locale}`).toBe('zh-CN')
    for (const locale of [undefined, '', 'C', 'en-US', 'zhx', 'de']) expect(languageOf(locale), `${locale}`).toBe('en')
  })
})

describe('the version', () => {
  it('is that of the package', () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8')) as { version: string }
    expect(appVersion()).toBe(version)
  })
})

describe('events', () => {
  it('reach the others when one listener fails, and count their audience', () => {
    const reported: unknown[] = []
    const hub = createEventHub((error) => reported.push(error))
    const audience: number[] = []
    hub.onAudience((count) => audience.push(count))
    const seen: string[] = []
    const stopFirst = hub.subscribe(() => {
      throw new Error('broken')
    })
    const listener = () => seen.push('second')
    const stops = [hub.subscribe(listener), hub.subscribe(listener)]
    hub.emit('library.changed', { revision: 1, profileId: 'p' })
    expect(seen).toEqual(['second', 'second'])
    expect(reported).toHaveLength(1)
    for (const stop of [stopFirst, stopFirst, ...stops]) stop()
    expect(audience).toEqual([1, 2, 3, 2, 1, 0])
  })
})

describe('coalescing', () => {
  it('runs at once, then at most once per interval, and never loses the last call', async () => {
    const clock = createFakeClock(0)
    const runs: number[] = []
    const call = coalesce(clock, 200, () => runs.push(clock.now()))
    for (let i = 0; i < 5; i++) {
      call()
      call()
      await clock.advance(90)
    }
    await clock.advance(1_000)
    expect(runs).toEqual([0, 200, 400])
    call()
    expect(runs).toHaveLength(4)
  })
})
