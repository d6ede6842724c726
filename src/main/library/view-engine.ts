import { AppError } from '../../shared/errors.ts'
import type { DuplicateSummary, FileQuery, FileRow, FileSort } from '../../shared/model.ts'
import type { Condition, Sql } from './condition.ts'
import { conditionsOf } from './conditions.ts'
import type { Connection } from './connection.ts'
import { duplicateSummary, spareCopies, type Keep } from './duplicates.ts'
import { FILE_COLUMNS, toFileRow } from './file-rows.ts'
import { IdSet } from './id-set.ts'
import { boundedWalkSql, candidatesSql, cheapCount, isIndexed, orderSql, QUERY_LIMITS, rarest, type QueryLimits } from './query.ts'
import { copiesColumn, madeOrderSql, sortedSql } from './view-orders.ts'

export interface OpenedView {
  view: number
  rows: FileRow[]
  /** At least so many files; `exact`: just so many. */
  total: number
  exact: boolean
}

/**
 * What the worker does: frozen, ordered results and their rows. Synchronous; reads by a connection of its own.
 *
 * A view is an array of ids. For few candidates SQL makes it. Otherwise it is made from the order of the whole profile (read
 * from the sort index once: 0.1 s for a million files) and a bitmap per condition; both are kept until files change, so that
 * another sort or filter of an unchanged library takes some 10 ms.
 */
export interface ViewEngine {
  /**
   * `reply` is called once, with the first rows. Where these are found at once and the number of all is not, the view is made
   * later: by `build`, or when it is asked for more. When its first rows are others by then it is unknown.
   */
  open(profileId: string, query: FileQuery, sort: FileSort, first: number, reply: (opened: OpenedView) => void): void
  rows(view: number, start: number, count: number): FileRow[]
  ids(view: number, start: number, count: number): number[]
  /** Where a file stands; null = it is not in the view. */
  place(view: number, id: number): number | null
  /** How many files the view has, exactly. */
  total(view: number): number
  /** Makes the views that are not made yet. What fails is tried again, and told, when they are asked for more. */
  build(): void
  close(view: number): void
  duplicates(profileId: string): DuplicateSummary
  spareCopies(profileId: string, keep: Keep): number[]
  /** Files have changed: what is kept is no longer right. Open views stay as they are. */
  forgetCached(): void
}

interface View {
  /** Shared between views, never changed. */
  ids: Uint32Array
  /** Read from the end. */
  reversed: boolean
  /** Rows tell how many files have their content. */
  copies: boolean
}

const MAX_SETS = 32
const MAX_ORDERS = 16
/** A window that was reloaded has not closed its views: the oldest make room. */
const MAX_VIEWS = 64

export function createViewEngine(connection: Connection, limits: QueryLimits = QUERY_LIMITS): ViewEngine {
  const views = new Map<number, View>()
  const orders = new Map<string, Uint32Array>()
  const sets = new Map<string, IdSet>()
  /** Opened, and not made yet. */
  const pending = new Map<number, { profile: number; conditions: readonly Condition[]; sort: FileSort; told: number[] }>()
  let last = 0

  /** All ids of a statement in one value: four times as fast as a row each. */
  function readIds({ sql, params }: Sql): Uint32Array {
    const row = connection.get(`SELECT json_group_array(id) AS ids FROM (${sql})`, params)
    return Uint32Array.from(JSON.parse(String(row?.ids ?? '[]')) as number[])
  }

  /** All files of a profile in an order; one that is kept as an index is read from its end when descending. */
  function orderOf(profile: number, sort: FileSort): Uint32Array {
    const name = orderName(profile, sort)
    let order = orders.get(name)
    if (order) return order
    order = readIds(isIndexed(sort) ? orderSql(profile, sort.key) : madeOrderSql(profile, sort))
    if (orders.size >= MAX_ORDERS) orders.delete(orders.keys().next().value!)
    orders.set(name, order)
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
    const order = orderOf(profile, sort)
    const view = { reversed: isIndexed(sort) && sort.descending, copies: sort.key === 'copies' }
    if (conditions.length === 0) return { ids: order, ...view }
    const listed = conditions
      .filter((condition) => !condition.scan)
      // What is not met by some files is met by all others.
      .map(({ except, ...condition }) => ({ set: setOf(profile, except ?? condition), wanted: except === undefined }))
    let ids = order.filter((id) => listed.every(({ set, wanted }) => set.has(id) === wanted))
    for (const condition of conditions) {
      if (!condition.scan) continue
      const set = ids.length < limits.many && !sets.has(setName(profile, condition)) ? tested(condition, ids) : setOf(profile, condition)
      ids = ids.filter((id) => set.has(id))
    }
    return { ids, ...view }
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
    return (
      orders.has(orderName(profile, sort)) &&
      conditions.every(({ except, ...condition }) => sets.has(setName(profile, except ?? condition)))
    )
  }

  function viewOf(view: number): View {
    const later = pending.get(view)
    if (later) {
      pending.delete(view)
      const made = snapshot(() => combine(later.profile, later.conditions, later.sort))
      // Files changed since its first rows were told: what is below would not fit to them.
      const same = slice(made, 0, later.told.length).every((id, index) => id === later.told[index])
      if (same) keep(view, made)
    }
    const found = views.get(view)
    if (!found) throw new AppError('INPUT_INVALID', { detail: { field: 'view', view } })
    return found
  }

  /** What is read belongs together. */
  function snapshot<T>(work: () => T): T {
    connection.exec('BEGIN')
    try {
      return work()
    } finally {
      connection.exec('COMMIT')
    }
  }

  function idsOf(view: number, start: number, count: number): number[] {
    const found = viewOf(view)
    // What is looked at is not the oldest.
    views.delete(view)
    views.set(view, found)
    return slice(found, start, count)
  }

  function rowsOf(view: number, start: number, count: number): FileRow[] {
    const ids = idsOf(view, start, count)
    const columns = views.get(view)?.copies === true ? `${FILE_COLUMNS}, ${copiesColumn}` : FILE_COLUMNS
    const sql = `SELECT ${columns} FROM files WHERE id IN (SELECT value FROM json_each(?))`
    const found = new Map(connection.all(sql, [JSON.stringify(ids)]).map((row) => [Number(row.id), toFileRow(row)]))
    return ids.map((id) => found.get(id) ?? vanished(id))
  }

  /** The first rows before the order is known, when they are near; null otherwise. */
  function early(
    profile: number,
    query: FileQuery,
    conditions: readonly Condition[],
    sort: FileSort,
    first: number
  ): Omit<OpenedView, 'view'> | null {
    if (!isIndexed(sort)) return null
    const total = cheapCount(connection, profile, query, conditions)
    const { sql, params } = boundedWalkSql(FILE_COLUMNS, profile, conditions, sort, null, first, limits.walk)
    const rows = connection.all(sql, params).map(toFileRow)
    if (total !== null) return rows.length === Math.min(first, total) ? { rows, total, exact: true } : null
    return rows.length === first ? { rows, total: first, exact: false } : null
  }

  function keep(view: number, made: View): void {
    if (views.size >= MAX_VIEWS) views.delete(views.keys().next().value!)
    views.set(view, made)
  }

  return {
    open(profileId, query, sort, first, reply) {
      last += 1
      const view = last
      const answer = (): void => reply({ view, rows: rowsOf(view, 0, first), total: views.get(view)!.ids.length, exact: true })
      snapshot(() => {
        const profile = connection.number('SELECT no FROM profiles WHERE id = ?', [profileId])
        const conditions = conditionsOf(profile, query)
        // Copies are counted among all files.
        const few = sort.key === 'copies' ? null : rarest(connection, conditions, limits.few)
        if (few) {
          const found = candidatesSql('files.id', profile, few.from, few.others, isIndexed(sort) ? sort : null, null, -1)
          keep(view, { ids: readIds(isIndexed(sort) ? found : sortedSql(found, sort)), reversed: false, copies: false })
          answer()
          return
        }
        const near = isCached(profile, conditions, sort) ? null : early(profile, query, conditions, sort, first)
        if (near) {
          reply({ view, ...near })
          if (!near.exact) {
            if (pending.size >= MAX_VIEWS) pending.delete(pending.keys().next().value!)
            pending.set(view, { profile, conditions, sort, told: near.rows.map((row) => row.id) })
            return
          }
        }
        keep(view, combine(profile, conditions, sort))
        if (!near) answer()
      })
    },
    total: (view) => viewOf(view).ids.length,
    build() {
      for (const view of pending.keys()) {
        try {
          viewOf(view)
        } catch {
          // Told to who asks for more.
        }
      }
    },
    rows: rowsOf,
    ids: idsOf,
    place(view, id) {
      const { ids, reversed } = viewOf(view)
      const at = ids.indexOf(id)
      return at < 0 ? null : reversed ? ids.length - 1 - at : at
    },
    close(view) {
      views.delete(view)
      pending.delete(view)
    },
    duplicates: (profileId) => duplicateSummary(connection, profileId),
    spareCopies: (profileId, keep) => spareCopies(connection, profileId, keep),
    forgetCached() {
      orders.clear()
      sets.clear()
    }
  }
}

function slice({ ids, reversed }: View, start: number, count: number): number[] {
  const end = Math.min(start + count, ids.length)
  if (!reversed) return Array.from(ids.subarray(start, end))
  return Array.from({ length: Math.max(end - start, 0) }, (_, i) => ids[ids.length - 1 - start - i]!)
}

const orderName = (profile: number, sort: FileSort): string => `${profile} ${sort.key} ${!isIndexed(sort) && sort.descending}`
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
    tags: [],
    favourite: false
  }
}
