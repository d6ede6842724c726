import { AppError } from '../../shared/errors.ts'
import type { FileQuery, FileSelection } from '../../shared/model.ts'
import { bringBack } from './bring-back.ts'
import type { Connection, Row } from './connection.ts'
import {
  applyInput,
  columnsOf,
  contentOf,
  freshContent,
  MAX_NAME,
  NAME_FROM,
  SEARCHED,
  textOf,
  withMetadata,
  type Content
} from './content.ts'
import { factsOf } from './facts.ts'
import { FILE_COLUMNS, toFileRow } from './file-rows.ts'
import { keepChanges, type KeptChange } from './metadata-history.ts'
import { normalizeFolder } from './names.ts'
import { decodeCursor, encodeCursor, idsSql, QUERY_LIMITS, queryCount, queryPage, type QueryLimits } from './query.ts'
import type { TextIndex } from './text-index.ts'
import type { FileCatalogue } from './types.ts'

const CHUNK = 500

/** Trimmed, in order, each once. */
const cleanTags = (tags: readonly string[]): string[] =>
  [...new Set(tags.map((tag) => tag.trim()).filter((tag) => tag !== ''))].sort((a, b) => (a < b ? -1 : 1))

/** `changed` is called after every transaction that may have changed files. */
export function createCatalogue(
  connection: Connection,
  texts: TextIndex,
  now: () => number,
  changed: () => void,
  limits: QueryLimits = QUERY_LIMITS,
  /** Every call is on disk when it returns. */
  durable = true
): FileCatalogue {
  const profiles = new Map<string, number>()

  /** One transaction with its changes of the search index; durable unless `onDisk` says otherwise. */
  function transaction<T>(work: () => T, onDisk = durable): T {
    let result: T
    try {
      result = connection.transaction(onDisk, () => {
        const value = work()
        texts.store()
        return value
      })
    } catch (error) {
      texts.clear()
      throw error
    }
    changed()
    return result
  }

  /** What must be done before a query runs. */
  function searching(query: FileQuery): void {
    if (query.text) texts.bringUpToDate()
  }

  /** The number that stands for a profile in every index. */
  function profileNo(id: string, create = false): number {
    const known = profiles.get(id)
    if (known !== undefined) return known
    let no = connection.number('SELECT no FROM profiles WHERE id = ?', [id])
    if (no === 0 && create) no = connection.insert('INSERT INTO profiles (id) VALUES (?)', [id])
    // A number made in a transaction that is rolled back must not be remembered: it is found by the next call.
    if (no !== 0 && !create) profiles.set(id, no)
    return no
  }

  function find(profile: number, fileId: string): Row | undefined {
    return connection.get('SELECT * FROM files WHERE profile = ? AND file_id = ?', [profile, fileId])
  }

  /** Out of the trash, with all that the file had. */
  function fromTrash(profile: number, fileId: string): Row | undefined {
    const trashed = connection.get('SELECT content FROM trash WHERE profile = ? AND file_id = ?', [profile, fileId])
    if (trashed === undefined) return undefined
    bringBack(connection, texts, [String(trashed.content)])
    return find(profile, fileId)
  }

  function insert(profile: number, plain: Content, tags: readonly string[] | undefined): void {
    const content = tags === undefined ? plain : { ...plain, tags: cleanTags(tags) }
    const columns = columnsOf(content)
    const names = Object.keys(columns)
    const id = connection.insert(
      `INSERT INTO files (profile, added_at, ${names.join(', ')}) VALUES (?, ?, ${names.map(() => '?').join(', ')})`,
      [profile, content.addedAt, ...Object.values(columns)]
    )
    for (const tag of content.tags) connection.run('INSERT OR IGNORE INTO file_tags VALUES (?, ?, ?)', [profile, tag, id])
    texts.set(id, textOf(content))
  }

  /** Writes what differs: an index is left alone only when its columns are not named. */
  function write(row: Row, content: Content): void {
    const id = Number(row.id)
    const changed = Object.entries(columnsOf(content, row)).filter(([column, value]) => row[column] !== value)
    if (changed.length === 0) return
    const set = changed.map(([column]) => `${column} = ?`).join(', ')
    connection.run(`UPDATE files SET ${set} WHERE id = ?`, [...changed.map(([, value]) => value), id])
    if (changed.some(([column]) => SEARCHED.has(column))) texts.set(id, textOf(content))
  }

  /** `content` with these tags, which are written to the table that finds files by tag. */
  function retagged(profile: number, id: number, content: Content, wanted: readonly string[]): Content {
    const tags = [...new Set(wanted)].sort((a, b) => (a < b ? -1 : 1))
    for (const tag of content.tags) {
      if (!tags.includes(tag)) connection.run('DELETE FROM file_tags WHERE profile = ? AND tag = ? AND file = ?', [profile, tag, id])
    }
    for (const tag of tags) {
      if (!content.tags.includes(tag)) connection.run('INSERT OR IGNORE INTO file_tags VALUES (?, ?, ?)', [profile, tag, id])
    }
    return { ...content, tags }
  }

  /** `content` with these tags added. */
  function tagged(profile: number, id: number, content: Content, add: readonly string[] | undefined): Content {
    return add === undefined ? content : retagged(profile, id, content, [...content.tags, ...cleanTags(add)])
  }

  function remove(id: number): void {
    texts.set(id, null)
    connection.run('DELETE FROM files WHERE id = ?', [id])
  }

  const update = (row: Row, change: (content: Content) => Content): void => write(row, change(contentOf(row)))

  function rowsByIds(profile: number, ids: readonly number[]): Row[] {
    const found = new Map<unknown, Row>()
    for (let at = 0; at < ids.length; at += CHUNK) {
      const part = JSON.stringify(ids.slice(at, at + CHUNK))
      const sql = 'SELECT * FROM files WHERE id IN (SELECT value FROM json_each(?)) AND +profile = ?'
      for (const row of connection.all(sql, [part, profile])) found.set(row.id, row)
    }
    return ids.map((id) => found.get(id)).filter((row) => row !== undefined)
  }

  function updateEach(profileId: string, selection: FileSelection, change: (content: Content, row: Row) => Content): number {
    const profile = profileNo(profileId)
    return transaction(() => {
      let count = 0
      for (const ids of selectIds(profile, selection, CHUNK)) {
        for (const row of rowsByIds(profile, ids)) {
          update(row, (content) => change(content, row))
          count += 1
        }
      }
      return count
    })
  }

  /** Ids of a selection: as given, or in order of id; stable while rows that were already yielded change or vanish. */
  function* selectIds(profile: number, selection: FileSelection, chunk: number): Generator<number[]> {
    if ('ids' in selection) {
      for (let at = 0; at < selection.ids.length; at += chunk) yield selection.ids.slice(at, at + chunk)
      return
    }
    const except = new Set(selection.exceptIds)
    searching(selection.query)
    let last = 0
    for (;;) {
      const { sql, params } = idsSql(connection, profile, selection.query, last, chunk, limits)
      const rows = connection.all(sql, params)
      if (rows.length === 0) return
      const ids = rows.map((row) => Number(row.id))
      last = ids.at(-1)!
      yield ids.filter((id) => !except.has(id))
    }
  }

  const asSelection = (files: FileSelection | readonly number[]): FileSelection =>
    Array.isArray(files) ? { ids: [...(files as readonly number[])] } : (files as FileSelection)

  return {
    upsert(profileId, files, options) {
      // Everything is understood before anything is written.
      const inputs = Array.from(files, (input) => ({ input, facts: factsOf(input.fileId) }))
      return transaction(() => {
        const profile = profileNo(profileId, true)
        const result = { inserted: 0, merged: 0 }
        for (const { input, facts } of inputs) {
          // An upload has an ID that nobody had before.
          const row = find(profile, facts.fileId) ?? (input.origin === 'upload' ? undefined : fromTrash(profile, facts.fileId))
          if (row) {
            update(row, (content) => tagged(profile, Number(row.id), applyInput(content, input, now()), input.tags))
            result.merged += 1
          } else {
            insert(profile, applyInput(freshContent(input, facts, now()), input, now()), input.tags)
            result.inserted += 1
          }
        }
        return result
      }, options?.durable)
    },

    get: (profileId, ids) => rowsByIds(profileNo(profileId), ids).map(toFileRow),

    byFileId(profileId, fileId) {
      const row = find(profileNo(profileId), fileId)
      return row ? toFileRow(row) : null
    },

    page(profileId, query, sort, limit, cursor = null) {
      const position = cursor === null ? null : decodeCursor(cursor, sort)
      searching(query)
      const found = queryPage(connection, FILE_COLUMNS, profileNo(profileId), query, sort, position, limit + 1, limits)
      const rows = found.slice(0, limit)
      const last = rows.at(-1)
      const more = found.length > limit && last !== undefined
      return {
        rows: rows.map(toFileRow),
        cursor: more ? encodeCursor([last.sort_value as string | number, Number(last.id)]) : null
      }
    },

    count(profileId, query) {
      searching(query)
      return queryCount(connection, profileNo(profileId), query, limits)
    },

    *select(profileId, selection, chunk = CHUNK) {
      const profile = profileNo(profileId)
      for (const ids of selectIds(profile, selection, chunk)) {
        const rows = rowsByIds(profile, ids).map(toFileRow)
        if (rows.length > 0) yield rows
      }
    },

    ids: (profileId, selection) => selectIds(profileNo(profileId), selection, 10_000),

    folders(profileId) {
      const sql = "SELECT folder, files FROM folder_counts WHERE profile = ? AND folder <> '' AND files > 0 ORDER BY folder"
      return connection.all(sql, [profileNo(profileId)]).map((row) => ({ path: String(row.folder), fileCount: Number(row.files) }))
    },

    groups(profileId) {
      const sql = 'SELECT group_name, files, bytes FROM group_counts WHERE profile = ? AND files > 0 ORDER BY group_name'
      return connection
        .all(sql, [profileNo(profileId)])
        .map((row) => ({ group: String(row.group_name), fileCount: Number(row.files), sizeBytes: Number(row.bytes) }))
    },

    sizes(profileId, wanted) {
      const sql = `SELECT value FROM json_each(?) AS wanted
        WHERE EXISTS (SELECT 1 FROM files WHERE profile = ? AND size = wanted.value)`
      return new Set(connection.all(sql, [JSON.stringify(wanted), profileNo(profileId)]).map((row) => Number(row.value)))
    },

    sameContent(profileId, sizeBytes, crc32) {
      const sql = `SELECT ${FILE_COLUMNS} FROM files WHERE profile = ? AND crc32 = ? AND size = ? AND crc32 IS NOT NULL ORDER BY id`
      return connection.all(sql, [profileNo(profileId), crc32, sizeBytes]).map(toFileRow)
    },

    setMetadata(profileId, fileId, metadata, readAt) {
      const profile = profileNo(profileId)
      transaction(() => {
        const row = find(profile, fileId)
        if (row) update(row, (content) => withMetadata(content, metadata, readAt))
      })
    },

    describe(profileId, learned, options) {
      transaction(() => {
        const profile = profileNo(profileId, true)
        const kept: KeptChange[] = []
        for (const { fileId, metadata, readAt, change } of learned) {
          const row = find(profile, fileId)
          if (row) update(row, (content) => withMetadata(content, metadata, readAt))
          if (change) kept.push({ fileId, at: readAt, change })
        }
        keepChanges(connection, profile, kept)
      }, options?.durable)
    },

    setState(profileId, fileIds, state) {
      const profile = profileNo(profileId)
      transaction(() => {
        for (const fileId of fileIds) {
          connection.run('UPDATE files SET state = ? WHERE profile = ? AND file_id = ? AND state <> ?', [state, profile, fileId, state])
        }
      })
    },

    rename(profileId, oldFileId, newFileId) {
      const facts = factsOf(newFileId)
      const profile = profileNo(profileId)
      transaction(() => {
        const row = find(profile, oldFileId)
        if (!row || oldFileId === facts.fileId) return
        const content = contentOf(row)
        // A listing may have met the new ID first: the row with the history stays, and learns what the other one knew.
        const other = find(profile, facts.fileId)
        if (other) remove(Number(other.id))
        const known = other ? contentOf(other) : content
        const tags = [...content.tags, ...known.tags]
        write(row, {
          ...retagged(profile, Number(row.id), content, tags),
          facts,
          name: content.name ?? known.name,
          nameFrom: content.name === null ? known.nameFrom : content.nameFrom,
          folder: content.folder === '' ? known.folder : content.folder,
          sizeBytes: facts.sizeBytes ?? content.sizeBytes,
          crc32: facts.crc32 ?? content.crc32,
          metadata: content.metadata ?? known.metadata,
          metadataReadAt: content.metadata === null ? known.metadataReadAt : content.metadataReadAt
        })
      })
    },

    forget(profileId, fileIds) {
      const profile = profileNo(profileId)
      transaction(() => {
        for (const fileId of fileIds) {
          const id = connection.number('SELECT id FROM files WHERE profile = ? AND file_id = ?', [profile, fileId])
          if (id !== 0) remove(id)
          // What the servers have forgotten cannot be restored.
          connection.run('DELETE FROM trash WHERE profile = ? AND file_id = ?', [profile, fileId])
        }
      })
    },

    move(profileId, files, folder) {
      const target = normalizeFolder(folder)
      return updateEach(profileId, asSelection(files), (content) => ({ ...content, folder: target }))
    },

    setName(profileId, id, name) {
      const trimmed = name.trim().slice(0, MAX_NAME)
      if (trimmed === '') throw new AppError('INPUT_INVALID', { detail: { field: 'name' } })
      updateEach(profileId, { ids: [id] }, (content) => ({ ...content, name: trimmed, nameFrom: NAME_FROM.user }))
    },

    tag(profileId, files, changes) {
      const profile = profileNo(profileId)
      const [add, remove] = [cleanTags(changes.add ?? []), new Set(cleanTags(changes.remove ?? []))]
      return updateEach(profileId, asSelection(files), (content, row) =>
        retagged(
          profile,
          Number(row.id),
          content,
          [...content.tags, ...add].filter((tag) => !remove.has(tag))
        )
      )
    }
  }
}
