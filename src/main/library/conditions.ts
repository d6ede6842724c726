import type { SQLInputValue } from 'node:sqlite'
import type { FileQuery } from '../../shared/model.ts'
import { parseSearch } from '../../shared/search/syntax.ts'
import { partial, type Condition } from './condition.ts'
import { normalizeFolder } from './names.ts'
import { searchConditions } from './search-conditions.ts'

/** The conditions of a query; a file is found when it meets all of them. `now`: Unix ms, for what is relative to today. */
export function conditionsOf(profile: number, query: FileQuery, now = Date.now()): Condition[] {
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
  conditions.push(...searchConditions(profile, parseSearch(query.text ?? ''), now))
  return conditions
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
