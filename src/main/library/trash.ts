import type { TrashRow } from '../../shared/model.ts'
import { bringBack } from './bring-back.ts'
import type { Connection, Row } from './connection.ts'
import { UNKNOWN_SIZE } from './file-rows.ts'
import type { TextIndex } from './text-index.ts'

/** Files that were deleted, but not yet on the servers. They are no part of the library until they are restored. */
export interface Trash {
  /** Moves files (library numbers) into the trash; `removeAt`, Unix ms: when the servers may forget them. Returns how many. */
  put(profileId: string, ids: readonly number[], removeAt: number): number
  /** Back into the library, as they were. Returns how many. */
  restore(profileId: string, ids: readonly number[]): number
  /** What was deleted last comes first. */
  ids(profileId: string): number[]
  rows(profileId: string, ids: readonly number[]): TrashRow[]
  count(profileId: string): number
  /** Files whose time has come and that no batch removes yet. */
  due(profileId: string, now: number, limit: number): { id: number; fileId: string }[]
  fileIds(profileId: string, ids: readonly number[]): string[]
  /** Profiles that have something in the trash. */
  profiles(): string[]
  /** These files are being removed from the servers by a batch. */
  removing(profileId: string, fileIds: readonly string[], batchId: number): void
  /** Batches that remove files of the trash. */
  batches(): number[]
  /** A batch is over: what is still here could not be removed, and is tried again at `removeAt`. */
  released(batchId: number, removeAt: number): void
}

const CHUNK = 500

export function createTrash(connection: Connection, texts: TextIndex, now: () => number, changed: () => void): Trash {
  const profileNo = (id: string): number => connection.number('SELECT no FROM profiles WHERE id = ?', [id])

  function transaction<T>(work: () => T): T {
    try {
      return connection.transaction(true, () => {
        const result = work()
        texts.store()
        return result
      })
    } catch (error) {
      texts.clear()
      throw error
    } finally {
      changed()
    }
  }

  function* parts<T>(all: readonly T[]): Generator<string> {
    for (let at = 0; at < all.length; at += CHUNK) yield JSON.stringify(all.slice(at, at + CHUNK))
  }

  function store(row: Row, removeAt: number): void {
    connection.run(
      `INSERT OR REPLACE INTO trash (id, profile, file_id, name, size, content, deleted_at, remove_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      [row.id!, row.profile!, row.file_id!, row.name!, row.size!, JSON.stringify(row), now(), removeAt]
    )
    texts.set(Number(row.id), null)
  }

  const toTrashRow = (row: Row): TrashRow => ({
    id: Number(row.id),
    fileId: String(row.file_id),
    name: String(row.name),
    folder: String(row.folder ?? ''),
    sizeBytes: row.size === UNKNOWN_SIZE ? null : Number(row.size),
    deletedAt: Number(row.deleted_at),
    removeAt: Number(row.remove_at),
    removing: row.batch_id !== null
  })

  return {
    put(profileId, ids, removeAt) {
      const profile = profileNo(profileId)
      return transaction(() => {
        let count = 0
        for (const part of parts(ids)) {
          const rows = connection.all('SELECT * FROM files WHERE id IN (SELECT value FROM json_each(?)) AND +profile = ?', [part, profile])
          for (const row of rows) store(row, removeAt)
          connection.run('DELETE FROM files WHERE id IN (SELECT value FROM json_each(?)) AND +profile = ?', [part, profile])
          count += rows.length
        }
        return count
      })
    },

    restore(profileId, ids) {
      const profile = profileNo(profileId)
      return transaction(() => {
        let count = 0
        for (const part of parts(ids)) {
          // What a batch is removing right now may be gone already.
          const sql = `SELECT content FROM trash WHERE id IN (SELECT value FROM json_each(?)) AND +profile = ? AND batch_id IS NULL`
          const contents = connection.all(sql, [part, profile]).map((row) => String(row.content))
          bringBack(connection, texts, contents)
          count += contents.length
        }
        return count
      })
    },

    ids(profileId) {
      const sql = 'SELECT json_group_array(id) AS ids FROM (SELECT id FROM trash WHERE profile = ? ORDER BY deleted_at DESC, id DESC)'
      return JSON.parse(String(connection.get(sql, [profileNo(profileId)])?.ids ?? '[]')) as number[]
    },

    rows(profileId, ids) {
      const sql = `SELECT id, file_id, name, content ->> 'folder' AS folder, size, deleted_at, remove_at, batch_id FROM trash
        WHERE id IN (SELECT value FROM json_each(?)) AND +profile = ?`
      const found = new Map(
        connection.all(sql, [JSON.stringify(ids), profileNo(profileId)]).map((row) => [Number(row.id), toTrashRow(row)])
      )
      return ids.map((id) => found.get(id)).filter((row) => row !== undefined)
    },

    count: (profileId) => connection.number('SELECT count(*) FROM trash WHERE profile = ?', [profileNo(profileId)]),

    due(profileId, at, limit) {
      const sql = 'SELECT id, file_id FROM trash WHERE profile = ? AND remove_at <= ? AND batch_id IS NULL ORDER BY remove_at LIMIT ?'
      return connection.all(sql, [profileNo(profileId), at, limit]).map((row) => ({ id: Number(row.id), fileId: String(row.file_id) }))
    },

    fileIds(profileId, ids) {
      const profile = profileNo(profileId)
      const sql = 'SELECT file_id FROM trash WHERE id IN (SELECT value FROM json_each(?)) AND +profile = ? AND batch_id IS NULL'
      return [...parts(ids)].flatMap((part) => connection.all(sql, [part, profile]).map((row) => String(row.file_id)))
    },

    profiles: () =>
      connection.all('SELECT id FROM profiles WHERE EXISTS (SELECT 1 FROM trash WHERE profile = no)').map((row) => String(row.id)),

    removing(profileId, fileIds, batchId) {
      const profile = profileNo(profileId)
      transaction(() => {
        for (const part of parts(fileIds)) {
          connection.run('UPDATE trash SET batch_id = ? WHERE profile = ? AND file_id IN (SELECT value FROM json_each(?))', [
            batchId,
            profile,
            part
          ])
        }
      })
    },

    batches: () => connection.all('SELECT DISTINCT batch_id FROM trash WHERE batch_id IS NOT NULL').map((row) => Number(row.batch_id)),

    released(batchId, removeAt) {
      transaction(() => connection.run('UPDATE trash SET batch_id = NULL, remove_at = ? WHERE batch_id = ?', [removeAt, batchId]))
    }
  }
}
