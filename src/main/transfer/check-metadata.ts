import { AppError } from '../../shared/errors.ts'
import type { Metadata } from '../../shared/model.ts'

/** What the server would cut or garble without a word is refused before anything is sent: METADATA_INVALID, METADATA_TOO_LONG. */
export function checkMetadata(metadata: Metadata): void {
  for (const [key, value] of Object.entries(metadata)) {
    // oxlint-disable-next-line no-control-regex -- the separators of the metadata format
    if (key === '' || /[\u0000-\u0002]/.test(key + value)) throw new AppError('METADATA_INVALID', { detail: { key } })
    if (Buffer.byteLength(key) > 64) throw new AppError('METADATA_TOO_LONG', { detail: { key, limit: 64 } })
    if (Buffer.byteLength(value) > 256) throw new AppError('METADATA_TOO_LONG', { detail: { key, limit: 256 } })
  }
}
