import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync
} from 'node:fs'
import { basename, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { bufferSource } from '../../../src/main/client/file-source.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { PROFILE, isReconciled, rig, until, watched } from './engine-kit.ts'
import type { Rig, RigOptions } from './engine-kit.ts'

const DOWNLOAD = 14
const MB = 1_000_000

let open: Rig[] = []
async function started(options: RigOptions = {}): Promise<Rig> {
  const made = await rig({ ...options, store: { networkTimeoutMs: 1_000, ...options.store } })
  open.push(made)
  return made
}
afterEach(async () => {
  for (const made of open) await made.close()
  open = []
})

async function put(made: Rig, content: Buffer, ext = 'bin', name?: string): Promise<string> {
  const { fileId } = await made.store.upload({ ext }, bufferSource(content))
  if (name !== undefined) await made.store.setMetadata(fileId, { filename: name }, 'overwrite')
  return fileId
}

async function download(made: Rig, fileIds: string[], target: string, more: object = {}) {
  const { batchId } = made.engine.download({ profileId: PROFILE, fileIds, target, ...more })
  return { batchId, view: await made.engine.settled(batchId) }
}

const listing = (dir: string): string[] => readdirSync(dir).sort()

test('cuts, silence and a wrong byte on the way end with the right bytes, and no .part stays', async () => {
  const made = await started()
  const content = randomBytes(40 * MB)
  const fileId = await put(made, content, 'bin', '大文件.bin')
  const { faults } = made.cluster
  faults.add({ server: 'group1/0', command: DOWNLOAD, times: 1, fault: { kind: 'cut', afterBytes: 5 * MB, reset: true } })
  faults.add({ server: 'group1/0', command: DOWNLOAD, times: 1, fault: { kind: 'stall', afterBytes: 3 * MB } })
  faults.add({ server: 'group1/0', command: DOWNLOAD, times: 1, fault: { kind: 'corrupt', atByte: 7 * MB } })
  const dir = await tempDir()
  const { view } = await download(made, [fileId], dir)
  expect(view.counts.done).toBe(1)
  expect(listing(dir)).toEqual(['大文件.bin'])
  expect(readFileSync(join(dir, '大文件.bin')).equals(content)).toBe(true)
}, 30_000)

test('large files come in several ranges at once and are put together right', async () => {
  const made = await started()
  const content = randomBytes(100 * MB)
  const fileId = await put(made, content)
  let ranges = 0
  let most = 0
  const store = watched(
    made.store,
    (call) => {
      if (call === 'download') ranges += 1
      most = Math.max(most, ranges)
    },
    (call) => {
      if (call === 'download') ranges -= 1
    }
  )
  await made.restart({ store: () => store })
  const dir = await tempDir()
  const { batchId, view } = await download(made, [fileId], dir)
  expect(view.counts.done).toBe(1)
  expect(most).toBeGreaterThan(1)
  expect(readFileSync(made.rows(batchId)[0]!.localPath!).equals(content)).toBe(true)
}, 60_000)

test('an engine closed in the middle goes on with what is there; a damaged .part is noticed', async () => {
  const made = await started()
  const content = randomBytes(60 * MB)
  const fileId = await put(made, content)
  const offsets: number[] = []
  const store = watched(made.store, (call, args) => {
    if (call === 'download') offsets.push((args[1] as { offset: number }).offset)
  })
  const dir = await tempDir()
  made.settings.downloadLimitBytes = 60 * MB
  await made.restart({ store: () => store })
  const { batchId } = made.engine.download({ profileId: PROFILE, fileIds: [fileId], target: dir })
  await until('more than half', () => (made.engine.batch(batchId)?.doneBytes ?? 0) > 35 * MB)
  await made.engine.close()
  const part = join(dir, listing(dir)[0]!)
  expect(part.endsWith('.part')).toBe(true)
  // The first segment is damaged on disk meanwhile.
  const bytes = readFileSync(part)
  bytes[100] = bytes[100]! ^ 1
  writeFileSync(part, bytes)
  const before = offsets.splice(0)
  made.settings.downloadLimitBytes = 0
  await made.restart({ store: () => store })
  const view = await made.engine.settled(batchId)
  expect(view.counts.done).toBe(1)
  expect(readFileSync(made.rows(batchId)[0]!.localPath!).equals(content)).toBe(true)
  // Only the damaged segment and what was missing came again.
  expect(offsets).toContain(0)
  expect(offsets.length).toBeLessThan(4)
  expect(before.length).toBeGreaterThan(0)
}, 30_000)

test('conflicts: rename never replaces, overwrite replaces, skip leaves alone', async () => {
  const made = await started()
  const fileId = await put(made, Buffer.from('new content'), 'txt', 'a.txt')
  const dir = await tempDir()
  const path = join(dir, 'a.txt')
  writeFileSync(path, 'old')
  const renamed = await download(made, [fileId, fileId], dir, { conflict: 'rename' })
  expect(renamed.view.counts.done).toBe(2)
  expect(listing(dir)).toEqual(['a (2).txt', 'a (3).txt', 'a.txt'])
  expect(readFileSync(path, 'utf8')).toBe('old')
  const skipped = await download(made, [fileId], dir, { conflict: 'skip' })
  expect(skipped.view.counts.skipped).toBe(1)
  expect(made.rows(skipped.batchId)[0]!.error?.code).toBe('TARGET_EXISTS')
  const over = await download(made, [fileId], dir, { conflict: 'overwrite' })
  expect(over.view.counts.done).toBe(1)
  expect(readFileSync(path, 'utf8')).toBe('new content')
  expect(listing(dir)).toEqual(['a (2).txt', 'a (3).txt', 'a.txt'])
})

test('names from the server cannot leave the chosen folder or hide what they are', async () => {
  const made = await started()
  const dir = await tempDir()
  const names = ['../../evil.txt', 'CON', 'a:b?.txt', '..', '/etc/passwd', 'nul.tar.gz', 'x'.repeat(250) + '.png', 'ＦＵＬＬ.txt ']
  const fileIds: string[] = []
  for (const name of names) fileIds.push(await put(made, Buffer.from(name), 'txt', name))
  const out = join(dir, 'out')
  const { batchId, view } = await download(made, fileIds, out)
  expect(view.counts.done).toBe(names.length)
  for (const row of made.rows(batchId)) expect(join(out, basename(row.localPath!))).toBe(row.localPath!)
  expect(listing(dir)).toEqual(['out'])
  expect(listing(out).length).toBe(names.length)
})

test('a file that is gone, a malformed ID and a slave that is missing fail by name; the others arrive', async () => {
  const made = await started()
  const good = await put(made, Buffer.from('good'))
  const gone = await put(made, Buffer.from('gone'))
  await made.store.remove(gone)
  const dir = await tempDir()
  const { batchId, view } = await download(made, [gone, 'not an id', good, `${gone.slice(0, -4)}_150x150.png`], dir)
  expect(made.rows(batchId).map((row) => [row.tag, row.error?.code ?? ''])).toEqual([
    ['failed', 'NOT_FOUND'],
    ['failed', 'FILE_ID_INVALID'],
    ['done', ''],
    ['failed', 'NOT_FOUND']
  ])
  expect(isReconciled(view)).toBe(true)
  expect(listing(dir).length).toBe(1)
}, 30_000)

test('an empty file is not asked for by range, but it must exist', async () => {
  const made = await started({ cluster: { quirks: true } })
  const fileId = await put(made, Buffer.alloc(0), 'txt', 'empty.txt')
  const dir = await tempDir()
  const { view } = await download(made, [fileId], dir)
  expect(view.counts.done).toBe(1)
  expect(readFileSync(join(dir, 'empty.txt')).length).toBe(0)
})

test('a folder that vanishes is not made anew behind the back of the user', async () => {
  const made = await started()
  const fileId = await put(made, Buffer.from('x'))
  const dir = join(await tempDir(), 'drive')
  const { batchId } = made.engine.download({ profileId: PROFILE, fileIds: [fileId], target: dir })
  await made.engine.control('pause', { batchId })
  rmSync(dir, { recursive: true })
  await made.engine.control('resume', { batchId })
  const view = await made.engine.settled(batchId)
  expect(view.error?.code).toBe('LOCAL_NOT_FOUND')
  expect(existsSync(dir)).toBe(false)
})

test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('a read-only folder has its own code', async () => {
  const made = await started()
  const fileId = await put(made, Buffer.from('x'))
  const dir = await tempDir()
  chmodSync(dir, 0o500)
  const { view } = await download(made, [fileId], dir)
  chmodSync(dir, 0o700)
  expect(view.error?.code).toBe('LOCAL_DENIED')
})

test('a file in the way of a folder has its own code', async () => {
  const made = await started()
  const fileId = await put(made, Buffer.from('x'))
  const dir = await tempDir()
  writeFileSync(join(dir, 'file'), '')
  expect(() => made.engine.download({ profileId: PROFILE, fileIds: [fileId], target: join(dir, 'file', 'below') })).toThrow(/LOCAL_/)
})

test('cancelling removes the .part and nothing else', async () => {
  const made = await started()
  const fileId = await put(made, randomBytes(20 * MB))
  const dir = await tempDir()
  mkdirSync(join(dir, 'keep'))
  made.settings.downloadLimitBytes = 4 * MB
  const { batchId } = made.engine.download({ profileId: PROFILE, fileIds: [fileId], target: dir })
  await until('under way', () => (made.engine.batch(batchId)?.doneBytes ?? 0) > MB)
  await made.engine.control('cancel', { batchId })
  expect((await made.engine.settled(batchId)).counts.cancelled).toBe(1)
  await until('cleaned', () => listing(dir).length === 1)
  expect(listing(dir)).toEqual(['keep'])
}, 30_000)

test('a file that is damaged on the server fails with its own code and leaves nothing behind', async () => {
  const made = await started()
  const fileId = await put(made, randomBytes(500_000))
  const storage = made.cluster.storage('group1/0')
  const path = join(storage.dir, 'data', fileId.split('/').slice(2).join('/'))
  const stored = readdirSync(storage.dir, { recursive: true, withFileTypes: true }).find((entry) => entry.name === basename(path))!
  const bytes = readFileSync(join(stored.parentPath, stored.name))
  bytes[1234] = bytes[1234]! ^ 0xff
  writeFileSync(join(stored.parentPath, stored.name), bytes)
  const dir = await tempDir()
  const { view } = await download(made, [fileId], dir)
  expect(view.error?.code).toBe('CHECKSUM_MISMATCH')
  expect(listing(dir)).toEqual([])
}, 30_000)

test('an interrupted small download that had got its name is not fetched a second time', async () => {
  const made = await started()
  const fileId = await put(made, Buffer.from('once'), 'txt', 'once.txt')
  const dir = await tempDir()
  const { batchId } = await download(made, [fileId], dir)
  const row = made.journal.page(batchId, {}, -1, 1)[0]!
  // As a kill leaves it: the file in place, the row still running.
  made.journal.patch([{ id: row.id, tag: 'running', step: 'writing', state: { nameless: true } }], true)
  made.journal.patchBatch(batchId, { finishedAt: null })
  await made.restart()
  const view = await made.engine.settled(batchId)
  expect(view.counts.done).toBe(1)
  expect(listing(dir)).toEqual(['once.txt'])
})

/** A small download as a kill leaves it: some files in the folder, the row still running. */
async function interrupted(dir: string, leave: (finalPath: string) => void): Promise<string[]> {
  const made = await started()
  const fileId = await put(made, Buffer.from('small and whole'), 'txt', 'a.txt')
  const { batchId } = await download(made, [fileId], dir)
  const row = made.journal.page(batchId, {}, -1, 1)[0]!
  leave(join(dir, 'a.txt'))
  made.journal.patch([{ id: row.id, tag: 'running', step: 'writing', state: { nameless: true } }], true)
  made.journal.patchBatch(batchId, { finishedAt: null })
  await made.restart()
  expect((await made.engine.settled(batchId)).counts.done).toBe(1)
  const finished = listing(dir).filter((name) => !name.endsWith('.part'))
  expect(finished.map((name) => readFileSync(join(dir, name), 'utf8'))).toEqual(finished.map(() => 'small and whole'))
  return listing(dir)
}

function cutPart(path: string): void {
  renameSync(path, `${path}.part`)
  truncateSync(`${path}.part`, 4)
}

test('a small download killed before, while or after it got its name leaves one file and no .part', async () => {
  expect(await interrupted(await tempDir(), (path) => renameSync(path, `${path}.part`))).toEqual(['a.txt'])
  expect(await interrupted(await tempDir(), (path) => linkSync(path, `${path}.part`))).toEqual(['a.txt'])
  expect(await interrupted(await tempDir(), cutPart)).toEqual(['a.txt'])
})

test("an interrupted small download leaves somebody else's .part alone", async () => {
  const foreign = (path: string): void => {
    rmSync(path)
    writeFileSync(`${path}.part`, 'fifteen bytes !')
  }
  expect(await interrupted(await tempDir(), foreign)).toEqual(['a (2).txt', 'a.txt.part'])
})

test('a large download killed between its two names goes on under one', async () => {
  const made = await started()
  const content = randomBytes(2 * MB)
  const fileId = await put(made, content, 'bin', 'big.bin')
  const dir = await tempDir()
  const path = join(dir, 'big.bin')
  let states: unknown
  const journal = {
    ...made.journal,
    patch: (...args: Parameters<typeof made.journal.patch>) => {
      for (const patch of args[0]) if (patch.state != null) states = JSON.parse(JSON.stringify(patch.state))
      made.journal.patch(...args)
    }
  }
  await made.restart({ journal })
  const { batchId } = await download(made, [fileId], dir)
  const row = made.journal.page(batchId, {}, -1, 1)[0]!
  linkSync(path, `${path}.part`)
  made.journal.patch([{ id: row.id, tag: 'running', step: 'writing', state: states }], true)
  made.journal.patchBatch(batchId, { finishedAt: null })
  await made.restart()
  expect((await made.engine.settled(batchId)).counts.done).toBe(1)
  expect(listing(dir)).toEqual(['big.bin'])
  expect(readFileSync(path).equals(content)).toBe(true)
})

test('a large download whose last line in the journal was lost is recognised under its name', async () => {
  const made = await started()
  const content = randomBytes(2 * MB)
  const fileId = await put(made, content, 'bin', 'big.bin')
  const dir = await tempDir()
  const path = join(dir, 'big.bin')
  let states: unknown
  const journal = {
    ...made.journal,
    patch: (...args: Parameters<typeof made.journal.patch>) => {
      for (const patch of args[0]) if (patch.state != null) states = JSON.parse(JSON.stringify(patch.state))
      made.journal.patch(...args)
    }
  }
  await made.restart({ journal })
  const { batchId } = await download(made, [fileId], dir)
  const row = made.journal.page(batchId, {}, -1, 1)[0]!
  made.journal.patch([{ id: row.id, tag: 'running', step: 'writing', state: states }], true)
  made.journal.patchBatch(batchId, { finishedAt: null })
  let asked = 0
  const store = watched(made.store, (call) => {
    if (call === 'download') asked += 1
  })
  await made.restart({ store: () => store })
  expect((await made.engine.settled(batchId)).counts.done).toBe(1)
  expect(asked).toBe(0)
  expect(listing(dir)).toEqual(['big.bin'])
  expect(readFileSync(path).equals(content)).toBe(true)
})

test('appenders and slaves are measured by the server and checked like the rest', async () => {
  const made = await started()
  const content = randomBytes(700_000)
  const appender = await made.store.upload({ ext: 'bin', appender: true }, bufferSource(content))
  const master = await put(made, Buffer.from('master'), 'jpg')
  const slave = await made.store.uploadSlave(master, { prefix: '_small', ext: 'jpg' }, bufferSource(Buffer.from('slave')))
  const dir = await tempDir()
  const { batchId, view } = await download(made, [appender.fileId, slave.fileId], dir)
  expect(view.counts.done).toBe(2)
  expect(view.totalBytes).toBe(700_005)
  const [a, s] = made.rows(batchId)
  expect(readFileSync(a!.localPath!).equals(content)).toBe(true)
  expect(readFileSync(s!.localPath!, 'utf8')).toBe('slave')
})
