import { expect, test } from 'vitest'
import { groupStat, storageClusterStat, trackerClusterStat } from '../../src/main/protocol/tracker/cluster-stats.ts'
import { getLeader } from '../../src/main/protocol/tracker/get-leader.ts'
import { listAllGroups, listOneGroup } from '../../src/main/protocol/tracker/list-groups.ts'
import { listStorages } from '../../src/main/protocol/tracker/list-storages.ts'
import { fetchStorageIds, storageServerId, storageStatus } from '../../src/main/protocol/tracker/storage-ids.ts'
import { trackerParameters } from '../../src/main/protocol/tracker/tracker-parameters.ts'
import { trackerStatus } from '../../src/main/protocol/tracker/tracker-status.ts'
import { ask, askRaw, get, text } from '../support/wire.ts'
import { conformance, put } from './target.ts'

const ENOENT = 2
const EINVAL = 22
const EOPNOTSUPP = 95

conformance('monitor commands', (target) => {
  test('91 and 90 tell the groups with space and counts', async () => {
    const { groups } = await get(target().tracker, listAllGroups, undefined)
    expect(groups.length).toBeGreaterThan(0)
    for (const group of groups) {
      expect(group.totalMb).toBeGreaterThan(0)
      expect(group.freeMb).toBeLessThanOrEqual(group.totalMb)
      expect(group.storageCount).toBeGreaterThan(0)
      const { group: single } = await get(target().tracker, listOneGroup, { group: group.group })
      expect(single).toMatchObject({ group: group.group, storageCount: group.storageCount, storagePort: group.storagePort })
    }
    const { body } = await ask(target().tracker, listOneGroup, { group: target().group })
    expect(body).toHaveLength(target().clusterCommands ? 113 : 105)
  })

  test('92 tells the storages of a group, all or one by its id', async () => {
    const { tracker, group } = target()
    const { storages } = await get(tracker, listStorages, { group })
    const active = storages.filter((s) => s.status === 7)
    expect(active.length).toBeGreaterThan(0)
    const one = await get(tracker, listStorages, { group, storageId: active[0]!.id })
    expect(one.storages.map((s) => s.id)).toEqual([active[0]!.id])
    expect(active[0]!.version).toMatch(/^[0-9]+\.[0-9]+/)
  })

  test('92 counts what a storage did', async () => {
    const { tracker, group } = target()
    const sum = async () => {
      const { storages } = await get(tracker, listStorages, { group })
      return storages.reduce((total, s) => total + s.stats.success_upload_count, 0)
    }
    const before = await sum()
    await put(target(), 'counted')
    // Real storages report their counters every few seconds.
    await expect.poll(sum, { timeout: 20_000, interval: 200 }).toBeGreaterThan(before)
  })

  test('unknown groups and ids are ENOENT', async () => {
    const { tracker, group } = target()
    expect((await ask(tracker, listOneGroup, { group: 'nogroup' })).status).toBe(ENOENT)
    expect((await ask(tracker, listStorages, { group: 'nogroup' })).status).toBe(ENOENT)
    expect((await ask(tracker, listStorages, { group, storageId: '9.9.9.9' })).status).toBe(ENOENT)
  })

  test.each([
    ['91 with a body', 91, text('x')],
    ['90 with 5 bytes', 90, text('group')],
    ['92 with an id of 16 bytes', 92, Buffer.concat([text('group1', 16), text('127.127.127.1270')])],
    ['64 with a body', 64, text('x')],
    ['75 with a body', 75, text('x')]
  ])('%s is EINVAL', async (_, code, body) => {
    expect(await askRaw(target().tracker, code, body)).toMatchObject({ status: EINVAL, closed: !target().trackerKeeps })
  })

  test('64, 75 and 69 tell status, parameters and ids', async () => {
    const { tracker, usesIds, clusterCommands } = target()
    expect((await get(tracker, trackerStatus, undefined)).runningSeconds).toBeGreaterThanOrEqual(0)
    const parameters = await get(tracker, trackerParameters, undefined)
    expect(parameters['use_storage_id']).toBe(usesIds ? '1' : '0')
    expect(parameters['use_trunk_file']).toMatch(/^[01]$/)
    const ids = await ask(tracker, fetchStorageIds, { startIndex: 0, allowEmpty: false })
    expect(ids.status).toBe(usesIds ? 0 : EOPNOTSUPP)
    // The short form of the request is the older trackers' own.
    const short = await ask(tracker, fetchStorageIds, { startIndex: 0 })
    expect(short.status).toBe(clusterCommands ? EINVAL : EOPNOTSUPP)
  })

  test('70 and 71 find a storage by its address', async () => {
    const { tracker, group, storage, clusterCommands } = target()
    const address = clusterCommands ? `${storage.host}:${storage.port}` : storage.host
    expect((await get(tracker, storageServerId, { group, address })).id).not.toBe('')
    expect(await get(tracker, storageStatus, { group, address })).toMatchObject({ status: 7, port: storage.port, ip: storage.host })
  })

  test.each([95, 96, 97, 98])('%i is EINVAL before 6.16', async (code) => {
    const answer = await askRaw(target().tracker, code, Buffer.alloc(0))
    expect(answer.status === EINVAL).toBe(code !== 95 || !target().clusterCommands)
  })

  test('95 and 96 tell leader and trackers since 6.16', async ({ skip }) => {
    const { tracker, clusterCommands, isEmbedded } = target()
    if (!clusterCommands) return skip('older trackers do not know them')
    const leader = await ask(tracker, getLeader, undefined)
    expect(isEmbedded ? [0] : [0, ENOENT]).toContain(leader.status)
    const stat = await ask(tracker, trackerClusterStat, {})
    expect(isEmbedded ? [0] : [0, EOPNOTSUPP]).toContain(stat.status)
  })

  test('97 and 98 tell storages and space since 6.16', async ({ skip }) => {
    const { tracker, clusterCommands } = target()
    if (!clusterCommands) return skip('older trackers do not know them')
    const { storages } = await get(tracker, storageClusterStat, {})
    expect(storages.length).toBeGreaterThan(0)
    const active = await get(tracker, storageClusterStat, { status: { value: 7 } })
    const others = await get(tracker, storageClusterStat, { status: { value: 7, not: true } })
    expect(active.storages.length + others.storages.length).toBe(storages.length)
    const { groups } = await get(tracker, groupStat, {})
    expect(groups.map((g) => g.group)).toContain(target().group)
    expect((await askRaw(tracker, 97, Buffer.alloc(3))).status).toBe(EINVAL)
  })

  test('commands of joined storages are refused', async () => {
    expect((await askRaw(target().tracker, 83, Buffer.alloc(0))).status).toBe(13)
  })
})
