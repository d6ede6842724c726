import type { Connection } from '../connection.ts'
import type { FileCatalogue, FileLearned, ReadTask } from '../types.ts'
import { READ_INFO, READ_METADATA } from './merge.ts'

/** Files that are to be asked about (migration 4). */
export interface ReadQueue {
  next(profileId: string, limit: number): { tasks: ReadTask[]; left: number }
  store(profileId: string, learned: readonly FileLearned[]): void
  drop(profileId: string): number
}

export function createReadQueue(connection: Connection, files: FileCatalogue): ReadQueue {
  const profileNo = (profileId: string): number => connection.number('SELECT no FROM profiles WHERE id = ?', [profileId])

  return {
    next(profileId, limit) {
      const profile = profileNo(profileId)
      // Files that left the library meanwhile are not asked about.
      connection.transaction(false, () =>
        connection.run(
          `DELETE FROM read_queue WHERE profile = ?1 AND file IN (SELECT file FROM read_queue WHERE profile = ?1 ORDER BY file LIMIT ?2)
            AND NOT EXISTS (SELECT 1 FROM files WHERE files.id = read_queue.file)`,
          [profile, limit]
        )
      )
      const rows = connection.all(
        `SELECT files.id, files.file_id, what FROM read_queue CROSS JOIN files ON files.id = read_queue.file
          WHERE read_queue.profile = ? ORDER BY read_queue.file LIMIT ?`,
        [profile, limit]
      )
      return {
        tasks: rows.map((row) => ({
          id: Number(row.id),
          fileId: String(row.file_id),
          metadata: (Number(row.what) & READ_METADATA) !== 0,
          info: (Number(row.what) & READ_INFO) !== 0
        })),
        left: connection.number('SELECT count(*) FROM read_queue WHERE profile = ?', [profile])
      }
    },

    store(profileId, learned) {
      const found = learned.filter((one) => !one.gone)
      const inputs = found.flatMap(({ fileId, info }) =>
        info === null
          ? []
          : [{ fileId, origin: 'listing' as const, sizeBytes: info.sizeBytes, ...(info.crc32 === null ? {} : { crc32: info.crc32 }) }]
      )
      const gone = learned.filter((one) => one.gone).map((one) => one.fileId)
      if (inputs.length > 0) files.upsert(profileId, inputs)
      if (gone.length > 0) files.setState(profileId, gone, 'missing')
      files.describe(
        profileId,
        found.flatMap(({ fileId, metadata, at }) => (metadata === null ? [] : [{ fileId, metadata, readAt: at }]))
      )
      const ids = JSON.stringify(learned.map((one) => one.id))
      connection.transaction(false, () =>
        connection.run('DELETE FROM read_queue WHERE profile = ? AND file IN (SELECT value FROM json_each(?))', [profileNo(profileId), ids])
      )
    },

    drop: (profileId) =>
      connection.transaction(false, () => connection.run('DELETE FROM read_queue WHERE profile = ?', [profileNo(profileId)]))
  }
}
