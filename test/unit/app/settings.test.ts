import { readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSettings } from '../../../src/main/app/settings.ts'
import type { CorruptFile } from '../../../src/main/app/settings.ts'
import { calls, SettingsSchema } from '../../../src/shared/contract.ts'
import type { Settings } from '../../../src/shared/contract.ts'
import { tempDir } from '../../support/temp-dir.ts'

async function open(path: string) {
  const corrupt: CorruptFile[] = []
  return {
    store: await openSettings(
      path,
      () => 1234,
      (file) => corrupt.push(file)
    ),
    corrupt
  }
}

describe('settings', () => {
  it('are the defaults on the first start, without writing a file', async () => {
    const dir = await tempDir()
    const { store, corrupt } = await open(join(dir, 'settings.json'))
    expect(store.get()).toMatchObject({ language: 'system', concurrency: 'auto', storeFileName: true })
    expect(corrupt).toEqual([])
    expect(await readdir(dir)).toEqual([])
  })

  it('survive a restart, and changes at the same time do not lose each other', async () => {
    const path = join(await tempDir(), 'a', 'settings.json')
    const { store } = await open(path)
    const heard: Settings['concurrency'][] = []
    store.onChange((settings) => heard.push(settings.concurrency))
    await Promise.all([store.set({ concurrency: 7 }), store.set({ theme: 'dark' }), store.set({ language: undefined })])
    expect((await open(path)).store.get()).toMatchObject({ concurrency: 7, theme: 'dark', language: 'system' })
    expect(heard).toEqual([7, 7, 7])
  })

  it.each([
    ['half a file', '{"concurrency": 4, "the'],
    ['something else', '[1,2,3]'],
    ['an impossible value', '{"concurrency": 4000}'],
    ['nothing', '']
  ])('sets a damaged file aside and starts with the defaults: %s', async (_, content) => {
    const dir = await tempDir()
    const path = join(dir, 'settings.json')
    await writeFile(path, content)
    const { store, corrupt } = await open(path)
    expect(store.get().concurrency).toBe('auto')
    expect(corrupt).toMatchObject([{ path, setAside: `${path}.corrupt-1234` }])
    expect(await readFile(`${path}.corrupt-1234`, 'utf8')).toBe(content)
    await store.set({ concurrency: 2 })
    expect((await open(path)).store.get().concurrency).toBe(2)
  })

  it('keeps what a newer version wrote', async () => {
    const path = join(await tempDir(), 'settings.json')
    await writeFile(path, '{"future": {"a": 1}, "concurrency": 3}')
    const { store } = await open(path)
    expect(store.get()).not.toHaveProperty('future')
    await store.set({ theme: 'light' })
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ future: { a: 1 }, concurrency: 3, theme: 'light' })
  })

  it('change neither in memory nor in the file when the disk refuses', async () => {
    const dir = await tempDir()
    const path = join(dir, 'a', 'settings.json')
    const { store } = await open(path)
    await store.set({ concurrency: 5 })
    await rename(join(dir, 'a'), join(dir, 'b'))
    await writeFile(join(dir, 'a'), 'a file where the folder should be')
    await expect(store.set({ concurrency: 6 })).rejects.toMatchObject({ code: 'EEXIST' })
    expect(store.get().concurrency).toBe(5)
    expect((await open(join(dir, 'b', 'settings.json'))).store.get().concurrency).toBe(5)
    expect(await readdir(join(dir, 'b'))).toEqual(['settings.json'])
  })

  it('a change of one, as it comes from a window, says nothing about the others', () => {
    const defaults = SettingsSchema.parse({})
    for (const [key, value] of Object.entries(defaults)) {
      expect(calls['settings.set'].input.parse({ [key]: value })).toEqual({ [key]: value })
    }
    expect(calls['settings.set'].input.parse({})).toEqual({})
    expect(calls['settings.set'].input.safeParse({ theme: 'pink' }).success).toBe(false)
  })
})
