import type { SQLInputValue } from 'node:sqlite'
import type { Metadata } from '../../shared/model.ts'
import type { Row } from './connection.ts'
import { factsOf, type FileFacts } from './facts.ts'
import { encodeMetadata, toFileRow, UNKNOWN_SIZE } from './file-rows.ts'
import { extensionOf, nameKey, normalizeFolder } from './names.ts'
import { searchText } from './search-text.ts'
import type { FileInput } from './types.ts'

/** Where the name of a file comes from; a better source replaces a lesser one. */
export const NAME_FROM = { fileId: 0, metadata: 1, user: 2 } as const
/** Key under which uploads keep the original name in a file's metadata. */
const NAME_KEY = 'filename'
export const MAX_NAME = 1024

/** What is stored about a file and may change; everything that is derived from it is computed in `columnsOf`. */
export interface Content {
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

/** The columns that follow from the content; `profile` and `added_at` never change. `before`: the row as it is stored. */
export function columnsOf(content: Content, before?: Row): Record<string, SQLInputValue> {
  const { facts } = content
  const name = content.name ?? facts.tail
  return {
    file_id: facts.fileId,
    group_name: facts.group,
    name,
    name_from: content.nameFrom,
    // The costly one; it follows from the name alone.
    name_key: before?.name === name ? (before.name_key as string) : nameKey(name),
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
export const SEARCHED = new Set(['name', 'folder', 'metadata', 'tags'])

/** Characters of a name that carry facts in base64: nobody types them, and the beginning of an ID is found by other indexes. */
const CODED_CHARS = 27

/** What is searched. Of a name that is only the ID's, the readable rest: digits, prefix of a slave, extension. */
export const textOf = (content: Content): string => searchText({ ...content, name: content.name ?? content.facts.tail.slice(CODED_CHARS) })

export function contentOf(row: Row): Content {
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

/** `content` with what `input` tells; tags are another matter (see `tagsOf`). `now`: Unix ms. */
export function applyInput(content: Content, input: FileInput, now: number): Content {
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
  return input.metadata === undefined ? next : withMetadata(next, input.metadata, now)
}

export function withMetadata(content: Content, metadata: Metadata, readAt: number): Content {
  const next = { ...content, metadata, metadataReadAt: readAt }
  const told = Object.hasOwn(metadata, NAME_KEY) ? (metadata[NAME_KEY] ?? '') : ''
  if (content.nameFrom < NAME_FROM.user && told !== '') {
    next.name = told.slice(0, MAX_NAME)
    next.nameFrom = NAME_FROM.metadata
  }
  return next
}

/** A file that was not in the library. `now`: Unix ms. */
export function freshContent(input: FileInput, facts: FileFacts, now: number): Content {
  return {
    facts,
    name: null,
    nameFrom: NAME_FROM.fileId,
    folder: '',
    sizeBytes: facts.sizeBytes,
    crc32: facts.crc32,
    addedAt: now,
    state: 'present',
    origin: input.origin,
    batchId: null,
    metadata: null,
    metadataReadAt: null,
    tags: []
  }
}
