import { randomBytes } from 'node:crypto'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { Endpoint } from '../../../src/main/client/types.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { PROFILE, remoteBytes, rig, until, watched } from './engine-kit.ts'
import type { Rig } from './engine-kit.ts'

const CHUNK = 1_000_000

let open: Rig[] = []
afterEach(async () => {
  for (const made of open) await made.close()
  open = []
})

/** Names of the storages of group1 that hold content of their own (no temporary files). */
function filesOf(made: Rig, index: number): number {
  return readdirSync(join(made.cluster.groups['group1']![index]!.dir, 'data'), { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && /data\/[0-9A-F]{2}\/[0-9A-F]{2}$/.test(entry.parentPath) && !entry.name.endsWith('-m')
  ).length
}

test('while the source of a half-sent file is away nothing is written anywhere else, and it goes on there afterwards', async () => {
  const made = await rig({
    cluster: { groups: { group1: 2 } },
    settings: { resumableThresholdBytes: CHUNK, chunkBytes: CHUNK, uploadLimitBytes: 4 * CHUNK },
    store: { networkTimeoutMs: 1_000 }
  })
  open.push(made)
  const { cluster } = made
  const written: Endpoint[] = []
  const store = watched(made.store, (call, [endpoint]) => {
    if (call === 'modify') written.push(endpoint as Endpoint)
  })
  await made.restart({ store: () => store })
  const path = join(await tempDir(), 'film.mov')
  const content = randomBytes(8 * CHUNK)
  writeFileSync(path, content)
  const { batchId } = made.engine.upload({ profileId: PROFILE, paths: [path] })
  await until('half of it', () => (made.engine.batch(batchId)?.doneBytes ?? 0) > 3 * CHUNK)
  const source = cluster.groups['group1']!.findIndex(({ host, port }) => host === written[0]!.host && port === written[0]!.port)
  const other = `group1/${1 - source}`
  const intruder = cluster.faults.add({ server: other, command: 34, fault: { kind: 'status', status: 22 } })
  await cluster.faults.kill(`group1/${source}`)
  await until('parked', () => made.engine.batch(batchId)?.counts.waiting === 1)
  // The tracker would name the replica now, and the replica would take it.
  await until('looked for again', () => made.rows(batchId)[0]?.tag !== 'running')
  expect(made.rows(batchId)[0]!.error?.code).toMatch(/SOURCE_AWAY|CONNECT|CONNECTION/)
  expect(intruder.hits).toBe(0)
  await cluster.faults.restart(`group1/${source}`)
  made.settings.uploadLimitBytes = 0
  await made.engine.control('resume')
  const view = await made.engine.settled(batchId)
  expect(view.counts.done).toBe(1)
  expect(intruder.hits).toBe(0)
  expect(new Set(written.map(({ host, port }) => `${host}:${port}`)).size).toBe(1)
  expect((await remoteBytes(made.store, made.rows(batchId)[0]!.fileId!)).equals(content)).toBe(true)
  await cluster.synced(10_000)
  expect([filesOf(made, 0), filesOf(made, 1)]).toEqual([1, 1])
}, 40_000)
