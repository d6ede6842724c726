/** Files that come into the library other than by an upload: what both sides of the contract know about it. Pure data. */
import type { ErrorData } from './errors.ts'

/** What a replay of a storage's binlog gives. */
export interface BinlogReport {
  logs: { name: string; bytes: number }[]
  lines: number
  /** Files that exist at the end of the log. */
  files: number
  /** Names that are metadata of a file. */
  metadata: number
  /** Files that the log created or knew, and deleted. */
  gone: number
  /** Lines that say nothing: no record, an unknown operation, a link without its name, a name that no server makes. */
  skipped: { malformed: number; unknownOp: number; nameless: number; noFile: number }
  /** Logs whose last line has no end (copied while the server wrote, or cut). */
  unfinished: string[]
  /** Archives that could not be unpacked to their end. */
  damaged: string[]
  /** Unix ms of the earliest and the latest record. */
  firstAt: number | null
  lastAt: number | null
  /** Storages that took the files ('127.0.0.3' or 'id:100001'), the one with most files first. */
  sources: { source: string; count: number }[]
}

/** What a merge did to the library. */
export interface MergeCounts {
  /** Files that the library did not have. */
  added: number
  /** Files that it had already. */
  known: number
  /** Of these: files that a list gave something. */
  changed?: number
  /** Files that a list brought out of the trash. */
  restored?: number
  /** Of those it had: files that it took for missing, and that are there. */
  returned: number
  /** Files that it had and that the server no longer has. */
  missing: number
  /** Files in the trash, which stay there. */
  trashed: number
  /** Names with metadata on the server. */
  described: number
  /** Metadata without its file. */
  orphans: number
  /** Lines that are no name of a file. */
  unreadable: number
  /** Files inside trunk files: the server lists them without looking whether they are there. */
  unchecked: number
}

// ── Imports that run ─────────────────────────────────────────────────────────────────────────────────────────

/** listing: asked from a storage. binlog: replayed. list: a table or text of the user. reading: what the names do not tell. */
export type ImportKind = 'listing' | 'binlog' | 'list' | 'reading'

export interface ImportJob {
  id: number
  profileId: string
  kind: ImportKind
  state: 'running' | 'paused' | 'done' | 'failed' | 'cancelled'
  group: string | null
  /** The storage that is listed, as the tracker names it, or the names of the files that are read. */
  source: string
  /** 0–1; null = nobody knows how much there is. */
  share: number | null
  /** Names that were received, rows that were stored, files that were asked about. */
  seen: number
  /** Files that are still to be asked about. */
  left: number
  counts: MergeCounts | null
  report: BinlogReport | null
  /** Every path of the storage was listed to its end: what was not met is marked as missing. */
  complete: boolean
  startedAt: number
  finishedAt: number | null
  error: ErrorData | null
}

/** What a look at binlogs finds before anything is changed. */
export interface BinlogPreview {
  report: BinlogReport
  counts: MergeCounts
  /** The group whose storages took most of the files, as far as the cluster can be asked; null = nobody knows. */
  group: string | null
}

// ── Lists ────────────────────────────────────────────────────────────────────────────────────────────────────

/** What a column of a list holds. `file`: a file ID or a link to one. `json`: all metadata of the file as one JSON object. */
export type ColumnUse = 'file' | 'name' | 'folder' | 'tags' | 'metadata' | 'json' | 'ignore'

export interface ListColumn {
  /** Heading, '' = none. */
  title: string
  /** Some of what stands there. */
  samples: string[]
  use: ColumnUse
  /** Key of the metadata. */
  key: string
}

export type ListEncoding = 'utf-8' | 'gbk' | 'utf-16le' | 'utf-16be'

export type ListRowState = 'new' | 'trash' | 'merge' | 'same' | 'bad'

export interface ListRow {
  /** Line or row of the list, from 1. */
  line: number
  state: ListRowState
  /** The ID, or what stood there. */
  text: string
  name: string | null
  folder: string | null
  tags: string[]
  metadata: Record<string, string>
  /** Why it was not understood. */
  error: ErrorData | null
}

/** What a list would do to the library; nothing is changed. */
export interface ListPreview {
  /** Pass to `import.list`. */
  draft: number
  encoding: ListEncoding
  /** A table with columns, or text with IDs somewhere in it. */
  table: boolean
  /** The first row is the heading. */
  heading: boolean
  columns: ListColumn[]
  /** new: not in the library. trash: in the trash, will be restored. merge: gets something from the list. same: known, nothing to add. bad: not understood. */
  counts: Record<ListRowState, number> & { repeated: number }
  /** The first rows of each state. */
  rows: ListRow[]
}
