import { CODES } from '../codes.ts'
import { storedFile } from '../codecs.ts'
import { checkNameReceived, checkNameToSend, input, isSlavePrefix, readExt, readNameLength, writeExt, writeSize } from '../fields.ts'
import type { FileRef } from '../fields.ts'
import { invalid } from '../reader.ts'
import type { ContentCommand } from '../types.ts'

export interface UploadSlaveRequest {
  /** Remote name of the master, which must be on the storage that is asked. */
  masterName: string
  sizeBytes: number
  /** 1–16 of `A-Za-z0-9._-`. `-m` without an extension is reserved for metadata. */
  prefix: string
  ext: string
}

/**
 * 21. request: master name length m 8 | file size 8 | prefix 16 | ext 6 | master name m | content = file size
 *     response: group 16 | remote name = rest. EEXIST: that slave is there already.
 */
export const uploadSlave: ContentCommand<UploadSlaveRequest, FileRef> = {
  name: 'uploadSlave',
  code: CODES.UPLOAD_SLAVE_FILE,
  request: {
    encode(w, value) {
      const name = checkNameToSend(value.masterName)
      if (!isSlavePrefix(value.prefix) || (value.prefix === '-m' && value.ext === '')) throw input('prefix', value.prefix)
      w.i64(name.length)
      writeSize(w, value.sizeBytes)
      w.text(value.prefix, 16)
      writeExt(w, value.ext)
      w.restText(name)
    },
    decode(r) {
      const nameBytes = readNameLength(r, 11)
      const sizeBytes = r.size()
      const prefix = r.text(16)
      const ext = readExt(r)
      if (!isSlavePrefix(prefix) || (prefix === '-m' && ext === '')) throw invalid('bad-prefix')
      const masterName = checkNameReceived(r.text(nameBytes))
      r.end()
      return { masterName, sizeBytes, prefix, ext }
    }
  },
  response: storedFile,
  maxResponse: 143,
  headBytes: 38,
  fixedBytes: (head) => 38 + readNameLength(head, 11)
}
