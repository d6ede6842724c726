/**
 * Archives that are known before their first byte: names, sizes and CRC-32 are given, nothing is compressed, so that every
 * offset, the central directory and the total size follow by addition. Layout by APPNOTE.TXT 6.3.10 (section numbers below).
 */

export interface ZipEntry {
  /** Path inside the archive with '/' between folders; unique within the archive. */
  path: string
  sizeBytes: number
  /** Unsigned. */
  crc32: number
  /** Unix ms. */
  modifiedAt: number
}

export interface PlannedEntry extends ZipEntry {
  /** Where its local header begins. */
  headerOffset: number
  /** Where its content begins. */
  dataOffset: number
}

export interface ZipPlan {
  entries: PlannedEntry[]
  directoryOffset: number
  totalBytes: number
}

const LOCAL_BYTES = 30
const CENTRAL_BYTES = 46
const END_BYTES = 22
const END64_BYTES = 56
const LOCATOR_BYTES = 20
/** Extended timestamp (0x5455): id 2, size 2, flags 1, mtime 4. */
const TIME_BYTES = 9
const MAX32 = 0xffffffff
const MAX16 = 0xffff
/** Bit 11: names are UTF-8. */
const FLAGS = 0x0800
/** Upper byte 3 = Unix: the external attributes carry a file mode. */
const MADE_BY_UNIX = 3 << 8
const REGULAR_FILE_0644 = 0o100644 * 0x10000

export function planZip(entries: Iterable<ZipEntry>): ZipPlan {
  const planned: PlannedEntry[] = []
  let offset = 0
  let directoryBytes = 0
  for (const entry of entries) {
    const headerOffset = offset
    const dataOffset = headerOffset + localHeaderBytes(entry)
    planned.push({ ...entry, headerOffset, dataOffset })
    offset = dataOffset + entry.sizeBytes
    directoryBytes += centralBytes(entry, headerOffset)
  }
  const end = endBytes(planned.length, offset, directoryBytes)
  return { entries: planned, directoryOffset: offset, totalBytes: offset + directoryBytes + end }
}

// 4.3.7: signature 4 | version 2 | flags 2 | method 2 | time 2 | date 2 | crc 4 | compressed 4 | size 4 | name length 2 | extra length 2
export function localHeader(entry: ZipEntry): Buffer {
  const name = Buffer.from(entry.path)
  const large = isLarge(entry.sizeBytes)
  const out = Buffer.alloc(LOCAL_BYTES + name.length + (large ? 20 : 0) + TIME_BYTES)
  out.writeUInt32LE(0x04034b50, 0)
  writeCommon(out, 4, entry, large)
  out.writeUInt16LE(name.length, 26)
  out.writeUInt16LE(out.length - LOCAL_BYTES - name.length, 28)
  let at = LOCAL_BYTES + name.copy(out, LOCAL_BYTES)
  if (large) at = writeZip64(out, at, [entry.sizeBytes, entry.sizeBytes])
  writeTime(out, at, entry)
  return out
}

/** The central directory and the end records, in pieces of bounded size. */
export function* directory(plan: ZipPlan): Generator<Buffer> {
  let bytes = 0
  let piece: Buffer[] = []
  let pieceBytes = 0
  for (const entry of plan.entries) {
    const record = centralRecord(entry)
    piece.push(record)
    bytes += record.length
    pieceBytes += record.length
    if (pieceBytes >= 262_144) {
      yield Buffer.concat(piece)
      piece = []
      pieceBytes = 0
    }
  }
  piece.push(endRecords(plan.entries.length, plan.directoryOffset, bytes))
  yield Buffer.concat(piece)
}

// 4.3.12: signature 4 | made by 2 | the 26 bytes of the local header | comment length 2 | disk 2 | internal 2 | external 4 | offset 4
function centralRecord(entry: PlannedEntry): Buffer {
  const name = Buffer.from(entry.path)
  const large = isLarge(entry.sizeBytes)
  const wide = [...(large ? [entry.sizeBytes, entry.sizeBytes] : []), ...(isLarge(entry.headerOffset) ? [entry.headerOffset] : [])]
  const out = Buffer.alloc(centralBytes(entry, entry.headerOffset))
  out.writeUInt32LE(0x02014b50, 0)
  out.writeUInt16LE(MADE_BY_UNIX | version(wide.length > 0), 4)
  writeCommon(out, 6, entry, large)
  out.writeUInt16LE(version(wide.length > 0), 6)
  out.writeUInt16LE(name.length, 28)
  out.writeUInt16LE(out.length - CENTRAL_BYTES - name.length, 30)
  out.writeUInt32LE(REGULAR_FILE_0644, 38)
  out.writeUInt32LE(Math.min(entry.headerOffset, MAX32), 42)
  let at = CENTRAL_BYTES + name.copy(out, CENTRAL_BYTES)
  if (wide.length > 0) at = writeZip64(out, at, wide)
  writeTime(out, at, entry)
  return out
}

// 4.3.14 and 4.3.15 where a count or offset needs it, then 4.3.16
function endRecords(count: number, offset: number, bytes: number): Buffer {
  const out = Buffer.alloc(endBytes(count, offset, bytes))
  let at = 0
  if (out.length > END_BYTES) {
    out.writeUInt32LE(0x06064b50, 0)
    out.writeBigUInt64LE(BigInt(END64_BYTES - 12), 4)
    out.writeUInt16LE(MADE_BY_UNIX | 45, 12)
    out.writeUInt16LE(45, 14)
    for (const [i, value] of [count, count, bytes, offset].entries()) out.writeBigUInt64LE(BigInt(value), 24 + i * 8)
    out.writeUInt32LE(0x07064b50, END64_BYTES)
    out.writeBigUInt64LE(BigInt(offset + bytes), END64_BYTES + 8)
    out.writeUInt32LE(1, END64_BYTES + 16)
    at = END64_BYTES + LOCATOR_BYTES
  }
  out.writeUInt32LE(0x06054b50, at)
  out.writeUInt16LE(Math.min(count, MAX16), at + 8)
  out.writeUInt16LE(Math.min(count, MAX16), at + 10)
  out.writeUInt32LE(Math.min(bytes, MAX32), at + 12)
  out.writeUInt32LE(Math.min(offset, MAX32), at + 16)
  return out
}

/** version 2 | flags 2 | method 2 | time 2 | date 2 | crc 4 | compressed 4 | size 4 */
function writeCommon(out: Buffer, at: number, entry: ZipEntry, large: boolean): void {
  const { time, date } = dosTime(entry.modifiedAt)
  out.writeUInt16LE(version(large), at)
  out.writeUInt16LE(FLAGS, at + 2)
  out.writeUInt16LE(time, at + 6)
  out.writeUInt16LE(date, at + 8)
  out.writeUInt32LE(entry.crc32, at + 10)
  out.writeUInt32LE(large ? MAX32 : entry.sizeBytes, at + 14)
  out.writeUInt32LE(large ? MAX32 : entry.sizeBytes, at + 18)
}

/** 4.5.3: the values that did not fit, in the order of the record. */
function writeZip64(out: Buffer, at: number, values: readonly number[]): number {
  out.writeUInt16LE(0x0001, at)
  out.writeUInt16LE(values.length * 8, at + 2)
  for (const [i, value] of values.entries()) out.writeBigUInt64LE(BigInt(value), at + 4 + i * 8)
  return at + 4 + values.length * 8
}

/** UTC, where the old fields know only local time in steps of two seconds. */
function writeTime(out: Buffer, at: number, entry: ZipEntry): void {
  out.writeUInt16LE(0x5455, at)
  out.writeUInt16LE(TIME_BYTES - 4, at + 2)
  out.writeUInt8(1, at + 4)
  out.writeUInt32LE(Math.min(Math.max(Math.floor(entry.modifiedAt / 1000), 0), MAX32), at + 5)
}

function dosTime(unixMs: number): { time: number; date: number } {
  const local = new Date(unixMs)
  const year = local.getFullYear()
  if (!(year >= 1980)) return { time: 0, date: (1 << 5) | 1 }
  if (year > 2107) return { time: 0xbf7d, date: 0xff9f }
  return {
    time: (local.getHours() << 11) | (local.getMinutes() << 5) | (local.getSeconds() >> 1),
    date: ((year - 1980) << 9) | ((local.getMonth() + 1) << 5) | local.getDate()
  }
}

const isLarge = (value: number): boolean => value >= MAX32
const version = (zip64: boolean): number => (zip64 ? 45 : 20)

function localHeaderBytes(entry: ZipEntry): number {
  return LOCAL_BYTES + Buffer.byteLength(entry.path) + (isLarge(entry.sizeBytes) ? 20 : 0) + TIME_BYTES
}

function centralBytes(entry: ZipEntry, headerOffset: number): number {
  const wide = (isLarge(entry.sizeBytes) ? 16 : 0) + (isLarge(headerOffset) ? 8 : 0)
  return CENTRAL_BYTES + Buffer.byteLength(entry.path) + (wide > 0 ? 4 + wide : 0) + TIME_BYTES
}

function endBytes(count: number, offset: number, bytes: number): number {
  const zip64 = count >= MAX16 || isLarge(offset) || isLarge(bytes)
  return END_BYTES + (zip64 ? END64_BYTES + LOCATOR_BYTES : 0)
}
