import { existsSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { createEmbeddedCluster } from '../../../src/main/embedded/index.ts'
import type { EmbeddedCluster, EmbeddedClusterOptions } from '../../../src/main/embedded/index.ts'
import { parseTrackerAddress } from '../../../src/shared/address.ts'
import { parseFileId } from '../../../src/shared/file-id.ts'
import { queryFileInfo } from '../../../src/main/protocol/storage/query-file-info.ts'
import { uploadFile } from '../../../src/main/protocol/storage/upload-file.ts'
import { trackerClusterStat } from '../../../src/main/protocol/tracker/cluster-stats.ts'
import { getLeader } from '../../../src/main/protocol/tracker/get-leader.ts'
import { listStorages } from '../../../src/main/protocol/tracker/list-storages.ts'
import { queryStoreOne } from '../../../src/main/protocol/tracker/query-store.ts'
import { fetchStorageIds } from '../../../src/main/protocol/tracker/storage-ids.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { Wire, get, i64, packet, text } from '../../support/wire.ts'

// Machines under load are slow, and nothing here depends on how fast it is.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const GROUPS = { group1: 2, group2: 1 }

async function withCluster<T>(
  options: Partial<EmbeddedClusterOptions> & { dir: string },
  use: (cluster: EmbeddedCluster) => Promise<T>
): Promise<T> {
  const cluster = await createEmbeddedCluster({ groups: GROUPS, reservedBytes: 0, ...options })
  try {
    return await use(cluster)
  } finally {
    await cluster.close()
  }
}

function upload(to: { host: string; port: number }, content: string) {
  return get(to, uploadFile, { storePathIndex: 0, sizeBytes: content.length, ext: 'txt' }, Buffer.from(content))
}

test('addresses, ports and files stay from start to start', async () => {
  const dir = await tempDir()
  const first = await withCluster({ dir }, async (cluster) => {
    const file = await upload(cluster.groups['group1']![0]!, 'kept')
    return { trackers: cluster.trackers, groups: cluster.groups, file }
  })
  await withCluster({ dir }, async (cluster) => {
    expect({ trackers: cluster.trackers, groups: cluster.groups }).toEqual({ trackers: first.trackers, groups: first.groups })
    expect(await get(cluster.groups['group1']![0]!, queryFileInfo, first.file)).toMatchObject({ sizeBytes: 4 })
  })
})

test('each storage has an address of its own, which the names of its files carry', async () => {
  await withCluster({ dir: await tempDir() }, async (cluster) => {
    const all = Object.values(cluster.groups).flat()
    expect(new Set(all.map((s) => s.host)).size).toBe(3)
    // Old clients take one port for all storages of a group.
    expect(new Set(cluster.groups['group1']!.map((s) => s.port)).size).toBe(1)
    for (const storage of all) {
      const file = await upload(storage, 'x')
      expect(parseFileId(`${file.group}/${file.remoteName}`).source).toEqual({ type: 'ip', address: storage.host })
    }
  })
})

test('with storage ids all storages share one address, and the names carry the ids', async () => {
  const dir = await tempDir()
  await withCluster({ dir, addressing: 'id' }, async (cluster) => {
    const all = Object.values(cluster.groups).flat()
    expect(new Set(all.map((s) => s.host))).toEqual(new Set(['127.0.0.1']))
    expect(new Set(all.map((s) => s.port)).size).toBe(3)
    const tracker = parseTrackerAddress(cluster.trackers[0]!)
    const { entries } = await get(tracker, fetchStorageIds, { startIndex: 0, allowEmpty: true })
    for (const [i, storage] of all.entries()) {
      const file = await upload(storage, 'x')
      const { source } = parseFileId(`${file.group}/${file.remoteName}`)
      expect(source).toEqual({ type: 'id', id: 100_001 + i })
      expect(entries).toContainEqual({ id: 100_001 + i, group: file.group, address: `${storage.host}:${storage.port}`, rw: '' })
      expect((await get(storage, queryFileInfo, file)).sourceIp).toBe('127.0.0.1')
    }
    const { storages } = await get(tracker, listStorages, { group: 'group1' })
    expect(storages.map((s) => s.id)).toEqual(['100001', '100002'])
  })
  await withCluster({ dir, addressing: 'ip' }, async (cluster) => {
    expect(cluster.groups['group1']![0]!.host).toBe('127.0.0.1')
  })
})

test('a port that was taken meanwhile is replaced', async () => {
  const dir = await tempDir()
  const { groups, trackers } = await withCluster({ dir }, async (cluster) => ({ groups: cluster.groups, trackers: cluster.trackers }))
  const taken = groups['group1']![1]!
  const tracker = parseTrackerAddress(trackers[0]!)
  const squatters = [net.createServer().listen(taken.port, taken.host), net.createServer().listen(tracker.port, tracker.host)]
  await Promise.all(squatters.map((s) => new Promise((resolve) => s.once('listening', resolve))))
  try {
    await withCluster({ dir }, async (cluster) => {
      expect(cluster.groups['group1']![1]!.port).not.toBe(taken.port)
      expect(cluster.trackers[0]).not.toBe(trackers[0])
      await upload(cluster.groups['group1']![1]!, 'works')
    })
  } finally {
    for (const server of squatters) server.close()
  }
})

test('a tracker port that was asked for and is taken is an error', async () => {
  const squatter = net.createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => squatter.once('listening', resolve))
  const { port } = squatter.address() as net.AddressInfo
  await expect(createEmbeddedCluster({ dir: await tempDir(), groups: { group1: 1 }, trackerPort: port })).rejects.toMatchObject({
    code: 'ADDRESS_IN_USE',
    detail: { address: `127.0.0.1:${port}` }
  })
  squatter.close()
})

test.each([
  [{}, 'INPUT_INVALID'],
  [{ group1: 0 }, 'INPUT_INVALID'],
  [{ group1: 33 }, 'INPUT_INVALID'],
  [{ 'no group': 1 }, 'GROUP_INVALID']
])('groups %j are refused', async (groups, code) => {
  await expect(createEmbeddedCluster({ dir: await tempDir(), groups: groups as Record<string, number> })).rejects.toMatchObject({ code })
})

test('a damaged cluster.json is reported and left alone', async () => {
  const dir = await tempDir()
  writeFileSync(join(dir, 'cluster.json'), '{"usesIds":')
  await expect(createEmbeddedCluster({ dir, groups: GROUPS })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
})

test('a folder that is a file is an error of this computer', async () => {
  const dir = join(await tempDir(), 'file')
  writeFileSync(dir, '')
  await expect(createEmbeddedCluster({ dir, groups: GROUPS })).rejects.toMatchObject({ code: 'LOCAL_IO' })
})

test('a storage that joins later gets everything', async () => {
  const dir = await tempDir()
  const file = await withCluster({ dir, groups: { group1: 1 } }, (cluster) => upload(cluster.groups['group1']![0]!, 'from before'))
  await withCluster({ dir, groups: { group1: 2 } }, async (cluster) => {
    await cluster.synced()
    expect(await get(cluster.groups['group1']![1]!, queryFileInfo, file)).toMatchObject({ sizeBytes: 11 })
  })
})

test('several trackers answer for the same cluster, and the first that runs is the leader', async () => {
  await withCluster({ dir: await tempDir(), trackerCount: 3 }, async (cluster) => {
    expect(cluster.trackers).toHaveLength(3)
    const [first, second, third] = cluster.trackers.map((t) => parseTrackerAddress(t))
    for (const tracker of [first!, second!, third!]) {
      await get(tracker, queryStoreOne, undefined)
      expect(await get(tracker, getLeader, undefined)).toEqual(first)
    }
    await cluster.faults.kill('tracker')
    expect(await get(second!, getLeader, undefined)).toEqual(second)
    const { trackers } = await get(second!, trackerClusterStat, {})
    expect(trackers.map((t) => t.isActive)).toEqual([false, true, true])
  })
})

test('like 6.06, an upload directory and records keep the old form', async () => {
  await withCluster({ dir: await tempDir(), behaveLike: '6.06' }, async (cluster) => {
    const wire = await Wire.open(parseTrackerAddress(cluster.trackers[0]!))
    wire.send(packet(92, text('group1', 16)))
    expect((await wire.answer())?.body).toHaveLength(2 * 612)
    wire.send(packet(91, Buffer.alloc(0)))
    expect((await wire.answer())?.body).toHaveLength(2 * 105)
    wire.close()
  })
})

test('without quirks an empty file can be downloaded and changes of nothing have no echo', async () => {
  await withCluster({ dir: await tempDir() }, async (cluster) => {
    const storage = cluster.groups['group2']![0]!
    const file = await upload(storage, '')
    const wire = await Wire.open(storage)
    wire.send(packet(14, Buffer.concat([i64(0), i64(0), text(file.group, 16), text(file.remoteName)])))
    expect(await wire.answer()).toEqual({ status: 0, body: Buffer.alloc(0) })
    wire.send(packet(23, Buffer.concat([Buffer.from([0]), i64(0), text('', 6)])))
    const appender = (await wire.answer())!.body.toString('latin1', 16)
    wire.send(packet(24, Buffer.concat([i64(appender.length), i64(0), text(appender)])))
    expect(await wire.answer()).toEqual({ status: 0, body: Buffer.alloc(0) })
    wire.close()
  })
})

test('everything lies below the folder, as a real storage lays it out', async () => {
  const dir = await tempDir()
  await withCluster({ dir }, async (cluster) => {
    await upload(cluster.groups['group1']![0]!, 'x')
    for (const entry of ['sync/binlog.000', 'sync/binlog_index.dat', '.data_init_flag', '00/00']) {
      expect(existsSync(join(dir, 'group1-1/data', entry))).toBe(true)
    }
  })
  expect(existsSync(join(dir, 'group1-1/data/storage_stat.dat'))).toBe(true)
})
