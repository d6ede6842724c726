import type { GroupSpace, StorageStat } from '../protocol/tracker/cluster-stats.ts'
import type { GroupRecord } from '../protocol/tracker/list-groups.ts'
import type { StorageRecord } from '../protocol/tracker/list-storages.ts'
import { emptyStats } from '../protocol/tracker/storage-stats.ts'
import { DEFAULTS } from './options.ts'
import type { StorageNode } from './storage-node.ts'
import type { TrackedGroup } from './tracker-choice.ts'
import type { ClusterModel } from './tracker-service.ts'

const MIB = 1024 * 1024
const UPLOAD_PRIORITY = 10
/** Meaningless, but old records have the field. */
const HTTP_PORT = 8888

/** A group has as much space as its fullest storage. */
export function groupRecord(model: ClusterModel, group: TrackedGroup): GroupRecord {
  const { storages } = group
  const first = storages[0]!
  return {
    group: group.name,
    totalMb: leastMb(storages.map((s) => s.totalBytes())),
    freeMb: leastMb(storages.map((s) => s.freeBytes())),
    reservedMb: mb(model.reservedBytes),
    trunkFreeMb: 0,
    storageCount: storages.length,
    storagePort: first.slot.port,
    storageHttpPort: HTTP_PORT,
    activeCount: storages.filter((s) => s.isActive).length,
    readableCount: storages.filter((s) => s.readable).length,
    writableCount: storages.filter((s) => s.writable).length,
    currentWriteServer: 0,
    storePathCount: first.storePathCount,
    subdirCountPerPath: DEFAULTS.subdirCount,
    currentTrunkFileId: model.generation.currentTrunkFileId
  }
}

export function storageRecord(model: ClusterModel, storage: StorageNode): StorageRecord {
  const seconds = Math.floor(model.nowMs() / 1000)
  const stats = { ...(storage.store?.counters.values ?? emptyStats()), last_heart_beat_time: seconds }
  return {
    status: storage.status,
    rwMode: (storage.overrides.readable === false ? 0 : 4) + (storage.overrides.writable === false ? 0 : 2),
    id: storage.wireId,
    ip: storage.slot.host,
    domainName: '',
    sourceId: '',
    version: model.generation.version,
    joinTime: storage.joinSeconds,
    upTime: storage.upSeconds,
    totalMb: mb(storage.totalBytes()),
    freeMb: mb(storage.freeBytes()),
    reservedMb: mb(model.reservedBytes),
    uploadPriority: UPLOAD_PRIORITY,
    storePathCount: storage.storePathCount,
    subdirCountPerPath: DEFAULTS.subdirCount,
    currentWritePath: 0,
    port: storage.slot.port,
    httpPort: HTTP_PORT,
    connections: storage.connections,
    stats,
    isTrunkServer: false
  }
}

export function storageStat(model: ClusterModel, storage: StorageNode): StorageStat {
  return {
    id: storage.wireId,
    host: storage.slot.host,
    port: storage.slot.port,
    isTrunkServer: false,
    status: storage.status,
    connections: storage.connections,
    version: model.generation.version,
    upTime: storage.upSeconds,
    lastHeartbeatTime: Math.floor(model.nowMs() / 1000)
  }
}

export function groupSpace(model: ClusterModel, group: TrackedGroup): GroupSpace {
  const freeMb = leastMb(group.storages.map((s) => s.freeBytes()))
  const reservedMb = mb(model.reservedBytes)
  return {
    group: group.name,
    totalMb: leastMb(group.storages.map((s) => s.totalBytes())),
    freeMb,
    reservedMb,
    availMb: Math.max(0, freeMb - reservedMb),
    trunkFreeMb: 0,
    isDiskAvailable: group.storages.some((s) => s.writable && s.hasSpace),
    isTrunkAvailable: false
  }
}

/** The settings a tracker tells its storages and clients (75), in the order of the real one. */
export function parametersText(model: ClusterModel): Record<string, string> {
  const recent = model.generation.clusterCommands
  return {
    use_storage_id: model.usesIds ? '1' : '0',
    id_type_in_filename: model.usesIds ? 'id' : 'ip',
    ...(recent ? { trust_storage_server_id: '1', response_ip_addr_size: String(model.generation.ipBytes) } : {}),
    storage_ip_changed_auto_adjust: '1',
    storage_sync_file_max_delay: '86400',
    store_path: '0',
    reserved_storage_space: `${mb(model.reservedBytes)}MB`,
    use_trunk_file: '0',
    slot_min_size: '256',
    slot_max_size: '1048576',
    trunk_alloc_alignment_size: '256',
    trunk_file_size: '67108864',
    trunk_create_file_advance: '0',
    trunk_create_file_time_base: '02:00',
    trunk_create_file_interval: '86400',
    trunk_create_file_space_threshold: '21474836480',
    trunk_init_check_occupying: '0',
    trunk_init_reload_from_binlog: '0',
    trunk_free_space_merge: '1',
    delete_unused_trunk_files: '0',
    trunk_compress_binlog_min_interval: '86400',
    trunk_compress_binlog_interval: '86400',
    trunk_compress_binlog_time_base: '03:00',
    trunk_binlog_max_backups: '7',
    store_slave_file_use_link: '0'
  }
}

function mb(bytes: number): number {
  return Math.floor(bytes / MIB)
}

function leastMb(bytes: readonly number[]): number {
  return mb(Math.min(...bytes))
}
