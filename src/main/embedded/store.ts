import fs from 'node:fs'
import path from 'node:path'
import { ERRNO } from '../protocol/status.ts'
import { markAppend } from './append-marks.ts'
import { statusOf } from './errno.ts'
import { Journal } from './journal.ts'
import { applyMetadata } from './metadata.ts'
import { parseName, truePath } from './names.ts'
import type { ParsedName } from './names.ts'
import { recover } from './recovery.ts'
import { StorageCounters } from './stats.ts'

/** What a file's name tells about it. `sizeBytes` null makes an appender. */
export interface NewFileFacts {
  sizeBytes: number | null
  crc32: number
  ext: string
}

/** Makes a whole remote name with fresh random parts (protocol page, section 8). */
export type NameMaker = (pathIndex: number, directories: readonly [number, number], facts: NewFileFacts) => string

export interface FileStoreOptions {
  basePath: string
  storePathCount: number
  subdirCount: number
  nowMs: () => number
  makeName: NameMaker
  binlogRotateBytes?: number | undefined
}

/** A file that exists. */
export interface FoundFile {
  path: string
  sizeBytes: number
  modifiedSeconds: number
}

const FILES_PER_DIRECTORY = 100
/** Random parts tried before giving up with EBUSY, as the real storage does. */
const NAME_TRIES = 10

/**
 * The files of one storage on disk, laid out as a real one does (section 11.1): `data/HH/HH/name`, metadata beside it as
 * `name-m`, and the binlog. New content is written to `data/.tmp` and renamed when complete. Opening recovers from a crash.
 *
 * Calls are synchronous and quick; content of any size goes through `content-sinks.ts`. Errors are status numbers.
 */
export class FileStore {
  readonly dataDirs: readonly string[]
  readonly journal: Journal
  readonly counters: StorageCounters
  private readonly options: FileStoreOptions
  private readonly tempDirs: readonly string[]
  private readonly run = `${process.pid.toString(36)}-${process.hrtime.bigint().toString(36)}`
  private sequence = 0

  constructor(options: FileStoreOptions) {
    this.options = options
    this.dataDirs = Array.from({ length: options.storePathCount }, (_, i) =>
      path.join(options.basePath, ...(i === 0 ? ['data'] : [`path${i}`, 'data']))
    )
    this.tempDirs = this.dataDirs.map((dir) => path.join(dir, '.tmp'))
    for (const dir of this.tempDirs) fs.mkdirSync(dir, { recursive: true })
    this.counters = new StorageCounters(options.basePath)
    this.journal = new Journal(options.basePath, options.nowMs, options.binlogRotateBytes)
    recover(this.journal, this.dataDirs, this.tempDirs)
    this.journal.forgetIntent()
  }

  parse(remoteName: string): ParsedName | null {
    return parseName(remoteName, this.dataDirs.length)
  }

  path(name: ParsedName): string {
    return truePath(this.dataDirs, name)
  }

  /** The file behind a name, or the status to answer: EINVAL for a malformed name, ENOENT, EISDIR. */
  find(remoteName: string): FoundFile | number {
    const name = this.parse(remoteName)
    if (name === null) return ERRNO.EINVAL
    const file = this.path(name)
    const stat = fs.statSync(file, { throwIfNoEntry: false })
    if (stat === undefined) return ERRNO.ENOENT
    if (!stat.isFile()) return EISDIR
    return { path: file, sizeBytes: stat.size, modifiedSeconds: Math.floor(stat.mtimeMs / 1000) }
  }

  /** A path for content that is not complete yet, on the same file system as the store path. */
  newTemp(pathIndex: number): string {
    return path.join(this.tempDirs[pathIndex]!, `${this.run}-${this.sequence++}`)
  }

  /** Publishes a new file under a fresh name and returns it; EBUSY when no unused name was found. Throws what the file system throws. */
  publishNew(temp: string, pathIndex: number, facts: NewFileFacts): string | number {
    const directories = this.nextDirectory()
    for (let i = 0; i < NAME_TRIES; i++) {
      const remoteName = this.options.makeName(pathIndex, directories, facts)
      const final = truePath(this.dataDirs, this.parse(remoteName)!)
      if (fs.existsSync(final)) continue
      this.journal.publish('C', remoteName, { temp, final })
      this.touchedBySource()
      return remoteName
    }
    return ERRNO.EBUSY
  }

  /** Publishes a file under a given name (slaves): EEXIST when it is taken. */
  publishAs(temp: string, remoteName: string): number {
    const name = this.parse(remoteName)
    if (name === null) return ERRNO.EINVAL
    const final = this.path(name)
    if (fs.existsSync(final)) return ERRNO.EEXIST
    this.journal.publish('C', remoteName, { temp, final })
    this.touchedBySource()
    return 0
  }

  /** Publishes what another storage of the group has, in place of what is there. */
  publishCopy(temp: string, remoteName: string, timestampSeconds: number): number {
    const name = this.parse(remoteName)
    if (name === null) return ERRNO.EINVAL
    this.journal.publish('c', remoteName, { temp, final: this.path(name) }, timestampSeconds)
    return 0
  }

  /** Deletes the file and its metadata. */
  remove(remoteName: string): number {
    const found = this.find(remoteName)
    if (typeof found === 'number') return found
    this.journal.note('D', remoteName, '', () => fs.unlinkSync(found.path))
    const meta = `${found.path}-m`
    if (fs.existsSync(meta)) this.journal.note('D', `${remoteName}-m`, '', () => fs.unlinkSync(meta))
    this.touchedBySource()
    return 0
  }

  truncate(remoteName: string, sizeBytes: number): number {
    const found = this.find(remoteName)
    if (typeof found === 'number') return found
    if (found.sizeBytes === sizeBytes) return 0
    try {
      this.journal.note('T', remoteName, `${found.sizeBytes} ${sizeBytes}`, () => fs.truncateSync(found.path, sizeBytes))
    } catch {
      // Beyond what the file system can do: a second record takes the first one back.
      this.journal.note('T', remoteName, `${sizeBytes} ${found.sizeBytes}`)
      return ERRNO.EINVAL
    }
    this.touchedBySource()
    return 0
  }

  /**
   * Renames an appender to the name of a normal file (section 7.4): same directory, same last seven characters, new time,
   * size and CRC-32.
   */
  regenerate(oldName: string, sizeBytes: number, crc32: number): string | number {
    const found = this.find(oldName)
    const parsed = this.parse(oldName)
    if (typeof found === 'number' || parsed === null) return typeof found === 'number' ? found : ERRNO.EINVAL
    const made = this.options.makeName(parsed.pathIndex, [0, 0], { sizeBytes, crc32, ext: '' })
    const base = made.slice(-34, -7) + oldName.slice(-7)
    const newName = oldName.slice(0, oldName.length - parsed.base.length) + base
    const final = path.join(path.dirname(found.path), base)
    if (fs.existsSync(final)) return ERRNO.EEXIST
    this.journal.note('R', newName, oldName, () => fs.renameSync(found.path, final))
    this.touchedBySource()
    return newName
  }

  /** The stored metadata text (latin1), ENOENT when there is none or no such file. */
  metadata(remoteName: string): Buffer | number {
    const name = this.parse(remoteName)
    if (name === null) return ERRNO.EINVAL
    try {
      return fs.readFileSync(`${this.path(name)}-m`)
    } catch (error) {
      return statusOf(error)
    }
  }

  setMetadata(remoteName: string, sent: Buffer, flag: 'O' | 'M'): number {
    const found = this.find(remoteName)
    if (typeof found === 'number') return found
    const final = `${found.path}-m`
    const stored = fs.existsSync(final) ? fs.readFileSync(final, 'latin1') : null
    if (sent.length === 0) {
      if (flag === 'O' && stored !== null) this.journal.note('D', `${remoteName}-m`, '', () => fs.unlinkSync(final))
      return 0
    }
    const text = applyMetadata(stored, sent.toString('latin1'), flag)
    if (text === null) return ERRNO.EINVAL
    const temp = this.newTemp(this.parse(remoteName)!.pathIndex)
    fs.writeFileSync(temp, text, 'latin1')
    this.journal.publish(stored === null ? 'C' : 'U', `${remoteName}-m`, { temp, final })
    this.touchedBySource()
    return 0
  }

  /** Notes the start of an append (see append-marks.ts); returns the function that forgets it. */
  beginAppend(remoteName: string, file: FoundFile): () => void {
    const mark = { file: file.path, name: remoteName, sizeBytes: file.sizeBytes, from: this.journal.position }
    return markAppend(this.tempDirs[0]!, `${this.run}-${this.sequence++}`, mark)
  }

  touchedBySource(): void {
    this.counters.at('last_source_update', this.journal.seconds())
  }

  close(): void {
    this.counters.save()
    this.journal.close()
  }

  private nextDirectory(): [number, number] {
    const place = this.counters.distribution
    const { subdirCount } = this.options
    if (place.files >= FILES_PER_DIRECTORY) {
      place.files = 0
      place.low += 1
      if (place.low >= subdirCount) {
        place.low = 0
        place.high = (place.high + 1) % subdirCount
      }
    }
    place.files += 1
    return [place.high % subdirCount, place.low % subdirCount]
  }
}

const EISDIR = 21
