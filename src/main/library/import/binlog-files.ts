import { createReadStream, type Stats } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { AppError, toAppError } from '../../../shared/errors.ts'

const NAME = /^(.*)binlog\.([0-9]{3,})(\.gz)?$/
const PIECE_BYTES = 262_144
/** A line of a binlog has at most 256 bytes; what goes on much longer is none, but where a disk lost power there may be such places. */
const MAX_LINE = 4_096
/** What goes on for longer than this is no binlog. */
const MAX_GAP = 16 * 1_048_576
/** Told in place of a line that was too long to be one: no record. */
const NO_LINE = '\0'

export interface BinlogFile {
  path: string
  name: string
  /** On disk. */
  bytes: number
  compressed: boolean
}

/**
 * The binlog files of one storage in their order: files as given, or those in a folder. Where a file is there compressed and
 * not, it is read uncompressed (the compression may not be done). BINLOG_NONE, BINLOG_MIXED,
 * LOCAL_NOT_FOUND, LOCAL_DENIED.
 */
export async function findBinlogs(paths: readonly string[]): Promise<BinlogFile[]> {
  const found: BinlogFile[] = []
  for (const path of paths) {
    const info = await statOf(path)
    if (!info.isDirectory()) found.push({ path, name: basename(path), bytes: info.size, compressed: path.endsWith('.gz') })
    else {
      for (const name of await readdir(path)) {
        const entry = join(path, name)
        if (!NAME.test(name)) continue
        const each = await statOf(entry)
        if (each.isFile()) found.push({ path: entry, name, bytes: each.size, compressed: name.endsWith('.gz') })
      }
    }
  }
  const byName = new Map<string, BinlogFile>()
  for (const file of found) {
    const key = file.name.replace(/\.gz$/, '')
    const other = byName.get(key)
    if (other && dirname(other.path) !== dirname(file.path)) throw new AppError('BINLOG_MIXED', { detail: { path: dirname(file.path) } })
    if (!other || other.compressed) byName.set(key, file)
  }
  const files = [...byName.values()].sort((a, b) => numberOf(a.name) - numberOf(b.name) || (a.name < b.name ? -1 : 1))
  if (files.length === 0) throw new AppError('BINLOG_NONE', { detail: { path: paths[0] } })
  if (new Set(files.map((file) => dirname(file.path))).size > 1)
    throw new AppError('BINLOG_MIXED', { detail: { path: dirname(files[1]!.path) } })
  return files
}

/** Files that are not named like binlogs come last, as they were given. */
const numberOf = (name: string): number => Number(NAME.exec(name)?.[2] ?? Number.MAX_SAFE_INTEGER)

async function statOf(path: string): Promise<Stats> {
  try {
    return await stat(path)
  } catch (error) {
    const denied = error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM')
    throw new AppError(denied ? 'LOCAL_DENIED' : 'LOCAL_NOT_FOUND', { cause: error, detail: { path } })
  }
}

export interface LinesRead {
  /** Characters behind the last line feed: a line that was not written to its end, or the cut of a copy. */
  tail: number
  /** Characters of whole lines. */
  chars: number
  /** Lines too long to be any. */
  overlong: number
  /** The archive could not be unpacked to its end; what came before counts. */
  damaged: boolean
}

/**
 * Reads whole lines, piece by piece; `take` gets some thousand at a time and the bytes read from disk since the last call. At most
 * `limit` characters, so that a second reading sees no more than the first.
 */
export async function readLines(
  file: BinlogFile,
  take: (lines: string[], diskBytes: number) => Promise<void> | void,
  signal: AbortSignal,
  limit = Infinity
): Promise<LinesRead> {
  const disk = createReadStream(file.path, { highWaterMark: PIECE_BYTES })
  const stream: Readable = file.compressed ? disk.pipe(createGunzip()) : disk
  disk.on('error', (error) => stream.destroy(error))
  let rest = ''
  // Characters of the line that has begun, beside `rest`: it is too long to be kept.
  let dropped = 0
  let chars = 0
  let overlong = 0
  let told = 0
  try {
    for await (const piece of stream as AsyncIterable<Buffer>) {
      if (signal.aborted) throw new AppError('ABORTED')
      const lines = (rest + piece.toString('latin1')).slice(0, limit - chars - dropped).split('\n')
      rest = lines.pop()!
      for (const [index, line] of lines.entries()) {
        chars += line.length + 1
        if (dropped + line.length > MAX_LINE) {
          overlong += 1
          lines[index] = NO_LINE
        }
        chars += dropped
        dropped = 0
      }
      if (rest.length > MAX_LINE) {
        dropped += rest.length
        rest = ''
      }
      if (dropped > MAX_GAP) throw new AppError('BINLOG_UNREADABLE', { detail: { path: file.path } })
      if (lines.length > 0) await take(lines, disk.bytesRead - told)
      told = disk.bytesRead
      if (chars >= limit) break
    }
  } catch (error) {
    if (error instanceof AppError) throw error
    // zlib: the archive ends early or is damaged.
    const damaged = error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
    if (!damaged) throw new AppError('LOCAL_IO', { cause: error, detail: { path: file.path, reason: toAppError(error).message } })
    return { tail: dropped + rest.length, chars, overlong, damaged: true }
  } finally {
    disk.destroy()
    stream.destroy()
  }
  return { tail: dropped + rest.length, chars, overlong, damaged: false }
}
