import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { FileRow } from '../../../src/shared/model.ts'
import { startApp } from '../../support/running-app.ts'
import type { RunningApp } from '../../support/running-app.ts'
import { tempDir } from '../../support/temp-dir.ts'

vi.setConfig({ testTimeout: 60_000 })

const running: RunningApp[] = []
afterEach(async () => {
  for (const { app } of running.splice(0)) await app.close()
})

async function start(dataDir: string): Promise<RunningApp> {
  const started = await startApp(dataDir)
  running.push(started)
  return started
}
const byName = { key: 'name', descending: false } as const

async function withFiles(count: number): Promise<RunningApp & { dir: string; rows: FileRow[]; onServer(row: FileRow): Promise<boolean> }> {
  const dir = await tempDir()
  const started = await start(join(dir, 'data'))
  const { call, idle } = started
  const paths = Array.from({ length: count }, (_, i) => join(dir, `${String.fromCodePoint(97 + i)}.txt`))
  for (const path of paths) await writeFile(path, path)
  await call('transfers.upload', { paths, group: 'group2' })
  await idle()
  const { rows } = await call('files.open', { query: {}, sort: byName })
  const onServer = async (row: FileRow) => {
    await call('files.add', { fileIds: [row.fileId] })
    const { rows: found } = await call('files.open', { query: {}, sort: byName })
    const listed = found.find((each) => each.fileId === row.fileId)!
    const [facts] = await call('files.facts', { ids: [listed.id] })
    return facts!.exists
  }
  return { ...started, dir, rows, onServer }
}

describe('the trash', () => {
  it('keeps files on the servers, and restores them', async () => {
    const { call, rows } = await withFiles(2)
    expect(await call('trash.put', { selection: { ids: [rows[0]!.id] } })).toEqual({ ids: [rows[0]!.id], count: 1 })
    expect((await call('files.open', { query: {}, sort: byName })).total).toBe(1)
    const [listed] = await call('trash.rows', { ids: await call('trash.list', {}) })
    expect(listed).toMatchObject({ name: 'a.txt', removing: false })
    expect((listed!.removeAt - listed!.deletedAt) / 86_400_000).toBeCloseTo(7, 3)
    expect(await call('trash.restore', { ids: [rows[0]!.id] })).toEqual({ count: 1 })
    const [facts] = await call('files.facts', { ids: [rows[0]!.id] })
    expect(facts).toMatchObject({ exists: true })
  })

  it('leaves a folder where it is when its last file goes', async () => {
    const { call, rows } = await withFiles(2)
    const ids = rows.map((row) => row.id)
    await call('files.move', { selection: { ids }, folder: '2026/春季' })
    await call('trash.put', { selection: { ids } })
    expect(await call('files.folders', {})).toContainEqual({ path: '2026/春季', fileCount: 0 })
    await call('trash.restore', {})
    expect(await call('files.folders', {})).toContainEqual({ path: '2026/春季', fileCount: 2 })
  })

  it('names slaves that would stay behind, and where links to the files begin', async () => {
    const { call, rows } = await withFiles(2)
    const slave = rows[0]!.fileId.replace(/\.txt$/, '_150x150.txt')
    await call('files.add', { fileIds: [slave] })
    const { rows: all } = await call('files.open', { query: {}, sort: byName })
    const added = all.find((row) => row.fileId === slave)!
    const affected = await call('trash.affected', { selection: { ids: rows.map((row) => row.id) } })
    expect(affected).toMatchObject({ slaveIds: [added.id], slaveNames: [added.name], complete: true, linkBases: [] })
    // Who goes along is not left behind.
    expect(await call('trash.affected', { selection: { query: {}, exceptIds: [] } })).toMatchObject({ slaveIds: [] })
  })

  it('deletes from the servers now, all of it or some, as a batch of transfers', async () => {
    const { call, idle, rows, onServer } = await withFiles(3)
    await call('trash.put', { selection: { query: {}, exceptIds: [] } })
    const { batchId } = await call('trash.remove', { ids: [rows[0]!.id] })
    await idle()
    expect((await call('transfers.batch', { batchId: batchId! }))?.counts.done).toBe(1)
    expect(await call('trash.count', {})).toBe(2)
    await call('trash.remove', {})
    await idle()
    expect(await call('trash.count', {})).toBe(0)
    expect(await call('trash.remove', {})).toEqual({ batchId: null })
    for (const row of rows) expect(await onServer(row)).toBe(false)
  })

  it('removes what is due by itself, also after a restart, and nothing else', async () => {
    const first = await withFiles(2)
    await first.call('settings.set', { trashDays: 0 })
    const [a, b] = first.rows as [FileRow, FileRow]
    await first.call('trash.put', { selection: { ids: [a.id] } })
    await first.idle()
    await vi.waitFor(async () => expect(await first.call('trash.count', {})).toBe(0), { timeout: 10_000 })
    await first.call('settings.set', { trashDays: 7 })
    await first.call('trash.put', { selection: { ids: [b.id] } })
    running.splice(running.indexOf(first), 1)
    await first.app.close()

    const again = await start(join(first.dir, 'data'))
    await again.idle()
    expect(await again.call('trash.count', {})).toBe(1)
    await again.call('trash.restore', {})
    const { rows } = await again.call('files.open', { query: {}, sort: byName })
    expect(await again.call('files.facts', { ids: rows.map((row) => row.id) })).toMatchObject([{ fileId: b.fileId, exists: true }])
  })
})
