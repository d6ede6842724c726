/** The captured exchanges of real servers, and what each decoded field means in the values of our codecs. */
import { readFileSync, readdirSync } from 'node:fs'
import * as protocol from '../../../src/main/protocol/index.ts'
import type { Command, ListedFile } from '../../../src/main/protocol/index.ts'
import type { Metadata } from '../../../src/shared/model.ts'

export interface Vector {
  file: string
  name: string
  peerRole: 'tracker' | 'storage'
  commandNumber: number
  request: Buffer
  response: Buffer | null
  serverClosesConnection: boolean
  decoded: { request: Fields; response: Fields }
}

type Fields = Record<string, any>

const FOLDER = new URL('../../fixtures/vectors/', import.meta.url)

export function readVectors(): Vector[] {
  return readdirSync(FOLDER)
    .filter((file) => /^v6\..*\.json$/.test(file))
    .sort()
    .flatMap((file) => (readFixture(file).vectors as Fields[]).map((v) => toVector(file, v)))
}

export function readFixture(file: string): Fields {
  return JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Fields
}

function toVector(file: string, v: Fields): Vector {
  const fill = v.requestFill ? Buffer.alloc(v.requestFill.count, Buffer.from(v.requestFill.byteHex, 'hex')) : Buffer.alloc(0)
  return {
    file,
    name: `${file}: ${v.name}`,
    peerRole: v.peerRole,
    commandNumber: v.commandNumber,
    request: Buffer.concat([Buffer.from(v.request, 'hex'), fill]),
    response: v.response === null || v.response === '' ? null : Buffer.from(v.response, 'hex'),
    serverClosesConnection: v.serverClosesConnection,
    decoded: v.decoded
  }
}

export interface Adapter {
  command: Command<any, any>
  /** The request as our codec says it; undefined when the fixture does not describe it. */
  request: (q: Fields) => unknown
  /** The response, reduced to the fields that the fixture describes. */
  response: (r: Fields, body: Buffer) => unknown
  /** Our decoded value, reduced to the same fields. */
  reduce?: (value: any) => unknown
}

const file = (q: Fields) => ({ group: q.group_name, remoteName: q.filename })
const stored = (r: Fields) => ({ group: r.group_name, remoteName: r.filename })
const target = (r: Fields) => ({ group: r.group_name, host: r.ip_addr, port: r.port })
const servers = (r: Fields) => r.servers.map((s: Fields) => ({ host: s.ip_addr, port: s.port }))
const none = () => undefined
const upload = (q: Fields) => ({ storePathIndex: q.store_path_index, sizeBytes: q.file_size, ext: q.file_ext_name })
const appender = (q: Fields) => q.appender_filename
const withoutLayout = ({ ipWidth: _w, sharedPort: _s, ipBytes: _b, layout: _l, ...rest }: Fields) => rest

const storeOne = { response: (r: Fields) => ({ ...target(r), storePathIndex: r.store_path_index }), reduce: withoutLayout }
const storeAll = {
  response: (r: Fields) => ({ group: r.group_name, servers: servers(r), storePathIndex: r.store_path_index }),
  reduce: withoutLayout
}
const fetchOne = { request: file, response: target, reduce: withoutLayout }

function text(value: string): string {
  return value.startsWith('hex:') ? Buffer.from(value.slice(4), 'hex').toString('utf8') : value
}

/** Records as the fixtures tell them, read by the rules of our decoder. */
function metadata(records: { name: string; value: string | null }[]): Metadata {
  const pairs = records.filter((m) => m.value !== null).map((m) => [text(m.name), text(m.value!).split('\0')[0]!])
  return Object.fromEntries(pairs) as Metadata
}

const connections = ([allocated, current, max]: number[]) => ({ allocated, current, max })

function hostPort(host: string): { host: string; port: number } {
  const [ip, port] = host.split(':')
  return { host: ip!, port: Number(port) }
}

function group(g: Fields): unknown {
  return {
    group: g.group_name,
    totalMb: g.total_mb,
    freeMb: g.free_mb,
    reservedMb: g.reserved_mb ?? null,
    trunkFreeMb: g.trunk_free_mb,
    storageCount: g.storage_count ?? g.count,
    storagePort: g.storage_port,
    storageHttpPort: g.storage_http_port ?? null,
    activeCount: g.active_count ?? null,
    readableCount: g.readable_server_count ?? null,
    writableCount: g.writable_server_count ?? null,
    currentWriteServer: g.current_write_server,
    storePathCount: g.store_path_count,
    subdirCountPerPath: g.subdir_count_per_path,
    currentTrunkFileId: g.current_trunk_file_id
  }
}

function storage(s: Fields): unknown {
  const { connection, ...stats } = s.stat_buff
  return {
    status: s.status,
    rwMode: s.rw_mode ?? null,
    id: s.id,
    ip: s.ip_addr,
    domainName: s.domain_name ?? null,
    sourceId: s.src_id,
    version: s.version,
    joinTime: s.join_time,
    upTime: s.up_time,
    totalMb: s.total_mb,
    freeMb: s.free_mb,
    reservedMb: s.reserved_mb ?? null,
    uploadPriority: s.upload_priority,
    storePathCount: s.store_path_count,
    subdirCountPerPath: s.subdir_count_per_path,
    currentWritePath: s.current_write_path,
    port: s.storage_port,
    httpPort: s.storage_http_port ?? null,
    connections: { allocated: connection.alloc_count, current: connection.current_count, max: connection.max_count },
    stats,
    isTrunkServer: s.if_trunk_server === 1
  }
}

export const ADAPTERS: Record<number, Adapter> = {
  11: { command: protocol.uploadFile, request: upload, response: stored },
  12: { command: protocol.deleteFile, request: file, response: none },
  13: {
    command: protocol.setMetadata,
    request: (q) =>
      'filename' in q ? { ...file(q), mode: q.op_flag === 'O' ? 'overwrite' : 'merge', metadata: metadata(q.metadata) } : undefined,
    response: none
  },
  14: {
    command: protocol.downloadFile,
    request: (q) => ({ ...file(q), offset: q.file_offset, count: q.download_bytes }),
    response: none
  },
  15: { command: protocol.getMetadata, request: file, response: (r) => metadata(r.metadata) },
  21: {
    command: protocol.uploadSlave,
    request: (q) => ({ masterName: q.master_filename, sizeBytes: q.file_size, prefix: q.prefix_name, ext: q.file_ext_name }),
    response: stored
  },
  22: {
    command: protocol.queryFileInfo,
    request: file,
    response: (r) => ({
      sizeBytes: r.file_size,
      modifiedAtSeconds: r.create_timestamp,
      crc32: Number.parseInt(r.crc32_hex, 16),
      sourceIp: r.source_ip_addr,
      ipBytes: r.ip_field_width
    })
  },
  23: { command: protocol.uploadAppender, request: upload, response: stored },
  24: {
    command: protocol.appendFile,
    request: (q) => ('file_size' in q ? { remoteName: appender(q), sizeBytes: q.file_size } : undefined),
    response: none
  },
  26: {
    command: protocol.fetchOnePathBinlog,
    request: (q) => ({ group: q.group_name, storePathIndex: q.store_path_index }),
    response: none
  },
  34: {
    command: protocol.modifyFile,
    request: (q) => ({ remoteName: appender(q), offset: q.file_offset, sizeBytes: q.file_size }),
    response: none
  },
  36: {
    command: protocol.truncateFile,
    request: (q) => ({ remoteName: appender(q), newSizeBytes: q.truncated_file_size }),
    response: none
  },
  38: { command: protocol.regenerateAppender, request: (q) => ({ remoteName: appender(q) }), response: stored },
  60: { command: protocol.storageMyIp, request: () => ({ group: 'group1', port: 23000 }), response: (r) => ({ addresses: [r.text] }) },
  64: {
    command: protocol.trackerStatus,
    request: none,
    response: (r) => ({ isLeader: r.if_leader === 1, runningSeconds: r.running_time, restartIntervalSeconds: r.restart_interval })
  },
  69: {
    command: protocol.fetchStorageIds,
    request: (q) => ({ startIndex: q.start_index, ...(q.allow_empty === null ? {} : { allowEmpty: q.allow_empty === 1 }) }),
    response: (r) => ({
      total: r.total_count,
      entries: (r.text as string)
        .split('\n')
        .slice(0, -1)
        .map((line) => line.split(' '))
        .map(([id, g, address]) => ({ id: Number(id), group: g, address, rw: '' }))
    })
  },
  70: {
    command: protocol.storageServerId,
    request: (q) => ({ group: q.group_name, address: q.ip_port }),
    response: (r) => ({ id: r.text })
  },
  71: {
    command: protocol.storageStatus,
    request: (q) => ({ group: q.group_name, address: q.ip_port }),
    response: (r) =>
      'raw' in r
        ? { status: 7, port: 23000, id: '127.0.0.13', ip: '127.0.0.13' }
        : { status: r.storage_status, port: r.port, id: r.id, ip: r.ip_addr },
    reduce: withoutLayout
  },
  75: {
    command: protocol.trackerParameters,
    request: none,
    response: (r) =>
      Object.fromEntries(
        (r.text as string)
          .trim()
          .split('\n')
          .map((line) => line.split('='))
      )
  },
  82: { command: protocol.quit, request: none, response: none },
  90: {
    command: protocol.listOneGroup,
    request: (q) => ({ group: q.group_name }),
    response: (r) => ({ group: group(r.group) }),
    reduce: withoutLayout
  },
  91: { command: protocol.listAllGroups, request: none, response: (r) => ({ groups: r.groups.map(group) }), reduce: withoutLayout },
  92: {
    command: protocol.listStorages,
    request: (q) => ({ group: q.group_name, ...(q.storage_id === '' ? {} : { storageId: q.storage_id }) }),
    response: (r) => ({ storages: r.storages.map(storage), ...(r.storages.length > 0 ? { layout: r.record_size } : {}) })
  },
  95: { command: protocol.getLeader, request: none, response: (r) => hostPort(r.text) },
  96: {
    command: protocol.trackerClusterStat,
    request: (q) => ({
      ...(q.filter_by & 1 ? { isActive: q.is_active === 1 } : {}),
      ...(q.filter_by & 2 ? { isLeader: q.is_leader === 1 } : {})
    }),
    response: (r) => ({
      trackers: r.trackers.map((t: Fields) => ({
        ...hostPort(t.host),
        isLeader: t.is_leader === 1,
        isActive: t.is_active === 1,
        connections: connections(t.connection),
        version: t.version,
        upTime: t.up_time,
        lastHeartbeatTime: t.last_heartbeat_time
      }))
    })
  },
  97: {
    command: protocol.storageClusterStat,
    request: (q) => ({
      ...(q.filter_by & 1 ? { isTrunkServer: q.is_trunk_server === 1 } : {}),
      ...(q.filter_by & 2 ? { status: { value: q.status, ...(q.op_type === 0x21 ? { not: true } : {}) } } : {})
    }),
    response: (r) => ({
      usesStorageIds: r.use_storage_id === 1,
      usesTrunkFiles: r.use_trunk_file === 1,
      storages: r.storages.map((s: Fields) => ({
        id: s.id,
        ...hostPort(s.host),
        isTrunkServer: s.is_trunk_server === 1,
        status: s.status,
        connections: connections(s.connection),
        version: s.version,
        upTime: s.up_time,
        lastHeartbeatTime: s.last_heartbeat_time
      }))
    })
  },
  98: {
    command: protocol.groupStat,
    request: (q) => ({
      ...(q.filter_by & 1 ? { isDiskAvailable: q.is_disk_available === 1 } : {}),
      ...(q.filter_by & 2 ? { isTrunkAvailable: q.is_trunk_available === 1 } : {}),
      ...(q.filter_by & 4 ? { isSpaceAvailable: q.is_space_available === 1 } : {})
    }),
    response: (r) => ({
      usesTrunkFiles: r.use_trunk_file === 1,
      groups: r.groups.map((g: Fields) => ({
        group: g.group_name,
        totalMb: g.total_mb,
        freeMb: g.free_mb,
        reservedMb: g.reserved_mb,
        availMb: g.avail_mb,
        trunkFreeMb: g.trunk_free_mb,
        isDiskAvailable: g.is_disk_available === 1,
        isTrunkAvailable: g.is_trunk_available === 1
      }))
    })
  },
  101: { command: protocol.queryStoreOne, request: none, ...storeOne },
  102: { command: protocol.queryFetchOne, ...fetchOne, request: (q) => ('filename' in q ? file(q) : undefined) },
  103: { command: protocol.queryUpdate, ...fetchOne },
  104: { command: protocol.queryStoreOneInGroup, request: (q) => ({ group: q.group_name }), ...storeOne },
  105: {
    command: protocol.queryFetchAll,
    request: file,
    response: (r) => ({ group: r.group_name, servers: servers(r) }),
    reduce: withoutLayout
  },
  106: { command: protocol.queryStoreAll, request: none, ...storeAll },
  107: { command: protocol.queryStoreAllInGroup, request: (q) => ({ group: q.group_name }), ...storeAll },
  109: {
    command: protocol.storageGroupName,
    request: () => ({ ip: '127.0.0.52', port: 23000 }),
    response: (r) => ({ group: r.group_name })
  },
  111: { command: protocol.activeTest, request: none, response: none }
}

/** A listing as storages send it: lines, then the length of the text. */
export function encodeListing(files: ListedFile[]): Buffer {
  const lines = files.map(
    (f) => `${f.timestamp} ${f.linkTo === undefined ? 'C' : `L`} ${f.remoteName}${f.linkTo === undefined ? '' : ` ${f.linkTo}`}\n`
  )
  const text = Buffer.from(lines.join(''), 'latin1')
  const trailer = Buffer.alloc(8)
  trailer.writeBigInt64BE(BigInt(text.length))
  return Buffer.concat([text, trailer])
}
