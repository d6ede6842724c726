import { AppError } from '../../shared/errors.ts'
import {
  TAG_COLORS,
  type FileBatch,
  type FileQuery,
  type FileRow,
  type FileSort,
  type FolderNode,
  type SavedSearch,
  type SearchSuggestions,
  type Tag,
  type TagColor
} from '../../shared/model.ts'
import type { Connection } from './connection.ts'
import { FILE_COLUMNS, toFileRow } from './file-rows.ts'
import { normalizeFolder } from './names.ts'
import { prefixEnd } from './search-text.ts'
import { metadataSuggestions } from './suggestions.ts'

/** Order that people make in the library of a profile: tags, favourites, folders, saved searches. Synchronous; short statements. */
export interface LibraryOrder {
  /** By name. */
  tags(profileId: string): Tag[]
  /** A new tag, or another colour of one that there is. INPUT_INVALID for an empty name. */
  saveTag(profileId: string, name: string, color: TagColor): void
  /** Forgets a tag that no file has any more. */
  dropTag(profileId: string, name: string): void
  /** The tags as they are written already, where only case differs. */
  tagNames(profileId: string, names: readonly string[]): string[]
  setFavourite(profileId: string, ids: readonly number[], favourite: boolean): void
  /** Folders with files, and those that were made; by path. */
  folders(profileId: string): FolderNode[]
  /** Folders that stay when no file is in them. */
  addFolders(profileId: string, paths: readonly string[]): void
  /** Forgets a folder and those below it; files in them keep them alive. */
  dropFolder(profileId: string, path: string): void
  searches(profileId: string): SavedSearch[]
  /** Without an id: a new one. Returns its id; INPUT_INVALID for an id that there is not. */
  saveSearch(profileId: string, search: { id?: number | undefined; name: string; query: FileQuery; sort: FileSort | null }): number
  dropSearch(profileId: string, id: number): void
  /** The newest first. */
  batches(profileId: string, limit: number): FileBatch[]
  /** Other files of the same master: the master itself first when it is in the library. */
  family(profileId: string, row: FileRow, limit: number): FileRow[]
  suggestions(profileId: string): SearchSuggestions
}

/** Characters of a file ID behind the group that a master and its slaves have in common: `/M00/00/00/` and 27 coded ones. */
const STEM_CHARS = 38

export function createOrder(connection: Connection, changed: () => void): LibraryOrder {
  const profileNo = (id: string): number => connection.number('SELECT no FROM profiles WHERE id = ?', [id])
  /** Also of a profile that has no file yet. */
  function profileFor(id: string): number {
    connection.run('INSERT OR IGNORE INTO profiles (id) VALUES (?)', [id])
    return profileNo(id)
  }
  const parse = <T>(text: unknown): T | null => {
    try {
      return JSON.parse(String(text)) as T
    } catch {
      return null
    }
  }

  return {
    tags(profileId) {
      const rows = connection.all('SELECT name, color, files FROM tags WHERE profile = ? ORDER BY name COLLATE NOCASE', [
        profileNo(profileId)
      ])
      return rows.map((row) => ({
        name: String(row.name),
        color: TAG_COLORS.find((color) => color === row.color) ?? 'none',
        fileCount: Number(row.files)
      }))
    },
    saveTag(profileId, name, color) {
      const trimmed = name.trim()
      if (trimmed === '') throw new AppError('INPUT_INVALID', { detail: { field: 'name' } })
      connection.run('INSERT INTO tags (profile, name, color) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET color = excluded.color', [
        profileFor(profileId),
        trimmed,
        color
      ])
    },
    dropTag(profileId, name) {
      connection.run('DELETE FROM tags WHERE profile = ? AND name = ? AND files <= 0', [profileNo(profileId), name])
    },
    tagNames(profileId, names) {
      const profile = profileNo(profileId)
      return names.map((name) => {
        const sql = 'SELECT name FROM tags WHERE profile = ? AND name = ? COLLATE NOCASE ORDER BY name = ? DESC'
        return String(connection.get(sql, [profile, name.trim(), name.trim()])?.name ?? name.trim())
      })
    },
    setFavourite(profileId, ids, favourite) {
      const sql = 'UPDATE files SET favourite = ? WHERE id IN (SELECT value FROM json_each(?)) AND +profile = ? AND favourite <> ?'
      const value = favourite ? 1 : 0
      connection.transaction(true, () => connection.run(sql, [value, JSON.stringify(ids), profileNo(profileId), value]))
      changed()
    },

    folders(profileId) {
      const profile = profileNo(profileId)
      const sql = `SELECT path, coalesce(files, 0) AS files FROM
          (SELECT path FROM folders WHERE profile = ? UNION SELECT folder FROM folder_counts WHERE profile = ? AND files > 0 AND folder <> '')
        LEFT JOIN folder_counts ON folder_counts.profile = ? AND folder = path ORDER BY path`
      return connection.all(sql, [profile, profile, profile]).map((row) => ({ path: String(row.path), fileCount: Number(row.files) }))
    },
    addFolders(profileId, paths) {
      const profile = profileFor(profileId)
      const wanted = paths.map(normalizeFolder).filter((path) => path !== '')
      if (wanted.length === 0) return
      connection.run('INSERT OR IGNORE INTO folders SELECT ?, value FROM json_each(?)', [profile, JSON.stringify(wanted)])
    },
    dropFolder(profileId, path) {
      // Everything below 'a' lies between 'a/' and 'a0': '0' follows '/'.
      const sql = 'DELETE FROM folders WHERE profile = ? AND (path = ? OR (path >= ? AND path < ?))'
      connection.run(sql, [profileNo(profileId), path, `${path}/`, `${path}0`])
    },

    searches(profileId) {
      return connection
        .all('SELECT * FROM saved_searches WHERE profile = ? ORDER BY name COLLATE NOCASE, id', [profileNo(profileId)])
        .map((row) => ({
          id: Number(row.id),
          name: String(row.name),
          query: parse<FileQuery>(row.query) ?? {},
          sort: row.sort === null ? null : parse<FileSort>(row.sort)
        }))
    },
    saveSearch(profileId, { id, name, query, sort }) {
      const values = [name.trim(), JSON.stringify(query), sort === null ? null : JSON.stringify(sort)]
      const profile = profileFor(profileId)
      if (id === undefined)
        return connection.insert('INSERT INTO saved_searches (profile, name, query, sort) VALUES (?, ?, ?, ?)', [profile, ...values])
      const found = connection.run('UPDATE saved_searches SET name = ?, query = ?, sort = ? WHERE profile = ? AND id = ?', [
        ...values,
        profile,
        id
      ])
      if (found === 0) throw new AppError('INPUT_INVALID', { detail: { field: 'id' } })
      return id
    },
    dropSearch(profileId, id) {
      connection.run('DELETE FROM saved_searches WHERE profile = ? AND id = ?', [profileNo(profileId), id])
    },

    batches(profileId, limit) {
      const profile = profileNo(profileId)
      // From one batch to the next by the index: their files are counted there, not read.
      const sql = `WITH RECURSIVE found (batch) AS (
          SELECT max(batch_id) FROM files WHERE profile = ? AND batch_id IS NOT NULL
          UNION ALL SELECT (SELECT max(batch_id) FROM files WHERE profile = ? AND batch_id < found.batch) FROM found WHERE found.batch IS NOT NULL LIMIT ?)
        SELECT batch, title, (SELECT count(*) FROM files WHERE profile = ? AND batch_id = batch) AS files,
          (SELECT added_at FROM files WHERE profile = ? AND batch_id = batch ORDER BY id LIMIT 1) AS added
        FROM found LEFT JOIN batches ON batches.id = batch WHERE batch IS NOT NULL`
      return connection.all(sql, [profile, profile, limit, profile, profile]).map((row) => ({
        batchId: Number(row.batch),
        title: row.title === null ? '' : String(row.title),
        addedAt: Number(row.added),
        fileCount: Number(row.files)
      }))
    },
    family(profileId, row, limit) {
      const stem = row.fileId.slice(0, row.group.length + STEM_CHARS)
      const sql = `SELECT ${FILE_COLUMNS} FROM files WHERE profile = ? AND file_id >= ? AND file_id < ? AND id <> ?
        ORDER BY kind = 'slave', file_id LIMIT ?`
      return connection.all(sql, [profileNo(profileId), stem, prefixEnd(stem), row.id, limit]).map(toFileRow)
    },
    suggestions(profileId) {
      const profile = profileNo(profileId)
      // From one ending to the next by the index.
      const sql = `WITH RECURSIVE found (ext) AS (
          SELECT min(ext) FROM files WHERE profile = ?
          UNION ALL SELECT (SELECT min(ext) FROM files WHERE profile = ? AND ext > found.ext) FROM found WHERE found.ext IS NOT NULL LIMIT 500)
        SELECT ext, (SELECT count(*) FROM (SELECT 1 FROM files WHERE profile = ? AND files.ext = found.ext LIMIT 2000)) AS files
        FROM found WHERE ext <> '' ORDER BY files DESC, ext`
      const exts = connection.all(sql, [profile, profile, profile]).map((row) => String(row.ext))
      return { exts, ...metadataSuggestions(connection, profile) }
    }
  }
}
