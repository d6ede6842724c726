import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { WatchedFolder } from '../../../src/shared/contract.ts'
import { startApp } from '../../support/running-app.ts'
import { tempDir } from '../../support/temp-dir.ts'

vi.setConfig({ testTimeout: 60_000 })

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const WAY: Omit<WatchedFolder, 'id' | 'path'> = {
  on: true,
  group: null,
  folder: 'inbox',
  metadata: { from: 'watch' },
  tags: ['new'],
  thumbnails: [],
  duplicates: 'send',
  naming: ''
}

async function setup() {
  const dir = await tempDir()
  const root = join(dir, 'watched')
  await mkdir(root)
  const start = async () => {
    const running = await startApp(join(dir, 'data'))
    ends.push(() => running.app.close())
    const rows = async () => {
      const { rows: found } = await running.call('files.open', { query: {}, sort: { key: 'name', descending: false } })
      return found.map(({ name, folder, tags }) => ({ name, folder, tags }))
    }
    return { ...running, rows }
  }
  const put = async (path: string, content: string) => {
    const full = join(root, path)
    await mkdir(dirname(full), { recursive: true })
    await writeFile(full, content)
  }
  return { dir, root, start, put }
}

describe('a watched folder', () => {
  it('uploads what appears, with its folders, and leaves alone what was there and what is not finished', async () => {
    const { root, start, put } = await setup()
    await put('old.txt', 'was there')
    const { call, rows } = await start()
    const [folder] = await call('watches.save', { ...WAY, path: root })
    expect(folder).toMatchObject({ path: root, problem: null, sent: 0 })
    // Watching has begun once a file that appears is met: what came before is not.
    await put('a.txt', 'new')
    await put('half.part', 'not whole')
    await put('deep/er/b.txt', 'new, too')
    await vi.waitFor(async () => expect(await rows()).toHaveLength(2), 30_000)
    expect(await rows()).toEqual([
      { name: 'a.txt', folder: 'inbox', tags: ['new'] },
      { name: 'b.txt', folder: 'inbox/deep/er', tags: ['new'] }
    ])
    expect(await call('watches.list', {})).toMatchObject([{ sent: 2 }])
  })

  it('uploads what appeared while the program did not run, once', async () => {
    const { root, start, put } = await setup()
    const first = await start()
    await put('old.txt', 'was there')
    await first.call('watches.save', { ...WAY, path: root, existing: true })
    await put('early.txt', 'sent before')
    await vi.waitFor(async () => expect(await first.rows()).toHaveLength(2), 30_000)
    await first.idle()
    await ends.pop()!()
    await put('meanwhile.txt', 'while away')
    const second = await start()
    await vi.waitFor(async () => expect((await second.rows()).map(({ name }) => name)).toContain('meanwhile.txt'), 30_000)
    await second.idle()
    expect((await second.rows()).map(({ name }) => name)).toEqual(['early.txt', 'meanwhile.txt', 'old.txt'])
  })

  it('can be switched off and removed', async () => {
    const { root, start, put } = await setup()
    const { call, rows } = await start()
    const [folder] = await call('watches.save', { ...WAY, path: root })
    const { problem: _problem, sent: _sent, ...saved } = folder!
    expect(await call('watches.save', { ...saved, on: false })).toMatchObject([{ on: false }])
    await put('a.txt', 'unseen')
    // File systems tell the time in steps.
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await call('watches.save', { ...saved, on: true })).toMatchObject([{ on: true }])
    await put('b.txt', 'seen')
    await vi.waitFor(async () => expect((await rows()).map(({ name }) => name)).toEqual(['b.txt']), 30_000)
    expect(await call('watches.remove', { id: saved.id })).toEqual([])
  })

  it('says what is wrong, refuses what is no folder, and survives a spoilt file', async () => {
    const { dir, root, start } = await setup()
    const first = await start()
    await expect(first.call('watches.save', { ...WAY, path: join(dir, 'nowhere') })).rejects.toMatchObject({ code: 'LOCAL_NOT_FOUND' })
    await expect(first.call('watches.save', { ...WAY, path: 'relative' })).rejects.toMatchObject({ code: 'LOCAL_NOT_FOUND' })
    await first.call('watches.save', { ...WAY, path: root })
    await ends.pop()!()
    await rename(root, `${root}-moved`)
    const second = await start()
    await vi.waitFor(
      async () => expect((await second.call('watches.list', {}))[0]?.problem).toMatchObject({ code: 'LOCAL_NOT_FOUND' }),
      30_000
    )
    await ends.pop()!()
    const file = join(dir, 'data', 'watches.json')
    expect(await readFile(file, 'utf8')).toContain('inbox')
    await writeFile(file, '{ "folders": 5')
    const third = await start()
    expect(await third.call('watches.list', {})).toEqual([])
  })
})
