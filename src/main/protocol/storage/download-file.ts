import { CODES } from '../codes.ts'
import { fileRef, nothing } from '../codecs.ts'
import { writeSize } from '../fields.ts'
import type { FileRef } from '../fields.ts'
import type { Command } from '../types.ts'

export interface DownloadRequest extends FileRef {
  offset: number
  /** 0 = to the end of the file. */
  count: number
}

/**
 * 14. request: offset 8 | count 8 | group 16 | name = rest     response: content
 *
 * The response is content only, so its codec is empty and the connection streams `length` bytes of the header. The limit
 * for the header is what was asked for. Never ask beyond the end, nor for nothing: servers up to 6.15.3 answer a negative
 * length and stall, later ones refuse an empty range, also that of an empty file.
 */
export const downloadFile: Command<DownloadRequest, void> = {
  name: 'downloadFile',
  code: CODES.DOWNLOAD_FILE,
  request: {
    encode(w, value) {
      writeSize(w, value.offset)
      writeSize(w, value.count)
      fileRef.encode(w, value)
    },
    decode: (r) => ({ offset: r.size(), count: r.size(), ...fileRef.decode(r) })
  },
  response: nothing,
  maxResponse: Number.MAX_SAFE_INTEGER
}
