import type {
  BatchKind,
  DuplicateSummary,
  FileQuery,
  FileRow,
  FileSelection,
  FileSort,
  FileOrigin,
  FileState,
  FolderNode,
  IndexedSortKey,
  Metadata,
  TransferCounts,
  TransferStep,
  TransferTag
} from '../../shared/model.ts'
import type { ErrorData } from '../../shared/errors.ts'
import type { Keep } from './duplicates.ts'
import type { LibraryOrder } from './order.ts'
import type { BinlogReport, MergeCounts } from '../../shared/import.ts'
import type { MetadataHistory } from './metadata-history.ts'
import type { SetAsideRow } from './set-aside.ts'
import type { Thumbnails } from './thumbnails.ts'
import type { Trash } from './trash.ts'

// ── Files ────────────────────────────────────────────────────────────────────────────────────────────────────

/** What is told about a file when it enters the library or is met again; undefined fields keep what is known. */
export interface FileInput {
  fileId: string
  name?: string | undefined
  folder?: string | undefined
  sizeBytes?: number | undefined
  crc32?: number | undefined
  state?: FileState | undefined
  origin: FileOrigin
  metadata?: Metadata | undefined
  /** Added to those it has. */
  tags?: readonly string[] | undefined
  batchId?: number | undefined
}

/** What a file's metadata was found to be. */
export interface MetadataLearned {
  fileId: string
  metadata: Metadata
  /** Unix ms. */
  readAt: number
  /** The batch that changed it: the keys it changed, with their values before and after (null = not there). */
  change?: { batchId: number; before: Readonly<Record<string, string | null>>; after: Readonly<Record<string, string | null>> } | undefined
}

export interface FilePage {
  rows: FileRow[]
  /** Pass to get the next page; null = the end. Opaque. */
  cursor: string | null
}

/** The file catalogue of one profile (a file ID means something in one cluster only). */
export interface FileCatalogue {
  /** One transaction. Idempotent: the same file twice is merged. Unparsable IDs reject the call before anything is written. */
  upsert(
    profileId: string,
    files: Iterable<FileInput>,
    /** durable: false = on disk with the next durable write of this library, never after a later one. Default: at once. */
    options?: { durable: boolean }
  ): { inserted: number; merged: number }
  get(profileId: string, ids: readonly number[]): FileRow[]
  byFileId(profileId: string, fileId: string): FileRow | null
  /** Keyset page. */
  page(profileId: string, query: FileQuery, sort: FileSort & { key: IndexedSortKey }, limit: number, cursor?: string | null): FilePage
  count(profileId: string, query: FileQuery): number
  /** Streams a selection in batches of at most `chunk` rows, in a stable order. */
  select(profileId: string, selection: FileSelection, chunk?: number): Iterable<FileRow[]>
  /** The ids of a selection, in batches. */
  ids(profileId: string, selection: FileSelection): Iterable<number[]>
  folders(profileId: string): FolderNode[]
  groups(profileId: string): { group: string; fileCount: number; sizeBytes: number }[]
  /** Of these sizes, those that some file has. */
  sizes(profileId: string, wanted: readonly number[]): Set<number>
  /** Files with this size and CRC-32 (probable duplicates). */
  sameContent(profileId: string, sizeBytes: number, crc32: number): FileRow[]
  setMetadata(profileId: string, fileId: string, metadata: Metadata, readAt: number): void
  /** The same for many files in one transaction; changes go to the history, also those of files that are not in the library. */
  describe(profileId: string, learned: readonly MetadataLearned[], options?: { durable?: boolean }): void
  setState(profileId: string, fileIds: readonly string[], state: FileState): void
  /** A file got a new ID (regenerate): row, tags and folder are kept. */
  rename(profileId: string, oldFileId: string, newFileId: string): void
  /** Removes rows from the library (not from the server). */
  forget(profileId: string, fileIds: readonly string[]): void
  /** Returns how many files were found. */
  move(profileId: string, files: FileSelection | readonly number[], folder: string): number
  setName(profileId: string, id: number, name: string): void
  /** Adds and removes tags (trimmed; empty ones are ignored). Returns how many files were found. */
  tag(profileId: string, files: FileSelection | readonly number[], changes: { add?: readonly string[]; remove?: readonly string[] }): number
}

/**
 * A frozen, ordered result of one query, for random access while scrolling (row numbers, not offsets in SQL).
 * Built off the main thread; `total` and rows beyond the first page wait for it.
 */
export interface FileViews {
  /** Resolves with the first rows; `total` is a lower bound unless it is `exact`. */
  open(
    profileId: string,
    query: FileQuery,
    sort: FileSort,
    first: number
  ): Promise<{ view: number; rows: FileRow[]; total: number; exact: boolean }>
  /** How many files a view has, exactly; waits until no other view is opened. INPUT_INVALID when it was closed. */
  total(view: number): Promise<number>
  rows(view: number, start: number, count: number): Promise<FileRow[]>
  /** Library ids of a range of the view (Shift+click over rows never loaded). */
  ids(view: number, start: number, count: number): Promise<number[]>
  /** Where a file stands in a view; null = it is not in it. */
  place(view: number, id: number): Promise<number | null>
  close(view: number): void
  duplicates(profileId: string): Promise<DuplicateSummary>
  /** Library ids of all duplicates but one of each content. */
  spareCopies(profileId: string, keep: Keep): Promise<number[]>
}

// ── Transfer journal ─────────────────────────────────────────────────────────────────────────────────────────

export interface NewBatch {
  profileId: string
  kind: BatchKind
  title: string
  createdAt: number
  /** Target folder or archive path. */
  target: string | null
  /** Kind-specific options; parsed by a schema of the transfer room when read. */
  options: unknown
  scanning: boolean
}

export interface BatchRecord extends NewBatch {
  id: number
  paused: boolean
  finishedAt: number | null
}

export interface NewTransfer {
  name: string
  folder: string
  localPath: string | null
  fileId: string | null
  sizeBytes: number
  /** Initial step-specific state; opaque to the library. */
  state?: unknown
}

export interface TransferRecord extends NewTransfer {
  id: number
  batchId: number
  /** Order inside the batch. */
  seq: number
  tag: TransferTag
  step: TransferStep | null
  doneBytes: number
  attempt: number
  retryAt: number | null
  error: ErrorData | null
  state: unknown
}

export interface TransferPatch {
  id: number
  tag?: TransferTag
  step?: TransferStep | null
  fileId?: string | null
  localPath?: string | null
  name?: string
  sizeBytes?: number
  doneBytes?: number
  attempt?: number
  retryAt?: number | null
  error?: ErrorData | null
  state?: unknown
}

export interface BatchTotals {
  counts: TransferCounts
  totalFiles: number
  totalBytes: number
  doneBytes: number
}

/** The durable queue. Synchronous: every method is one short transaction. */
export interface TransferJournal {
  addBatch(batch: NewBatch): BatchRecord
  /** Appends to a batch, in order; one transaction. Returns how many. */
  addTransfers(batchId: number, items: Iterable<NewTransfer>): number
  batch(id: number): BatchRecord | null
  /** Newest first. */
  batches(filter?: { finished?: boolean; limit?: number }): BatchRecord[]
  patchBatch(id: number, patch: Partial<Pick<BatchRecord, 'paused' | 'finishedAt' | 'scanning' | 'options' | 'title' | 'target'>>): void
  removeBatch(id: number): void
  /** Counted once from rows, afterwards kept by the caller or by triggers. */
  totals(batchId: number): BatchTotals
  /** The next queued transfers of a batch after `afterSeq`, in order. */
  nextQueued(batchId: number, afterSeq: number, limit: number): TransferRecord[]
  /** Waiting transfers whose time has come. */
  due(now: number, limit: number): TransferRecord[]
  transfer(id: number): TransferRecord | null
  /** By tag, keyset on seq. */
  page(batchId: number, filter: { tags?: readonly TransferTag[] }, afterSeq: number, limit: number): TransferRecord[]
  /** One transaction. `durable`: on disk (fsync) when it returns: file IDs and results; false for mere progress. */
  patch(patches: readonly TransferPatch[], durable: boolean): void
  /** Resolves when everything written so far is on disk; does not hold up the thread meanwhile. Rejects with LIBRARY_FAILED. */
  sync(): Promise<void>
  /** Moves every transfer of a batch from one of `from` to `to`; clears error and retryAt when `to` is queued. Returns how many. */
  moveAll(batchId: number, from: readonly TransferTag[], to: TransferTag): number
  /** At start: running and waiting rows become queued (their state is kept). Returns how many. */
  resetRunning(): number
}

// ── Much at once ─────────────────────────────────────────────────────────────────────────────────────────────

/** A change of many files. */
export type FileChange =
  | { type: 'move'; folder: string }
  | { type: 'tag'; add: readonly string[]; remove: readonly string[] }
  | { type: 'forget' }

export interface KnownFile {
  id: number
  name: string
  folder: string
  state: FileState
  tags: string[]
  /** Its metadata is known. */
  described: boolean
  /** It is in the trash. */
  trashed: boolean
}

/** A file that is to be asked about. */
export interface ReadTask {
  id: number
  fileId: string
  metadata: boolean
  info: boolean
}

/** What was asked; null = it could not be learnt (the file leaves the queue all the same). */
export interface FileLearned {
  id: number
  fileId: string
  metadata: Metadata | null
  info: { sizeBytes: number; crc32: number | null } | null
  gone: boolean
  /** Unix ms. */
  at: number
}

/** Names that a server lists, on their way into the library. */
export interface ListingMerge {
  /** Names without the group. Resolves when they are stored. */
  add(names: readonly string[]): Promise<MergeCounts>
  /** `complete`: every path of a storage was listed to its end, so that what was not met is gone. */
  end(complete: boolean): Promise<MergeCounts>
  /** Gives up; what was added stays. */
  drop(): void
}

/**
 * Writes that take long, in a thread of their own: the main thread waits for none of them longer than a few ms. All of them can be
 * repeated without doubling anything. An aborted one rejects with ABORTED; what it had done until then stays.
 */
export interface BulkWork {
  /** Replays the binlogs of one storage into the library; `lookup`: changes nothing, counts what would be new. */
  binlogs(
    profileId: string,
    request: { paths: readonly string[]; group: string; read: boolean; lookup: boolean },
    progress: (done: { share: number; counts: MergeCounts }) => void,
    signal: AbortSignal
  ): Promise<{ report: BinlogReport; counts: MergeCounts }>
  /**
   * `read`: what the names do not tell is put into the queue of files to ask about. `sources`: what `FileRow.source` is of files
   * that the listed storage took itself (others may be on their way to it); null = it has the group to itself.
   */
  listing(profileId: string, group: string, read: boolean, sources: readonly string[] | null): Promise<ListingMerge>
  upsert(
    profileId: string,
    files: readonly FileInput[],
    progress?: (done: { done: number }) => void,
    signal?: AbortSignal
  ): Promise<{ inserted: number; merged: number }>
  /** Returns how many files were found. */
  change(profileId: string, selection: FileSelection, change: FileChange, progress?: (done: { done: number }) => void): Promise<number>
  /** What the library knows of these IDs, in their order; null = nothing. */
  known(profileId: string, fileIds: readonly string[]): Promise<(KnownFile | null)[]>
  /** The next files to ask about, and how many there are in all. */
  toRead(profileId: string, limit: number): Promise<{ tasks: ReadTask[]; left: number }>
  /** Stores what was learnt and takes the files from the queue. */
  learned(profileId: string, learned: readonly FileLearned[]): Promise<void>
  /** Empties the queue; returns how many files were in it. */
  dropReads(profileId: string): Promise<number>
  /** Resolves when every change up to now can be searched. */
  indexTexts(): Promise<void>
}

/** What the worker or the main thread opens. */
export interface Library {
  files: FileCatalogue
  views: FileViews
  journal: TransferJournal
  bulk: BulkWork
  history: MetadataHistory
  trash: Trash
  thumbnails: Thumbnails
  order: LibraryOrder
  /** Rows that could not be understood when they were read; they are kept. */
  setAside(): SetAsideRow[]
  close(): Promise<void>
}
