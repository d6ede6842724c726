import { parseFileId, tryParseFileId, type FileIdFacts } from '../../shared/file-id.ts'
import type { FileKind } from '../../shared/model.ts'

/** What a file ID tells by itself, as the library stores it. */
export interface FileFacts {
  fileId: string
  group: string
  /** Last part of the ID: the name of a file that has no other. */
  tail: string
  ext: string
  kind: FileKind
  /** null: only the server knows (appender and slave files). */
  sizeBytes: number | null
  crc32: number | null
  /** Unix ms. */
  createdAt: number
  /** IP address, or 'id:N'. */
  source: string
}

/** Throws FILE_ID_INVALID. */
export const factsOf = (fileId: string): FileFacts => toFacts(parseFileId(fileId))

/** null for what is no file ID. */
export function tryFactsOf(fileId: string): FileFacts | null {
  const facts = tryParseFileId(fileId)
  return facts === null ? null : toFacts(facts)
}

function toFacts(facts: FileIdFacts): FileFacts {
  return {
    fileId: facts.fileId,
    group: facts.group,
    tail: facts.remoteName.slice(facts.remoteName.lastIndexOf('/') + 1),
    ext: facts.ext.toLowerCase(),
    kind: facts.kind,
    sizeBytes: facts.sizeBytes,
    crc32: facts.crc32,
    createdAt: facts.createdAtSeconds * 1000,
    source: facts.source.type === 'ip' ? facts.source.address : `id:${facts.source.id}`
  }
}
