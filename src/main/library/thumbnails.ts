import type { Connection, Params } from './connection.ts'

/** What is known of the small pictures that are stored beside files of the library, as their slaves. */
export interface Thumbnails {
  /** These are to be made, unless they are there. Returns how many are new. `again`: also those that failed. */
  want(profileId: string, fileIds: readonly string[], sizes: readonly string[], again?: boolean): number
  /** Files with something to make, in a stable order. */
  next(profileId: string, limit: number): { fileId: string; sizes: string[] }[]
  count(profileId: string): { waiting: number; failed: number }
  made(profileId: string, fileId: string, size: string, slaveId: string): void
  failed(profileId: string, fileId: string, size: string, code: string): void
  /** Nothing more is to be made; failures are forgotten, too. */
  stop(profileId: string): void
  /** IDs of the small pictures of a file. */
  of(profileId: string, fileId: string): string[]
  /** The file is gone, with its small pictures. */
  forget(profileId: string, fileIds: readonly string[]): void
}

export function createThumbnails(connection: Connection): Thumbnails {
  const profileNo = (id: string): number => connection.number('SELECT no FROM profiles WHERE id = ?', [id])
  const write = (sql: string, params: Params): number => connection.transaction(false, () => connection.run(sql, params))
  return {
    want(profileId, fileIds, sizes, again = false) {
      const profile = profileNo(profileId)
      if (profile === 0) return 0
      const sql = `INSERT INTO thumbnails (profile, file_id, size) VALUES (?, ?, ?)
        ON CONFLICT DO ${again ? 'UPDATE SET state = 0, code = NULL WHERE state = 2' : 'NOTHING'}`
      return connection.transaction(false, () => {
        let added = 0
        for (const fileId of fileIds) for (const size of sizes) added += connection.run(sql, [profile, fileId, size])
        return added
      })
    },
    next(profileId, limit) {
      return connection
        .all(
          `SELECT file_id, group_concat(size, ' ') AS sizes FROM thumbnails WHERE profile = ? AND state = 0
           GROUP BY file_id ORDER BY file_id LIMIT ?`,
          [profileNo(profileId), limit]
        )
        .map((row) => ({ fileId: String(row.file_id), sizes: String(row.sizes).split(' ') }))
    },
    count(profileId) {
      const profile = profileNo(profileId)
      return {
        waiting: connection.number('SELECT count(*) FROM thumbnails WHERE profile = ? AND state = 0', [profile]),
        failed: connection.number('SELECT count(*) FROM thumbnails WHERE profile = ? AND state = 2', [profile])
      }
    },
    made(profileId, fileId, size, slaveId) {
      write('UPDATE thumbnails SET state = 1, slave_id = ?, code = NULL WHERE profile = ? AND file_id = ? AND size = ?', [
        slaveId,
        profileNo(profileId),
        fileId,
        size
      ])
    },
    failed(profileId, fileId, size, code) {
      write('UPDATE thumbnails SET state = 2, code = ? WHERE profile = ? AND file_id = ? AND size = ? AND state = 0', [
        code,
        profileNo(profileId),
        fileId,
        size
      ])
    },
    stop(profileId) {
      write('DELETE FROM thumbnails WHERE profile = ? AND state <> 1', [profileNo(profileId)])
    },
    of(profileId, fileId) {
      return connection
        .all('SELECT slave_id FROM thumbnails WHERE profile = ? AND file_id = ? AND state = 1', [profileNo(profileId), fileId])
        .map((row) => String(row.slave_id))
    },
    forget(profileId, fileIds) {
      const profile = profileNo(profileId)
      connection.transaction(false, () => {
        for (const fileId of fileIds) connection.run('DELETE FROM thumbnails WHERE profile = ? AND file_id = ?', [profile, fileId])
      })
    }
  }
}
