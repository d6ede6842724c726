import fs from 'node:fs'
import path from 'node:path'
import { BinlogWriter, binlogFile, lastRecord, parseRecord } from './binlog.ts'
import type { BinlogPosition, BinlogRecord } from './binlog.ts'

/** A finished temporary file and the place where it becomes visible. */
export interface Publication {
  temp: string
  final: string
}

/**
 * Keeps binlog and directories in agreement, also through kill -9.
 *
 * A change is written to the binlog first and applied at once after it, in the same synchronous step, so that at most the
 * newest record can be unapplied after a crash. Which temporary file belongs to that record is noted before, in `.intent`
 * (one slot, overwritten). `recover` applies what is missing. Deletes, renames and truncates need no note: their record
 * says everything.
 */
export class Journal {
  readonly syncDir: string
  private readonly binlog: BinlogWriter
  private readonly intentFd: number
  private readonly nowMs: () => number
  private readonly listeners = new Set<() => void>()

  constructor(basePath: string, nowMs: () => number, rotateBytes?: number) {
    this.syncDir = path.join(basePath, 'data', 'sync')
    this.nowMs = nowMs
    this.binlog = new BinlogWriter(this.syncDir, rotateBytes)
    const intent = path.join(this.syncDir, INTENT)
    this.intentFd = fs.openSync(intent, fs.existsSync(intent) ? 'r+' : 'w+')
  }

  get position(): BinlogPosition {
    return this.binlog.position
  }

  /** Calls `listener` after each record; returns the function that ends it. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Makes a finished file visible under `name`: intent, record, rename. When the rename fails, a D record takes it back. */
  publish(op: 'C' | 'c' | 'U' | 'u', name: string, files: Publication, timestampSeconds = this.seconds()): void {
    this.writeIntent(name, files)
    this.binlog.append({ timestampSeconds, op, name, extra: '' })
    try {
      renameInto(files)
    } catch (error) {
      const undo = op === 'C' ? 'D' : op === 'c' ? 'd' : null
      if (undo !== null) this.binlog.append({ timestampSeconds, op: undo, name, extra: '' })
      throw error
    }
    this.tell()
  }

  /** Writes a record and applies it. `apply` must be able to run a second time from the record alone (see `recover`). */
  note(op: string, name: string, extra = '', apply?: () => void, timestampSeconds = this.seconds()): void {
    this.binlog.append({ timestampSeconds, op, name, extra })
    apply?.()
    this.tell()
  }

  /** The record that was written but perhaps not applied when the process ended, for `recover` in recovery.ts. */
  newest(): BinlogRecord | null {
    return lastRecord(this.syncDir, this.binlog.position)
  }

  /** The temporary file of the newest publication if its record reached the binlog; null when there is nothing to redo. */
  pendingPublication(): Publication | null {
    const text = fs.readFileSync(path.join(this.syncDir, INTENT), 'utf8')
    const lineEnd = text.indexOf('\n')
    if (lineEnd < 0) return null
    let intent: Intent
    try {
      intent = JSON.parse(text.slice(0, lineEnd)) as Intent
    } catch {
      return null
    }
    return this.nameAt(intent) === intent.name ? { temp: intent.temp, final: intent.final } : null
  }

  /** After recovery: what the note speaks of is applied. */
  forgetIntent(): void {
    fs.ftruncateSync(this.intentFd, 0)
  }

  close(): void {
    this.binlog.close()
    fs.closeSync(this.intentFd)
    this.listeners.clear()
  }

  seconds(): number {
    return Math.floor(this.nowMs() / 1000)
  }

  private writeIntent(name: string, files: Publication): void {
    const intent: Intent = { ...this.binlog.position, name, temp: files.temp, final: files.final }
    fs.writeSync(this.intentFd, `${JSON.stringify(intent)}\n`, 0, 'utf8')
  }

  /** Name in the record that begins at the intent's position, or — after a rotation — at the start of the next file. */
  private nameAt(intent: Intent): string | null {
    return recordNameAt(this.syncDir, intent) ?? recordNameAt(this.syncDir, { index: intent.index + 1, offset: 0 })
  }

  private tell(): void {
    for (const listener of this.listeners) listener()
  }
}

const INTENT = '.intent'

interface Intent extends BinlogPosition {
  name: string
  temp: string
  final: string
}

/** Renames; makes the directories of the store on the way when they are not there yet. */
export function renameInto(files: Publication): void {
  try {
    fs.renameSync(files.temp, files.final)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || !fs.existsSync(files.temp)) throw error
    fs.mkdirSync(path.dirname(files.final), { recursive: true })
    fs.renameSync(files.temp, files.final)
  }
}

function recordNameAt(syncDir: string, at: BinlogPosition): string | null {
  let fd: number
  try {
    fd = fs.openSync(binlogFile(syncDir, at.index), 'r')
  } catch {
    return null
  }
  try {
    const buffer = Buffer.alloc(512)
    const line = buffer.toString('latin1', 0, fs.readSync(fd, buffer, 0, buffer.length, at.offset)).split('\n')
    return line.length < 2 ? null : (parseRecord(line[0]!)?.name ?? null)
  } finally {
    fs.closeSync(fd)
  }
}
