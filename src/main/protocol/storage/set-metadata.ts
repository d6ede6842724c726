import { AppError } from '../../../shared/errors.ts'
import type { Metadata, MetadataMode } from '../../../shared/model.ts'
import { CODES } from '../codes.ts'
import { nothing } from '../codecs.ts'
import { MAX_STORAGE_BODY, checkNameReceived, checkNameToSend, readGroup, readNameLength, writeGroup } from '../fields.ts'
import type { FileRef } from '../fields.ts'
import { decodeMetadata, encodeMetadata } from '../metadata.ts'
import { invalid } from '../reader.ts'
import type { Command } from '../types.ts'

export interface SetMetadataRequest extends FileRef {
  mode: MetadataMode
  /** Overwriting with an empty set deletes all; merging an empty set does nothing. */
  metadata: Metadata
}

const OVERWRITE = 0x4f
const MERGE = 0x4d
const FIXED_BYTES = 33

/**
 * 13. request: name length f 8 | metadata length m 8 | 'O' or 'M' 1 | group 16 | name f | metadata m     response: empty
 *
 * The whole body stays below 256 KiB (METADATA_TOO_LONG). The server's side refuses what the client's side would not
 * send (PROTOCOL_INVALID, to be answered EINVAL) where the real servers cut in silence.
 */
export const setMetadata: Command<SetMetadataRequest, void> = {
  name: 'setMetadata',
  code: CODES.SET_METADATA,
  request: {
    encode(w, value) {
      const name = checkNameToSend(value.remoteName)
      const metadata = encodeMetadata(value.metadata)
      const bytes = FIXED_BYTES + name.length + metadata.length
      if (bytes > MAX_STORAGE_BODY) throw new AppError('METADATA_TOO_LONG', { detail: { part: 'all', bytes, maxBytes: MAX_STORAGE_BODY } })
      w.i64(name.length)
      w.i64(metadata.length)
      w.u8(value.mode === 'overwrite' ? OVERWRITE : MERGE)
      writeGroup(w, value.group)
      w.restText(name)
      w.bytes(metadata)
    },
    decode(r) {
      const nameBytes = readNameLength(r, 11)
      const metadataBytes = r.size()
      const flag = r.u8()
      if (flag !== OVERWRITE && flag !== MERGE) throw invalid('bad-metadata-flag')
      const group = readGroup(r)
      const remoteName = checkNameReceived(r.text(nameBytes))
      const metadata = decodeStrictly(r.bytes(metadataBytes))
      r.end()
      return { group, remoteName, mode: flag === OVERWRITE ? 'overwrite' : 'merge', metadata }
    }
  },
  response: nothing,
  maxResponse: 0
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** What is to be stored must be read back unchanged: nothing is dropped or cut. A separator at the end is forgiven; many clients send one. */
function decodeStrictly(bytes: Buffer): Metadata {
  const metadata = decodeMetadata(bytes)
  let sent: Buffer
  try {
    strictUtf8.decode(bytes)
    sent = encodeMetadata(metadata)
  } catch (error) {
    throw new AppError('PROTOCOL_INVALID', { cause: error, detail: { reason: 'bad-metadata' } })
  }
  if (sent.length !== bytes.length - (bytes.at(-1) === 0x01 ? 1 : 0)) throw invalid('bad-metadata')
  return metadata
}
