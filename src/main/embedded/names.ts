import path from 'node:path'
import { isExt } from '../protocol/fields.ts'

/** A remote name taken apart: `M00/0A/FF/name` is path 0, directories 0A and FF. */
export interface ParsedName {
  readonly pathIndex: number
  /** 'HH/HH/name', always with forward slashes. */
  readonly below: string
  readonly base: string
}

/** In binlog and directories a name may be a metadata file's, two longer than a file's. */
export const MAX_STORED_NAME = 129

const NAME = /^(?:M([0-9A-F]{2})\/)?([0-9A-F]{2}\/[0-9A-F]{2}\/([A-Za-z0-9._-]+))$/

/**
 * The rule of protocol page, section 7: more than ten bytes, optional `Mxx/` with a configured store path, two levels of
 * upper-case hex, then no further slash. null = EINVAL. A name that passes can be joined to a data directory, except that
 * its last part may be `.` or `..` (a directory: EISDIR).
 */
export function parseName(remoteName: string, storePathCount: number, maxBytes = 127): ParsedName | null {
  if (remoteName.length <= 10 || remoteName.length > maxBytes) return null
  const match = NAME.exec(remoteName)
  if (match === null) return null
  const pathIndex = match[1] === undefined ? 0 : Number.parseInt(match[1], 16)
  if (pathIndex >= storePathCount) return null
  return { pathIndex, below: match[2]!, base: match[3]! }
}

/** What a storage itself reads from a name; it goes by length where a client can do better (section 8). */
export interface NameFacts {
  kind: 'normal' | 'appender' | 'slave'
  crc32: number
  timestampSeconds: number
  /** IPv4 address in text, or a storage id. */
  source: string | number
}

/** null when the name does not hold 20 bytes. */
export function readName(base: string, remoteNameBytes: number): NameFacts | null {
  const bytes = Buffer.from(base.slice(0, 27), 'base64url')
  if (bytes.length !== 20) return null
  const flags = bytes[8]!
  const appender = (flags & 0x80) !== 0 && (flags & 0x04) !== 0
  const source = bytes.readUInt32LE(0)
  return {
    kind: appender ? 'appender' : remoteNameBytes > 44 ? 'slave' : 'normal',
    crc32: bytes.readUInt32BE(16),
    timestampSeconds: bytes.readUInt32BE(4),
    source: source <= 0xff_ffff ? source : `${bytes[0]}.${bytes[1]}.${bytes[2]}.${bytes[3]}`
  }
}

/** Where the file lies on disk. */
export function truePath(dataDirs: readonly string[], name: ParsedName): string {
  return path.join(dataDirs[name.pathIndex]!, name.below)
}

/**
 * Name of a slave (section 7.2): the master's name up to its dot — the first one in its last seven characters — then the
 * prefix, then the extension; a leading dot of the extension is not doubled. null when it cannot be a file name.
 */
export function slaveName(masterName: string, prefix: string, ext: string): string | null {
  const dot = masterName.indexOf('.', masterName.length - 7)
  const stem = dot < 0 ? masterName : masterName.slice(0, dot)
  const tail = ext === '' ? '' : ext.startsWith('.') ? ext : `.${ext}`
  const name = stem + prefix + tail
  return name.length > 127 || !isExt(ext) ? null : name
}
