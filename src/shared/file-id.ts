/**
 * File IDs: what the name of a file in FastDFS tells (protocol page, section 8), and how names are made.
 * Pure: runs in the renderer as well as in the main process.
 *
 *   group1/M00/00/00/fwAAA2sDCqKADjaBAAAAETp_S8s387.jpg
 *   group  path dirs  27 chars base64 = 20 bytes  tail: 7 chars, random digits, dot, extension
 *   20 bytes: source 4 | timestamp 4 | size field 8 | crc32 4. Files in a trunk file: 16 more chars before the tail.
 */
import { AppError } from './errors.ts'
import type { FileKind } from './model.ts'

/** The storage that took the upload: its IPv4 address, or its id where the cluster puts storage ids into names. */
export type FileSource = { type: 'ip'; address: string } | { type: 'id'; id: number }

export interface TrunkPosition {
  fileId: number
  offset: number
  slotBytes: number
}

export interface FileIdFacts {
  /** `group/remoteName` */
  fileId: string
  group: string
  /** Without group and leading slash: `M00/00/00/…` */
  remoteName: string
  storePathIndex: number
  kind: FileKind
  /** null for appenders and slaves: only the server knows. */
  sizeBytes: number | null
  /** Unsigned; null for appenders and slaves: their names carry that of the first upload, or of the master. */
  crc32: number | null
  /** When the name was made, by the clock of the storage. */
  createdAtSeconds: number
  source: FileSource
  /** Without the dot; '' = none. */
  ext: string
  /** Also set in slaves of appenders: they can be appended to like an appender. */
  isAppenderBit: boolean
  /** Where the content lies in a trunk file; null = a file of its own. */
  trunk: TrunkPosition | null
}

/**
 * A random digit may be ':': storages scale a random number to 0–10 and add that to '0' (of some two thousand million digits one is
 * the ten; seen at a v6.16.1).
 */
const SHAPE = /^[A-Za-z0-9]{1,16}\/M[0-9A-F]{2}\/[0-9A-F]{2}\/[0-9A-F]{2}\/[A-Za-z0-9_-]{27}(?:[A-Za-z0-9_-]{16})?[0-9:]*[A-Za-z0-9._-]*$/
/** Of `M00/00/00/` in front of the name, and of the name's coded part. */
const PATH_CHARS = 10
const CODED_CHARS = 27
const GROUP = /^[A-Za-z0-9]{1,16}$/
const EXT = /^[A-Za-z0-9._-]{0,6}$/
const PREFIX = /^[A-Za-z0-9._-]{1,16}$/
/** Tail of a file that is not a slave: random digits on the left, then dot and extension; 7 characters in all. */
const OWN_TAIL = /^(?:[0-9:]{7}|[0-9:]{0,5}\.[A-Za-z0-9._-]{1,6})$/

const MAX_REMOTE_NAME = 127
const TAIL = 7
const TRUNK_CHARS = 16

/** Decodes a file ID. Throws FILE_ID_INVALID for anything that is not exactly one ID. */
export function parseFileId(text: string): FileIdFacts {
  const facts = tryParseFileId(text)
  if (facts === null) throw new AppError('FILE_ID_INVALID', { detail: { fileId: text.slice(0, 200) } })
  return facts
}

/** Like `parseFileId`, with null instead of an error. */
export function tryParseFileId(text: string): FileIdFacts | null {
  if (!SHAPE.test(text)) return null
  const slash = text.indexOf('/')
  const group = text.slice(0, slash)
  const remoteName = text.slice(slash + 1)
  if (remoteName.length > MAX_REMOTE_NAME || remoteName.length === PATH_CHARS + CODED_CHARS) return null

  const [source, timestamp, sizeHigh, sizeLow, crc32] = decodeWords(remoteName.slice(PATH_CHARS, PATH_CHARS + CODED_CHARS), 5) as [
    number,
    number,
    number,
    number,
    number
  ]
  const size = readSizeField(sizeHigh, sizeLow)
  if (size === null) return null

  const rest = remoteName.slice(PATH_CHARS + CODED_CHARS)
  const inTrunk = size.trunk && rest.length > TRUNK_CHARS && /^[A-Za-z0-9_-]{16}/.test(rest)
  const tail = inTrunk ? rest.slice(TRUNK_CHARS) : rest
  const kind: FileKind = size.appender ? 'appender' : !isOwnTail(tail) ? 'slave' : inTrunk ? 'trunk' : 'normal'
  const known = kind === 'normal' || kind === 'trunk'
  return {
    fileId: text,
    group,
    remoteName,
    storePathIndex: Number.parseInt(remoteName.slice(1, 3), 16),
    kind,
    sizeBytes: known ? size.bytes : null,
    crc32: known ? crc32 : null,
    createdAtSeconds: timestamp,
    source: decodeSource(source),
    ext: extOf(remoteName),
    isAppenderBit: size.appender,
    trunk: inTrunk && kind === 'trunk' ? decodeTrunk(rest) : null
  }
}

export interface FileNameParts {
  storePathIndex: number
  /** The two directory levels, 0–255 each. */
  directories: readonly [number, number]
  source: FileSource
  timestampSeconds: number
  /** Of a normal file; null makes the name of an appender. */
  sizeBytes: number | null
  /** Unsigned; of an appender: that of the first content. */
  crc32: number
  /** Without the dot. */
  ext: string
  /** 23 random bits, which make names of equal files differ; unused from 4 GiB on. */
  random: number
  /** Seven random decimal digits, of which the tail takes as many as the extension leaves room for. */
  digits: string
}

/** Makes the remote name of a new file, 44 characters. Throws INPUT_INVALID for parts that no name can carry. */
export function encodeFileName(parts: FileNameParts): string {
  const { ext, sizeBytes } = parts
  if (!EXT.test(ext) || !/^[0-9]{7}$/.test(parts.digits)) throw badPart('ext')
  const bytes = [parts.storePathIndex, ...parts.directories]
  if (bytes.some((b) => !Number.isInteger(b) || b < 0 || b > 255)) throw badPart('directory')
  if (sizeBytes !== null && (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0)) throw badPart('sizeBytes')
  const random = (parts.random >>> 0) & 0x7f_ffff
  let high: number
  let low = 0
  if (sizeBytes === null) high = 0x8400_0000 | random
  else if (sizeBytes < 0x1_0000_0000) {
    high = 0x8000_0000 | random
    low = sizeBytes
  } else {
    high = Math.floor(sizeBytes / 0x1_0000_0000)
    low = sizeBytes % 0x1_0000_0000
  }
  const packed = encodeWords([encodeSource(parts.source), parts.timestampSeconds, high, low, parts.crc32])
  const end = ext === '' ? '' : `.${ext}`
  const [path, ...dirs] = bytes.map((b) => b.toString(16).toUpperCase().padStart(2, '0'))
  return `M${path}/${dirs.join('/')}/${packed}${parts.digits.slice(0, TAIL - end.length)}${end}`
}

/**
 * The ID under which a storage stores a slave: the master's ID up to its dot (looked for in the last 7 characters), prefix,
 * dot, extension. Throws FILE_ID_INVALID for the master, INPUT_INVALID for prefix and extension.
 */
export function slaveFileId(masterId: string, prefix: string, ext: string): string {
  const master = parseFileId(masterId).fileId
  if (!PREFIX.test(prefix)) throw badPart('prefix')
  if (!EXT.test(ext) || (prefix === '-m' && ext === '')) throw badPart('ext')
  const tail = master.slice(-TAIL)
  const dot = tail.indexOf('.')
  const stem = dot === -1 ? master : master.slice(0, master.length - TAIL + dot)
  const end = ext === '' || ext.startsWith('.') ? ext : `.${ext}`
  const fileId = stem + prefix + end
  if (fileId.length - fileId.indexOf('/') - 1 > MAX_REMOTE_NAME) throw badPart('prefix')
  return fileId
}

/**
 * The extension that a file of this name gets on the server: what follows the last dot of its last path segment, legal
 * characters only, cut to 6. `photo.JPG` → JPG, `a.tar.gz` → gz, `scan.jpeg2000` → jpeg20, `.profile` → ''.
 * Never ends in `-m`: that ending marks metadata files on the server.
 */
export function sanitiseExt(name: string): string {
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
  const dot = base.lastIndexOf('.')
  if (dot <= 0) return ''
  const ext = base
    .slice(dot + 1)
    .replace(/[^A-Za-z0-9_-]/g, '')
    .slice(0, 6)
  return ext.endsWith('-m') ? ext.slice(0, -2) : ext
}

/** True when the text is exactly one file ID. */
export function isFileId(text: string): boolean {
  return tryParseFileId(text) !== null
}

export function isGroupName(text: string): boolean {
  return GROUP.test(text)
}

// ── Inside ───────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * The rule of FastDFS itself goes by length alone (above 44: slave) and takes short slaves for their masters. A name that a
 * storage makes has a tail of exactly 7 characters, digits before the dot: whatever else follows is a slave.
 */
function isOwnTail(tail: string): boolean {
  return tail.length === TAIL && OWN_TAIL.test(tail)
}

/** bit 63 clear: a plain 64-bit size. Set: flags above, 23 random bits, the size in the low 32 bits. null = no such size. */
function readSizeField(high: number, low: number): { bytes: number; appender: boolean; trunk: boolean } | null {
  if (high < 0x8000_0000) {
    const bytes = high * 0x1_0000_0000 + low
    return Number.isSafeInteger(bytes) ? { bytes, appender: false, trunk: false } : null
  }
  const appender = (high & 0x0400_0000) !== 0
  return { bytes: low, appender, trunk: !appender && (high & 0x0800_0000) !== 0 }
}

/** The 4 bytes, read little-endian: up to 24 bits they are a storage id, above them an address, byte by byte. */
function decodeSource(word: number): FileSource {
  const [a, b, c, d] = [word >>> 24, (word >>> 16) & 0xff, (word >>> 8) & 0xff, word & 0xff]
  if (d === 0) return { type: 'id', id: a | (b << 8) | (c << 16) }
  return { type: 'ip', address: `${a}.${b}.${c}.${d}` }
}

function encodeSource(source: FileSource): number {
  if (source.type === 'id') {
    const { id } = source
    if (!Number.isInteger(id) || id < 0 || id > 0xff_ffff) throw badPart('source')
    return (((id & 0xff) << 24) | ((id & 0xff00) << 8) | ((id >>> 16) << 8)) >>> 0
  }
  const bytes = source.address.split('.')
  if (bytes.length !== 4 || bytes.some((b) => !/^(?:0|[1-9][0-9]{0,2})$/.test(b) || Number(b) > 255)) throw badPart('source')
  return bytes.reduce((word, b) => word * 256 + Number(b), 0)
}

function decodeTrunk(rest: string): TrunkPosition {
  const [fileId, offset, slotBytes] = decodeWords(rest.slice(0, TRUNK_CHARS), 3) as [number, number, number]
  return { fileId, offset, slotBytes }
}

/** After the first dot of the last 7 characters: the longest extension and its dot. */
function extOf(remoteName: string): string {
  const tail = remoteName.slice(-TAIL)
  const dot = tail.indexOf('.')
  return dot === -1 ? '' : tail.slice(dot + 1)
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const VALUES = new Uint8Array(128)
for (let i = 0; i < ALPHABET.length; i++) VALUES[ALPHABET.charCodeAt(i)] = i

/** Base64 in FastDFS's alphabet as big-endian uint32 words; surplus bits at the end are dropped. */
function decodeWords(text: string, count: number): number[] {
  const words: number[] = []
  // Up to 37 bits, more than the bit operators can hold: hence the arithmetic.
  let held = 0
  let bits = 0
  for (let i = 0; words.length < count && i < text.length; i++) {
    held = held * 64 + VALUES[text.charCodeAt(i)]!
    bits += 6
    if (bits < 32) continue
    bits -= 32
    const word = Math.floor(held / 2 ** bits)
    words.push(word)
    held -= word * 2 ** bits
  }
  return words
}

function encodeWords(words: number[]): string {
  const bytes = new Uint8Array(words.length * 4)
  const view = new DataView(bytes.buffer)
  words.forEach((word, i) => view.setUint32(i * 4, word))
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff
    bits += 8
    while (bits >= 6) {
      bits -= 6
      text += ALPHABET[(held >>> bits) & 0x3f]
    }
  }
  return bits === 0 ? text : text + ALPHABET[(held << (6 - bits)) & 0x3f]
}

function badPart(field: string): AppError {
  return new AppError('INPUT_INVALID', { detail: { field } })
}
