import type { FileKind, FileOrigin, FileRow, FileState, Metadata } from '../../shared/model.ts'
import type { Row } from './connection.ts'

/** `files.size` of a file whose size only the server knows. */
export const UNKNOWN_SIZE = -1

/** The columns that `toFileRow` reads. */
export const FILE_COLUMNS = [
  'id',
  'file_id',
  'group_name',
  'name',
  'folder',
  'ext',
  'kind',
  'size',
  'crc32',
  'created_at',
  'added_at',
  'source',
  'state',
  'origin',
  'metadata',
  'metadata_read_at',
  'tags',
  'favourite'
]
  .map((column) => `files.${column}`)
  .join(', ')

export function toFileRow(row: Row): FileRow {
  const metadata = parseMetadata(row.metadata)
  return {
    id: Number(row.id),
    fileId: String(row.file_id),
    group: String(row.group_name),
    name: String(row.name),
    folder: String(row.folder),
    ext: String(row.ext),
    // Written by this room only, from the same unions.
    kind: row.kind as FileKind,
    sizeBytes: row.size === UNKNOWN_SIZE ? null : Number(row.size),
    crc32: row.crc32 === null ? null : Number(row.crc32),
    createdAt: Number(row.created_at),
    addedAt: Number(row.added_at),
    source: String(row.source),
    state: row.state as FileState,
    origin: row.origin as FileOrigin,
    metadata,
    metadataReadAt: metadata === null || row.metadata_read_at === null ? null : Number(row.metadata_read_at),
    tags: parseTags(row.tags),
    favourite: row.favourite === 1,
    ...(row.copies === undefined ? {} : { copies: Number(row.copies) })
  }
}

/** null also when the stored text is damaged: metadata is then read from the server again. */
function parseMetadata(value: unknown): Metadata | null {
  const parsed = parseJson(value)
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null
  return Object.fromEntries(Object.entries(parsed).map(([key, text]) => [key, String(text)]))
}

/** Keys in a fixed order, so that equal sets are equal texts. */
export function encodeMetadata(metadata: Metadata): string {
  return JSON.stringify(Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1))))
}

function parseTags(value: unknown): string[] {
  const parsed = parseJson(value)
  return Array.isArray(parsed) ? parsed.filter((tag) => typeof tag === 'string') : []
}

function parseJson(value: unknown): unknown {
  if (typeof value !== 'string') return null
  try {
    return JSON.parse(value)
  } catch {
    return null
  }
}
