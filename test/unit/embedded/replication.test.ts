import { readFileSync, rmSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import type { EmbeddedClusterOptions } from '../../../src/main/embedded/index.ts'
import { appendFile, modifyFile, regenerateAppender, truncateFile } from '../../../src/main/protocol/storage/change-appender.ts'
import { deleteFile } from '../../../src/main/protocol/storage/delete-file.ts'
import { downloadFile } from '../../../src/main/protocol/storage/download-file.ts'
import { getMetadata } from '../../../src/main/protocol/storage/get-metadata.ts'
import { setMetadata } from '../../../src/main/protocol/storage/set-metadata.ts'
import { uploadAppender, uploadFile } from '../../../src/main/protocol/storage/upload-file.ts'
import { startCluster } from '../../support/cluster.ts'
import type { TestCluster } from '../../support/cluster.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { ask, get } from '../../support/wire.ts'

// Machines under load are slow, and nothing here depends on how fast it is.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const ENOENT = 2
let cluster: TestCluster

afterEach(() => cluster.close())

async function start(options: Partial<EmbeddedClusterOptions> = {}): Promise<void> {
  cluster = await startCluster({ groups: { group1: 2 }, ...options })
}

const source = () => cluster.storage('group1/0')
const replica = () => cluster.storage('group1/1')

function put(content: string | Buffer, appender = false, to = source()) {
  const bytes = Buffer.from(content)
  return get(to, appender ? uploadAppender : uploadFile, { storePathIndex: 0, sizeBytes: bytes.length, ext: 'txt' }, bytes)
}

async function read(from: { host: string; port: number }, file: { group: string; remoteName: string }): Promise<string | number> {
  const answer = await ask(from, downloadFile, { ...file, offset: 0, count: 0 })
  return answer.status === 0 ? answer.body.toString('latin1') : answer.status
}

function binlog(storage: { dir: string }): string[] {
  return readFileSync(join(storage.dir, 'data/sync/binlog.000'), 'latin1')
    .split('\n')
    .filter(Boolean)
    .map((line) => line.slice(line.indexOf(' ') + 1))
}

test('the replica keeps the same binlog in lower case', async () => {
  await start()
  const file = await put('begin', true)
  const { remoteName } = file
  await get(source(), appendFile, { remoteName, sizeBytes: 3 }, Buffer.from('end'))
  await get(source(), modifyFile, { remoteName, offset: 0, sizeBytes: 1 }, Buffer.from('B'))
  await get(source(), truncateFile, { remoteName, newSizeBytes: 6 })
  await get(source(), setMetadata, { ...file, mode: 'overwrite', metadata: { a: '1' } })
  await get(source(), setMetadata, { ...file, mode: 'overwrite', metadata: { a: '2' } })
  const made = await get(source(), regenerateAppender, file)
  await get(source(), deleteFile, made)
  await cluster.synced()
  expect(binlog(source())).toEqual([
    `C ${remoteName}`,
    `A ${remoteName} 5 3`,
    `M ${remoteName} 0 1`,
    `T ${remoteName} 8 6`,
    `C ${remoteName}-m`,
    `U ${remoteName}-m`,
    `R ${made.remoteName} ${remoteName}`,
    `D ${made.remoteName}`
  ])
})

test('each kind of change gives the replica the same bytes', async () => {
  await start()
  const big = randomBytes(2_000_000)
  const files = [await put('small'), await put(big), await put('', true), await put('abc', true)]
  const last = files[3]!
  await get(source(), appendFile, { remoteName: last.remoteName, sizeBytes: big.length }, big)
  await get(source(), modifyFile, { remoteName: last.remoteName, offset: 1, sizeBytes: 1 }, Buffer.from('X'))
  await cluster.synced()
  for (const file of files) expect(await read(replica(), file)).toBe(await read(source(), file))
})

test('a change is not seen at the replica before its delay is over', async () => {
  await start({ syncDelayMs: 300 })
  const began = performance.now()
  const file = await put('later')
  expect(await read(replica(), file)).toBe(ENOENT)
  await expect.poll(() => read(replica(), file), { timeout: 5000, interval: 10 }).toBe('later')
  expect(performance.now() - began).toBeGreaterThanOrEqual(299)
})

test('what was copied is not copied again after a restart', async () => {
  const dir = await tempDir()
  await start({ dir })
  const files = [await put('one'), await put('two')]
  await cluster.synced()
  const before = binlog(replica())
  await cluster.close()
  cluster = await startCluster({ dir, groups: { group1: 2 } })
  const third = await put('three')
  await cluster.synced()
  expect(before).toEqual(files.map((f) => `c ${f.remoteName}`))
  expect(binlog(replica())).toEqual([...before, `c ${third.remoteName}`])
})

test('a replica that was away catches up', async () => {
  await start()
  await cluster.faults.kill('group1/1')
  const kept = await put('while away')
  const gone = await put('gone again')
  const log = await put('log', true)
  await get(source(), appendFile, { remoteName: log.remoteName, sizeBytes: 1 }, Buffer.from('!'))
  await get(source(), deleteFile, gone)
  await cluster.faults.restart('group1/1')
  await cluster.synced()
  expect(await read(replica(), kept)).toBe('while away')
  expect(await read(replica(), gone)).toBe(ENOENT)
  expect(await read(replica(), log)).toBe('log!')
})

test('a source that comes back goes on sending', async () => {
  await start()
  cluster.faults.pauseSync('group1/0')
  const file = await put('not yet')
  await cluster.faults.kill('group1/0')
  cluster.faults.pauseSync('group1/0', false)
  expect(await read(replica(), file)).toBe(ENOENT)
  await cluster.faults.restart('group1/0')
  await cluster.synced()
  expect(await read(replica(), file)).toBe('not yet')
})

test('a frozen replica gets nothing until it thaws', async () => {
  await start()
  cluster.faults.freeze('group1/1')
  const file = await put('frozen')
  await new Promise((resolve) => setTimeout(resolve, 50))
  cluster.faults.freeze('group1/1', false)
  await cluster.synced()
  expect(await read(replica(), file)).toBe('frozen')
})

test('changes that name a file which was renamed meanwhile do not leave the replica short', async () => {
  await start()
  const file = await put('begin', true)
  await cluster.synced()
  cluster.faults.pauseSync('group1/0')
  await get(source(), appendFile, { remoteName: file.remoteName, sizeBytes: 4 }, Buffer.from(' end'))
  const made = await get(source(), regenerateAppender, file)
  cluster.faults.pauseSync('group1/0', false)
  await cluster.synced()
  expect(await read(replica(), made)).toBe('begin end')
  expect(await read(replica(), file)).toBe(ENOENT)
})

test('a truncate of a file that the replica misses fetches the file', async () => {
  await start()
  const file = await put('whole file', true)
  await cluster.synced()
  rmSync(join(replica().dir, 'data', file.remoteName.slice(4)))
  await get(source(), truncateFile, { remoteName: file.remoteName, newSizeBytes: 5 })
  const later = await put('later')
  await cluster.synced()
  expect(await read(replica(), file)).toBe('whole')
  expect(await read(replica(), later)).toBe('later')
})

test('changes on both sides meet', async () => {
  await start()
  const here = await put('here')
  const there = await put('there', false, replica())
  await cluster.synced()
  expect(await read(replica(), here)).toBe('here')
  expect(await read(source(), there)).toBe('there')
  await get(replica(), setMetadata, { ...here, mode: 'overwrite', metadata: { by: 'replica' } })
  await cluster.synced()
  expect(await get(source(), getMetadata, here)).toEqual({ by: 'replica' })
  await get(replica(), deleteFile, here)
  await cluster.synced()
  expect(await read(source(), here)).toBe(ENOENT)
})

test('three storages agree', async () => {
  await start({ groups: { group1: 3 } })
  const files = await Promise.all([0, 1, 2].map((i) => put(`from ${i}`, false, cluster.storage(`group1/${i}`))))
  await cluster.synced()
  for (const i of [0, 1, 2]) {
    for (const [from, file] of files.entries()) expect(await read(cluster.storage(`group1/${i}`), file)).toBe(`from ${from}`)
  }
})
