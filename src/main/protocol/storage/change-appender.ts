import { CODES } from '../codes.ts'
import { restOfBody, storedFile } from '../codecs.ts'
import { MAX_NAME_BYTES, checkNameReceived, checkNameToSend, readNameLength, writeSize } from '../fields.ts'
import type { FileRef } from '../fields.ts'
import type { Codec, Command, ContentCommand } from '../types.ts'

/** Names of appender files are complete: a storage refuses shorter ones. */
const FULL_NAME = 44

/**
 * An empty answer, or an echo of the request: storages answer 24 and 34 without content, and 36 to the present size, with
 * status 0 and the request's own body. It means success and says nothing.
 */
const emptyOrEcho: Codec<void> = {
  encode() {},
  decode(r) {
    r.rest()
  }
}

const MAX_ECHO = 24 + MAX_NAME_BYTES

export interface AppendRequest {
  remoteName: string
  sizeBytes: number
}

/**
 * 24. request: name length f 8 | size 8 | name f | content = size     response: empty
 * Not idempotent, and a broken connection cuts the file back to where it began: large uploads use `modifyFile`.
 */
export const appendFile: ContentCommand<AppendRequest, void> = {
  name: 'appendFile',
  code: CODES.APPEND_FILE,
  request: {
    encode(w, value) {
      const name = checkNameToSend(value.remoteName, FULL_NAME)
      w.i64(name.length)
      writeSize(w, value.sizeBytes)
      w.restText(name)
    },
    decode(r) {
      const nameBytes = readNameLength(r, FULL_NAME)
      const sizeBytes = r.size()
      const remoteName = checkNameReceived(r.text(nameBytes), FULL_NAME)
      r.end()
      return { remoteName, sizeBytes }
    }
  },
  response: emptyOrEcho,
  maxResponse: MAX_ECHO,
  headBytes: 16,
  fixedBytes: (head) => 16 + readNameLength(head, FULL_NAME)
}

export interface ModifyRequest {
  remoteName: string
  /** 0 … present size; writing past the end extends the file. */
  offset: number
  sizeBytes: number
}

/** 34. request: name length f 8 | offset 8 | size 8 | name f | content = size     response: empty. Repeating it is harmless. */
export const modifyFile: ContentCommand<ModifyRequest, void> = {
  name: 'modifyFile',
  code: CODES.MODIFY_FILE,
  request: {
    encode(w, value) {
      const name = checkNameToSend(value.remoteName, FULL_NAME)
      w.i64(name.length)
      writeSize(w, value.offset)
      writeSize(w, value.sizeBytes)
      w.restText(name)
    },
    decode(r) {
      const nameBytes = readNameLength(r, FULL_NAME)
      const offset = r.size()
      const sizeBytes = r.size()
      const remoteName = checkNameReceived(r.text(nameBytes), FULL_NAME)
      r.end()
      return { remoteName, offset, sizeBytes }
    }
  },
  response: emptyOrEcho,
  maxResponse: MAX_ECHO,
  headBytes: 24,
  fixedBytes: (head) => 24 + readNameLength(head, FULL_NAME)
}

export interface TruncateRequest {
  remoteName: string
  /** Any size; growing fills with zeros. */
  newSizeBytes: number
}

/** 36. request: name length f 8 | new size 8 | name f | surplus, ignored     response: empty */
export const truncateFile: Command<TruncateRequest, void> = {
  name: 'truncateFile',
  code: CODES.TRUNCATE_FILE,
  request: {
    encode(w, value) {
      const name = checkNameToSend(value.remoteName, FULL_NAME)
      w.i64(name.length)
      writeSize(w, value.newSizeBytes)
      w.restText(name)
    },
    decode(r) {
      const nameBytes = readNameLength(r, FULL_NAME)
      const newSizeBytes = r.size()
      const remoteName = checkNameReceived(r.text(nameBytes), FULL_NAME)
      r.rest()
      return { remoteName, newSizeBytes }
    }
  },
  response: emptyOrEcho,
  maxResponse: MAX_ECHO
}

/**
 * 38 (V6.02). request: name = rest, no group     response: group 16 | new remote name = rest
 * Makes a normal file of an appender. The old name is gone afterwards, and metadata does not follow.
 */
export const regenerateAppender: Command<{ remoteName: string }, FileRef> = {
  name: 'regenerateAppender',
  code: CODES.REGENERATE_APPENDER_FILENAME,
  request: {
    encode(w, value) {
      w.restText(checkNameToSend(value.remoteName, FULL_NAME))
    },
    decode: (r) => ({ remoteName: checkNameReceived(restOfBody(r), FULL_NAME) })
  },
  response: storedFile,
  maxResponse: 143
}
