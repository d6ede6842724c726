import { fileSink } from '../../client/file-sink.ts'
import type { ByteSink } from '../../client/types.ts'
import { crc32Combine } from '../crc32-combine.ts'
import { onDisk } from '../on-disk.ts'
import { crcOfRange } from '../operations/download-files.ts'
import type { ArchiveFile } from './archive-file.ts'
import { localHeader } from './plan.ts'
import type { ZipEntry } from './plan.ts'

/** The rest of a member's content, from `offset` on, into the sink; returns the CRC-32 of what it sent. */
export type FetchRest = (offset: number, length: number, sink: ByteSink, onProgress: (bytes: number) => void) => Promise<number>

/**
 * A member that goes straight into the archive, at the archive's present position. What arrived of it stays there when a
 * connection breaks or the program ends: the next try goes on behind it. Whether all of that is right is told by the CRC-32 of the
 * whole, in the end.
 */
export class StreamedMember {
  readonly #archive: ArchiveFile
  readonly #start: number
  readonly #dataOffset: number
  readonly #sizeBytes: number
  /** Bytes in the archive without a gap from the beginning. */
  #arrived: number
  /** So many of them are in the CRC-32. */
  #counted = 0
  #crc32 = 0
  /** Some of it was written by an earlier try, which may have been cut off by a power cut. */
  #doubtful: boolean

  private constructor(archive: ArchiveFile, start: number, dataOffset: number, sizeBytes: number, arrived: number) {
    this.#archive = archive
    this.#start = start
    this.#dataOffset = dataOffset
    this.#sizeBytes = sizeBytes
    this.#arrived = arrived
    this.#doubtful = arrived > 0
  }

  /** Finds out what is there already. */
  static async open(archive: ArchiveFile, entry: ZipEntry): Promise<StreamedMember> {
    const header = localHeader(entry)
    const start = archive.position
    const dataOffset = start + header.length
    const { path, handle } = archive
    const arrived = await onDisk(path, async () => {
      const found = Buffer.alloc(header.length)
      const { bytesRead } = await handle.read(found, 0, found.length, start)
      if (bytesRead < header.length || !found.equals(header)) return 0
      return Math.min(entry.sizeBytes, (await handle.stat()).size - dataOffset)
    })
    if (arrived === 0) {
      await archive.startAt(start)
      archive.push(header)
      await archive.flush()
    }
    return new StreamedMember(archive, start, dataOffset, entry.sizeBytes, arrived)
  }

  get arrivedBytes(): number {
    return this.#arrived
  }

  /** Fetches what is missing. Returns the CRC-32 of the whole; when it is not `wanted`, nothing of the content stays. */
  async receive(wanted: number | undefined, fetch: FetchRest, show: (bytes: number) => void, signal: AbortSignal): Promise<number> {
    let crc = await this.#receiveRest(fetch, show, signal)
    if (crc !== wanted && this.#doubtful) {
      this.#forget()
      crc = await this.#receiveRest(fetch, show, signal)
    }
    if (crc !== wanted) this.#forget()
    else await this.#archive.startAt(this.#dataOffset + this.#sizeBytes)
    return crc
  }

  /** Back to where the member begins, with its content left where it is. */
  leave(): void {
    this.#archive.goTo(this.#start)
  }

  async #receiveRest(fetch: FetchRest, show: (bytes: number) => void, signal: AbortSignal): Promise<number> {
    await this.#count(signal)
    const from = this.#arrived
    show(from)
    if (from === this.#sizeBytes) return this.#crc32
    const sink = fileSink(this.#archive.handle, this.#dataOffset + from)
    const length = this.#sizeBytes - from
    try {
      const crc = await fetch(from, length, sink, (bytes) => show(from + bytes))
      this.#arrived = this.#sizeBytes
      this.#counted = this.#sizeBytes
      this.#crc32 = crc32Combine(this.#crc32, crc, length)
      return this.#crc32
    } catch (error) {
      this.#arrived = from + sink.contiguous
      throw error
    }
  }

  /** The CRC-32 of what arrived in a request that broke off is told by nobody: it is read. */
  async #count(signal: AbortSignal): Promise<void> {
    const { path, handle } = this.#archive
    const length = this.#arrived - this.#counted
    if (length === 0) return
    const crc = await onDisk(path, () => crcOfRange(handle, this.#dataOffset + this.#counted, length, signal))
    if (crc === null) return this.#forget()
    this.#crc32 = crc32Combine(this.#crc32, crc, length)
    this.#counted = this.#arrived
  }

  #forget(): void {
    this.#arrived = 0
    this.#counted = 0
    this.#crc32 = 0
    this.#doubtful = false
  }
}
