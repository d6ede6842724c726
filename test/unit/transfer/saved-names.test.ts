import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { bufferSource } from '../../../src/main/client/file-source.ts'
import { openLibrary } from '../../../src/main/library/open.ts'
import { readZip } from '../../support/read-zip.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { PROFILE, rig } from './engine-kit.ts'
import type { Rig } from './engine-kit.ts'

let open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const made of open.toReversed()) await made.close()
  open = []
})

/** Folder and name as in the library; '' = only the server knows the name 'Bild.png'. */
const FILES = [
  ['', 'plain.txt'],
  ['', 'CON.txt'],
  ['', 'a:b?.png'],
  ['', 'plain.txt'],
  ['Q1: draft', 'fine.psd'],
  ['Über', 'cafe\u0301.txt'],
  ['', '']
] as const

async function stored(): Promise<{ made: Rig; fileIds: string[] }> {
  const library = await openLibrary({ path: join(await tempDir(), 'library.db') })
  open.push(library)
  const made = await rig({ journal: library.journal, files: library.files })
  open.push(made)
  const fileIds: string[] = []
  for (const [folder, name] of FILES) {
    const { fileId } = await made.store.upload({ ext: 'bin' }, bufferSource(Buffer.from(name)))
    fileIds.push(fileId)
    if (name === '') await made.store.setMetadata(fileId, { filename: 'Bild.png' }, 'overwrite')
    else library.files.upsert(PROFILE, [{ fileId, name, folder, origin: 'upload' }])
  }
  return { made, fileIds }
}

const WANTED = [
  { name: 'plain.txt', savedAs: null },
  { name: 'CON.txt', savedAs: 'CON_.txt' },
  { name: 'a:b?.png', savedAs: 'a%3Ab%3F.png' },
  { name: 'plain.txt', savedAs: 'plain (2).txt' },
  { name: 'fine.psd', savedAs: 'Q1%3A draft/fine.psd' },
  { name: 'cafe\u0301.txt', savedAs: null },
  { name: 'Bild.png', savedAs: null }
]

test('what a download had to call otherwise is counted and told, file by file, also after a restart', async () => {
  const { made, fileIds } = await stored()
  made.settings.concurrency = 1
  const target = await tempDir()
  const { batchId } = made.engine.download({ profileId: PROFILE, fileIds, target })
  const view = await made.engine.settled(batchId)
  expect(view).toMatchObject({ renamed: 4, counts: { done: FILES.length } })
  const rows = made.rows(batchId).map(({ name, savedAs }) => ({ name, savedAs }))
  // Which of the two equal names came first is not promised.
  const equal = (row: { name: string; savedAs: string | null }): boolean => row.name === 'plain.txt'
  expect(rows.filter((row) => !equal(row))).toEqual(WANTED.filter((row) => !equal(row)))
  expect(new Set(rows.filter((row) => equal(row)).map(({ savedAs }) => savedAs))).toEqual(new Set([null, 'plain (2).txt']))
  expect(readdirSync(join(target, 'Q1%3A draft'))).toEqual(['fine.psd'])
  await made.restart()
  expect(made.engine.batch(batchId)).toMatchObject({ renamed: 4 })
})

test('without folders only the names of files count', async () => {
  const { made, fileIds } = await stored()
  const { batchId } = made.engine.download({ profileId: PROFILE, fileIds, target: await tempDir(), keepFolders: false })
  expect((await made.engine.settled(batchId)).renamed).toBe(3)
})

test('an archive tells which members have another name in it, and what they are called', async () => {
  const { made, fileIds } = await stored()
  const target = join(await tempDir(), 'all.zip')
  const { batchId } = made.engine.zip({ profileId: PROFILE, fileIds, target })
  expect(await made.engine.settled(batchId)).toMatchObject({ renamed: 4, counts: { done: FILES.length } })
  expect(made.rows(batchId).map(({ name, savedAs }) => ({ name, savedAs }))).toEqual(
    WANTED.map((row) => (row.name.startsWith('cafe') ? { ...row, name: 'caf\u00e9.txt' } : row))
  )
  const inside = [...(await readZip(target)).keys()]
  expect(inside).toEqual([
    'plain.txt',
    'CON_.txt',
    'a%3Ab%3F.png',
    'plain (2).txt',
    'Q1%3A draft/fine.psd',
    'Über/caf\u00e9.txt',
    'Bild.png'
  ])
})
