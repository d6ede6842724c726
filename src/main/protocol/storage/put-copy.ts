import { CODES } from '../codes.ts'
import { nothing } from '../codecs.ts'
import { checkNameReceived, checkNameToSend, readGroup, readNameLength, writeGroup, writeSize } from '../fields.ts'
import type { ContentCommand } from '../types.ts'

export interface PutCopyRequest {
  group: string
  remoteName: string
  sizeBytes: number
  /** Unix seconds, for the replica's own log. */
  timestampSeconds: number
}

const MIN_NAME = 11
/** name length 8 | size 8 | time 4 | group 16 */
const HEAD_BYTES = 36

/**
 * 16. request: name length f 8 | size 8 | time 4 | group 16 | name f | content = size     response: empty
 * How storages copy files to each other: the file appears under the name it has elsewhere. EEXIST: it is there, in that size.
 * The content goes to a temporary file first, so a broken connection leaves nothing. Only for replicas that missed a file.
 */
export const putCopy: ContentCommand<PutCopyRequest, void> = {
  name: 'putCopy',
  code: CODES.SYNC_CREATE_FILE,
  request: {
    encode(w, value) {
      const name = checkNameToSend(value.remoteName)
      w.i64(name.length)
      writeSize(w, value.sizeBytes)
      w.i32(value.timestampSeconds)
      writeGroup(w, value.group)
      w.restText(name)
    },
    decode(r) {
      const nameBytes = readNameLength(r, MIN_NAME)
      const sizeBytes = r.size()
      const timestampSeconds = r.i32()
      const group = readGroup(r)
      const remoteName = checkNameReceived(r.text(nameBytes))
      r.end()
      return { group, remoteName, sizeBytes, timestampSeconds }
    }
  },
  response: nothing,
  maxResponse: 0,
  headBytes: HEAD_BYTES,
  fixedBytes: (head) => HEAD_BYTES + readNameLength(head, MIN_NAME)
}
