/** Files that come into the library other than by an upload: what both sides of the contract know about it. Pure data. */

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
  /** Of these: files that it took for missing, and that are there. */
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
