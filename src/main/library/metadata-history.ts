import type { MetadataHistoryEntry } from '../../shared/model.ts'
import type { Connection } from './connection.ts'
import type { MetadataLearned } from './types.ts'

/** What batches changed in metadata, so that it can be undone. */
export interface MetadataHistory {
  /** Batches of a profile that changed something, newest first. */
  list(profileId: string, limit: number): MetadataHistoryEntry[]
  /** What must be set and removed to have the values from before a batch, file by file. */
  former(batchId: number): Iterable<{ fileId: string; set: Record<string, string>; remove: string[] }>
  /** The profile of a batch; null = nothing is known of it. */
  profileOf(batchId: number): string | null
  undone(batchId: number, by: number): void
  /** Forgets all but the newest batches of each profile. */
  prune(keep: number): void
}

const CHUNK = 500

/** A file whose metadata a batch changed. */
export interface KeptChange {
  fileId: string
  /** Unix ms. */
  at: number
  change: NonNullable<MetadataLearned['change']>
}

/** Notes changes; within the caller's transaction. A repeated change of the same file keeps the oldest value. */
export function keepChanges(connection: Connection, profile: number, changes: readonly KeptChange[]): void {
  const added = new Map<number, number>()
  for (const { fileId, at, change } of changes) {
    const { batchId, before, after } = change
    if (Object.keys(before).length === 0) continue
    if (!added.has(batchId)) {
      connection.run('INSERT INTO metadata_batches (batch_id, profile, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', [batchId, profile, at])
    }
    const rows = connection.run(
      'INSERT INTO metadata_changes (batch_id, file_id, before, after) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
      [batchId, fileId, JSON.stringify(before), JSON.stringify(after)]
    )
    added.set(batchId, (added.get(batchId) ?? 0) + rows)
  }
  for (const [batchId, rows] of added) {
    if (rows > 0) connection.run('UPDATE metadata_batches SET files = files + ? WHERE batch_id = ?', [rows, batchId])
  }
}

export function createMetadataHistory(connection: Connection): MetadataHistory {
  return {
    list(profileId, limit) {
      const sql = `SELECT batch_id, at, files, undone_by FROM metadata_batches JOIN profiles ON profiles.no = profile
        WHERE profiles.id = ? ORDER BY batch_id DESC LIMIT ?`
      return connection.all(sql, [profileId, limit]).map((row) => ({
        batchId: Number(row.batch_id),
        at: Number(row.at),
        fileCount: Number(row.files),
        undoneBy: row.undone_by === null ? null : Number(row.undone_by)
      }))
    },

    *former(batchId) {
      const sql = 'SELECT file_id, before FROM metadata_changes WHERE batch_id = ? AND file_id > ? ORDER BY file_id LIMIT ?'
      for (let last = ''; ;) {
        const rows = connection.all(sql, [batchId, last, CHUNK])
        for (const row of rows) {
          const entries = Object.entries(JSON.parse(String(row.before)) as Record<string, string | null>)
          yield {
            fileId: String(row.file_id),
            set: Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null)),
            remove: entries.filter(([, value]) => value === null).map(([key]) => key)
          }
        }
        if (rows.length < CHUNK) return
        last = String(rows.at(-1)!.file_id)
      }
    },

    profileOf(batchId) {
      const sql = 'SELECT id FROM metadata_batches JOIN profiles ON no = profile WHERE batch_id = ?'
      const row = connection.get(sql, [batchId])
      return row === undefined ? null : String(row.id)
    },

    undone(batchId, by) {
      connection.transaction(true, () => connection.run('UPDATE metadata_batches SET undone_by = ? WHERE batch_id = ?', [by, batchId]))
    },

    prune(keep) {
      const sql = `DELETE FROM metadata_batches WHERE batch_id IN (SELECT batch_id FROM
        (SELECT batch_id, row_number() OVER (PARTITION BY profile ORDER BY batch_id DESC) AS place FROM metadata_batches) WHERE place > ?)`
      connection.transaction(false, () => connection.run(sql, [keep]))
    }
  }
}
