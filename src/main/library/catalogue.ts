import type { SQLInputValue } from 'node:sqlite'
import { AppError } from '../../shared/errors.ts'
import type { FileQuery, FileSelection, Metadata } from '../../shared/model.ts'
import type { Connection, Row } from './connection.ts'
import { factsOf, type FileFacts } from './facts.ts'
import { encodeMetadata, FILE_COLUMNS, toFileRow, UNKNOWN_SIZE } from './file-rows.ts'
import { keepChange } from './metadata-history.ts'
import { extensionOf, nameKey, normalizeFolder } from './names.ts'
import { decodeCursor, encodeCursor, idsSql, QUERY_LIMITS, queryCount, queryPage, type QueryLimits } from './query.ts'
import { searchText } from './search-text.ts'
import type { TextIndex } from './text-index.ts'
import type { FileCatalogue, FileInput } from './types.ts'

/** Where the name of a file comes from; a better source replaces a lesser one. */
const NAME_FROM = { fileId: 0, metadata: 1, user: 2 } as const
/** Key under which uploads keep the original name in a file's metadata. */
const NAME_KEY = 'filename'
const MAX_NAME = 1024
const CHUNK = 500

/** What is stored about a file and may change; everything that is derived from it is computed in `write`. */
interface Content {
  facts: FileFacts
  /** null: only the ID tells a name. */
  name: string | null
  nameFrom: number
  folder: string
  sizeBytes: number | null
  crc32: number | null
  addedAt: number
  state: string
  origin: string
  batchId: number | null
  metadata: Metadata | null
  metadataReadAt: number | null
  tags: string[]
}

/** The columns that follow from the content; `profile` and `added_at` never change. */
function columnsOf(content: Content): Record<string, SQLInputValue> {
  const { facts } = content
  const name = content.name ?? facts.tail
  return {
    file_id: facts.fileId,
    group_name: facts.group,
    name,
    name_from: content.nameFrom,
    name_key: nameKey(name),
    folder: content.folder,
    ext: content.name === null ? facts.ext : extensionOf(name, facts.ext),
    kind: facts.kind,
    size: content.sizeBytes ?? UNKNOWN_SIZE,
    crc32: content.crc32,
    created_at: facts.createdAt,
    source: facts.source,
    state: content.state,
    origin: content.origin,
    batch_id: content.batchId,
    metadata: content.metadata === null ? null : encodeMetadata(content.metadata),
    metadata_read_at: content.metadataReadAt,
    tags: content.tags.length === 0 ? null : JSON.stringify(content.tags)
  }
}

/** Columns that make the searched text. */
const SEARCHED = new Set(['name', 'folder', 'metadata', 'tags'])

const textOf = (content: Content): string => searchText({ ...content, name: content.name ?? content.facts.tail })

/** `changed` is called after every transaction that may have changed files. */
export function createCatalogue(
  connection: Connection,
  texts: TextIndex,
  now: () => number,
  changed: () => void,
  limits: QueryLimits = QUERY_LIMITS
): FileCatalogue {
  const profiles = new Map<string, number>()

  /** One durable transaction with its changes of the search index. */
  function transaction<T>(work: () => T): T {
    let result: T
    try {
      result = connection.transaction(true, () => {
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

  function insert(profile: number, content: Content): void {
    const columns = columnsOf(content)
    const names = Object.keys(columns)
    const id = connection.insert(
      `INSERT INTO files (profile, added_at, ${names.join(', ')}) VALUES (?, ?, ${names.map(() => '?').join(', ')})`,
      [profile, content.addedAt, ...Object.values(columns)]
    )
    texts.set(id, textOf(content))
  }

  /** Writes what differs: an index is left alone only when its columns are not named. */
  function write(row: Row, content: Content): void {
    const id = Number(row.id)
    const changed = Object.entries(columnsOf(content)).filter(([column, value]) => row[column] !== value)
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

  function remove(id: number): void {
    texts.set(id, null)
    connection.run('DELETE FROM files WHERE id = ?', [id])
  }

  function contentOf(row: Row): Content {
    const file = toFileRow(row)
    return {
      facts: factsOf(file.fileId),
      name: row.name_from === NAME_FROM.fileId ? null : file.name,
      nameFrom: Number(row.name_from),
      folder: file.folder,
      sizeBytes: file.sizeBytes,
      crc32: file.crc32,
      addedAt: file.addedAt,
      state: file.state,
      origin: file.origin,
      batchId: row.batch_id === null ? null : Number(row.batch_id),
      metadata: file.metadata,
      metadataReadAt: file.metadataReadAt,
      tags: file.tags
    }
  }

  /** Changes `content` to hold what `input` tells. */
  function apply(content: Content, input: FileInput): Content {
    const { facts } = content
    const next = { ...content }
    if (input.name !== undefined && input.name !== '') {
      next.name = input.name.slice(0, MAX_NAME)
      next.nameFrom = NAME_FROM.user
    }
    if (input.folder !== undefined) next.folder = normalizeFolder(input.folder)
    // What the ID says about a normal file is right for ever; only what it does not say can be told.
    next.sizeBytes = facts.sizeBytes ?? input.sizeBytes ?? content.sizeBytes
    next.crc32 = facts.crc32 ?? input.crc32 ?? content.crc32
    if (input.state !== undefined) next.state = input.state
    if (input.origin === 'upload') next.origin = 'upload'
    if (input.batchId !== undefined) next.batchId = input.batchId
    return input.metadata === undefined ? next : withMetadata(next, input.metadata, now())
  }

  function withMetadata(content: Content, metadata: Metadata, readAt: number): Content {
    const next = { ...content, metadata, metadataReadAt: readAt }
    const told = Object.hasOwn(metadata, NAME_KEY) ? (metadata[NAME_KEY] ?? '') : ''
    if (content.nameFrom < NAME_FROM.user && told !== '') {
      next.name = told.slice(0, MAX_NAME)
      next.nameFrom = NAME_FROM.metadata
    }
    return next
  }

  function fresh(input: FileInput, facts: FileFacts): Content {
    return {
      facts,
      name: null,
      nameFrom: NAME_FROM.fileId,
      folder: '',
      sizeBytes: facts.sizeBytes,
      crc32: facts.crc32,
      addedAt: now(),
      state: 'present',
      origin: input.origin,
      batchId: null,
      metadata: null,
      metadataReadAt: null,
      tags: []
    }
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
    upsert(profileId, files) {
      // Everything is understood before anything is written.
      const inputs = Array.from(files, (input) => ({ input, facts: factsOf(input.fileId) }))
      return transaction(() => {
        const profile = profileNo(profileId, true)
        const result = { inserted: 0, merged: 0 }
        for (const { input, facts } of inputs) {
          const row = find(profile, facts.fileId)
          if (row) {
            update(row, (content) => apply(content, input))
            result.merged += 1
          } else {
            insert(profile, apply(fresh(input, facts), input))
            result.inserted += 1
          }
        }
        return result
      })
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

    describe(profileId, learned) {
      transaction(() => {
        const profile = profileNo(profileId, true)
        for (const { fileId, metadata, readAt, change } of learned) {
          const row = find(profile, fileId)
          if (row) update(row, (content) => withMetadata(content, metadata, readAt))
          if (change) keepChange(connection, profile, fileId, readAt, change)
        }
      })
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
      const clean = (tags: readonly string[] | undefined): string[] => (tags ?? []).map((tag) => tag.trim()).filter((tag) => tag !== '')
      const [add, remove] = [clean(changes.add), new Set(clean(changes.remove))]
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
