import fs from 'node:fs'
import path from 'node:path'
import { STORAGE_STAT_NAMES, emptyStats } from '../protocol/tracker/storage-stats.ts'
import type { StorageStatName, StorageStats } from '../protocol/tracker/storage-stats.ts'

type Counted = Extract<StorageStatName, `total_${string}_count`> extends `total_${infer N}_count` ? N : never
type Weighed = Extract<StorageStatName, `total_${string}_bytes`> extends `total_${infer N}_bytes` ? N : never

/** Where the next new file goes: directories are filled one after the other. */
export interface Distribution {
  high: number
  low: number
  files: number
}

/**
 * The counters of one storage and the place of its next file, kept in `storage_stat.dat` (key=value, as the real one).
 * Saved now and then and at the end: after a kill the counters are a little behind, which harms nothing.
 */
export class StorageCounters {
  readonly values: StorageStats
  readonly distribution: Distribution
  private readonly file: string
  private dirty = false

  constructor(basePath: string) {
    this.file = path.join(basePath, 'data', 'storage_stat.dat')
    const kept = readPairs(this.file)
    this.values = emptyStats()
    for (const name of STORAGE_STAT_NAMES) this.values[name] = kept.get(name) ?? 0
    this.distribution = {
      high: kept.get('dist_path_index_high') ?? 0,
      low: kept.get('dist_path_index_low') ?? 0,
      files: kept.get('dist_write_file_count') ?? 0
    }
  }

  /** One request of this kind, and whether it succeeded. */
  count(what: Counted, ok: boolean): void {
    this.values[`total_${what}_count`] += 1
    if (ok) this.values[`success_${what}_count`] += 1
    this.dirty = true
  }

  bytes(what: Weighed, total: number, success = total): void {
    this.values[`total_${what}_bytes`] += total
    this.values[`success_${what}_bytes`] += success
    this.dirty = true
  }

  at(what: 'last_source_update' | 'last_sync_update' | 'last_synced_timestamp' | 'last_heart_beat_time', seconds: number): void {
    this.values[what] = seconds
    this.dirty = true
  }

  save(): void {
    if (!this.dirty) return
    this.dirty = false
    const lines = STORAGE_STAT_NAMES.map((name) => `${name}=${this.values[name]}`)
    const { high, low, files } = this.distribution
    lines.push(`dist_path_index_high=${high}`, `dist_path_index_low=${low}`, `dist_write_file_count=${files}`)
    fs.writeFileSync(`${this.file}.new`, `${lines.join('\n')}\n`)
    fs.renameSync(`${this.file}.new`, this.file)
  }
}

function readPairs(file: string): Map<string, number> {
  let text: string
  try {
    text = fs.readFileSync(file, 'utf8')
  } catch {
    return new Map()
  }
  const pairs = text.split('\n').map((line): [string, number] => {
    const at = line.indexOf('=')
    return [line.slice(0, Math.max(at, 0)), Number(line.slice(at + 1))]
  })
  return new Map(pairs.filter(([key, value]) => key !== '' && Number.isSafeInteger(value) && value >= 0))
}
