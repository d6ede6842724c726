import { AppError } from '../../shared/errors.ts'
import { ByteReader } from '../protocol/reader.ts'

/**
 * How a storage reads names and metadata from a request: looser than the codecs, which let through only what this program
 * would send. A storage takes any bytes as metadata, and answers `M00/00/00/..` as a directory rather than as malformed.
 */
export interface NamedFile {
  group: string
  remoteName: string
}

// group 16 | name = rest
export function readNamedFile(r: ByteReader): NamedFile {
  const group = r.text(16)
  return { group, remoteName: r.bytes(r.remaining).toString('latin1') }
}

export interface MetadataRequest extends NamedFile {
  flag: 'O' | 'M'
  metadata: Buffer
}

// name length f 8 | metadata length m 8 | 'O' or 'M' 1 | group 16 | name f | metadata m
export function readMetadataRequest(body: Buffer): MetadataRequest {
  const r = new ByteReader(body)
  const nameBytes = r.size()
  const metadataBytes = r.size()
  const flag = String.fromCharCode(r.u8())
  const group = r.text(16)
  if ((flag !== 'O' && flag !== 'M') || nameBytes > 127)
    throw new AppError('PROTOCOL_INVALID', { detail: { reason: 'bad-metadata-request' } })
  const remoteName = r.bytes(nameBytes).toString('latin1')
  const metadata = r.bytes(metadataBytes)
  r.end()
  return { group, remoteName, flag, metadata }
}
