import type { Metadata } from '../../../shared/model.ts'
import { CODES } from '../codes.ts'
import { fileRef } from '../codecs.ts'
import type { FileRef } from '../fields.ts'
import { decodeMetadata, encodeMetadata } from '../metadata.ts'
import type { Command } from '../types.ts'

/**
 * 15. request: group 16 | name = rest     response: metadata, sorted by name. ENOENT: no metadata, or no such file.
 * The protocol sets no limit (repeated merges grow the set); this program reads up to 1 MiB.
 */
export const getMetadata: Command<FileRef, Metadata> = {
  name: 'getMetadata',
  code: CODES.GET_METADATA,
  request: fileRef,
  response: {
    encode(w, value) {
      w.bytes(encodeMetadata(value, 'by-name'))
    },
    decode: (r) => decodeMetadata(r.rest())
  },
  maxResponse: 1_048_576
}
