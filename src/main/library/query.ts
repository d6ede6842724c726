import { AppError } from '../../shared/errors.ts'
import type { FileQuery, FileSort, IndexedSortKey } from '../../shared/model.ts'
import type { Condition, Sql } from './condition.ts'
import { conditionsOf } from './conditions.ts'
import type { Connection, Row } from './connection.ts'

/** Column and index of each sort key. The index holds (profile, column, rowid): exactly the order of a page. */
const SORTS: Record<IndexedSortKey, { column: string; index: string }> = {
  name: { column: 'name_key', index: 'files_by_name' },
  fileId: { column: 'file_id', index: 'files_by_file_id' },
  group: { column: 'group_name', index: 'files_by_group' },
  sizeBytes: { column: 'size', index: 'files_by_size' },
  ext: { column: 'ext', index: 'files_by_ext' },
  folder: { column: 'folder', index: 'files_by_folder' },
  createdAt: { column: 'created_at', index: 'files_by_created' },
  addedAt: { column: 'added_at', index: 'files_by_added' }
}

export const isIndexed = (sort: FileSort): sort is IndexedSort => Object.hasOwn(SORTS, sort.key)

export type IndexedSort = FileSort & { key: IndexedSortKey }

/** Where one way to run a query becomes slower than another. */
export interface QueryLimits {
  /** Up to this many candidates are fetched and sorted. */
  few: number
  /** Beyond, the sort index is walked this far in the hope of filling a page. */
  walk: number
  /** When that fails, sorting this many candidates is still better than testing every file of the library. */
  many: number
}

/** In a library of a million files the first two take some 20 ms, the last some 200 ms. */
export const QUERY_LIMITS: QueryLimits = { few: 10_000, walk: 20_000, many: 200_000 }

/** Where a page ended: the value of the sort column and the id of its last row. */
export type Position = [value: string | number, id: number]

const bothOf = (parts: readonly Sql[]): Sql => ({
  sql: parts.map(({ sql }) => ` AND ${sql}`).join(''),
  params: parts.flatMap(({ params }) => [...params])
})

const textJoin = (conditions: readonly Condition[]): string =>
  conditions.some((condition) => condition.text) ? ' CROSS JOIN file_text ON file_text.id = files.id' : ''

/** ORDER BY and the part of WHERE that starts after `position`: one bound for the index, one that decides among equals. */
function ordering(sort: IndexedSort, position: Position | null): { order: string; after: Sql } {
  const { column } = SORTS[sort.key]
  const [than, direction] = sort.descending ? ['<', 'DESC'] : ['>', 'ASC']
  const after = position
    ? {
        sql: ` AND files.${column} ${than}= ? AND (files.${column} ${than} ? OR files.id ${than} ?)`,
        params: [position[0], position[0], position[1]]
      }
    : { sql: '', params: [] }
  return { order: `ORDER BY files.${column} ${direction}, files.id ${direction}`, after }
}

/** Walks the sort index and tests every row. */
export function walkSql(
  columns: string,
  profile: number,
  conditions: readonly Condition[],
  sort: IndexedSort,
  position: Position | null,
  limit: number
): Sql {
  const { order, after } = ordering(sort, position)
  const tests = bothOf(conditions.map(({ test }) => test))
  return {
    sql: `SELECT ${columns} FROM files INDEXED BY ${SORTS[sort.key].index}${textJoin(conditions)}
      WHERE files.profile = ?${after.sql}${tests.sql} ${order} LIMIT ?`,
    params: [profile, ...after.params, ...tests.params, limit]
  }
}

/** As `walkSql`, but gives up after `walk` rows of the index: the page is then short. */
export function boundedWalkSql(
  columns: string,
  profile: number,
  conditions: readonly Condition[],
  sort: IndexedSort,
  position: Position | null,
  limit: number,
  walk: number
): Sql {
  const { order, after } = ordering(sort, position)
  const tests = bothOf(conditions.map(({ test }) => test))
  return {
    // The nested loop keeps the order of the inner statement.
    sql: `SELECT ${columns} FROM (SELECT files.id AS walked FROM files INDEXED BY ${SORTS[sort.key].index}
      WHERE files.profile = ?${after.sql} ${order} LIMIT ?) CROSS JOIN files ON files.id = walked${textJoin(conditions)}
      WHERE 1${tests.sql} LIMIT ?`,
    params: [profile, ...after.params, walk, ...tests.params, limit]
  }
}

/** Fetches the candidates of one condition, tests them for the others, sorts. */
export function candidatesSql(
  columns: string,
  profile: number,
  from: Condition & { ids: Sql },
  others: readonly Condition[],
  sort: IndexedSort | null,
  position: Position | null,
  limit: number
): Sql {
  const { order, after } = sort ? ordering(sort, position) : { order: 'ORDER BY files.id', after: { sql: '', params: [] } }
  const tests = bothOf(others.map(({ test }) => test))
  return {
    sql: `SELECT ${columns} FROM (SELECT DISTINCT * FROM (${from.ids.sql})) AS few CROSS JOIN files ON files.id = few.id${textJoin(others)}
      WHERE +files.profile = ?${after.sql.replaceAll('files.', '+files.')}${tests.sql} ${order} LIMIT ?`,
    params: [...from.ids.params, profile, ...after.params, ...tests.params, limit]
  }
}

/** The condition with the fewest candidates when these are fewer than `most`, and the other conditions. */
export function rarest(
  connection: Connection,
  conditions: readonly Condition[],
  most: number
): { from: Condition & { ids: Sql }; others: Condition[] } | null {
  let best: Condition | null = null
  let limit = most
  for (const condition of conditions) {
    if (!condition.ids) continue
    const { sql, params } = condition.ids
    const found = connection.number(`SELECT count(*) FROM (SELECT 1 FROM (${sql}) LIMIT ?)`, [...params, limit])
    if (found >= limit) continue
    best = condition
    limit = found
  }
  return best?.ids ? { from: { ...best, ids: best.ids }, others: conditions.filter((condition) => condition !== best) } : null
}

/** One keyset page of `columns` (and of the sort column, as `sort_value`). */
export function queryPage(
  connection: Connection,
  columns: string,
  profile: number,
  query: FileQuery,
  sort: IndexedSort,
  position: Position | null,
  limit: number,
  limits: QueryLimits
): Row[] {
  const all = `${columns}, files.${SORTS[sort.key].column} AS sort_value`
  const run = ({ sql, params }: Sql): Row[] => connection.all(sql, params)
  const conditions = conditionsOf(profile, query)
  if (conditions.length === 0) return run(walkSql(all, profile, conditions, sort, position, limit))
  const few = rarest(connection, conditions, limits.few)
  if (few) return run(candidatesSql(all, profile, few.from, few.others, sort, position, limit))
  const near = run(boundedWalkSql(all, profile, conditions, sort, position, limit, limits.walk))
  if (near.length >= limit) return near
  const many = rarest(connection, conditions, limits.many)
  if (many) return run(candidatesSql(all, profile, many.from, many.others, sort, position, limit))
  return run(walkSql(all, profile, conditions, sort, position, limit))
}

/** A count that needs no look at the files: from counters, or from one index. null: it must be worked out. */
export function cheapCount(connection: Connection, profile: number, query: FileQuery, conditions: readonly Condition[]): number | null {
  if (conditions.length === 0) return connection.number('SELECT total(files) FROM group_counts WHERE profile = ?', [profile])
  const [only] = conditions
  if (conditions.length > 1 || !only?.ids || only.text) return null
  if (query.group !== undefined) {
    return connection.number('SELECT files FROM group_counts WHERE profile = ? AND group_name = ?', [profile, query.group])
  }
  return connection.number(`SELECT count(*) FROM (${only.ids.sql})`, only.ids.params)
}

/** How many files a query finds, exactly. */
export function queryCount(connection: Connection, profile: number, query: FileQuery, limits: QueryLimits): number {
  const conditions = conditionsOf(profile, query)
  const cheap = cheapCount(connection, profile, query, conditions)
  if (cheap !== null) return cheap
  const { sql, params } = idsSql(connection, profile, query, 0, -1, limits)
  return connection.number(`SELECT count(*) FROM (${sql})`, params)
}

/** Ids of a query in their own order, after `last`; limit -1 = all. */
export function idsSql(connection: Connection, profile: number, query: FileQuery, last: number, limit: number, limits: QueryLimits): Sql {
  const conditions = conditionsOf(profile, query)
  const after: Condition = { ids: null, test: { sql: 'files.id > ?', params: [last] }, text: false }
  const few = rarest(connection, conditions, limits.few)
  if (few) return candidatesSql('files.id', profile, few.from, [...few.others, after], null, null, limit)
  const tests = bothOf([after, ...conditions].map(({ test }) => test))
  return {
    sql: `SELECT files.id FROM files NOT INDEXED${textJoin(conditions)} WHERE files.profile = ?${tests.sql} ORDER BY files.id LIMIT ?`,
    params: [profile, ...tests.params, limit]
  }
}

/** The order of all files of a profile by one key, ascending: an index and nothing else is read. */
export function orderSql(profile: number, key: IndexedSortKey): Sql {
  const { column, index } = SORTS[key]
  return {
    sql: `SELECT id FROM files INDEXED BY ${index} WHERE profile = ? ORDER BY ${column}, id`,
    params: [profile]
  }
}

export function encodeCursor(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url')
}

/** INPUT_INVALID for anything that is not a cursor of this sort key. */
export function decodeCursor(cursor: string, sort: IndexedSort): Position {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    value = null
  }
  const textual = !['sizeBytes', 'createdAt', 'addedAt'].includes(sort.key)
  const [key, id]: unknown[] = Array.isArray(value) ? value : []
  if (typeof key !== (textual ? 'string' : 'number') || !Number.isSafeInteger(id)) {
    throw new AppError('INPUT_INVALID', { detail: { field: 'cursor' } })
  }
  return [key as string | number, id as number]
}
