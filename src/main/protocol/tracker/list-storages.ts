import { CODES } from '../codes.ts'
import { checkPort, readGroup, writeGroup } from '../fields.ts'
import { invalid } from '../reader.ts'
import type { ByteReader } from '../reader.ts'
import type { Codec, Command } from '../types.ts'
import type { ByteWriter } from '../writer.ts'
import { readStats, writeStats } from './storage-stats.ts'
import type { StorageStats } from './storage-stats.ts'

/** Bytes per record; each size belongs to a range of versions (protocol page, section 6.2). */
export type StorageLayout = 487 | 509 | 517 | 612 | 642 | 644

/** One storage as a tracker reports it. Space is in MiB, times are Unix seconds. null = the layout does not have the field. */
export interface StorageRecord {
  /** See `storageStateName`; 7 is ACTIVE. */
  status: number
  /** 0 none, 4 read, 2 write, 6 both; null (no such field): readable and writable whenever it is active. */
  rwMode: number | null
  /** Equals the IP address unless the cluster uses storage ids. */
  id: string
  ip: string
  domainName: string | null
  /** The storage that feeds this one's initial sync; '' = none. */
  sourceId: string
  version: string
  joinTime: number
  upTime: number
  totalMb: number
  freeMb: number
  reservedMb: number | null
  uploadPriority: number
  storePathCount: number
  subdirCountPerPath: number
  currentWritePath: number
  port: number
  httpPort: number | null
  connections: { allocated: number; current: number; max: number }
  stats: StorageStats
  isTrunkServer: boolean
}

export interface StorageList {
  storages: StorageRecord[]
  /** The layout it arrived in, or shall be sent in (487 when missing). */
  layout?: StorageLayout
}

const MAX_STORAGES = 32

interface Shape {
  rwMode: boolean
  ipBytes: 16 | 46
  domain: boolean
  versionBytes: 6 | 8
  reserved: boolean
  httpPort: boolean
}

const SHAPES: Record<StorageLayout, Shape> = {
  // 6.15 and later, IPv4 mode
  487: { rwMode: true, ipBytes: 16, domain: false, versionBytes: 8, reserved: true, httpPort: false },
  // 6.13.0
  509: { rwMode: true, ipBytes: 46, domain: false, versionBytes: 8, reserved: false, httpPort: false },
  // 6.13.2, and IPv6 mode of 6.15 and later
  517: { rwMode: true, ipBytes: 46, domain: false, versionBytes: 8, reserved: true, httpPort: false },
  // up to 6.10
  612: { rwMode: false, ipBytes: 16, domain: true, versionBytes: 6, reserved: false, httpPort: true },
  // 6.11
  642: { rwMode: false, ipBytes: 46, domain: true, versionBytes: 6, reserved: false, httpPort: true },
  // 6.12
  644: { rwMode: false, ipBytes: 46, domain: true, versionBytes: 8, reserved: false, httpPort: true }
}

const LAYOUTS: readonly StorageLayout[] = [487, 509, 517, 612, 642, 644]

// status 1 | [rw mode 1] | id 16 | ip 16 or 46 | [domain 128] | source id 16 | version 6 or 8 | join 8 | up 8 | total 8 |
// free 8 | [reserved 8] | priority 8 | store paths 8 | subdirs 8 | current write path 8 | port 8 | [http port 8] |
// connections: allocated 4, current 4, max 4 | counters 42 × 8 | is trunk server 1
function writeRecord(w: ByteWriter, s: StorageRecord, shape: Shape): void {
  w.u8(s.status)
  if (shape.rwMode) w.u8(s.rwMode ?? 6)
  w.text(s.id, 16)
  w.text(s.ip, shape.ipBytes)
  if (shape.domain) w.text(s.domainName ?? '', 128)
  w.text(s.sourceId, 16)
  w.text(s.version, shape.versionBytes)
  w.i64(s.joinTime)
  w.i64(s.upTime)
  w.i64(s.totalMb)
  w.i64(s.freeMb)
  if (shape.reserved) w.i64(s.reservedMb ?? 0)
  w.i64(s.uploadPriority)
  w.i64(s.storePathCount)
  w.i64(s.subdirCountPerPath)
  w.i64(s.currentWritePath)
  w.i64(s.port)
  if (shape.httpPort) w.i64(s.httpPort ?? 0)
  w.i32(s.connections.allocated)
  w.i32(s.connections.current)
  w.i32(s.connections.max)
  writeStats(w, s.stats)
  w.u8(s.isTrunkServer ? 1 : 0)
}

function readRecord(r: ByteReader, shape: Shape): StorageRecord {
  return {
    status: r.u8(),
    rwMode: shape.rwMode ? r.u8() : null,
    id: printable(r.text(16)),
    ip: printable(r.text(shape.ipBytes)),
    domainName: shape.domain ? printable(r.text(128)) : null,
    sourceId: printable(r.text(16)),
    version: printable(r.text(shape.versionBytes)),
    joinTime: r.i64(),
    upTime: r.i64(),
    totalMb: r.i64(),
    freeMb: r.i64(),
    reservedMb: shape.reserved ? r.i64() : null,
    uploadPriority: r.i64(),
    storePathCount: r.size(),
    subdirCountPerPath: r.size(),
    currentWritePath: r.i64(),
    port: checkPort(r.i64()),
    httpPort: shape.httpPort ? r.i64() : null,
    connections: { allocated: r.i32(), current: r.i32(), max: r.i32() },
    stats: readStats(r),
    isTrunkServer: r.u8() !== 0
  }
}

/** Ids, versions and addresses are shown and logged: nothing but printable ASCII. */
function printable(text: string): string {
  if (!/^[\x20-\x7e]*$/.test(text)) throw invalid('not-printable')
  return text
}

const storageList: Codec<StorageList> = {
  encode(w, value) {
    for (const storage of value.storages) writeRecord(w, storage, SHAPES[value.layout ?? 487])
  },
  decode(r) {
    if (r.remaining === 0) return { storages: [] }
    // For 1–32 records no two of the sizes divide the same length.
    const layout = LAYOUTS.find((size) => r.remaining % size === 0)
    if (layout === undefined) throw invalid('no-record-size')
    if (r.remaining / layout > MAX_STORAGES) throw invalid('too-many-storages')
    const storages: StorageRecord[] = []
    while (r.remaining > 0) storages.push(readRecord(r, SHAPES[layout]))
    return { storages, layout }
  }
}

/** 92. request: group 16 | [storage id = rest, ≤ 15]     response: storage record × n, n 0–32 */
export const listStorages: Command<{ group: string; storageId?: string }, StorageList> = {
  name: 'listStorages',
  code: CODES.LIST_STORAGE,
  request: {
    encode(w, value) {
      writeGroup(w, value.group)
      const id = value.storageId ?? ''
      w.text(id, Math.min(id.length, 15))
    },
    decode(r) {
      const group = readGroup(r)
      if (r.remaining > 15) throw invalid('bad-storage-id')
      const storageId = r.restText()
      return storageId === '' ? { group } : { group, storageId }
    }
  },
  response: storageList,
  maxResponse: MAX_STORAGES * 644
}
