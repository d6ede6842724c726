import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createClient, installClient } from '../../../../src/renderer/api/client.ts'
import { cellOf, differences, withCells } from '../../../../src/renderer/features/grid/model.ts'
import {
  change,
  rangeOf,
  redo,
  select,
  selectRange,
  startSession,
  undo,
  useGrid,
  write
} from '../../../../src/renderer/features/grid/session.ts'
import type { BatchView, GridRow, Metadata } from '../../../../src/shared/model.ts'
import { createFakeLink, settled } from '../../../support/fake-link.ts'
import type { FakeLink } from '../../../support/fake-link.ts'

/** Three files on a server that knows their metadata; the library has never asked for that of the third. */
const server = new Map<number, Metadata>()
let link: FakeLink
let stop = () => {}
const library = new Map<number, Metadata | null>()
const rowOf = (id: number): GridRow => ({ id, fileId: `f${id}`, name: `file ${id}`, metadata: library.get(id) ?? null })
const grid = () => useGrid.getState().grid
const set = (row: number, key: string, value: string) => change((now) => withCells(now, [{ row, key, value }]))

beforeEach(() => {
  server.clear()
  library.clear()
  for (const id of [1, 2, 3]) server.set(id, { project: `p${id}` })
  for (const id of [1, 2]) library.set(id, server.get(id)!)
  link = createFakeLink({
    'grid.rows': ({ ids }) => ids.map(rowOf),
    'files.metadata': ({ ids }) => ids.map((id) => ({ id, metadata: server.get(id) ?? null, error: null }))
  })
  installClient(createClient(link))
})
afterEach(() => stop())

async function start(ids = [1, 2, 3]): Promise<void> {
  stop = startSession(ids)
  await settled()
  await settled()
}

describe('the open grid', () => {
  it('shows what the library knows, then asks the servers for the rest only', async () => {
    await start()
    expect(useGrid.getState().status).toBe('ready')
    expect(link.calls.filter(({ name }) => name === 'files.metadata')).toEqual([{ name: 'files.metadata', input: { ids: [3] } }])
    expect([0, 1, 2].map((row) => cellOf(grid(), row, 'project'))).toEqual(['p1', 'p2', 'p3'])
    expect(useGrid.getState().reading).toBeNull()
  })

  it('says how many could not be read, and why', async () => {
    link.answers['files.metadata'] = ({ ids }) =>
      ids.map((id) => ({ id, metadata: null, error: { code: 'NOT_FOUND', message: 'NOT_FOUND' } }))
    await start()
    expect(useGrid.getState().reading).toMatchObject({ failed: 1, running: false, error: { code: 'NOT_FOUND' } })
  })

  it('takes steps back and forth; what was read meanwhile stays', async () => {
    await start()
    set(0, 'project', 'x')
    set(1, 'project', 'y')
    undo()
    expect(differences(grid()).map(({ after }) => after)).toEqual(['x'])
    redo()
    expect(differences(grid()).map(({ after }) => after)).toEqual(['x', 'y'])
    undo()
    undo()
    expect(grid().edits.size).toBe(0)
    expect(useGrid.getState()).toMatchObject({ canUndo: false, canRedo: true })
    expect(cellOf(grid(), 2, 'project')).toBe('p3')
  })

  it('keeps the cursor inside, and the first cell of a range active', async () => {
    await start()
    select({ row: 99, column: -5 })
    expect(useGrid.getState().cursor).toEqual({ row: 2, column: 0 })
    selectRange({ top: 0, bottom: 2, left: 0, right: 0 })
    expect(useGrid.getState().cursor).toEqual({ row: 0, column: 0 })
    expect(rangeOf(useGrid.getState())).toEqual({ top: 0, bottom: 2, left: 0, right: 0 })
  })

  it('writes, takes over what the servers have, and keeps the edits of files that failed', async () => {
    await start()
    set(0, 'project', 'new')
    set(1, 'project', 'refused')
    link.answers['grid.stage'] = () => ({ draft: 5 })
    link.answers['grid.write'] = () => {
      library.set(1, { project: 'new' })
      return { batchId: 9 }
    }
    link.answers['transfers.batch'] = () => ({ id: 9, finishedAt: 1, counts: { done: 1, failed: 1, cancelled: 0 } }) as BatchView
    await write()
    expect(link.calls.find(({ name }) => name === 'grid.stage')?.input).toEqual({
      draft: null,
      changes: [
        { id: 1, set: { project: 'new' }, remove: [] },
        { id: 2, set: { project: 'refused' }, remove: [] }
      ]
    })
    expect(useGrid.getState()).toMatchObject({ written: { batchId: 9, done: 1, failed: 1 }, writing: null, canUndo: false })
    expect(differences(grid())).toEqual([{ row: 1, key: 'project', before: 'p2', after: 'refused' }])
  })

  it('a failed start of writing leaves everything as it was', async () => {
    await start()
    set(0, 'project', 'new')
    link.answers['grid.stage'] = () => {
      // oxlint-disable-next-line no-throw-literal -- an error as it crosses the link
      throw { code: 'METADATA_TOO_LONG', message: 'METADATA_TOO_LONG' }
    }
    await expect(write()).rejects.toMatchObject({ code: 'METADATA_TOO_LONG' })
    expect(useGrid.getState().writing).toBeNull()
    expect(differences(grid())).toHaveLength(1)
  })

  it('what belongs to an earlier opening is dropped', async () => {
    let answer: (rows: GridRow[]) => void = () => {}
    link.answers['grid.rows'] = () => new Promise((resolve) => (answer = resolve))
    const stopFirst = startSession([1])
    await settled()
    const late = answer
    link.answers['grid.rows'] = ({ ids }) => ids.map(rowOf)
    stopFirst()
    await start([2])
    late([rowOf(1)])
    await settled()
    expect(grid().rows.map((row) => row.id)).toEqual([2])
  })
})
