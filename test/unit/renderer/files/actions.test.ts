import { describe, expect, it } from 'vitest'
import { createClient } from '../../../../src/renderer/api/client.ts'
import { createFilesActions } from '../../../../src/renderer/features/files/actions.ts'
import { isSelected, selectedCount } from '../../../../src/renderer/features/files/selection.ts'
import { createFilesStore } from '../../../../src/renderer/features/files/store.ts'
import type { AppError } from '../../../../src/shared/errors.ts'
import type { FileQuery } from '../../../../src/shared/model.ts'
import { createFakeLink, settled } from '../../../support/fake-link.ts'
import { fileRow } from './file-row.ts'

/** A library of `total` files whose numbers are their rows; a query for a group finds none. */
function setup(total: number) {
  const library = { total, shift: 0 }
  const count = (query: FileQuery): number => (query.group === undefined ? library.total : 0)
  const rows = (start: number, wanted: number) =>
    Array.from({ length: Math.max(0, Math.min(wanted, library.total - start)) }, (_, index) => fileRow(start + index + library.shift))
  let view = 0
  const link = createFakeLink({
    'files.open': ({ query, first }) => ({
      view: ++view,
      total: count(query),
      exact: true,
      rows: query.group === undefined ? rows(0, first) : []
    }),
    'files.rows': ({ start, count: wanted }) => rows(start, wanted),
    'files.ids': ({ start, count: wanted }) => rows(start, wanted).map((row) => row.id),
    'files.close': () => null,
    'files.get': ({ ids }) => ids.filter((id) => id < library.total).map((id) => fileRow(id)),
    'files.folders': () => [],
    'files.groups': () => [],
    'order.tags': () => [],
    'order.searches': () => [],
    'files.rename': () => null
  })
  const store = createFilesStore()
  const timers: (() => void)[] = []
  const reported: AppError[] = []
  const actions = createFilesActions(store, {
    client: createClient(link),
    report: (error) => reported.push(error),
    activeProfileId: () => 'p1',
    setTimeout: (run) => timers.push(run)
  })
  const names = (): string[] => link.calls.map((call) => call.name)
  return { library, link, store, actions, timers, reported, names }
}

describe('the library', () => {
  it('opens with the first rows and asks for others only when they come near', async () => {
    const { actions, store, link, names } = setup(1_000_000)
    actions.start()
    await settled()
    expect(store.getState()).toMatchObject({ status: 'ready', total: 1_000_000 })
    actions.ensureRows(0, 40)
    await settled()
    expect(names()).not.toContain('files.rows')
    actions.ensureRows(500_000, 500_040)
    await settled()
    expect(store.getState().rows.get(500_040)?.id).toBe(500_040)
    expect(link.calls.filter((call) => call.name === 'files.rows')).toHaveLength(1)
  })

  it('shows the newest query when an older answer comes late', async () => {
    const { actions, store, link } = setup(3)
    const answer = link.answers['files.open']
    let release: () => void = () => undefined
    link.answers['files.open'] = async (input) => {
      if (input.query.group === undefined) await new Promise<void>((resolve) => (release = resolve))
      if (answer === undefined) throw new Error('no answer')
      return answer(input)
    }
    actions.start()
    await settled()
    actions.setQuery({ group: 'group9' })
    await settled()
    release()
    await settled()
    expect(store.getState()).toMatchObject({ status: 'ready', total: 0 })
    // The late view is not left open in the program.
    expect(link.calls.filter((call) => call.name === 'files.close')).toHaveLength(1)
  })

  it('selects a range over rows that were never loaded', async () => {
    const { actions, store } = setup(10_000)
    actions.start()
    await settled()
    await actions.select(10, 'only')
    await actions.select(5_000, 'range')
    const { selection, total } = store.getState()
    expect(selectedCount(selection, total)).toBe(4_991)
    expect(isSelected(selection, 4_000)).toBe(true)
    expect(isSelected(selection, 9)).toBe(false)
  })

  it('turns a range backwards around its anchor', async () => {
    const { actions, store } = setup(100)
    actions.start()
    await settled()
    await actions.select(10, 'only')
    await actions.select(12, 'range')
    await actions.select(8, 'range')
    expect(actions.selection()).toEqual({ ids: [8, 9, 10] })
    expect(store.getState().cursor).toBe(8)
  })

  it('means all that the query finds by a range from end to end', async () => {
    const { actions } = setup(1_000_000)
    actions.start()
    await settled()
    await actions.select(0, 'only')
    await actions.select(999_999, 'range')
    expect(actions.selection()).toEqual({ query: {}, exceptIds: [] })
  })

  it('keeps the selection and the cursor while sorting', async () => {
    const { actions, store, library } = setup(50)
    actions.start()
    await settled()
    await actions.select(20, 'only')
    library.shift = 5
    actions.sortBy('name')
    await settled()
    expect(actions.selection()).toEqual({ ids: [20] })
    expect(store.getState()).toMatchObject({ cursor: 15, lookAt: { row: 15 } })
  })

  it('follows the file under the cursor to where it is now, far away too, after sorting and after refreshing', async () => {
    const { actions, store, link, library } = setup(10_000)
    let place = 7_000
    link.answers['files.place'] = () => place
    actions.start()
    await settled()
    await actions.select(3, 'only')
    library.shift = 1_000
    actions.sortBy('name')
    await settled()
    expect(store.getState()).toMatchObject({ cursor: 7_000, anchor: 7_000, cursorId: 3, lookAt: { row: 7_000 } })
    place = 7_001
    actions.refresh()
    await settled()
    // Nothing moves under the reader's eyes because somebody else added a file.
    expect(store.getState()).toMatchObject({ cursor: 7_001, anchor: 7_001, cursorId: 3, lookAt: { row: 7_000 } })
  })

  it('shows another order from its top when nothing is selected', async () => {
    const { actions, store } = setup(10_000)
    actions.start()
    await settled()
    actions.ensureRows(5_000, 5_040)
    actions.sortBy('sizeBytes')
    await settled()
    expect(store.getState().lookAt).toEqual({ row: 0 })
    await actions.select(30, 'only')
    actions.clearSelection()
    const before = store.getState().lookAt
    actions.sortBy('sizeBytes')
    await settled()
    expect(store.getState().lookAt).toEqual({ row: 0 })
    expect(store.getState().lookAt).not.toBe(before)
  })

  it('sorts the other way when the same column is chosen again', async () => {
    const { actions, store } = setup(1)
    actions.sortBy('name')
    expect(store.getState().sort).toEqual({ key: 'name', descending: false })
    actions.sortBy('name')
    expect(store.getState().sort).toEqual({ key: 'name', descending: true })
    await settled()
  })

  it('drops the selection with the query, so that nothing invisible is acted on', async () => {
    const { actions } = setup(50)
    actions.start()
    await settled()
    await actions.select(3, 'only')
    actions.patchQuery({ text: 'x' })
    expect(actions.selection()).toBeNull()
    await settled()
  })

  it('removes filters that are cleared from the query', async () => {
    const { actions, store } = setup(5)
    actions.patchQuery({ text: 'a', ext: 'jpg' })
    actions.patchQuery({ text: '', ext: undefined })
    expect(store.getState().query).toEqual({})
    await settled()
  })

  it('looks again once for many changes of the library', async () => {
    const { actions, link, timers, library, store, names } = setup(5)
    actions.start()
    await settled()
    library.total = 9
    for (let revision = 1; revision <= 10; revision += 1) link.emit('library.changed', { revision, profileId: 'p1' })
    expect(timers).toHaveLength(1)
    timers[0]?.()
    await settled()
    expect(store.getState().total).toBe(9)
    expect(names().filter((name) => name === 'files.open')).toHaveLength(2)
  })

  it('deselects files that are gone after a change', async () => {
    const { actions, link, timers, library } = setup(5)
    actions.start()
    await settled()
    await actions.select(1, 'only')
    await actions.select(4, 'range')
    library.total = 3
    link.emit('library.changed', { revision: 1, profileId: 'p1' })
    timers[0]?.()
    await settled()
    expect(actions.selection()).toEqual({ ids: [1, 2] })
  })

  it('starts over when another profile becomes active, and not when the same one was edited', async () => {
    const { actions, link, store } = setup(5)
    actions.start()
    await settled()
    actions.patchQuery({ ext: 'jpg' })
    await settled()
    link.emit('profiles.changed', { revision: 1, profiles: [], activeProfileId: 'p1' })
    expect(store.getState().query).toEqual({ ext: 'jpg' })
    link.emit('profiles.changed', { revision: 2, profiles: [], activeProfileId: 'p2' })
    expect(store.getState().query).toEqual({})
    await settled()
  })

  it('shows the error of a first view, and recovers by refreshing', async () => {
    const { actions, link, store } = setup(5)
    const answer = link.answers['files.open']
    link.answers['files.open'] = () => {
      // oxlint-disable-next-line typescript/only-throw-error -- errors cross the link as data
      throw { code: 'LIBRARY_CORRUPT', message: 'x' }
    }
    actions.start()
    await settled()
    expect(store.getState()).toMatchObject({ status: 'error', error: { code: 'LIBRARY_CORRUPT' } })
    link.answers['files.open'] = answer
    actions.refresh()
    await settled()
    expect(store.getState()).toMatchObject({ status: 'ready', error: null })
  })

  it('keeps showing its rows while the link is away, and looks again when it is back', async () => {
    const { actions, link, store, library } = setup(5)
    actions.start()
    await settled()
    link.setUp(false)
    actions.refresh()
    await settled()
    expect(store.getState()).toMatchObject({ status: 'ready', total: 5 })
    library.total = 6
    link.setUp(true)
    await settled()
    expect(store.getState().total).toBe(6)
  })

  it('opens the view again when the program has forgotten it', async () => {
    const { actions, link, store, names } = setup(5_000)
    actions.start()
    await settled()
    const answer = link.answers['files.rows']
    link.answers['files.rows'] = () => {
      link.answers['files.rows'] = answer
      // oxlint-disable-next-line typescript/only-throw-error -- errors cross the link as data
      throw { code: 'INPUT_INVALID', message: 'view' }
    }
    actions.ensureRows(3_000, 3_030)
    await settled()
    expect(names().filter((name) => name === 'files.open')).toHaveLength(2)
    actions.ensureRows(3_000, 3_030)
    await settled()
    expect(store.getState().rows.get(3_000)?.id).toBe(3_000)
  })

  it('finds by the first letters, also in rows that were never loaded, and around the end', async () => {
    const { actions } = setup(3_000)
    actions.start()
    await settled()
    await expect(actions.findByPrefix('2500', 0)).resolves.toBe(2_500)
    await expect(actions.findByPrefix('10', 2_000)).resolves.toBe(10)
    await expect(actions.findByPrefix('zzz', 0)).resolves.toBeNull()
  })

  it('reports a range that could not be read', async () => {
    const { actions, link, reported } = setup(10_000)
    actions.start()
    await settled()
    link.answers['files.ids'] = () => {
      // oxlint-disable-next-line typescript/only-throw-error -- errors cross the link as data
      throw { code: 'LIBRARY_FAILED', message: 'x' }
    }
    await actions.select(0, 'only')
    await actions.select(5_000, 'range')
    expect(reported.map((error) => error.code)).toEqual(['LIBRARY_FAILED'])
  })
})
