import { formatAddress } from '../../../shared/address.ts'
import { CODES } from '../codes.ts'
import { checkGroup } from '../fields.ts'
import type { ServerAddress } from '../fields.ts'
import { parseHostPort } from '../host-port.ts'
import { invalid } from '../reader.ts'
import type { ByteReader } from '../reader.ts'
import type { Codec, Command } from '../types.ts'
import type { ByteWriter } from '../writer.ts'

export interface Connections {
  allocated: number
  current: number
  max: number
}

/** Times are Unix seconds; 0 = never. */
export interface TrackerStat extends ServerAddress {
  isLeader: boolean
  isActive: boolean
  connections: Connections
  version: string
  upTime: number
  lastHeartbeatTime: number
}

export interface TrackerFilter {
  isActive?: boolean
  isLeader?: boolean
}

const MAX_TRACKERS = 16

// request: filter by 1 (1 = is active, 2 = is leader, added) | is active 1 | is leader 1
const trackerFilter: Codec<TrackerFilter> = {
  encode(w, value) {
    w.u8((value.isActive === undefined ? 0 : 1) + (value.isLeader === undefined ? 0 : 2))
    w.u8(value.isActive ? 1 : 0)
    w.u8(value.isLeader ? 1 : 0)
  },
  decode(r) {
    const by = r.u8()
    const isActive = r.u8() !== 0
    const isLeader = r.u8() !== 0
    r.end()
    return { ...(by & 1 ? { isActive } : {}), ...(by & 2 ? { isLeader } : {}) }
  }
}

// response: count 1 | then 90 each: host 52 | is leader 1 | is active 1 | allocated 4 | current 4 | max 4 | version 8 | up time 8 | last heartbeat 8
const trackerStats: Codec<{ trackers: TrackerStat[] }> = {
  encode(w, value) {
    w.u8(value.trackers.length)
    for (const t of value.trackers) {
      w.text(formatAddress(t), 52)
      w.u8(t.isLeader ? 1 : 0)
      w.u8(t.isActive ? 1 : 0)
      writeConnections(w, t.connections)
      w.text(t.version, 8)
      w.i64(t.upTime)
      w.i64(t.lastHeartbeatTime)
    }
  },
  decode(r) {
    const count = checkCount(r.u8(), r, 90, MAX_TRACKERS)
    const trackers: TrackerStat[] = []
    for (let i = 0; i < count; i++) {
      trackers.push({
        ...parseHostPort(r.text(52)),
        isLeader: r.u8() !== 0,
        isActive: r.u8() !== 0,
        connections: readConnections(r),
        version: r.text(8),
        upTime: r.i64(),
        lastHeartbeatTime: r.i64()
      })
    }
    r.end()
    return { trackers }
  }
}

/** 96 (6.15.5). Asked of the leader only; another tracker answers EOPNOTSUPP. */
export const trackerClusterStat: Command<TrackerFilter, { trackers: TrackerStat[] }> = {
  name: 'trackerClusterStat',
  code: CODES.TRACKER_CLUSTER_STAT,
  request: trackerFilter,
  response: trackerStats,
  maxResponse: 1 + 90 * MAX_TRACKERS
}

export interface StorageStat extends ServerAddress {
  id: string
  isTrunkServer: boolean
  /** See `storageStateName`. */
  status: number
  connections: Connections
  version: string
  upTime: number
  lastHeartbeatTime: number
}

export interface StorageFilter {
  isTrunkServer?: boolean
  /** Storages with this status, or (`not`) with any other. */
  status?: { value: number; not?: boolean }
}

export interface StorageStatList {
  usesStorageIds: boolean
  usesTrunkFiles: boolean
  storages: StorageStat[]
}

const MAX_CLUSTER_STORAGES = 16_384

// request: filter by 1 (1 = is trunk server, 2 = status, added) | operator 1 ('=' or '!') | status 1 | is trunk server 1
const storageFilter: Codec<StorageFilter> = {
  encode(w, value) {
    w.u8((value.isTrunkServer === undefined ? 0 : 1) + (value.status === undefined ? 0 : 2))
    w.u8(value.status === undefined ? 0 : value.status.not ? 0x21 : 0x3d)
    w.u8(value.status?.value ?? 0)
    w.u8(value.isTrunkServer ? 1 : 0)
  },
  decode(r) {
    const by = r.u8()
    const operator = r.u8()
    const status = r.u8()
    const isTrunkServer = r.u8() !== 0
    r.end()
    return {
      ...(by & 1 ? { isTrunkServer } : {}),
      ...(by & 2 ? { status: { value: status, ...(operator === 0x21 ? { not: true } : {}) } } : {})
    }
  }
}

// response: use storage id 1 | use trunk file 1 | count 4 | then 106 each: id 16 | host 52 | is trunk server 1 | status 1 |
//   allocated 4 | current 4 | max 4 | version 8 | up time 8 | last heartbeat 8
const storageStats: Codec<StorageStatList> = {
  encode(w, value) {
    w.u8(value.usesStorageIds ? 1 : 0)
    w.u8(value.usesTrunkFiles ? 1 : 0)
    w.i32(value.storages.length)
    for (const s of value.storages) {
      w.text(s.id, 16)
      w.text(formatAddress(s), 52)
      w.u8(s.isTrunkServer ? 1 : 0)
      w.u8(s.status)
      writeConnections(w, s.connections)
      w.text(s.version, 8)
      w.i64(s.upTime)
      w.i64(s.lastHeartbeatTime)
    }
  },
  decode(r) {
    const usesStorageIds = r.u8() !== 0
    const usesTrunkFiles = r.u8() !== 0
    const count = checkCount(r.i32(), r, 106, MAX_CLUSTER_STORAGES)
    const storages: StorageStat[] = []
    for (let i = 0; i < count; i++) {
      storages.push({
        id: r.text(16),
        ...parseHostPort(r.text(52)),
        isTrunkServer: r.u8() !== 0,
        status: r.u8(),
        connections: readConnections(r),
        version: r.text(8),
        upTime: r.i64(),
        lastHeartbeatTime: r.i64()
      })
    }
    r.end()
    return { usesStorageIds, usesTrunkFiles, storages }
  }
}

/** 97 (6.16.0). Every storage of every group, without the counters of 92. Any tracker answers. */
export const storageClusterStat: Command<StorageFilter, StorageStatList> = {
  name: 'storageClusterStat',
  code: CODES.STORAGE_CLUSTER_STAT,
  request: storageFilter,
  response: storageStats,
  maxResponse: 6 + 106 * MAX_CLUSTER_STORAGES
}

/** Space of a group, in MiB. `availMb` = free without the reserved part. */
export interface GroupSpace {
  group: string
  totalMb: number
  freeMb: number
  reservedMb: number
  availMb: number
  trunkFreeMb: number
  isDiskAvailable: boolean
  isTrunkAvailable: boolean
}

export interface GroupSpaceFilter {
  isDiskAvailable?: boolean
  isTrunkAvailable?: boolean
  isSpaceAvailable?: boolean
}

const MAX_GROUPS = 512

// request: filter by 1 (1 = disk, 2 = trunk, 4 = space, added) | is disk available 1 | is trunk available 1 | is space available 1
const groupFilter: Codec<GroupSpaceFilter> = {
  encode(w, value) {
    w.u8(
      (value.isDiskAvailable === undefined ? 0 : 1) +
        (value.isTrunkAvailable === undefined ? 0 : 2) +
        (value.isSpaceAvailable === undefined ? 0 : 4)
    )
    w.u8(value.isDiskAvailable ? 1 : 0)
    w.u8(value.isTrunkAvailable ? 1 : 0)
    w.u8(value.isSpaceAvailable ? 1 : 0)
  },
  decode(r) {
    const by = r.u8()
    const isDiskAvailable = r.u8() !== 0
    const isTrunkAvailable = r.u8() !== 0
    const isSpaceAvailable = r.u8() !== 0
    r.end()
    return {
      ...(by & 1 ? { isDiskAvailable } : {}),
      ...(by & 2 ? { isTrunkAvailable } : {}),
      ...(by & 4 ? { isSpaceAvailable } : {})
    }
  }
}

/** 98 (6.16.0). Space of every group. */
export const groupStat: Command<GroupSpaceFilter, { usesTrunkFiles: boolean; groups: GroupSpace[] }> = {
  name: 'groupStat',
  code: CODES.GROUP_STAT,
  request: groupFilter,
  // use trunk file 1 | count 4 | then 59 each: group 17 | total 8 | free 8 | reserved 8 | avail 8 | trunk free 8 |
  //   is disk available 1 | is trunk available 1
  response: {
    encode(w, value) {
      w.u8(value.usesTrunkFiles ? 1 : 0)
      w.i32(value.groups.length)
      for (const g of value.groups) {
        w.text(checkGroup(g.group), 17)
        w.i64(g.totalMb)
        w.i64(g.freeMb)
        w.i64(g.reservedMb)
        w.i64(g.availMb)
        w.i64(g.trunkFreeMb)
        w.u8(g.isDiskAvailable ? 1 : 0)
        w.u8(g.isTrunkAvailable ? 1 : 0)
      }
    },
    decode(r) {
      const usesTrunkFiles = r.u8() !== 0
      const count = checkCount(r.i32(), r, 59, MAX_GROUPS)
      const groups: GroupSpace[] = []
      for (let i = 0; i < count; i++) {
        groups.push({
          group: checkGroup(r.text(17)),
          totalMb: r.i64(),
          freeMb: r.i64(),
          reservedMb: r.i64(),
          availMb: r.i64(),
          trunkFreeMb: r.i64(),
          isDiskAvailable: r.u8() !== 0,
          isTrunkAvailable: r.u8() !== 0
        })
      }
      r.end()
      return { usesTrunkFiles, groups }
    }
  },
  maxResponse: 5 + 59 * MAX_GROUPS
}

/** A count field is worth nothing until it agrees with the bytes that are there. */
function checkCount(count: number, r: ByteReader, recordBytes: number, max: number): number {
  if (count < 0 || count > max || count * recordBytes !== r.remaining) throw invalid('count-disagrees')
  return count
}

// allocated 4 | current 4 | max 4
function readConnections(r: ByteReader): Connections {
  return { allocated: r.i32(), current: r.i32(), max: r.i32() }
}

function writeConnections(w: ByteWriter, value: Connections): void {
  w.i32(value.allocated)
  w.i32(value.current)
  w.i32(value.max)
}
