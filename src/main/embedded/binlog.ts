import fs from 'node:fs'
import path from 'node:path'

/** One change. `op` in upper case: made here by a client; in lower case: arrived by sync (protocol page, section 11.2). */
export interface BinlogRecord {
  timestampSeconds: number
  op: string
  name: string
  /** 'offset length', 'old new', or the other file name; '' when there is none. */
  extra: string
}

export interface BinlogPosition {
  index: number
  offset: number
}

const ROTATE_BYTES = 2 ** 30

export function binlogFile(syncDir: string, index: number): string {
  return path.join(syncDir, `binlog.${String(index).padStart(3, '0')}`)
}

export function formatRecord(record: BinlogRecord): string {
  const { timestampSeconds, op, name, extra } = record
  return extra === '' ? `${timestampSeconds} ${op} ${name}\n` : `${timestampSeconds} ${op} ${name} ${extra}\n`
}

/** null for a line that is no record (fewer than three columns). */
export function parseRecord(line: string): BinlogRecord | null {
  const [time, op, name, ...extra] = line.split(' ')
  if (time === undefined || op === undefined || name === undefined || name === '' || op.length !== 1) return null
  const timestampSeconds = Number(time)
  return Number.isSafeInteger(timestampSeconds) ? { timestampSeconds, op, name, extra: extra.join(' ') } : null
}

/**
 * Appends to `binlog.NNN`, one write call per record, so that a killed process leaves whole lines. Opening cuts off an
 * unfinished line at the end (a power cut can leave one).
 */
export class BinlogWriter {
  private readonly syncDir: string
  private readonly rotateBytes: number
  private fd = -1
  private index: number
  private offset = 0

  constructor(syncDir: string, rotateBytes = ROTATE_BYTES) {
    this.syncDir = syncDir
    this.rotateBytes = rotateBytes
    fs.mkdirSync(syncDir, { recursive: true })
    this.index = newestIndex(syncDir)
    this.openFile()
  }

  /** End of the log: where the next record will begin. */
  get position(): BinlogPosition {
    return { index: this.index, offset: this.offset }
  }

  append(record: BinlogRecord): void {
    if (this.offset >= this.rotateBytes) this.rotate()
    this.offset += fs.writeSync(this.fd, formatRecord(record), null, 'latin1')
  }

  close(): void {
    if (this.fd >= 0) fs.closeSync(this.fd)
    this.fd = -1
  }

  private rotate(): void {
    this.close()
    this.index += 1
    this.openFile()
  }

  private openFile(): void {
    const file = binlogFile(this.syncDir, this.index)
    this.fd = fs.openSync(file, 'a+')
    this.offset = wholeLines(this.fd)
    fs.ftruncateSync(this.fd, this.offset)
    fs.writeFileSync(path.join(this.syncDir, 'binlog_index.dat'), `current_write=${this.index}\ncurrent_compress=0\n`)
  }
}

/** A record and the position behind it. */
export interface PlacedRecord {
  record: BinlogRecord
  end: BinlogPosition
}

/**
 * Reads whole records from `from`, about `maxBytes` of them; goes on to the next file at the end of one. `next` is where to
 * go on; an empty result with `next` equal to `from` is the end of the log.
 */
export function readBinlog(syncDir: string, from: BinlogPosition, maxBytes = 65_536): { records: PlacedRecord[]; next: BinlogPosition } {
  const text = readChunk(binlogFile(syncDir, from.index), from.offset, maxBytes)
  const end = text.lastIndexOf('\n') + 1
  if (end === 0) {
    const following = { index: from.index + 1, offset: 0 }
    return fs.existsSync(binlogFile(syncDir, following.index)) ? readBinlog(syncDir, following, maxBytes) : { records: [], next: from }
  }
  const records: PlacedRecord[] = []
  for (let at = 0; at < end;) {
    const lineEnd = text.indexOf('\n', at)
    const record = parseRecord(text.slice(at, lineEnd))
    at = lineEnd + 1
    if (record !== null) records.push({ record, end: { index: from.index, offset: from.offset + at } })
  }
  return { records, next: { index: from.index, offset: from.offset + end } }
}

/** The newest record, null in an empty log. */
export function lastRecord(syncDir: string, position: BinlogPosition): BinlogRecord | null {
  const offset = Math.max(0, position.offset - 1024)
  const lines = readChunk(binlogFile(syncDir, position.index), offset, 1024).split('\n').filter(Boolean)
  const last = lines.at(-1)
  return last === undefined ? null : parseRecord(last)
}

function readChunk(file: string, offset: number, bytes: number): string {
  let fd: number
  try {
    fd = fs.openSync(file, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
  try {
    const buffer = Buffer.allocUnsafe(bytes)
    return buffer.toString('latin1', 0, fs.readSync(fd, buffer, 0, bytes, offset))
  } finally {
    fs.closeSync(fd)
  }
}

function newestIndex(syncDir: string): number {
  const indexes = fs
    .readdirSync(syncDir)
    .filter((name) => /^binlog\.\d{3,}$/.test(name))
    .map((name) => Number(name.slice('binlog.'.length)))
  return Math.max(0, ...indexes)
}

function wholeLines(fd: number): number {
  const size = fs.fstatSync(fd).size
  const tail = Buffer.allocUnsafe(Math.min(size, 1024))
  fs.readSync(fd, tail, 0, tail.length, size - tail.length)
  const end = tail.lastIndexOf(0x0a)
  return end < 0 ? (size > tail.length ? size : 0) : size - tail.length + end + 1
}
