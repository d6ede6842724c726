import { CODES } from '../codes.ts'
import { storedFile } from '../codecs.ts'
import { readExt, writeExt, writeSize } from '../fields.ts'
import type { FileRef } from '../fields.ts'
import type { Codec, ContentCommand } from '../types.ts'

export interface UploadRequest {
  /** As the tracker said; 0xFF lets the storage choose. */
  storePathIndex: number
  sizeBytes: number
  /** Without the dot, 0–6 of `A-Za-z0-9._-`; it is put into the name as it is. */
  ext: string
}

/** The storage chooses its store path. */
export const ANY_STORE_PATH = 0xff

// store path index 1 | file size 8 | ext 6 | content = file size
const uploadRequest: Codec<UploadRequest> = {
  encode(w, value) {
    w.u8(value.storePathIndex)
    writeSize(w, value.sizeBytes)
    writeExt(w, value.ext)
  },
  decode(r) {
    const value = { storePathIndex: r.u8(), sizeBytes: r.size(), ext: readExt(r) }
    r.end()
    return value
  }
}

/** 11. response: group 16 | remote name = rest. A lost answer leaves a file that nobody can name. */
export const uploadFile: ContentCommand<UploadRequest, FileRef> = {
  name: 'uploadFile',
  code: CODES.UPLOAD_FILE,
  request: uploadRequest,
  response: storedFile,
  maxResponse: 143,
  headBytes: 15,
  fixedBytes: () => 15
}

/** 23. Like 11, for a file that can be appended to and modified. */
export const uploadAppender: ContentCommand<UploadRequest, FileRef> = {
  ...uploadFile,
  name: 'uploadAppender',
  code: CODES.UPLOAD_APPENDER_FILE
}
