import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { crcOfRange } from '../operations/download-files.ts'
import { onDisk } from '../on-disk.ts'
import { localHeader } from './plan.ts'
import type { PlannedEntry } from './plan.ts'

const GATHER_BYTES = 1024 * 1024
const GATHER_PIECES = 128

/** The archive under construction: written from front to back; small pieces are gathered into few calls. */
export class ArchiveFile {
  readonly path: string
  readonly handle: FileHandle
  #position = 0
  #pieces: Buffer[] = []
  #bytes = 0

  constructor(path: string, handle: FileHandle) {
    this.path = path
    this.handle = handle
  }

  static async open(path: string, fresh: boolean): Promise<ArchiveFile> {
    return new ArchiveFile(path, await onDisk(path, () => open(path, fresh ? 'w+' : 'r+')))
  }

  /** Where the next flushed byte goes. */
  get position(): number {
    return this.#position
  }

  /** Goes on at this offset; what lies behind it is dropped. */
  async startAt(offset: number): Promise<void> {
    await onDisk(this.path, () => this.handle.truncate(offset))
    this.goTo(offset)
  }

  /** Goes on at this offset; what lies behind it stays, until it is overwritten. */
  goTo(offset: number): void {
    this.#position = offset
    this.#pieces = []
    this.#bytes = 0
  }

  /** The buffer must not change until `flush`. true: time to flush. */
  push(piece: Buffer): boolean {
    this.#pieces.push(piece)
    this.#bytes += piece.length
    return this.#bytes >= GATHER_BYTES || this.#pieces.length >= GATHER_PIECES
  }

  /** Writes what was pushed. */
  async flush(): Promise<void> {
    if (this.#pieces.length === 0) return
    let pieces = this.#pieces.filter((piece) => piece.length > 0)
    this.#pieces = []
    this.#bytes = 0
    while (pieces.length > 0) {
      const some = pieces
      const { bytesWritten } = await onDisk(this.path, () => this.handle.writev(some, this.#position))
      this.#position += bytesWritten
      pieces = behind(some, bytesWritten)
    }
  }

  /** Is this entry there, header and content, as it was planned? */
  async holds(entry: PlannedEntry, signal: AbortSignal): Promise<boolean> {
    const header = localHeader(entry)
    const { size } = await onDisk(this.path, () => this.handle.stat())
    if (size < entry.dataOffset + entry.sizeBytes) return false
    const found = Buffer.alloc(header.length)
    const { bytesRead } = await onDisk(this.path, () => this.handle.read(found, 0, found.length, entry.headerOffset))
    if (bytesRead !== header.length || !found.equals(header)) return false
    return (await onDisk(this.path, () => crcOfRange(this.handle, entry.dataOffset, entry.sizeBytes, signal))) === entry.crc32
  }

  async close(): Promise<void> {
    await this.handle.close()
  }
}

/** What is left of the pieces after so many bytes of them. */
function behind(pieces: Buffer[], bytes: number): Buffer[] {
  let rest = bytes
  let whole = 0
  while (whole < pieces.length && pieces[whole]!.length <= rest) rest -= pieces[whole++]!.length
  const left = pieces.slice(whole)
  if (rest > 0) left[0] = left[0]!.subarray(rest)
  return left
}
