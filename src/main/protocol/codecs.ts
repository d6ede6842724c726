import { checkGroup, checkNameReceived, checkNameToSend, readGroup, writeGroup } from './fields.ts'
import type { FileRef } from './fields.ts'
import { invalid } from './reader.ts'
import type { Codec } from './types.ts'

/** No body at all. */
export const nothing: Codec<void> = {
  encode() {},
  decode(r) {
    r.end()
  }
}

// group 16
export const groupOnly: Codec<{ group: string }> = {
  encode(w, value) {
    writeGroup(w, value.group)
  },
  decode(r) {
    const group = readGroup(r)
    r.end()
    return { group }
  }
}

/** group 16 | remote name = rest. What storages are asked: the name is checked on both sides. */
export const fileRef: Codec<FileRef> = {
  encode(w, value) {
    writeGroup(w, value.group)
    w.restText(checkNameToSend(value.remoteName))
  },
  decode(r) {
    return { group: readGroup(r), remoteName: checkNameReceived(restOfBody(r)) }
  }
}

/**
 * group 16 | file name = rest. The answer to an upload: group and name become the file ID, so both must be well formed
 * and the name must have its store path.
 */
export const storedFile: Codec<FileRef> = {
  encode: fileRef.encode,
  decode(r) {
    const group = checkGroup(r.text(16))
    const remoteName = checkNameReceived(restOfBody(r))
    if (!remoteName.startsWith('M')) throw invalid('name-without-store-path')
    return { group, remoteName }
  }
}

/** Text to the end of the body in which a NUL is an error: names are neither padded nor ended by one. */
export function restOfBody(r: Parameters<Codec<unknown>['decode']>[0]): string {
  const length = r.remaining
  const text = r.restText()
  if (text.length !== length) throw invalid('nul-in-name')
  return text
}
