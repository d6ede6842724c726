import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { FileRow } from '../../../src/shared/model.ts'
import { startApp } from '../../support/running-app.ts'
import type { RunningApp } from '../../support/running-app.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { fileId } from '../library/kit.ts'

vi.setConfig({ testTimeout: 60_000 })

const running: RunningApp[] = []
afterEach(async () => {
  for (const { app } of running.splice(0)) await app.close()
})

/** An application with uploaded files a.txt, b.txt, … */
async function withFiles(count: number): Promise<RunningApp & { rows: FileRow[]; onServer(): Promise<unknown[]> }> {
  const dir = await tempDir()
  const started = await startApp(join(dir, 'data'))
  running.push(started)
  const { call, idle } = started
  const paths = Array.from({ length: count }, (_, i) => join(dir, `${String.fromCodePoint(97 + i)}.txt`))
  for (const path of paths) await writeFile(path, path)
  await call('transfers.upload', { paths, group: 'group2', metadata: { project: 'spring', old: 'x' } })
  await idle()
  const { rows } = await call('files.open', { query: {}, sort: { key: 'name', descending: false } })
  const onServer = async () => (await call('files.metadata', { ids: rows.map((row) => row.id) })).map(({ metadata }) => metadata)
  return { ...started, rows, onServer }
}

describe('the metadata grid', () => {
  it('writes another change to every file as one batch, and undoing restores the former values', async () => {
    const { call, idle, rows, onServer } = await withFiles(3)
    const before = await onServer()
    const [a, b, c] = rows.map((row) => row.id) as [number, number, number]
    const { draft } = await call('grid.stage', { draft: null, changes: [{ id: a, set: { title: '海报', project: 'summer' }, remove: [] }] })
    await call('grid.stage', { draft, changes: [{ id: b, set: {}, remove: ['old'] }] })
    // The last word on a file counts.
    await call('grid.stage', { draft, changes: [{ id: c, set: { wrong: '1' }, remove: [] }] })
    await call('grid.stage', { draft, changes: [{ id: c, set: { title: 'C' }, remove: ['project'] }] })
    const { batchId } = await call('grid.write', { draft })
    await idle()
    expect(await onServer()).toEqual([
      { filename: 'a.txt', old: 'x', project: 'summer', title: '海报' },
      { filename: 'b.txt', project: 'spring' },
      { filename: 'c.txt', old: 'x', title: 'C' }
    ])
    expect(await call('history.list', {})).toMatchObject([{ batchId, fileCount: 3, undoneBy: null }])

    const undo = await call('history.undo', { batchId })
    await idle()
    expect(await onServer()).toEqual(before)
    expect(await call('history.list', {})).toMatchObject([
      { batchId: undo.batchId, fileCount: 3, undoneBy: null },
      { batchId, undoneBy: undo.batchId }
    ])
    // Undoing can be undone.
    await call('history.undo', { batchId: undo.batchId })
    await idle()
    expect(await onServer()).toMatchObject([{ title: '海报' }, { project: 'spring' }, { title: 'C' }])
  })

  it('keeps the former values of changes made elsewhere in the window as well', async () => {
    const { call, idle, rows, onServer } = await withFiles(1)
    const before = await onServer()
    const { batchId } = await call('transfers.metadata', {
      selection: { ids: [rows[0]!.id] },
      set: { only: 'this' },
      remove: [],
      overwrite: true
    })
    await idle()
    expect(await onServer()).toEqual([{ only: 'this' }])
    await call('history.undo', { batchId })
    await idle()
    expect(await onServer()).toEqual(before)
  })

  it('tells which file could not be written, and writes the others', async () => {
    const { call, idle, rows, onServer } = await withFiles(2)
    const gone = fileId(7, { group: 'group2' })
    await call('files.add', { fileIds: [gone] })
    const added = (await call('files.open', { query: {}, sort: { key: 'addedAt', descending: true } })).rows[0]!
    const { draft } = await call('grid.stage', {
      draft: null,
      changes: [added, ...rows].map(({ id }) => ({ id, set: { k: 'v' }, remove: [] }))
    })
    const { batchId } = await call('grid.write', { draft })
    await idle()
    expect((await call('transfers.batch', { batchId }))?.counts).toMatchObject({ done: 2, failed: 1 })
    const { rows: failed } = await call('transfers.page', { batchId, tags: ['failed'] })
    expect(failed.map((row) => row.fileId)).toEqual([gone])
    expect((await onServer()).slice(0, 2)).toMatchObject([{ k: 'v' }, { k: 'v' }])
    expect(await call('history.list', {})).toMatchObject([{ fileCount: 2 }])
  })

  it('refuses what the servers would cut, and drafts that it does not know', async () => {
    const { call, rows } = await withFiles(1)
    const { id } = rows[0]!
    await expect(call('grid.stage', { draft: null, changes: [{ id, set: { k: '好'.repeat(86) }, remove: [] }] })).rejects.toMatchObject({
      code: 'METADATA_TOO_LONG'
    })
    await expect(call('grid.write', { draft: 99 })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    await expect(call('history.undo', { batchId: 99 })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })
})
