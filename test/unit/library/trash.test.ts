import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { Library } from '../../../src/main/library/types.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { fileId, libraryKit } from './kit.ts'

const kit = libraryKit()
afterEach(() => kit.closeAll())

const P = 'p'
const sort = { key: 'name', descending: false } as const
async function open(clock = () => 1_000): Promise<Library> {
  return kit.open({ path: join(await tempDir(), 'library.db'), clock })
}
const all = (library: Library) => library.files.page(P, {}, sort, 100).rows

test('a file in the trash is nowhere else, and comes back as it was: id, name, folder, tags, metadata, search', async () => {
  const library = await open()
  library.files.upsert(P, [
    { fileId: fileId(1), name: '海报.psd', folder: '春季/海报', origin: 'upload', metadata: { project: 'spring' } },
    { fileId: fileId(2), name: 'b.txt', origin: 'upload' }
  ])
  const before = all(library)
  const poster = before.find((row) => row.name === '海报.psd')!
  library.files.tag(P, [poster.id], { add: ['hero'] })
  const whole = library.files.get(P, [poster.id])
  expect(library.trash.put(P, [poster.id], 9_000)).toBe(1)
  expect(all(library).map((row) => row.name)).toEqual(['b.txt'])
  expect(library.files.count(P, { text: '海报' })).toBe(0)
  expect(library.files.count(P, { tag: 'hero' })).toBe(0)
  expect(library.files.folders(P)).toEqual([])
  expect(library.files.groups(P)).toMatchObject([{ fileCount: 1 }])
  expect(library.trash.rows(P, library.trash.ids(P))).toEqual([
    {
      id: poster.id,
      fileId: poster.fileId,
      name: '海报.psd',
      folder: '春季/海报',
      sizeBytes: 10,
      deletedAt: 1_000,
      removeAt: 9_000,
      removing: false
    }
  ])
  expect(library.trash.restore(P, [poster.id])).toBe(1)
  expect(library.files.get(P, [poster.id])).toEqual(whole)
  expect(library.files.count(P, { text: '海报' })).toBe(1)
  expect(library.files.count(P, { tag: 'hero' })).toBe(1)
  expect(library.trash.count(P)).toBe(0)
})

test('a file that comes into the library again leaves the trash: what is shown is never deleted later', async () => {
  const library = await open()
  library.files.upsert(P, [{ fileId: fileId(1), origin: 'upload' }])
  library.trash.put(P, [all(library)[0]!.id], 0)
  library.files.upsert(P, [{ fileId: fileId(1), origin: 'paste' }])
  expect(library.trash.count(P)).toBe(0)
  expect(library.trash.due(P, 1_000, 10)).toEqual([])
})

test('pasting or importing a file of the trash restores all it had, and then adds what was said about it', async () => {
  const library = await open()
  library.files.upsert(
    P,
    [1, 2].map((n) => ({
      fileId: fileId(n),
      name: `海报${n}.psd`,
      folder: '春季',
      origin: 'upload' as const,
      metadata: { project: 'spring' },
      tags: ['hero']
    }))
  )
  const ids = all(library).map((row) => row.id)
  library.order.setFavourite(P, ids, true)
  const before = library.files.get(P, ids)
  library.trash.put(P, ids, 9_000)
  expect(library.files.upsert(P, [{ fileId: before[0]!.fileId, origin: 'paste' }])).toEqual({ inserted: 0, merged: 1 })
  expect(library.files.get(P, [ids[0]!])).toEqual([before[0]])
  const told = { fileId: before[1]!.fileId, origin: 'paste' as const, name: 'new.psd', tags: ['print'] }
  expect(await library.bulk.upsert(P, [told])).toEqual({ inserted: 0, merged: 1 })
  expect(library.files.get(P, [ids[1]!])).toEqual([{ ...before[1], name: 'new.psd', tags: ['hero', 'print'] }])
  expect(library.trash.count(P)).toBe(0)
  expect(library.files.count(P, { tag: 'hero' })).toBe(2)
  expect(library.files.count(P, { text: '海报' })).toBe(1)
  expect(library.files.count(P, { text: 'new.psd' })).toBe(1)
})

test('only what is due and not being removed is due; a batch that failed gives its files back', async () => {
  const library = await open()
  library.files.upsert(
    P,
    [1, 2, 3].map((n) => ({ fileId: fileId(n), origin: 'upload' as const }))
  )
  const ids = all(library).map((row) => row.id)
  library.trash.put(P, ids.slice(0, 2), 500)
  library.trash.put(P, ids.slice(2), 5_000)
  const due = library.trash.due(P, 1_000, 10)
  expect(due).toHaveLength(2)
  library.trash.removing(P, [due[0]!.fileId], 77)
  expect(library.trash.due(P, 1_000, 10)).toEqual([due[1]])
  expect(library.trash.batches()).toEqual([77])
  // What is being removed cannot be restored: the server may have forgotten it already.
  expect(library.trash.restore(P, ids)).toBe(2)
  library.trash.released(77, 2_000)
  expect(library.trash.due(P, 1_000, 10)).toEqual([])
  expect(library.trash.due(P, 2_000, 10)).toHaveLength(1)
  // Gone from the server: gone from the trash.
  library.files.forget(P, [due[0]!.fileId])
  expect(library.trash.count(P)).toBe(0)
})

test('the trash of one connection is not that of another', async () => {
  const library = await open()
  library.files.upsert(P, [{ fileId: fileId(1), origin: 'upload' }])
  library.files.upsert('q', [{ fileId: fileId(1), origin: 'upload' }])
  library.trash.put(P, [all(library)[0]!.id], 0)
  expect([library.trash.count(P), library.trash.count('q'), library.trash.profiles()]).toEqual([1, 0, [P]])
  expect(library.trash.restore('q', library.trash.ids(P))).toBe(0)
  expect(library.files.count('q', {})).toBe(1)
})
