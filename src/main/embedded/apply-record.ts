import fs from 'node:fs'
import { promisify } from 'node:util'
import type { BinlogRecord } from './binlog.ts'
import { MAX_STORED_NAME, parseName } from './names.ts'
import type { FileStore } from './store.ts'

const copyFile = promisify(fs.copyFile)
/** Files up to this size are copied in one synchronous step. */
const SMALL_BYTES = 256 * 1024
const RANGE_BYTES = 1024 * 1024

/**
 * Makes a change of the source also at a replica, and writes it into the replica's binlog in lower case. Every change can
 * be applied again (after a crash the last ones are). What the replica misses, or what no longer fits, is fetched whole.
 * A file that is gone from the source is passed over: a later record says so. Resolves with the bytes copied.
 */
export async function applyRecord(source: FileStore, replica: FileStore, record: BinlogRecord): Promise<number> {
  const from = pathIn(source, record.name)
  const to = pathIn(replica, record.name)
  if (from === null || to === null) return 0
  const context: Change = { source, replica, record, from, to }
  switch (record.op) {
    case 'C':
      // The same file twice, after a restart. Metadata may differ in the same length.
      if (!record.name.endsWith('-m') && sizeOf(from) === sizeOf(to)) return 0
      return copyWhole(context, 'c')
    case 'U':
      return copyWhole(context, 'u')
    case 'A':
    case 'M':
      return copyRange(context)
    case 'D':
      if (sizeOf(to) !== null) note(context, () => fs.unlinkSync(to))
      return 0
    case 'T':
      return truncate(context)
    case 'R':
      return rename(context)
    default:
      return 0 // lower case: came by sync itself
  }
}

interface Change {
  source: FileStore
  replica: FileStore
  record: BinlogRecord
  from: string
  to: string
}

async function copyWhole({ source, replica, record, from, to }: Change, op: 'c' | 'u'): Promise<number> {
  const size = sizeOf(from)
  if (size === null) return 0
  const temp = replica.newTemp(parseName(record.name, source.dataDirs.length, MAX_STORED_NAME)!.pathIndex)
  try {
    if (size <= SMALL_BYTES) fs.writeFileSync(temp, fs.readFileSync(from))
    else await copyFile(from, temp, fs.constants.COPYFILE_FICLONE)
  } catch (error) {
    fs.rmSync(temp, { force: true })
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
  replica.journal.publish(op, record.name, { temp, final: to }, record.timestampSeconds)
  return size
}

/** Copies the range of an append or a modify. A record says where; what is there now counts. */
async function copyRange(change: Change): Promise<number> {
  const { from, to, record } = change
  const sourceSize = sizeOf(from)
  const replicaSize = sizeOf(to)
  const [offset, length] = record.extra.split(' ').map(Number)
  if (sourceSize === null || offset === undefined || length === undefined) return 0
  if (replicaSize === null) return copyWhole(change, 'c')
  if (replicaSize < offset) return copyWhole(change, 'u')
  const end = Math.min(offset + length, sourceSize)
  const input = await fs.promises.open(from, 'r')
  try {
    const output = await fs.promises.open(to, 'r+')
    try {
      const buffer = Buffer.allocUnsafe(Math.min(RANGE_BYTES, Math.max(end - offset, 1)))
      for (let at = offset; at < end;) {
        const { bytesRead } = await input.read(buffer, 0, Math.min(buffer.length, end - at), at)
        if (bytesRead === 0) break
        await output.write(buffer, 0, bytesRead, at)
        at += bytesRead
      }
    } finally {
      await output.close()
    }
  } finally {
    await input.close()
  }
  note(change)
  return Math.max(0, end - offset)
}

async function truncate(change: Change): Promise<number> {
  const newSize = Number(change.record.extra.split(' ')[1])
  const size = sizeOf(change.to)
  if (sizeOf(change.from) === null || !Number.isSafeInteger(newSize)) return 0
  if (size === null) return copyWhole(change, 'c')
  if (size !== newSize) note(change, () => fs.truncateSync(change.to, newSize))
  return 0
}

async function rename(change: Change): Promise<number> {
  const { replica, record, from, to } = change
  const old = pathIn(replica, record.extra)
  if (old !== null && sizeOf(old) !== null && sizeOf(to) === null) note(change, () => fs.renameSync(old, to))
  // Changes of the appender that had not arrived name a file that no longer exists at the source.
  const size = sizeOf(from)
  if (size === null || size === sizeOf(to)) return 0
  return copyWhole(change, sizeOf(to) === null ? 'c' : 'u')
}

function note({ replica, record }: Change, apply?: () => void): void {
  replica.journal.note(record.op.toLowerCase(), record.name, record.extra, apply, record.timestampSeconds)
}

function pathIn(store: FileStore, remoteName: string): string | null {
  const name = parseName(remoteName, store.dataDirs.length, MAX_STORED_NAME)
  return name === null ? null : store.path(name)
}

function sizeOf(file: string): number | null {
  return fs.statSync(file, { throwIfNoEntry: false })?.size ?? null
}
