import { AppError } from '../../shared/errors.ts'
import type { FileQuery, FileRow, FileSort } from '../../shared/model.ts'
import type { Connection } from './connection.ts'
import { FILE_COLUMNS, toFileRow } from './file-rows.ts'
import { pageSql, planQuery } from './query.ts'

/** What the worker does: frozen, ordered results and their rows. Synchronous; has a read connection of its own. */
export interface ViewEngine {
  open(profileId: string, query: FileQuery, sort: FileSort, first: number): { view: number; rows: FileRow[]; total: number }
  rows(view: number, start: number, count: number): FileRow[]
  ids(view: number, start: number, count: number): number[]
  close(view: number): void
}

export function createViewEngine(connection: Connection): ViewEngine {
  const views = new Map<number, Uint32Array>()
  let last = 0

  function order(profileId: string, query: FileQuery, sort: FileSort): Uint32Array {
    const profile = connection.number('SELECT no FROM profiles WHERE id = ?', [profileId])
    const { sql, params } = pageSql(planQuery(connection, profile, query, sort), 'files.id', sort, null, -1)
    return Uint32Array.from(connection.all(sql, params), (row) => Number(row.id))
  }

  function slice(view: number, start: number, count: number): number[] {
    const ids = views.get(view)
    if (!ids) throw new AppError('INPUT_INVALID', { detail: { field: 'view', view } })
    return Array.from(ids.subarray(start, start + count))
  }

  function rows(view: number, start: number, count: number): FileRow[] {
    const ids = slice(view, start, count)
    const sql = `SELECT ${FILE_COLUMNS} FROM files WHERE id IN (SELECT value FROM json_each(?))`
    const found = new Map(connection.all(sql, [JSON.stringify(ids)]).map((row) => [Number(row.id), toFileRow(row)]))
    return ids.map((id) => found.get(id) ?? vanished(id))
  }

  return {
    open(profileId, query, sort, first) {
      const ids = order(profileId, query, sort)
      last += 1
      views.set(last, ids)
      return { view: last, rows: rows(last, 0, first), total: ids.length }
    },
    rows,
    ids: slice,
    close: (view) => void views.delete(view)
  }
}

/** A row removed since its view was opened: it keeps its place, so that row numbers stay right until the view is refreshed. */
function vanished(id: number): FileRow {
  return {
    id,
    fileId: '',
    group: '',
    name: '',
    folder: '',
    ext: '',
    kind: 'normal',
    sizeBytes: null,
    crc32: null,
    createdAt: 0,
    addedAt: 0,
    source: '',
    state: 'deleted',
    origin: 'listing',
    metadata: null,
    metadataReadAt: null,
    tags: []
  }
}
