import type { SQLInputValue } from 'node:sqlite'
import { AppError } from '../../shared/errors.ts'
import type { FileQuery, FileSort, FileSortKey } from '../../shared/model.ts'
import type { Connection, Params } from './connection.ts'
import { normalizeFolder } from './names.ts'
import { matchExpression, parseSearch, prefixEnd, type Word } from './search-text.ts'

/** Column and index of each sort key. The index holds (profile, column, rowid): exactly the order of a page. */
export const SORTS: Record<FileSortKey, { column: string; index: string }> = {
  name: { column: 'name_key', index: 'files_by_name' },
  fileId: { column: 'file_id', index: 'files_by_file_id' },
  group: { column: 'group_name', index: 'files_by_group' },
  sizeBytes: { column: 'size', index: 'files_by_size' },
  ext: { column: 'ext', index: 'files_by_ext' },
  createdAt: { column: 'created_at', index: 'files_by_created' },
  addedAt: { column: 'added_at', index: 'files_by_added' }
}

export interface Sql {
  sql: string
  params: Params
}

/**
 * One condition of a query, in two forms: `ids`, a statement that yields the ids of all files that meet it (and perhaps ids
 * twice, or of other profiles), and `test`, an expression over a row of `files` (and of `file_text`, when `text` is set).
 */
interface Condition {
  /** null: there is no cheap way to list them. */
  ids: Sql | null
  test: Sql
  text?: boolean
}

/**
 * Up to this many candidates are fetched and sorted; beyond it, the sort index is walked and every row tested. Where the two
 * meet, both take some 20 ms in a library of a million files.
 */
const FEW = 10_000

/** How a query is run: `from` and `where` of a statement over `files`. */
export interface Plan {
  from: string
  where: string
  params: Params
  /** Candidates are fetched and sorted (true), or rows come in the order of the sort index. */
  sorts: boolean
}

export function planQuery(connection: Connection, profile: number, query: FileQuery, sort: FileSort | null): Plan {
  const conditions = conditionsOf(profile, query)
  const few = rarest(connection, conditions)
  const rest = conditions.filter((condition) => condition.test !== few?.test)
  const text = rest.some((condition) => condition.text) ? ' CROSS JOIN file_text ON file_text.id = files.id' : ''
  const tests = rest.map((condition) => condition.test)
  if (few) {
    return {
      from: `(SELECT DISTINCT * FROM (${few.ids.sql})) AS few CROSS JOIN files ON files.id = few.id${text}`,
      where: ['+files.profile = ?', ...tests.map(({ sql }) => sql)].join(' AND '),
      params: [...few.ids.params, profile, ...tests.flatMap(({ params }) => params)],
      sorts: true
    }
  }
  // Without an order the rowid will do: the table itself is walked.
  const index = sort === null ? 'NOT INDEXED' : `INDEXED BY ${SORTS[sort.key].index}`
  return {
    from: `files ${index}${text}`,
    where: ['files.profile = ?', ...tests.map(({ sql }) => sql)].join(' AND '),
    params: [profile, ...tests.flatMap(({ params }) => params)],
    sorts: false
  }
}

/** The condition with the fewest candidates, if these are few; null when the order is better walked. */
function rarest(connection: Connection, conditions: readonly Condition[]): (Condition & { ids: Sql }) | null {
  let best: (Condition & { ids: Sql }) | null = null
  let limit = FEW
  for (const condition of conditions) {
    if (!condition.ids) continue
    const found = connection.number(`SELECT count(*) FROM (SELECT 1 FROM (${condition.ids.sql}) LIMIT ?)`, [...condition.ids.params, limit])
    if (found >= limit) continue
    best = { ...condition, ids: condition.ids }
    limit = found
  }
  return best
}

/** The statement that counts a query exactly; from the counters where these tell it. */
export function countQuery(connection: Connection, profile: number, query: FileQuery): number {
  const { group, folder, recursive, ...others } = query
  const plain = Object.values(others).every((value) => value === undefined || value === '')
  if (plain && (folder === undefined || (recursive && normalizeFolder(folder) === ''))) {
    return group === undefined
      ? connection.number('SELECT total(files) FROM group_counts WHERE profile = ?', [profile])
      : connection.number('SELECT files FROM group_counts WHERE profile = ? AND group_name = ?', [profile, group])
  }
  const conditions = conditionsOf(profile, query)
  const only = conditions.length === 1 ? conditions[0]! : null
  if (only?.ids && !only.text) return connection.number(`SELECT count(*) FROM (${only.ids.sql})`, only.ids.params)
  const plan = planQuery(connection, profile, query, null)
  return connection.number(`SELECT count(*) FROM ${plan.from} WHERE ${plan.where}`, plan.params)
}

function conditionsOf(profile: number, query: FileQuery): Condition[] {
  const conditions: Condition[] = []
  const equal = (column: string, index: string, value: SQLInputValue): void => {
    conditions.push({
      ids: { sql: `SELECT id FROM files INDEXED BY ${index} WHERE profile = ? AND ${column} = ?`, params: [profile, value] },
      test: { sql: `files.${column} = ?`, params: [value] }
    })
  }
  if (query.group !== undefined) equal('group_name', 'files_by_group', query.group)
  if (query.ext !== undefined) equal('ext', 'files_by_ext', query.ext.toLowerCase())
  if (query.batchId !== undefined) equal('batch_id', 'files_by_batch', query.batchId)
  if (query.kind !== undefined) conditions.push(partial(profile, 'kind', 'files_by_kind', 'normal', query.kind))
  if (query.state !== undefined) conditions.push(partial(profile, 'state', 'files_by_state', 'present', query.state))
  if (query.folder !== undefined) conditions.push(...folderCondition(profile, normalizeFolder(query.folder), query.recursive ?? false))
  if (query.tag !== undefined) {
    conditions.push({
      ids: { sql: 'SELECT file AS id FROM file_tags WHERE profile = ? AND tag = ?', params: [profile, query.tag] },
      test: {
        sql: 'EXISTS (SELECT 1 FROM file_tags WHERE file_tags.profile = files.profile AND tag = ? AND file = files.id)',
        params: [query.tag]
      }
    })
  }
  conditions.push(...textConditions(profile, parseSearch(query.text ?? '')))
  return conditions
}

/** A column whose index leaves out the common value: that one is found by walking. */
function partial(profile: number, column: string, index: string, common: string, value: string): Condition {
  // The index is partial: SQLite uses it only when it sees that the value is not the common one.
  const rare = `SELECT id FROM files INDEXED BY ${index} WHERE profile = ? AND ${column} = ? AND ${column} <> '${common}'`
  return {
    ids: value === common ? null : { sql: rare, params: [profile, value] },
    test: { sql: `files.${column} = ?`, params: [value] }
  }
}

function folderCondition(profile: number, folder: string, recursive: boolean): Condition[] {
  if (recursive && folder === '') return []
  const by = 'SELECT id FROM files INDEXED BY files_by_folder WHERE profile = ?'
  if (!recursive) {
    return [
      {
        ids: { sql: `${by} AND folder = ?`, params: [profile, folder] },
        test: { sql: 'files.folder = ?', params: [folder] }
      }
    ]
  }
  // Everything below 'a' lies between 'a/' and 'a0': '0' follows '/'.
  const below = [`${folder}/`, `${folder}0`]
  return [
    {
      ids: {
        sql: `${by} AND folder = ? UNION ALL ${by} AND folder >= ? AND folder < ?`,
        params: [profile, folder, profile, ...below]
      },
      test: { sql: '(files.folder = ? OR (files.folder >= ? AND files.folder < ?))', params: [folder, ...below] }
    }
  ]
}

const TAIL = 'substr(file_id, length(group_name) + 12)'

function textConditions(profile: number, words: readonly Word[]): Condition[] {
  const conditions: Condition[] = []
  const plain: Word[] = []
  for (const word of words) {
    if (word.idPrefix !== null) conditions.push(idOrText(profile, word, word.idPrefix))
    else if (word.length < 3) conditions.push(shortWord(word))
    else plain.push(word)
  }
  if (plain.length > 0) {
    conditions.push({
      ids: { sql: 'SELECT rowid AS id FROM file_search WHERE file_search MATCH ?', params: [matchExpression(plain)] },
      test: { sql: plain.map(() => 'instr(file_text.text, ?) > 0').join(' AND '), params: plain.map((word) => word.text) },
      text: true
    })
  }
  return conditions
}

/** One or two characters: every place where they stand begins a trigram, so they are a range of trigrams. */
function shortWord(word: Word): Condition {
  return {
    ids: { sql: 'SELECT doc AS id FROM file_grams WHERE term >= ? AND term < ?', params: [word.text, prefixEnd(word.text)] },
    test: { sql: 'instr(file_text.text, ?) > 0', params: [word.text] },
    text: true
  }
}

function idOrText(profile: number, word: Word, id: string): Condition {
  const end = prefixEnd(id)
  return {
    ids: {
      sql: `SELECT rowid AS id FROM file_search WHERE file_search MATCH ?
        UNION ALL SELECT id FROM files INDEXED BY files_by_file_id WHERE profile = ? AND file_id >= ? AND file_id < ?
        UNION ALL SELECT id FROM files INDEXED BY files_by_tail WHERE profile = ? AND ${TAIL} >= ? AND ${TAIL} < ?`,
      params: [matchExpression([word]), profile, id, end, profile, id, end]
    },
    test: {
      sql: `(instr(file_text.text, ?) > 0 OR (files.file_id >= ? AND files.file_id < ?) OR (${TAIL} >= ? AND ${TAIL} < ?))`,
      params: [word.text, id, end, id, end]
    },
    text: true
  }
}

// ── Keyset pages ─────────────────────────────────────────────────────────────────────────────────────────────

/** Where a page ended: the value of the sort column and the id of its last row. */
type Position = [value: string | number, id: number]

export function encodeCursor(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url')
}

export function decodeCursor(cursor: string, sort: FileSort): Position {
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

/** A page of `columns` in the order of `sort`, after `position`. limit -1 = all. */
export function pageSql(plan: Plan, columns: string, sort: FileSort, position: Position | null, limit: number): Sql {
  const { column } = SORTS[sort.key]
  const [than, direction] = sort.descending ? ['<', 'DESC'] : ['>', 'ASC']
  // Two comparisons that the index can use to start, and one that decides among equals.
  const after = position ? ` AND files.${column} ${than}= ? AND (files.${column} ${than} ? OR files.id ${than} ?)` : ''
  const params = position ? [position[0], position[0], position[1]] : []
  return {
    sql: `SELECT ${columns} FROM ${plan.from} WHERE ${plan.where}${after} ORDER BY files.${column} ${direction}, files.id ${direction} LIMIT ?`,
    params: [...plan.params, ...params, limit]
  }
}
