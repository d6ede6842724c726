import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { FileQuery } from '../../../src/shared/model.ts'
import { startApp, type RunningApp } from '../../support/running-app.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { fileId } from '../library/kit.ts'

vi.setConfig({ testTimeout: 60_000 })

const running: RunningApp[] = []
afterEach(async () => {
  for (const { app } of running.splice(0)) await app.close()
})

async function withFiles(count: number) {
  const started = await startApp(join(await tempDir(), 'data'))
  running.push(started)
  const { call } = started
  await call('files.add', { fileIds: Array.from({ length: count }, (_, i) => fileId(i + 1)) })
  const open = async (query: FileQuery) => (await call('files.open', { query, sort: { key: 'fileId', descending: false } })).rows
  return { ...started, open, all: await open({}) }
}
const everything = { query: {}, exceptIds: [] }
const INVALID = { code: 'INPUT_INVALID' }

describe('order', () => {
  it('gives tags another name and colour, on every file, and takes them away', async () => {
    const { call, open } = await withFiles(3)
    await call('order.saveTag', { name: 'Hero', color: 'red' })
    expect(await call('order.tag', { selection: everything, add: ['hero', 'new'], remove: [] })).toEqual({ count: 3 })
    await call('order.saveTag', { name: 'Star', color: 'blue', from: 'Hero' })
    expect(await call('order.tags', {})).toEqual([
      { name: 'new', color: 'none', fileCount: 3 },
      { name: 'Star', color: 'blue', fileCount: 3 }
    ])
    await call('order.removeTag', { name: 'new' })
    expect((await open({ text: 'tag:star' })).map((row) => row.tags)).toEqual([['Star'], ['Star'], ['Star']])
    expect(await open({ text: 'tag:new' })).toEqual([])
  })

  it('moves folders with all that is below them, and joins one that is there', async () => {
    const { call, open, all } = await withFiles(4)
    const put = (index: number, folder: string) => call('files.move', { selection: { ids: [all[index]!.id] }, folder })
    await put(0, 'a')
    await put(1, 'a/b')
    await put(2, 'c/b')
    await call('order.addFolder', { path: 'a/empty' })
    await call('order.moveFolder', { from: 'a', to: 'c' })
    expect(await call('files.folders', {})).toEqual([
      { path: 'c', fileCount: 1 },
      { path: 'c/b', fileCount: 2 },
      { path: 'c/empty', fileCount: 0 }
    ])
    expect(await open({ folder: 'c', recursive: true })).toHaveLength(3)
    await expect(call('order.moveFolder', { from: 'c', to: 'c/b/d' })).rejects.toMatchObject(INVALID)
    await expect(call('order.moveFolder', { from: 'c', to: '../d' })).rejects.toMatchObject(INVALID)
    await expect(call('order.addFolder', { path: '//' })).rejects.toMatchObject(INVALID)
    await call('order.removeFolder', { path: 'c/b' })
    expect(await call('files.folders', {})).toEqual([
      { path: 'c', fileCount: 3 },
      { path: 'c/empty', fileCount: 0 }
    ])
  })

  it('keeps a folder whose last file was moved away', async () => {
    const { call } = await withFiles(1)
    await call('files.move', { selection: everything, folder: 'a' })
    await call('files.move', { selection: everything, folder: 'b' })
    expect(await call('files.folders', {})).toEqual([
      { path: 'a', fileCount: 0 },
      { path: 'b', fileCount: 1 }
    ])
  })

  it('marks favourites and keeps searches', async () => {
    const { call, open, all } = await withFiles(3)
    await call('order.favourite', { selection: { query: {}, exceptIds: [all[0]!.id] }, favourite: true })
    const { id } = await call('order.saveSearch', { name: 'Stars', query: { text: 'is:favourite' }, sort: null })
    const [search] = await call('order.searches', {})
    expect(search).toMatchObject({ id, name: 'Stars' })
    expect(await open(search!.query)).toHaveLength(2)
    await call('order.removeSearch', { id })
    expect(await call('order.searches', {})).toEqual([])
  })

  it('names duplicates, families, uploads and suggestions of a library that has none', async () => {
    const { call, all } = await withFiles(1)
    expect(await call('order.duplicates', {})).toEqual({ contents: 0, files: 0, wastedBytes: 0 })
    expect(await call('order.spareCopies', { keep: 'oldest' })).toEqual([])
    expect(await call('order.family', { id: all[0]!.id })).toEqual([])
    expect(await call('order.family', { id: 9_999 })).toEqual([])
    expect(await call('order.batches', {})).toEqual([])
    expect(await call('order.suggestions', {})).toEqual({ exts: ['jpg'], metadataKeys: [], metadataValues: {} })
  })
})

it('nothing is deleted in production without a confirmation, whoever asks', async () => {
  const { call, open, all } = await withFiles(1)
  const profiles = (await call('app.info', {})).profiles
  const { builtIn: _, ...profile } = profiles[0]!
  await call('profiles.save', { ...profile, environment: 'production' })
  const refused = { code: 'NOT_CONFIRMED' }
  await expect(call('transfers.delete', { selection: everything })).rejects.toMatchObject(refused)
  await expect(call('trash.put', { selection: everything })).rejects.toMatchObject(refused)
  expect(await open({})).toHaveLength(1)
  await call('trash.put', { selection: { ids: [all[0]!.id] }, confirmed: true })
  await expect(call('trash.remove', {})).rejects.toMatchObject(refused)
  expect(await call('trash.list', {})).toHaveLength(1)
})
