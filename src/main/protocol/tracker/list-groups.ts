import { CODES } from '../codes.ts'
import { groupOnly, nothing } from '../codecs.ts'
import { checkGroup, isGroup } from '../fields.ts'
import { invalid } from '../reader.ts'
import type { ByteReader } from '../reader.ts'
import type { Codec, Command } from '../types.ts'
import type { ByteWriter } from '../writer.ts'

/** Bytes per record: 113 since 6.13.2, 105 before. */
export type GroupLayout = 105 | 113

/** One group as a tracker reports it. Space is in MiB. null = the layout does not have the field. */
export interface GroupRecord {
  group: string
  totalMb: number
  freeMb: number
  reservedMb: number | null
  trunkFreeMb: number
  storageCount: number
  storagePort: number
  /** Only up to 6.12. 6.13.0 has the readable count in this place: 105-byte records of that version cannot be told apart. */
  storageHttpPort: number | null
  /** Only in 105-byte records; in those of 6.13.0 it is the writable count. */
  activeCount: number | null
  readableCount: number | null
  writableCount: number | null
  currentWriteServer: number
  storePathCount: number
  subdirCountPerPath: number
  /** −1 or 0 when trunk files are off. */
  currentTrunkFileId: number
}

export interface GroupList {
  groups: GroupRecord[]
  /** The layout it arrived in, or shall be sent in (113 when missing). */
  layout?: GroupLayout
}

const MAX_GROUPS = 512

// group 17 | then 8 each: total | free | [113: reserved] | trunk free | storages | port |
//   113: readable | writable     105: http port | active
// | current write server | store paths | subdirs per path | current trunk file id
function writeRecord(w: ByteWriter, g: GroupRecord, layout: GroupLayout): void {
  w.text(checkGroup(g.group), 17)
  w.i64(g.totalMb)
  w.i64(g.freeMb)
  if (layout === 113) w.i64(g.reservedMb ?? 0)
  w.i64(g.trunkFreeMb)
  w.i64(g.storageCount)
  w.i64(g.storagePort)
  if (layout === 113) {
    w.i64(g.readableCount ?? 0)
    w.i64(g.writableCount ?? 0)
  } else {
    w.i64(g.storageHttpPort ?? 0)
    w.i64(g.activeCount ?? 0)
  }
  w.i64(g.currentWriteServer)
  w.i64(g.storePathCount)
  w.i64(g.subdirCountPerPath)
  w.i64(g.currentTrunkFileId)
}

function readRecord(r: ByteReader, layout: GroupLayout): GroupRecord {
  const recent = layout === 113
  return {
    group: checkGroup(r.text(17)),
    totalMb: r.i64(),
    freeMb: r.i64(),
    reservedMb: recent ? r.i64() : null,
    trunkFreeMb: r.i64(),
    storageCount: r.size(),
    storagePort: r.i64(),
    storageHttpPort: recent ? null : r.i64(),
    activeCount: recent ? null : r.size(),
    readableCount: recent ? r.size() : null,
    writableCount: recent ? r.size() : null,
    currentWriteServer: r.i64(),
    storePathCount: r.size(),
    subdirCountPerPath: r.size(),
    currentTrunkFileId: r.i64()
  }
}

/** The record size that divides the body; when both do (105 groups of 113 bytes), the one in which every record starts with a name. */
function layoutOf(r: ByteReader): GroupLayout {
  const candidates = ([113, 105] as const).filter((size) => r.remaining % size === 0)
  const [first, second] = candidates
  if (first === undefined) throw invalid('no-record-size')
  return second === undefined || namesAt(r, first) ? first : second
}

function namesAt(r: ByteReader, size: number): boolean {
  const probe = r.fork()
  while (probe.remaining > 0) {
    if (!isGroup(probe.text(17))) return false
    probe.skip(size - 17)
  }
  return true
}

const groupList: Codec<GroupList> = {
  encode(w, value) {
    for (const group of value.groups) writeRecord(w, group, value.layout ?? 113)
  },
  decode(r) {
    if (r.remaining === 0) return { groups: [] }
    const layout = layoutOf(r)
    if (r.remaining / layout > MAX_GROUPS) throw invalid('too-many-groups')
    const groups: GroupRecord[] = []
    while (r.remaining > 0) groups.push(readRecord(r, layout))
    return { groups, layout }
  }
}

/** 91. request: empty     response: group record × n, n 0–512 */
export const listAllGroups: Command<void, GroupList> = {
  name: 'listAllGroups',
  code: CODES.LIST_ALL_GROUPS,
  request: nothing,
  response: groupList,
  maxResponse: MAX_GROUPS * 113
}

/** 90. request: group 16     response: group record */
export const listOneGroup: Command<{ group: string }, { group: GroupRecord; layout?: GroupLayout }> = {
  name: 'listOneGroup',
  code: CODES.LIST_ONE_GROUP,
  request: groupOnly,
  response: {
    encode(w, value) {
      writeRecord(w, value.group, value.layout ?? 113)
    },
    decode(r) {
      const layout = r.remaining
      if (layout !== 113 && layout !== 105) throw invalid('no-record-size')
      return { group: readRecord(r, layout), layout }
    }
  },
  maxResponse: 113
}
