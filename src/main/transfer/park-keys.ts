import type { AppError } from '../../shared/errors.ts'
import { tryParseFileId } from '../../shared/file-id.ts'
import type { TransferRecord } from '../library/types.ts'
import type { Batch } from './batch.ts'
import type { ParkKey } from './parking.ts'

/** Everything a transfer needs, from coarse to fine: the trackers, its group, the storage that took the file. */
export function parkKeys(batch: Batch, record: TransferRecord): ParkKey[] {
  const { profileId } = batch.record
  const facts = record.fileId === null ? null : tryParseFileId(record.fileId)
  const group = facts?.group ?? (batch.options.kind === 'upload' ? batch.options.group : null) ?? '*'
  const keys = [profileId, `${profileId}/${group}`]
  if (facts !== null) keys.push(`${profileId}/${group}@${facts.source.type === 'ip' ? facts.source.address : facts.source.id}`)
  return keys
}

/** Which of them an error says is away. What cannot be reached and is no storage is a tracker. */
export function parkedKey(error: AppError, keys: readonly ParkKey[]): ParkKey {
  switch (error.code) {
    case 'SOURCE_AWAY':
      return keys[2] ?? keys[1]!
    case 'STORAGE_UNREACHABLE':
    case 'NO_STORAGE':
    case 'SERVER_FULL':
      return keys[1]!
    default:
      return keys[0]!
  }
}
