import type { Params } from './connection.ts'

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
  /** Met by exactly the files that do not meet this one. */
  except?: Condition
}

/** A column whose index leaves out the common value: that one is found by walking. */
export function partial(profile: number, column: string, index: string, common: string, value: string): Condition {
  // The index is partial: SQLite uses it only when it sees that the value is not the common one.
  const rare = `SELECT id FROM files INDEXED BY ${index} WHERE profile = ? AND ${column} = ? AND ${column} <> '${common}'`
  return {
    ids: value === common ? null : { sql: rare, params: [profile, value] },
    test: { sql: `files.${column} = ?`, params: [value] },
    text: false
  }
}
