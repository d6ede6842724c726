import type { SQLInputValue } from 'node:sqlite'
import type { FileQuery } from '../../shared/model.ts'
import type { Params } from './connection.ts'
import { normalizeFolder } from './names.ts'
import { matchExpression, parseSearch, prefixEnd, type Word } from './search-text.ts'

export interface Sql {
  sql: string
  params: Params
}

/**
 * One condition of a query, in two forms: `ids`, a statement that yields the ids of all files that meet it (perhaps twice,
 * perhaps of other profiles too), and `test`, an expression over a row of `files` and, when `text` is set, of `file_text`.
 */
export interface Condition {
  /** null: there is no cheap way to list them. */
  ids: Sql | null
  test: Sql
  text: boolean
  /** Among many candidates `test` on every file is quicker than `ids`. */
  scan?: boolean
}

/** The conditions of a query; a file is found when it meets all of them. */
export function conditionsOf(profile: number, query: FileQuery): Condition[] {
  const conditions: Condition[] = []
  const equal = (column: string, index: string, value: SQLInputValue): void => {
    conditions.push({
      ids: { sql: `SELECT id FROM files INDEXED BY ${index} WHERE profile = ? AND ${column} = ?`, params: [profile, value] },
      test: { sql: `files.${column} = ?`, params: [value] },
      text: false
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
      },
      text: false
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
    test: { sql: `files.${column} = ?`, params: [value] },
    text: false
  }
}

function folderCondition(profile: number, folder: string, recursive: boolean): Condition[] {
  if (recursive && folder === '') return []
  const by = 'SELECT id FROM files INDEXED BY files_by_folder WHERE profile = ?'
  if (!recursive) {
    return [
      {
        ids: { sql: `${by} AND folder = ?`, params: [profile, folder] },
        test: { sql: 'files.folder = ?', params: [folder] },
        text: false
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
      test: { sql: '(files.folder = ? OR (files.folder >= ? AND files.folder < ?))', params: [folder, ...below] },
      text: false
    }
  ]
}

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
    text: true,
    scan: true
  }
}

/** Last part of the ID. */
const TAIL = 'substr(files.file_id, length(files.group_name) + 12)'

function idOrText(profile: number, word: Word, id: string): Condition {
  const end = prefixEnd(id)
  const createdAt = timeInName(id)
  return {
    ids: {
      sql: `SELECT rowid AS id FROM file_search WHERE file_search MATCH ?
        UNION ALL SELECT id FROM files INDEXED BY files_by_file_id WHERE profile = ? AND file_id >= ? AND file_id < ?
        UNION ALL SELECT id FROM files INDEXED BY files_by_created WHERE profile = ? AND created_at = ? AND ${TAIL} >= ? AND ${TAIL} < ?`,
      params: [matchExpression([word]), profile, id, end, profile, createdAt, id, end]
    },
    test: {
      sql: `(instr(file_text.text, ?) > 0 OR (files.file_id >= ? AND files.file_id < ?) OR (${TAIL} >= ? AND ${TAIL} < ?))`,
      params: [word.text, id, end, id, end]
    },
    text: true
  }
}

/**
 * When the file was created whose name begins like this, Unix ms: the first 11 characters of a name are the source (4 bytes)
 * and the time (4 bytes, big-endian seconds) in base64. Finds files by their names without an index of names.
 */
function timeInName(beginning: string): number {
  const bytes = Buffer.from(beginning.slice(0, 11), 'base64url')
  return bytes.length < 8 ? -1 : bytes.readUInt32BE(4) * 1000
}
