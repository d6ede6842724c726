import { AppError } from '../../../shared/errors.ts'
import { CODES } from '../codes.ts'
import { nothing } from '../codecs.ts'
import { isRemoteName, readGroup, writeGroup } from '../fields.ts'
import { invalid } from '../reader.ts'
import type { Command } from '../types.ts'

/** What the header of the answer announces; the true length comes at the end. */
export const LISTING_ANNOUNCED_BYTES = 2 ** 58
/** The last bytes of the stream: the length of the text before them. */
export const LISTING_TRAILER_BYTES = 8

/**
 * 26. request: group 16 | store path index 1     response: header with length 2^58, then lines
 * `timestamp op name[ source]\n` for the files that exist, then their length 8, then the storage closes.
 * The connection hands everything after the header to a `ListingParser`. The storage reads its whole binlog for it.
 */
export const fetchOnePathBinlog: Command<{ group: string; storePathIndex: number }, void> = {
  name: 'fetchOnePathBinlog',
  code: CODES.FETCH_ONE_PATH_BINLOG,
  request: {
    encode(w, value) {
      writeGroup(w, value.group)
      w.u8(value.storePathIndex)
    },
    decode(r) {
      const value = { group: readGroup(r), storePathIndex: r.u8() }
      r.end()
      return value
    }
  },
  response: nothing,
  maxResponse: LISTING_ANNOUNCED_BYTES
}

export interface ListedFile {
  /** Unix seconds, when the record was written. */
  timestamp: number
  remoteName: string
  /** A link made by deduplication: the name of the file it shows. */
  linkTo?: string
}

const MAX_LINE_BYTES = 512

/** Push parser of a listing. Lines that are no record of a file are counted in `skipped`; a line without end is PROTOCOL_INVALID. */
export class ListingParser {
  skipped = 0
  private held: Buffer = Buffer.alloc(0)
  private received = 0

  /** The files of all lines that are complete now. The last 8 bytes seen so far are held back: they may be the trailer. */
  push(chunk: Buffer): ListedFile[] {
    this.received += chunk.length
    const data = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk])
    const limit = data.length - LISTING_TRAILER_BYTES
    const files: ListedFile[] = []
    let start = 0
    while (start < limit) {
      const lineEnd = data.indexOf(0x0a, start)
      if (lineEnd === -1 || lineEnd >= limit) break
      const file = parseLine(data.toString('latin1', start, lineEnd))
      if (file === null) this.skipped++
      else files.push(file)
      start = lineEnd + 1
    }
    if (limit - start > MAX_LINE_BYTES) throw invalid('endless-line')
    // A copy: the chunk's memory belongs to the connection.
    this.held = Buffer.from(data.subarray(start))
    return files
  }

  /** The stream has ended. PROTOCOL_TRUNCATED unless it was complete and its last 8 bytes agree with what came before. */
  finish(): void {
    const textBytes = this.received - LISTING_TRAILER_BYTES
    if (this.held.length !== LISTING_TRAILER_BYTES || this.held.readBigInt64BE(0) !== BigInt(textBytes)) {
      throw new AppError('PROTOCOL_TRUNCATED', { detail: { reason: 'listing-incomplete', received: this.received } })
    }
  }
}

function parseLine(line: string): ListedFile | null {
  const match = /^([0-9]{1,15}) ([CcLl]) ([^ ]+)(?: ([^ ]+))?$/.exec(line)
  if (match === null || !isRemoteName(match[3]!)) return null
  const file = { timestamp: Number(match[1]), remoteName: match[3]! }
  return match[4] !== undefined && isRemoteName(match[4]) ? { ...file, linkTo: match[4] } : file
}
