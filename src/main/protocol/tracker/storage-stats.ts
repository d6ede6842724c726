import type { ByteReader } from '../reader.ts'
import type { ByteWriter } from '../writer.ts'

const PAIRS_OF_COUNTS = [
  'upload',
  'append',
  'modify',
  'truncate',
  'set_meta',
  'delete',
  'download',
  'get_meta',
  'create_link',
  'delete_link'
] as const
const PAIRS_OF_BYTES = ['upload', 'append', 'modify', 'download', 'sync_in', 'sync_out'] as const
const PAIRS_OF_FILE_COUNTS = ['file_open', 'file_read', 'file_write'] as const
const TIMES = ['last_source_update', 'last_sync_update', 'last_synced_timestamp', 'last_heart_beat_time'] as const

type Counted = `${'total' | 'success'}_${(typeof PAIRS_OF_COUNTS)[number] | (typeof PAIRS_OF_FILE_COUNTS)[number]}_count`
type Weighed = `${'total' | 'success'}_${(typeof PAIRS_OF_BYTES)[number]}_bytes`

/** Names of the 42 counters of a storage, as `storage_stat.dat` writes them. Times are Unix seconds. */
export type StorageStatName = Counted | Weighed | (typeof TIMES)[number]

export type StorageStats = Record<StorageStatName, number>

/** The counters in the order of the wire. */
export const STORAGE_STAT_NAMES: readonly StorageStatName[] = [
  ...PAIRS_OF_COUNTS.flatMap((n) => [`total_${n}_count`, `success_${n}_count`] as const),
  ...PAIRS_OF_BYTES.flatMap((n) => [`total_${n}_bytes`, `success_${n}_bytes`] as const),
  ...PAIRS_OF_FILE_COUNTS.flatMap((n) => [`total_${n}_count`, `success_${n}_count`] as const),
  ...TIMES
]

/** All counters at zero. */
export function emptyStats(): StorageStats {
  return Object.fromEntries(STORAGE_STAT_NAMES.map((name) => [name, 0])) as StorageStats
}

// 42 × 8
export function readStats(r: ByteReader): StorageStats {
  const stats = {} as StorageStats
  for (const name of STORAGE_STAT_NAMES) stats[name] = r.i64()
  return stats
}

export function writeStats(w: ByteWriter, stats: StorageStats): void {
  for (const name of STORAGE_STAT_NAMES) w.i64(stats[name])
}
