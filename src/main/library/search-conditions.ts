import type { SQLInputValue } from 'node:sqlite'
import type { FileKind, FileState } from '../../shared/model.ts'
import { dateRange } from '../../shared/search/dates.ts'
import { type IsValue, KIND_VALUES, TYPE_EXTENSIONS, TYPE_VALUES } from '../../shared/search/kinds.ts'
import { sizeRange } from '../../shared/search/sizes.ts'
import type { Filter, Term } from '../../shared/search/syntax.ts'
import { partial, type Condition, type Sql } from './condition.ts'
import { wordOf, type Word } from './search-text.ts'
import { metadataCondition, nameCondition, textConditions } from './text-conditions.ts'

/** The conditions of what was typed (see shared/search). `now`: Unix ms. */
export function searchConditions(profile: number, terms: readonly Term[], now: number): Condition[] {
  const words: Word[] = []
  const conditions: Condition[] = []
  for (const term of terms) {
    if (term.type === 'unfinished') continue
    if (term.type === 'invalid') {
      // Neither it nor its opposite means anything: finding everything would be a lie.
      conditions.push(NOTHING)
      continue
    }
    if (term.type === 'text') {
      const word = wordOf(term.text)
      if (word === null) continue
      if (term.not) conditions.push(...textConditions(profile, [word]).map(not))
      else words.push(word)
      continue
    }
    const found = anyOf(filterConditions(profile, term.filter, now))
    conditions.push(term.not ? not(found) : found)
  }
  return [...conditions, ...textConditions(profile, words)]
}

const NOTHING: Condition = { ids: { sql: 'SELECT id FROM files WHERE 0', params: [] }, test: { sql: '0', params: [] }, text: false }

const not = (condition: Condition): Condition => ({
  ids: null,
  test: { sql: `NOT (${condition.test.sql})`, params: condition.test.params },
  text: condition.text,
  except: condition
})

/** Met by the files that meet one of them. */
function anyOf(conditions: readonly Condition[]): Condition {
  const [only] = conditions
  if (only === undefined) return NOTHING
  if (conditions.length === 1) return only
  const join = (parts: readonly Sql[], between: string): Sql => ({
    sql: parts.map(({ sql }) => sql).join(between),
    params: parts.flatMap(({ params }) => [...params])
  })
  const test = join(
    conditions.map((condition) => ({ ...condition.test, sql: `(${condition.test.sql})` })),
    ' OR '
  )
  const listed = conditions.flatMap(({ ids }) => (ids === null ? [] : [{ ...ids, sql: `SELECT id FROM (${ids.sql})` }]))
  return {
    // UNION: a file that meets two of them is counted once.
    ids: listed.length === conditions.length ? join(listed, ' UNION ') : null,
    test: { sql: `(${test.sql})`, params: test.params },
    text: conditions.some(({ text }) => text)
  }
}

/** One condition per value, or one for all of them. */
function filterConditions(profile: number, { key, name, values }: Filter, now: number): Condition[] {
  switch (key) {
    case 'group':
      return [among(profile, 'group_name', 'files_by_group', values)]
    case 'ext':
      return [among(profile, 'ext', 'files_by_ext', values)]
    case 'size':
      return values.flatMap((value) => {
        const range = sizeRange(value)
        return range === null ? [] : [between(profile, 'size', 'files_by_size', range.min, range.max)]
      })
    case 'created':
    case 'added':
      return values.flatMap((value) => {
        const range = dateRange(value, now)
        if (range === null) return []
        const [column, index] = key === 'created' ? ['created_at', 'files_by_created'] : ['added_at', 'files_by_added']
        return [between(profile, column!, index!, range.from, range.to - 1)]
      })
    case 'tag':
      return [tagged(profile, values)]
    case 'folder':
      return values.map((value) => inFolder(profile, value))
    case 'name':
      return values.flatMap((value) => textual(value, nameCondition))
    case 'meta':
      return values.flatMap((value) => {
        // The key alone: whatever its value.
        if (value === '*') return [metadataCondition(name, null)]
        return textual(value, (word) => metadataCondition(name, word))
      })
    case 'kind':
      return values.map((value) => kindIs(profile, value as FileKind))
    case 'is':
      return values.map((value) => is(profile, value as IsValue))
  }
}

function textual(value: string, make: (word: Word) => Condition): Condition[] {
  const word = wordOf(value)
  return word === null ? [] : [make(word)]
}

function among(profile: number, column: string, index: string, values: readonly SQLInputValue[]): Condition {
  const marks = `IN (${values.map(() => '?').join(', ')})`
  return {
    ids: { sql: `SELECT id FROM files INDEXED BY ${index} WHERE profile = ? AND ${column} ${marks}`, params: [profile, ...values] },
    test: { sql: `files.${column} ${marks}`, params: values },
    text: false
  }
}

function between(profile: number, column: string, index: string, min: number, max: number): Condition {
  const test = `${column} BETWEEN ? AND ?`
  return {
    ids: { sql: `SELECT id FROM files INDEXED BY ${index} WHERE profile = ? AND ${test}`, params: [profile, min, max] },
    test: { sql: `files.${test}`, params: [min, max] },
    text: false
  }
}

/** Tags are found however they are written. */
function tagged(profile: number, names: readonly string[]): Condition {
  const tags = `SELECT name FROM tags WHERE profile = ? AND name COLLATE NOCASE IN (${names.map(() => '?').join(', ')})`
  return {
    ids: {
      sql: `SELECT DISTINCT file AS id FROM file_tags WHERE profile = ? AND tag IN (${tags})`,
      params: [profile, profile, ...names]
    },
    test: {
      sql: `EXISTS (SELECT 1 FROM file_tags WHERE file = files.id AND tag IN (${tags}))`,
      params: [profile, ...names]
    },
    text: false
  }
}

/**
 * A folder and all below it. 'autumn' is every folder of that name, wherever it is, 'campaign/autumn' one in the other, and
 * '/autumn' that at the top only; '/' are the files in no folder.
 */
function inFolder(profile: number, typed: string): Condition {
  const path = typed.replaceAll(/\/+/g, '/').replace(/\/$/, '')
  if (path === '') return among(profile, 'folder', 'files_by_folder', [''])
  const pattern = `${path.startsWith('/') ? '' : '%/'}${path.replaceAll(/[%_\\]/g, (c) => `\\${c}`)}/%`
  const folders = `SELECT folder FROM folder_counts WHERE profile = ? AND folder <> '' AND '/' || folder || '/' LIKE ? ESCAPE '\\'`
  return {
    ids: {
      sql: `SELECT id FROM files INDEXED BY files_by_folder WHERE profile = ? AND folder IN (${folders})`,
      params: [profile, profile, pattern]
    },
    test: { sql: `files.folder IN (${folders})`, params: [profile, pattern] },
    text: false
  }
}

const kindIs = (profile: number, kind: FileKind): Condition => partial(profile, 'kind', 'files_by_kind', 'normal', kind)
const stateIs = (profile: number, state: FileState): Condition => partial(profile, 'state', 'files_by_state', 'present', state)

function is(profile: number, value: IsValue): Condition {
  for (const type of TYPE_VALUES) if (type === value) return among(profile, 'ext', 'files_by_ext', TYPE_EXTENSIONS[type])
  for (const kind of KIND_VALUES) if (kind === value) return kindIs(profile, kind)
  switch (value) {
    case 'favourite':
      return {
        ids: { sql: 'SELECT id FROM files INDEXED BY files_by_favourite WHERE profile = ? AND favourite = 1', params: [profile] },
        test: { sql: 'files.favourite = 1', params: [] },
        text: false
      }
    case 'untagged':
      return { ids: null, test: { sql: 'files.tags IS NULL', params: [] }, text: false }
    case 'duplicate':
      return duplicates(profile)
    case 'stored':
      return stateIs(profile, 'present')
    default:
      return stateIs(profile, value as FileState)
  }
}

/** Files that are on the servers; what is gone costs no space. */
export const THERE = "IN ('present', 'syncing')"

/**
 * Files that may have a twin, of the same size and CRC-32: id, crc32, size, and how many there are of this content (1: the twins
 * are gone). The index alone tells where to look; only these rows are read. Empty files are all alike and cost nothing.
 */
export const twinsSql = (profile: number): Sql => ({
  sql: `SELECT id, crc32, size, count(*) OVER (PARTITION BY crc32, size) AS copies FROM (
      SELECT files.id, files.crc32, files.size FROM (
        SELECT crc32, size FROM files INDEXED BY files_by_content
        WHERE profile = ? AND crc32 IS NOT NULL GROUP BY crc32, size HAVING count(*) > 1
      ) AS twins CROSS JOIN files INDEXED BY files_by_content
        ON files.profile = ? AND files.crc32 = twins.crc32 AND files.size = twins.size AND files.crc32 IS NOT NULL
      WHERE files.state ${THERE} AND files.size > 0)`,
  params: [profile, profile]
})

function duplicates(profile: number): Condition {
  const { sql, params } = twinsSql(profile)
  return {
    ids: { sql: `SELECT id FROM (${sql}) WHERE copies > 1`, params },
    test: {
      sql: `(files.size > 0 AND files.state ${THERE} AND EXISTS (SELECT 1 FROM files AS twin INDEXED BY files_by_content WHERE twin.profile = files.profile
        AND twin.crc32 = files.crc32 AND twin.crc32 IS NOT NULL AND twin.size = files.size AND twin.id <> files.id AND twin.state ${THERE}))`,
      params: []
    },
    text: false
  }
}
