import type { SearchSuggestions } from '../../shared/model.ts'
import type { Connection } from './connection.ts'

/** So many of the newest and of the oldest files are looked at: keys repeat, and this takes some 10 ms. */
const LOOKED_AT = 4_000
const MAX_KEYS = 100
const MAX_VALUES = 20
/** Longer ones are texts, not values to choose from. */
const MAX_VALUE_CHARS = 60

/** Metadata keys and their values as some of the files have them, the most frequent first. */
export function metadataSuggestions(connection: Connection, profile: number): Omit<SearchSuggestions, 'exts'> {
  const some = (direction: string): string =>
    `SELECT id, metadata FROM (SELECT id, metadata FROM files INDEXED BY files_by_added WHERE profile = ? ORDER BY added_at ${direction} LIMIT ${LOOKED_AT})`
  const sql = `SELECT key, value, count(*) AS files FROM (${some('DESC')} UNION ${some('ASC')}) AS looked, json_each(looked.metadata)
    WHERE looked.metadata IS NOT NULL AND json_valid(looked.metadata) GROUP BY key, value ORDER BY files DESC, value`
  const keys = new Map<string, { files: number; values: string[] }>()
  for (const row of connection.all(sql, [profile, profile])) {
    const key = String(row.key)
    const known = keys.get(key) ?? { files: 0, values: [] }
    keys.set(key, known)
    known.files += Number(row.files)
    const value = String(row.value)
    if (known.values.length < MAX_VALUES && value !== '' && value.length <= MAX_VALUE_CHARS) known.values.push(value)
  }
  const sorted = [...keys].sort(([, a], [, b]) => b.files - a.files).slice(0, MAX_KEYS)
  return {
    metadataKeys: sorted.map(([key]) => key),
    metadataValues: Object.fromEntries(sorted.map(([key, { values }]) => [key, values]))
  }
}
