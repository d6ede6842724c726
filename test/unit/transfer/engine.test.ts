import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { tempDir } from '../../support/temp-dir.ts'
import { PROFILE, isReconciled, makeFiles, remoteBytes, rig } from './engine-kit.ts'
import type { Rig } from './engine-kit.ts'

let open: Rig[] = []
async function started(...args: Parameters<typeof rig>): Promise<Rig> {
  const made = await rig(...args)
  open.push(made)
  return made
}
afterEach(async () => {
  for (const made of open) await made.close()
  open = []
})

test('uploads files and folders, keeps names and folders, and stores exactly their bytes', async () => {
  const dir = await tempDir()
  const files = makeFiles(dir, { 'a.txt': 5, 'empty.bin': 0, '设计/图 1.png': 300_000, '设计/deep/x.tar.gz': 70_000 })
  const { engine, store, rows } = await started()
  const { batchId } = engine.upload({ profileId: PROFILE, paths: [join(dir, 'a.txt'), join(dir, 'empty.bin'), join(dir, '设计')] })
  const view = await engine.settled(batchId)
  expect(isReconciled(view)).toBe(true)
  expect(view.counts.done).toBe(4)
  const list = rows(batchId)
  expect(list.map((row) => `${row.folder}|${row.name}`)).toEqual(['|a.txt', '|empty.bin', '设计/deep|x.tar.gz', '设计|图 1.png'])
  for (const row of list) {
    expect((await remoteBytes(store, row.fileId!)).equals(files.get(row.localPath!)!)).toBe(true)
    expect(await store.getMetadata(row.fileId!)).toEqual({ filename: row.name })
  }
})

test('sends a large file as an appender and finishes it to a normal ID that carries size and CRC-32', async () => {
  const dir = await tempDir()
  const files = makeFiles(dir, { 'big.bin': 3_000_000 })
  const { engine, store, rows } = await started({ settings: { resumableThresholdBytes: 1_000_000, chunkBytes: 700_000 } })
  const { batchId } = engine.upload({ profileId: PROFILE, paths: [dir] })
  const view = await engine.settled(batchId)
  expect(view.counts.done).toBe(1)
  const [row] = rows(batchId)
  expect((await remoteBytes(store, row!.fileId!)).equals([...files.values()][0]!)).toBe(true)
  expect(view.doneBytes).toBe(3_000_000)
})

test('downloads into folders under the original names and zips', async () => {
  const dir = await tempDir()
  const files = makeFiles(dir, { 'in/a.txt': 5, 'in/empty.bin': 0, 'in/设计/图 1.png': 300_000, 'in/big.bin': 20_000_000 })
  const { engine, rows } = await started()
  const up = engine.upload({ profileId: PROFILE, paths: [join(dir, 'in')] })
  await engine.settled(up.batchId)
  const fileIds = rows(up.batchId).map((row) => row.fileId!)
  const down = engine.download({ profileId: PROFILE, fileIds, target: join(dir, 'out') })
  const view = await engine.settled(down.batchId)
  expect(view.counts.done).toBe(4)
  for (const row of rows(down.batchId)) {
    const source = [...files.keys()].find((path) => path.endsWith(row.localPath!.split('/').at(-1)!))!
    expect(readFileSync(row.localPath!).equals(files.get(source)!)).toBe(true)
  }
  const zip = engine.zip({ profileId: PROFILE, fileIds, target: join(dir, 'all.zip') })
  const zipped = await engine.settled(zip.batchId)
  expect(zipped.error).toBe(null)
  expect(zipped.counts.done).toBe(4)
})
