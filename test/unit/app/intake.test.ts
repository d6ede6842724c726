import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join, dirname } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { lookAt } from '../../../src/main/app/intake.ts'
import { startApp } from '../../support/running-app.ts'
import { tempDir } from '../../support/temp-dir.ts'

vi.setConfig({ testTimeout: 60_000 })

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function setup() {
  const dir = await tempDir()
  const { app, call, idle } = await startApp(join(dir, 'data'))
  ends.push(() => app.close())
  const put = async (path: string, content: string): Promise<string> => {
    const full = join(dir, 'files', path)
    await mkdir(dirname(full), { recursive: true })
    await writeFile(full, content)
    return full
  }
  return { dir, call, idle, put }
}

describe('a look at what was dropped', () => {
  it('counts files, bytes and pictures in folders, and what cannot be read', async () => {
    const { dir, call, put } = await setup()
    await put('a/one.jpg', '12345')
    await put('a/b/two.txt', '123')
    await symlink(join(dir, 'nowhere'), join(dir, 'files', 'a', 'broken'))
    expect(await call('intake.look', { paths: [join(dir, 'files', 'a')] })).toEqual({
      files: 2,
      bytes: 8,
      unread: 1,
      pictures: 1,
      duplicates: 0,
      duplicateNames: [],
      complete: true
    })
  })

  it('finds what the library has by its content, whatever it is called, and nothing that only has its size', async () => {
    const { call, idle, put } = await setup()
    await call('transfers.upload', { paths: [await put('first.txt', 'one content')] })
    await idle()
    const same = await put('other name.txt', 'one content')
    const size = await put('same size.txt', 'one CONTENT')
    expect(await call('intake.look', { paths: [same, size] })).toMatchObject({
      files: 2,
      duplicates: 1,
      duplicateNames: ['other name.txt']
    })
    const known = await call('intake.known', {
      files: [
        { sizeBytes: 11, crc32: null },
        { sizeBytes: 12, crc32: null },
        { sizeBytes: 11, crc32: 5 }
      ]
    })
    expect(known).toEqual([true, false, false])
  })
})

it('a look at more than anybody waits for tells what it has seen, and that it is not all', async () => {
  const dir = await tempDir()
  for (let i = 0; i < 600; i += 1) await writeFile(join(dir, `${i}.txt`), 'x')
  const files = { sizes: () => new Set<number>(), sameContent: () => [] }
  expect(await lookAt(files, 'p', [dir], new AbortController().signal, -1)).toMatchObject({ files: 500, bytes: 500, complete: false })
  expect(await lookAt(files, 'p', [dir], new AbortController().signal)).toMatchObject({ files: 600, complete: true })
})

describe('a picture from the clipboard', () => {
  it('gets a place on the disk, from where it is uploaded', async () => {
    const { call, idle } = await setup()
    const { path } = await call('intake.keep', { name: '图片 2026-11-22 10.00.00.png', content: Buffer.from('picture').toString('base64') })
    expect(await readFile(path, 'utf8')).toBe('picture')
    await call('transfers.upload', { paths: [path] })
    await idle()
    const { rows } = await call('files.open', { query: {}, sort: { key: 'name', descending: false } })
    expect(rows.map(({ name }) => name)).toEqual(['图片 2026-11-22 10.00.00.png'])
    // What is uploaded is not kept.
    await expect(readFile(path)).rejects.toThrow('ENOENT')
  })

  it.each(['../out.png', 'a/b.png', 'a\\b.png', '..', '.', '', 'end.', 'nul\u0000.png'])('is refused under the name %j', async (name) => {
    const { call } = await setup()
    await expect(call('intake.keep', { name, content: '' })).rejects.toMatchObject({ code: 'CALL_INVALID' })
  })
})
