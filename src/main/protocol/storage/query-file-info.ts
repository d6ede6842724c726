import { CODES } from '../codes.ts'
import { fileRef } from '../codecs.ts'
import { checkIp } from '../fields.ts'
import type { FileRef } from '../fields.ts'
import { invalid } from '../reader.ts'
import type { Command } from '../types.ts'

export interface FileInfoRequest extends FileRef {
  /** A missing file is not worth a line in the server's log. */
  silent?: boolean
  /** Do not read the file to compute its CRC-32 (since 6.15.1; older storages read it anyway). */
  skipCrc?: boolean
}

export interface FileInfo {
  sizeBytes: number
  /** Modification time on that storage: of an unchanged file the time of its upload, give or take a second. */
  modifiedAtSeconds: number
  /** Unsigned. 0 with `skipCrc` when the name does not carry it. */
  crc32: number
  /** IP address of the storage that took the upload. */
  sourceIp: string
  /** Width of the address field: 16 (default of the encoder) or 46 in IPv6 mode. */
  ipBytes?: 16 | 46
}

const SKIP_CRC = 1
const SILENT = 2

/** The flags of a request from the status byte of its header, for the server's side. */
export function fileInfoFlags(status: number): { silent: boolean; skipCrc: boolean } {
  return { silent: (status & SILENT) !== 0, skipCrc: (status & SKIP_CRC) !== 0 }
}

/**
 * 22. request: group 16 | name = rest; status byte of the header: 1 skip the CRC-32, 2 silent, added
 *     response: size 8 | time 8 | crc32 8 (int32, sign-extended) | source ip 16 or 46
 */
export const queryFileInfo: Command<FileInfoRequest, FileInfo> = {
  name: 'queryFileInfo',
  code: CODES.QUERY_FILE_INFO,
  flags: (req) => (req.skipCrc ? SKIP_CRC : 0) + (req.silent ? SILENT : 0),
  request: fileRef,
  response: {
    encode(w, value) {
      w.i64(value.sizeBytes)
      w.i64(value.modifiedAtSeconds)
      w.i64(value.crc32 | 0)
      w.text(value.sourceIp, value.ipBytes ?? (value.sourceIp.length > 15 ? 46 : 16))
    },
    decode(r) {
      const sizeBytes = r.size()
      const modifiedAtSeconds = r.i64()
      // The sign extension says nothing: the low 32 bits are the value.
      r.skip(4)
      const crc32 = r.i32() >>> 0
      const ipBytes = r.remaining
      if (ipBytes !== 16 && ipBytes !== 46) throw invalid('no-record-size')
      return { sizeBytes, modifiedAtSeconds, crc32, sourceIp: checkIp(r.text(ipBytes)), ipBytes }
    }
  },
  maxResponse: 70
}
