import type { FileSort } from '../../shared/model.ts'
import type { Sql } from './condition.ts'
import { THERE, twinsSql } from './search-conditions.ts'

/** ORDER BY for an order that no index keeps. Files without a value come last, whichever the direction. */
function orderBy({ key, descending }: FileSort): string {
  const direction = descending ? 'DESC' : 'ASC'
  const tie = `files.id ${direction}`
  if (key === 'favourite') return `files.favourite ${direction}, files.name_key, ${tie}`
  if (key === 'tags') return `files.tags IS NULL, files.tags COLLATE NOCASE ${direction}, ${tie}`
  if (key === 'kind' || key === 'state') return `files.${key} ${direction}, files.name_key, ${tie}`
  // Numbers by their value, before texts.
  const literal = `'${key.slice('meta.'.length).replaceAll("'", "''")}'`
  const value = `(SELECT value FROM json_each(iif(json_valid(files.metadata), files.metadata, NULL)) WHERE key = ${literal})`
  return `${value} IS NULL, ${value} + 0 ${direction}, ${value} COLLATE NOCASE ${direction}, ${tie}`
}

/** The order of all files of a profile by a key that has no index; for `copies` of those that have a twin. */
export function madeOrderSql(profile: number, sort: FileSort): Sql {
  if (sort.key === 'copies') {
    const { sql, params } = twinsSql(profile)
    const direction = sort.descending ? 'DESC' : 'ASC'
    return { sql: `SELECT id FROM (${sql}) WHERE copies > 1 ORDER BY (copies - 1) * size ${direction}, crc32, size, id`, params }
  }
  return { sql: `SELECT files.id FROM files WHERE profile = ? ORDER BY ${orderBy(sort)}`, params: [profile] }
}

/** The same for some files. */
export function sortedSql(found: Sql, sort: FileSort): Sql {
  return {
    sql: `SELECT files.id FROM (${found.sql}) AS found CROSS JOIN files ON files.id = found.id ORDER BY ${orderBy(sort)}`,
    params: found.params
  }
}

/** How many files on the servers have the content of this one. */
export const copiesColumn = `(SELECT count(*) FROM files AS twin WHERE twin.profile = files.profile AND twin.crc32 = files.crc32
  AND twin.size = files.size AND twin.state ${THERE}) AS copies`
