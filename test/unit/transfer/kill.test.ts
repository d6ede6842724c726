import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createStoreClient } from '../../../src/main/cluster/index.ts'
import type { StoreClient } from '../../../src/main/cluster/types.ts'
import { openLibrary } from '../../../src/main/library/open.ts'
import { startCluster } from '../../support/cluster.ts'
import type { TestCluster } from '../../support/cluster.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { makeFiles, remoteBytes } from './engine-kit.ts'

const MIB = 1_048_576
const CHUNK = 4 * MIB

interface Line {
  modify?: number
  bytes?: number
  upload?: number
  done?: number
  settled?: Record<string, number>
  error?: unknown
  memory?: number
}

let cluster: TestCluster
let store: StoreClient
let children: ChildProcess[] = []
beforeEach(async () => {
  cluster = await startCluster()
  const [host, port] = cluster.trackers[0]!.split(':')
  store = createStoreClient({ trackers: [{ host: host!, port: Number(port) }] })
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  children = []
  await store.close()
  await cluster.close()
})

/** A host process; `kill` decides line by line. Resolves with what it said. */
function host(dataDir: string, paths: string[], kill: (line: Line) => boolean): Promise<Line[]> {
  const script = fileURLToPath(new URL('kill-child.ts', import.meta.url))
  const child = spawn(process.execPath, [script, dataDir, cluster.trackers.join(','), String(CHUNK), ...paths], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  children.push(child)
  return new Promise((resolve, reject) => {
    const lines: Line[] = []
    let rest = ''
    child.stdout!.on('data', (data: Buffer) => {
      const parts = (rest + data.toString()).split('\n')
      rest = parts.pop()!
      for (const part of parts) {
        const line = JSON.parse(part) as Line
        lines.push(line)
        if (kill(line)) child.kill('SIGKILL')
      }
    })
    child.on('error', reject)
    child.on('close', () => resolve(lines))
  })
}

test('a host killed three times in a 200 MB upload sends at most a chunk twice each time, and not a byte is wrong', async () => {
  const dir = await tempDir()
  const path = join(dir, 'video.mov')
  const fd = openSync(path, 'w')
  for (let i = 0; i < 50; i++) writeSync(fd, randomBytes(4_000_000))
  closeSync(fd)
  const sent: Line[] = []
  for (const limit of [30 * MIB, 90 * MIB, 150 * MIB]) {
    sent.push(...(await host(dir, sent.length === 0 ? [path] : [], (line) => (line.modify ?? 0) >= limit)))
  }
  const last = await host(dir, [], () => false)
  expect(last.at(-1)).toMatchObject({ settled: { done: 1, failed: 0 }, error: null })
  sent.push(...last)
  expect(sent.filter((line) => line.upload !== undefined).length).toBe(1)
  const total = sent.reduce((sum, line) => sum + (line.bytes ?? 0), 0)
  expect(total).toBeLessThanOrEqual(200_000_000 + 3 * CHUNK)

  const library = await openLibrary({ path: join(dir, 'library.sqlite') })
  const rows = library.files.page('test', {}, { key: 'name', descending: false }, 10).rows
  await library.close()
  expect(rows.length).toBe(1)
  expect(rows[0]).toMatchObject({ name: 'video.mov', sizeBytes: 200_000_000, origin: 'upload' })
  const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
  expect(digest(await remoteBytes(store, rows[0]!.fileId))).toBe(digest(readFileSync(path)))
  expect(await store.getMetadata(rows[0]!.fileId)).toEqual({ filename: 'video.mov' })
}, 120_000)

test('a host killed among 2,000 small files ends with each of them stored and listed, none missing', async () => {
  const dir = await tempDir()
  const files = makeFiles(join(dir, 'in'), Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`${i % 40}/文件 ${i}.txt`, 500])))
  let killed = 0
  const first = await host(dir, [join(dir, 'in')], (line) => (line.done ?? 0) > 200_000 && killed++ === 0)
  expect(first.at(-1)!.settled).toBe(undefined)
  const last = await host(dir, [], () => false)
  expect(last.at(-1)!.settled).toMatchObject({ done: 2_000, failed: 0 })

  const library = await openLibrary({ path: join(dir, 'library.sqlite') })
  const rows = library.files.page('test', {}, { key: 'name', descending: false }, 5_000).rows
  const batch = library.journal.batches({ limit: 1 })[0]!
  const queue = library.journal.page(batch.id, {}, -1, 5_000)
  await library.close()
  // The library has what the queue says, and every path once.
  expect(new Set(rows.map((row) => row.fileId))).toEqual(new Set(queue.map((row) => row.fileId)))
  expect(new Set(rows.map((row) => `${row.folder}/${row.name}`)).size).toBe(2_000)
  for (const row of rows.filter((_, i) => i % 100 === 0)) {
    const content = files.get(join(dir, row.folder, row.name))!
    expect((await remoteBytes(store, row.fileId)).equals(content)).toBe(true)
  }
}, 120_000)
