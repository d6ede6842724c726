import type { DuplicateSummary } from '../../shared/model.ts'
import type { Connection } from './connection.ts'
import { twinsSql } from './search-conditions.ts'

/** Which file of equal ones is kept. */
export type Keep = 'oldest' | 'newest'

/** What the duplicates of a profile cost. Reads the twins: for the library's thread. */
export function duplicateSummary(connection: Connection, profileId: string): DuplicateSummary {
  const { sql, params } = twinsSql(connection.number('SELECT no FROM profiles WHERE id = ?', [profileId]))
  const row = connection.get(
    `SELECT count(*) AS contents, total(copies) AS files, total((copies - 1) * size) AS wasted
     FROM (SELECT size, max(copies) AS copies FROM (${sql}) WHERE copies > 1 GROUP BY crc32, size)`,
    params
  )
  return { contents: Number(row?.contents ?? 0), files: Number(row?.files ?? 0), wastedBytes: Number(row?.wasted ?? 0) }
}

/** All files but one of each content: by when they were created on the servers. */
export function spareCopies(connection: Connection, profileId: string, keep: Keep): number[] {
  const { sql, params } = twinsSql(connection.number('SELECT no FROM profiles WHERE id = ?', [profileId]))
  const direction = keep === 'oldest' ? 'ASC' : 'DESC'
  const row = connection.get(
    `SELECT json_group_array(id) AS ids FROM (
       SELECT files.id, row_number() OVER (PARTITION BY files.crc32, files.size ORDER BY files.created_at ${direction}, files.id ${direction}) AS nth
       FROM (${sql}) AS twins CROSS JOIN files ON files.id = twins.id WHERE copies > 1)
     WHERE nth > 1`,
    params
  )
  return JSON.parse(String(row?.ids ?? '[]')) as number[]
}
