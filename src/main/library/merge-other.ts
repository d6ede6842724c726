import type { LibraryConflict, MergePreview, MergeRules, Metadata } from '../../shared/model.ts'
import type { Connection, Row } from './connection.ts'
import { encodeMetadata, FILE_COLUMNS, toFileRow } from './file-rows.ts'
import type { FileInput } from './types.ts'

const CHUNK = 1_000
/** Conflicts that are shown one by one; rules decide the others. */
const MAX_CONFLICTS = 1_000

interface Theirs {
  input: FileInput
  row: Row
}

/** What another library has, and where both know different things. Reads both; changes nothing. */
export function compareLibraries(mine: Connection, other: Connection, map: Readonly<Record<string, string | null>>): MergePreview {
  const preview: MergePreview = { profiles: [], added: 0, same: 0, completed: 0, conflicts: [], conflictCount: 0 }
  for (const row of other.all('SELECT no, id, (SELECT count(*) FROM files WHERE profile = no) AS files FROM profiles ORDER BY no')) {
    if (Number(row.files) === 0) continue
    const groups = other.all('SELECT group_name FROM group_counts WHERE profile = ? AND files > 0 ORDER BY group_name', [row.no!])
    preview.profiles.push({ id: String(row.id), fileCount: Number(row.files), groups: groups.map((each) => String(each.group_name)) })
  }
  for (const { theirs, row } of pairs(mine, other, map)) {
    if (row === undefined) preview.added += 1
    else {
      const conflict = conflictOf(row, theirs)
      if (conflict === null) preview.same += 1
      else if (conflict.fields.length === 0) preview.completed += 1
      else {
        preview.conflictCount += 1
        if (preview.conflicts.length < MAX_CONFLICTS) preview.conflicts.push(conflict)
      }
    }
  }
  return preview
}

/** What must be put into this library, in parts, by the rules and by the choices of the user. */
export function* mergeInputs(
  mine: Connection,
  other: Connection,
  map: Readonly<Record<string, string | null>>,
  rules: MergeRules
): Generator<{ profileId: string; files: FileInput[] }> {
  let profileId = ''
  let files: FileInput[] = []
  for (const pair of pairs(mine, other, map)) {
    if (files.length > 0 && (pair.profileId !== profileId || files.length >= CHUNK)) {
      yield { profileId, files }
      files = []
    }
    profileId = pair.profileId
    if (pair.row === undefined) files.push(pair.theirs.input)
    else {
      const conflict = conflictOf(pair.row, pair.theirs)
      if (conflict === null) continue
      const side = rules.choices[pair.theirs.input.fileId] ?? rules.prefer
      if (conflict.fields.length === 0 || side === 'theirs') files.push(pair.theirs.input)
      // Tags are no contradiction: mine stay, theirs come.
      else if (pair.theirs.input.tags?.length) {
        files.push({ fileId: pair.theirs.input.fileId, origin: 'import', tags: pair.theirs.input.tags })
      }
    }
  }
  if (files.length > 0) yield { profileId, files }
}

/** Every file of the other library with the row here, if there is one. */
function* pairs(
  mine: Connection,
  other: Connection,
  map: Readonly<Record<string, string | null>>
): Generator<{ profileId: string; theirs: Theirs; row: Row | undefined }> {
  for (const { no, id } of other.all('SELECT no, id FROM profiles ORDER BY no')) {
    const profileId = map[String(id)]
    if (typeof profileId !== 'string') continue
    const profile = mine.number('SELECT no FROM profiles WHERE id = ?', [profileId])
    const sql = `SELECT ${FILE_COLUMNS}, name_from FROM files WHERE id > ? AND profile = ? ORDER BY id LIMIT ?`
    for (let last = 0; ;) {
      const rows = other.all(sql, [last, no!, CHUNK])
      if (rows.length === 0) break
      last = Number(rows.at(-1)!.id)
      const known = new Map(
        mine
          .all(
            `SELECT ${FILE_COLUMNS}, name_from FROM json_each(?) JOIN files INDEXED BY files_by_file_id ON profile = ? AND file_id = value`,
            [JSON.stringify(rows.map((row) => row.file_id)), profile]
          )
          .map((row) => [row.file_id, row])
      )
      for (const row of rows) yield { profileId, theirs: { input: inputOf(row), row }, row: known.get(row.file_id!) }
    }
  }
}

function inputOf(row: Row): FileInput {
  const file = toFileRow(row)
  return {
    fileId: file.fileId,
    origin: 'import',
    ...(Number(row.name_from) > 0 ? { name: file.name } : {}),
    ...(file.folder === '' ? {} : { folder: file.folder }),
    ...(file.sizeBytes === null ? {} : { sizeBytes: file.sizeBytes }),
    ...(file.crc32 === null ? {} : { crc32: file.crc32 }),
    ...(file.metadata === null ? {} : { metadata: file.metadata }),
    ...(file.tags.length === 0 ? {} : { tags: file.tags })
  }
}

/** Where both say something, and not the same; null = nowhere. What only one of them knows is no conflict. */
function conflictOf(mine: Row, { row: theirs }: Theirs): LibraryConflict | null {
  const a = toFileRow(mine)
  const b = toFileRow(theirs)
  const fields: LibraryConflict['fields'] = []
  const named = Number(mine.name_from) > 0 && Number(theirs.name_from) > 0
  if (named && a.name !== b.name) fields.push({ field: 'name', mine: a.name, theirs: b.name })
  if (a.folder !== '' && b.folder !== '' && a.folder !== b.folder) fields.push({ field: 'folder', mine: a.folder, theirs: b.folder })
  if (a.metadata !== null && b.metadata !== null && encodeMetadata(a.metadata) !== encodeMetadata(b.metadata)) {
    fields.push({ field: 'metadata', mine: inWords(a.metadata), theirs: inWords(b.metadata) })
  }
  const onlyTheirs =
    (a.folder === '' && b.folder !== '') ||
    (a.metadata === null && b.metadata !== null) ||
    (Number(mine.name_from) === 0 && Number(theirs.name_from) > 0) ||
    (b.favourite && !a.favourite) ||
    b.tags.some((tag) => !a.tags.includes(tag))
  if (fields.length > 0) return { fileId: a.fileId, name: a.name, fields }
  return onlyTheirs ? { fileId: a.fileId, name: a.name, fields: [] } : null
}

const inWords = (metadata: Metadata): string =>
  Object.entries(metadata)
    .map(([key, value]) => `${key}=${value}`)
    .join('; ')
    .slice(0, 500)
