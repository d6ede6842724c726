import { AppError } from '../../shared/errors.ts'
import type { FileQuery, FileRow, FileSort, FileSortKey } from '../../shared/model.ts'
import { conditionsOf, type Condition, type Sql } from './conditions.ts'
import type { Connection } from './connection.ts'
import { FILE_COLUMNS, toFileRow } from './file-rows.ts'
import { IdSet } from './id-set.ts'
import { boundedWalkSql, candidatesSql, cheapCount, orderSql, QUERY_LIMITS, rarest, type QueryLimits } from './query.ts'

export interface OpenedView {
  view: number
  rows: FileRow[]
  total: number
}

/**
 * What the worker does: frozen, ordered results and their rows. Synchronous; reads by a connection of its own.
 *
 * A view is an array of ids. For few candidates SQL makes it. Otherwise it is made from the order of the whole profile (read
 * from the sort index once: 0.1 s for a million files) and a bitmap per condition; both are kept until files change, so that
 * another sort or filter of an unchanged library takes some 10 ms.
 */
export interface ViewEngine {
  /** `reply` is called once: with the first rows as soon as they and the total are known, perhaps before the order is. */
  open(profileId: string, query: FileQuery, sort: FileSort, first: number, reply: (opened: OpenedView) => void): void
  rows(view: number, start: number, count: number): FileRow[]
  ids(view: number, start: number, count: number): number[]
  close(view: number): void
  /** Files have changed: what is kept is no longer right. Open views stay as they are. */
  forgetCached(): void
}

interface View {
  /** Shared between views, never changed. */
  ids: Uint32Array
  /** Read from the end. */
  reversed: boolean
}

const MAX_SETS = 32
/** A window that was reloaded has not closed its views: the oldest make room. */
const MAX_VIEWS = 64

export function createViewEngine(connection: Connection, limits: QueryLimits = QUERY_LIMITS): ViewEngine {
  const views = new Map<number, View>()
  const orders = new Map<string, Uint32Array>()
  const sets = new Map<string, IdSet>()
  let last = 0

  /** All ids of a statement in one value: four times as fast as a row each. */
  function readIds({ sql, params }: Sql): Uint32Array {
    const row = connection.get(`SELECT json_group_array(id) AS ids FROM (${sql})`, params)
    return Uint32Array.from(JSON.parse(String(row?.ids ?? '[]')) as number[])
  }

  function orderOf(profile: number, key: FileSortKey): Uint32Array {
    const name = `${profile} ${key}`
    let order = orders.get(name)
    if (!order) orders.set(name, (order = readIds(orderSql(profile, key))))
    return order
  }

  /** The files that meet one condition (those of other profiles may be among them). */
  function setOf(profile: number, condition: Condition): IdSet {
    const name = setName(profile, condition)
    let set = sets.get(name)
    if (set) return set
    set = new IdSet()
    const listed = !condition.scan || rarest(connection, [condition], limits.many) !== null ? condition.ids : null
    for (const id of readIds(listed ?? testAllSql(profile, condition))) set.add(id)
    if (sets.size >= MAX_SETS) sets.delete(sets.keys().next().value!)
    sets.set(name, set)
    return set
  }

  /** The ids of a view whose conditions have many candidates. */
  function combine(profile: number, conditions: readonly Condition[], sort: FileSort): View {
    const order = orderOf(profile, sort.key)
    if (conditions.length === 0) return { ids: order, reversed: sort.descending }
    const listed = conditions.filter((condition) => !condition.scan).map((condition) => setOf(profile, condition))
    let ids = order.filter((id) => listed.every((set) => set.has(id)))
    for (const condition of conditions) {
      if (!condition.scan) continue
      const set = ids.length < limits.many && !sets.has(setName(profile, condition)) ? tested(condition, ids) : setOf(profile, condition)
      ids = ids.filter((id) => set.has(id))
    }
    return { ids, reversed: sort.descending }
  }

  /** Those of `ids` that meet a condition on their text. */
  function tested(condition: Condition, ids: Uint32Array): IdSet {
    const { sql, params } = condition.test
    const from = 'SELECT value AS id FROM json_each(?) CROSS JOIN file_text ON file_text.id = value'
    const set = new IdSet()
    for (const id of readIds({ sql: `${from} WHERE ${sql}`, params: [JSON.stringify(Array.from(ids)), ...params] })) set.add(id)
    return set
  }

  function isCached(profile: number, conditions: readonly Condition[], sort: FileSort): boolean {
    return orders.has(`${profile} ${sort.key}`) && conditions.every((condition) => sets.has(setName(profile, condition)))
  }

  function idsOf(view: number, start: number, count: number): number[] {
    const found = views.get(view)
    if (!found) throw new AppError('INPUT_INVALID', { detail: { field: 'view', view } })
    // What is looked at is not the oldest.
    views.delete(view)
    views.set(view, found)
    const { ids, reversed } = found
    const end = Math.min(start + count, ids.length)
    if (!reversed) return Array.from(ids.subarray(start, end))
    return Array.from({ length: Math.max(end - start, 0) }, (_, i) => ids[ids.length - 1 - start - i]!)
  }

  function rowsOf(view: number, start: number, count: number): FileRow[] {
    const ids = idsOf(view, start, count)
    const sql = `SELECT ${FILE_COLUMNS} FROM files WHERE id IN (SELECT value FROM json_each(?))`
    const found = new Map(connection.all(sql, [JSON.stringify(ids)]).map((row) => [Number(row.id), toFileRow(row)]))
    return ids.map((id) => found.get(id) ?? vanished(id))
  }

  /** Rows and total before the order is known, when both are cheap; null otherwise. */
  function early(profile: number, query: FileQuery, conditions: readonly Condition[], sort: FileSort, first: number): FileRow[] | null {
    const total = cheapCount(connection, profile, query, conditions)
    if (total === null) return null
    const { sql, params } = boundedWalkSql(FILE_COLUMNS, profile, conditions, sort, null, first, limits.walk)
    const rows = connection.all(sql, params)
    return rows.length === Math.min(first, total) ? rows.map(toFileRow) : null
  }

  function keep(view: number, made: View): void {
    if (views.size >= MAX_VIEWS) views.delete(views.keys().next().value!)
    views.set(view, made)
  }

  return {
    open(profileId, query, sort, first, reply) {
      last += 1
      const view = last
      const answer = (): void => reply({ view, rows: rowsOf(view, 0, first), total: views.get(view)!.ids.length })
      // One snapshot for rows, total and order.
      connection.exec('BEGIN')
      try {
        const profile = connection.number('SELECT no FROM profiles WHERE id = ?', [profileId])
        const conditions = conditionsOf(profile, query)
        const few = rarest(connection, conditions, limits.few)
        if (few) {
          keep(view, { ids: readIds(candidatesSql('files.id', profile, few.from, few.others, sort, null, -1)), reversed: false })
          answer()
          return
        }
        const rows = isCached(profile, conditions, sort) ? null : early(profile, query, conditions, sort, first)
        if (rows) reply({ view, rows, total: cheapCount(connection, profile, query, conditions) ?? rows.length })
        keep(view, combine(profile, conditions, sort))
        if (!rows) answer()
      } finally {
        connection.exec('COMMIT')
      }
    },
    rows: rowsOf,
    ids: idsOf,
    close: (view) => void views.delete(view),
    forgetCached() {
      orders.clear()
      sets.clear()
    }
  }
}

const setName = (profile: number, condition: Condition): string => JSON.stringify([profile, condition.test])

/** All files that meet a condition, found by testing every one. */
function testAllSql(profile: number, condition: Condition): Sql {
  const { sql, params } = condition.test
  const from = condition.text ? 'file_text CROSS JOIN files ON files.id = file_text.id' : 'files NOT INDEXED'
  return { sql: `SELECT files.id FROM ${from} WHERE ${sql} AND files.profile = ?`, params: [...params, profile] }
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
