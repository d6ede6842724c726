/** Plain data types used on both sides of the contract. No Node, no DOM. Times are Unix milliseconds unless the name says otherwise. */
import type { ErrorData } from './errors.ts'

/** One key/value pair of a file's FastDFS metadata. Names ≤ 64, values ≤ 256 UTF-8 bytes, without 0x00–0x02. */
export type Metadata = Record<string, string>

/** merge: add and replace. overwrite: the new set replaces the old one (an empty set deletes it). */
export type MetadataMode = 'merge' | 'overwrite'

/** What is to be changed in the metadata of many files at once: keys set, keys removed, the others untouched. */
export interface MetadataPatch {
  set: Metadata
  remove: string[]
  /** true: every key that is not in `set` is removed. */
  overwrite: boolean
}

/** A batch that changed metadata and can be undone. */
export interface MetadataHistoryEntry {
  batchId: number
  /** Of the first file, Unix ms. */
  at: number
  fileCount: number
  /** The batch that restored the former values. */
  undoneBy: number | null
}

// ── Safety of the library ────────────────────────────────────────────────────────────────────────────────────

/** A copy of the library. */
export interface BackupInfo {
  name: string
  /** Unix ms. */
  at: number
  sizeBytes: number
}

/** What could be saved of a damaged library. */
export interface RepairReport {
  files: number
  /** Of all tables together. */
  rows: number
  /** Places that could not be read. */
  gaps: number
}

/** Why the library cannot be used, and what there is to go back to. */
export interface RescueState {
  error: ErrorData
  path: string
  sizeBytes: number
  backups: BackupInfo[]
}

/** Both libraries know something about a file, and not the same. Empty `fields`: the other one only knows more. */
export interface LibraryConflict {
  fileId: string
  name: string
  fields: { field: 'name' | 'folder' | 'metadata'; mine: string; theirs: string }[]
}

/** What merging with another library would do. */
export interface MergePreview {
  /** Connections of the other library that have files. */
  profiles: { id: string; fileCount: number; groups: string[] }[]
  added: number
  same: number
  /** Files about which the other library knows more, without contradiction. */
  completed: number
  /** The first ones; `conflictCount` of all. */
  conflicts: LibraryConflict[]
  conflictCount: number
}

export interface MergeRules {
  /** For conflicts that are not decided one by one. */
  prefer: 'mine' | 'theirs'
  /** By file ID. */
  choices: Record<string, 'mine' | 'theirs'>
}

/** A file in the trash. */
export interface TrashRow {
  id: number
  fileId: string
  name: string
  folder: string
  sizeBytes: number | null
  /** Unix ms, both. */
  deletedAt: number
  /** When the servers may forget it. */
  removeAt: number
  /** A batch is removing it right now. */
  removing: boolean
}

/** What else is concerned when files are deleted. */
export interface AffectedFiles {
  /** Slave files in the library whose masters are to go while they stay. */
  slaveIds: number[]
  /** Names of the first ones. */
  slaveNames: string[]
  /** false: the selection is large, and only its first files were looked at. */
  complete: boolean
  /** Where links to these files begin: whoever has one of them can no longer use it. */
  linkBases: string[]
}

/** A file as a row of the metadata grid. */
export interface GridRow {
  id: number
  fileId: string
  name: string
  /** null = never read from the server. */
  metadata: Metadata | null
}

export type FileKind = 'normal' | 'appender' | 'slave' | 'trunk'

/** present: seen or stored. syncing: stored, not yet on every replica. missing: the server no longer has it. */
export type FileState = 'present' | 'syncing' | 'missing' | 'deleted'

export type FileOrigin = 'upload' | 'paste' | 'import' | 'listing'

/** A file as the library shows it. */
export interface FileRow {
  /** Library row number, stable for the life of the library. */
  id: number
  fileId: string
  group: string
  /** Original name, or the last part of the file ID when it is unknown. */
  name: string
  /** Virtual folder, '' = root, else 'a/b' without slashes at the ends. */
  folder: string
  ext: string
  kind: FileKind
  /** null = unknown until the server was asked (appender and slave files). */
  sizeBytes: number | null
  /** Unsigned; null = unknown. */
  crc32: number | null
  /** When the file was created on the server (from its ID). */
  createdAt: number
  /** When it came into this library. */
  addedAt: number
  /** Storage that took the file: its IP address, or 'id:N' for a storage id. */
  source: string
  state: FileState
  origin: FileOrigin
  metadata: Metadata | null
  metadataReadAt: number | null
  tags: string[]
  favourite: boolean
  /** In a view sorted by copies only: how many files have this content. */
  copies?: number
}

export const TAG_COLORS = ['none', 'red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple', 'pink'] as const
export type TagColor = (typeof TAG_COLORS)[number]

export interface Tag {
  name: string
  color: TagColor
  fileCount: number
}

/** A search kept under a name. */
export interface SavedSearch {
  id: number
  name: string
  query: FileQuery
  sort: FileSort | null
}

/** Files of one upload (or import) that are still in the library. */
export interface FileBatch {
  batchId: number
  /** As the transfers call it; '' when they do not know it any more. */
  title: string
  /** When its first file came into the library, Unix ms. */
  addedAt: number
  fileCount: number
}

/** What duplicates cost: everything but one file of each content. */
export interface DuplicateSummary {
  contents: number
  files: number
  wastedBytes: number
}

/** Values that complete what is typed into the search box, the most frequent first. */
export interface SearchSuggestions {
  exts: string[]
  metadataKeys: string[]
  /** Values per metadata key. */
  metadataValues: Record<string, string[]>
}

/** Orders that the library keeps: any page of them is found at once. */
export type IndexedSortKey = 'name' | 'fileId' | 'group' | 'sizeBytes' | 'ext' | 'folder' | 'createdAt' | 'addedAt'

/**
 * The others are made when they are asked for. copies: only files that have a twin (same size and CRC-32), twins together, those
 * that cost most space first when descending. meta.KEY: by a metadata value; files without it come last.
 */
export type FileSortKey = IndexedSortKey | 'kind' | 'state' | 'tags' | 'favourite' | 'copies' | `meta.${string}`

export interface FileQuery {
  text?: string | undefined
  group?: string | undefined
  /** Exact virtual folder; with `recursive` also everything below it. undefined = all. */
  folder?: string | undefined
  recursive?: boolean | undefined
  ext?: string | undefined
  kind?: FileKind | undefined
  state?: FileState | undefined
  tag?: string | undefined
  batchId?: number | undefined
}

export interface FileSort {
  key: FileSortKey
  descending: boolean
}

/** A set of files without listing them all: ids, or everything a query finds but some. */
export type FileSelection = { ids: number[] } | { query: FileQuery; exceptIds: number[] }

export interface FolderNode {
  /** 'a/b' */
  path: string
  fileCount: number
}

// ── Transfers ────────────────────────────────────────────────────────────────────────────────────────────────

export type BatchKind = 'upload' | 'download' | 'zip' | 'metadata' | 'delete' | 'finish'

export type TransferTag = 'queued' | 'running' | 'waiting' | 'paused' | 'done' | 'failed' | 'cancelled' | 'skipped'

/** What a running transfer is doing. */
export type TransferStep = 'preparing' | 'sending' | 'finishing' | 'describing' | 'checking' | 'receiving' | 'writing' | 'deleting'

export interface TransferView {
  id: number
  batchId: number
  kind: BatchKind
  tag: TransferTag
  step: TransferStep | null
  name: string
  /** Path below the dropped folder or inside the archive ('' = none). */
  folder: string
  localPath: string | null
  fileId: string | null
  /** Folder and name it was saved under (on disk, in an archive) where these are not its own; else null. */
  savedAs: string | null
  sizeBytes: number
  doneBytes: number
  attempt: number
  /** When the next try starts (waiting), Unix ms. */
  retryAt: number | null
  error: ErrorData | null
}

export type TransferCounts = Record<TransferTag, number>

export interface BatchView {
  id: number
  profileId: string
  kind: BatchKind
  title: string
  createdAt: number
  finishedAt: number | null
  paused: boolean
  /** Files are still being enumerated. */
  scanning: boolean
  counts: TransferCounts
  totalFiles: number
  totalBytes: number
  doneBytes: number
  /** Bytes per second over the last seconds; 0 when nothing moves. */
  rateBytes: number
  /** null = unknown. */
  secondsLeft: number | null
  /** Where downloads and zips go. */
  target: string | null
  /** How many more things the batch holds than the one its title names. */
  more: number
  /** What shares the slots of the others' work: see the scheduler. */
  priority: BatchPriority
  /** Files that were saved under another name or folder than their own (`TransferView.savedAs`). */
  renamed: number
  /** Downloads that are held until the user decides about the file that is there. */
  conflicts: number
  /** First error, as an example; the list is asked by page. */
  error: ErrorData | null
}

export type BatchPriority = 'high' | 'normal' | 'low'

/** What becomes of a download whose target exists. */
export type ConflictChoice = 'rename' | 'overwrite' | 'skip'

/** A download that is held because its target exists. */
export interface ConflictView {
  transferId: number
  name: string
  /** What is there. */
  path: string
  local: { sizeBytes: number; modifiedAt: number } | null
  /** What would come; null = only the server knows. */
  remote: { sizeBytes: number | null; crc32: number | null; createdAt: number | null }
}

export interface ConflictComparison {
  transferId: number
  local: { sizeBytes: number; crc32: number } | null
  remote: { sizeBytes: number; crc32: number } | null
  /** null = could not be found out. */
  same: boolean | null
  error: ErrorData | null
}

export interface TransferTotals {
  /** Batches that are not finished. */
  activeBatches: number
  counts: TransferCounts
  totalBytes: number
  doneBytes: number
  rateBytes: number
  secondsLeft: number | null
  /** true: everything is paused by the user. */
  paused: boolean
}

/** Coalesced, at most 10 a second. A client ignores a snapshot whose revision is not above the last one it took. */
export interface TransferSnapshot {
  revision: number
  totals: TransferTotals
  /** Unfinished batches and the last finished ones, newest first. */
  batches: BatchView[]
  /** Rows of transfers that are running or waiting now (bounded). */
  active: TransferView[]
}

// ── Profiles and cluster ─────────────────────────────────────────────────────────────────────────────────────

export type ProfileColor = 'none' | 'blue' | 'teal' | 'green' | 'yellow' | 'orange' | 'red' | 'pink' | 'purple'

/** What a cluster is for. In production the window asks once more before anything is deleted. */
export type Environment = 'none' | 'development' | 'test' | 'staging' | 'production'

export interface Profile {
  id: string
  name: string
  /** 'host:port' each, IPv6 as '[::1]:22122', two addresses of one tracker as 'host1,host2:port'. Empty for the built-in cluster (filled by the program). */
  trackers: string[]
  builtIn: boolean
  readOnly: boolean
  connectTimeoutMs: number
  networkTimeoutMs: number
  /** Base for links, such as 'http://files.example.com'; group name → base, '' = every other group. */
  httpBase: Record<string, string>
  defaultGroup: string | null
  /** Storage as the tracker tells it ('ip' or 'ip:port'), or its ID → address reachable from here. */
  addressMap: Record<string, string>
  /** What `storage_ids.conf` says: ID of a storage → its addresses ('ip' or 'ip:port'). */
  storageIds: Record<string, string[]>
  /** Links begin with the group (`url_have_group_name` of the nginx module). */
  groupInLinks: boolean
  /** How long the servers accept a token after its time stamp (`http.anti_steal.token_ttl`). */
  tokenTtlSeconds: number
  color: ProfileColor
  environment: Environment
}

export type StorageStatus =
  | 'init'
  | 'wait_sync'
  | 'syncing'
  | 'ip_changed'
  | 'deleted'
  | 'offline'
  | 'online'
  | 'active'
  | 'recovery'
  | 'none'
  | 'unknown'

export interface StorageInfo {
  id: string
  group: string
  host: string
  port: number
  status: StorageStatus
  version: string
  /** MiB × 1048576. */
  totalBytes: number
  freeBytes: number
  reservedBytes: number | null
  readable: boolean
  writable: boolean
  connections: number
  maxConnections: number
  joinedAt: number
  upSince: number
  lastHeartbeatAt: number
  lastSyncedAt: number
  sourceId: string
  storePathCount: number
  isTrunkServer: boolean
  /** Counters since the storage started, by name (upload_count, download_bytes …). */
  stats: Record<string, number>
}

export interface GroupInfo {
  name: string
  totalBytes: number
  freeBytes: number
  reservedBytes: number | null
  storageCount: number
  readableCount: number
  writableCount: number
  storePathCount: number
  storages: StorageInfo[]
}

export interface TrackerInfo {
  /** Where it was reached. */
  address: string
  /** Further addresses of the same tracker; missing = there are none. */
  otherAddresses?: string[]
  reachable: boolean
  leader: boolean | null
  /** Whom it calls the leader (since 6.15.5): null = it knows none; missing = it does not say. */
  leaderAddress?: string | null
  latencyMs: number | null
  error: ErrorData | null
}

export interface ClusterOverview {
  revision: number
  profileId: string
  takenAt: number
  trackers: TrackerInfo[]
  groups: GroupInfo[]
  error: ErrorData | null
  /** Since when no tracker knows a leader, Unix ms; missing = there is one, or they do not say. */
  leaderlessSince?: number
}

/** What goes on in a group or storage, per second; bytes as they count for the storages that clients talk to. */
export interface Traffic {
  inBytes: number
  outBytes: number
  /** Copied from other storages. */
  syncBytes: number
  uploads: number
  downloads: number
  deletes: number
}

export interface GroupHistory {
  /** Over the last minutes; null = not known yet. */
  rate: Traffic | null
  /** In equal parts of the whole time, oldest first; [] = not enough is known. */
  series: Traffic[]
  /** By the ID of the storage: its rate over the last minutes. */
  storages: Record<string, Traffic | null>
}

export interface ClusterHistory {
  /** Unix ms. */
  from: number
  to: number
  groups: Record<string, GroupHistory>
}

export interface StorageHistory extends Omit<GroupHistory, 'storages'> {
  from: number
  to: number
}

/** What is known of a hop beside its result, as facts: the window puts them into words. */
export type DiagnosisNote =
  /** The address is an IP address: there is nothing to look up. */
  | { code: 'literal' }
  | { code: 'resolved'; addresses: string[] }
  /** leader: null = the tracker does not say. */
  | { code: 'answered'; connectMs: number; answerMs: number; leader: boolean | null }
  | { code: 'groups'; groups: string[] }
  /** Versions as the storages report them, and the bytes per record in which the tracker answers: what tells its generation. */
  | { code: 'version'; versions: string[]; groupLayout: number; storageLayout: number }
  /** The server's clock against that of this computer: ahead (above 0) or behind, at least so much; 0 = no difference can be seen. */
  | { code: 'clock'; differenceSeconds: number; /** Told by a web server, to the second. */ exact?: boolean }
  /** A web server; status null = no answer, fileId null = no file of the group is known here that could be asked for. */
  | { code: 'web'; group: string; status: number | null; fileId: string | null }
  /** What a wrong token got: refused, another file in place of the one asked for, or the file itself. */
  | { code: 'token'; wrong: 'refused' | 'decoy' | 'delivered' }
  /** told: the address as the tracker names it, where the address map changes it. */
  | { code: 'storage'; group: string; status: StorageStatus; version: string; told: string | null }

/** One hop of a connection test, in the order they were tried. */
export interface DiagnosisStep {
  target: 'address' | 'tracker' | 'groups' | 'version' | 'clock' | 'storage' | 'web' | 'token'
  address: string
  ok: boolean
  ms: number
  note: DiagnosisNote | null
  error: ErrorData | null
}

export interface Diagnosis {
  ok: boolean
  steps: DiagnosisStep[]
  groups: string[]
  /**
   * Entries for the address map that would help: storages that cannot be reached where the tracker says, but a FastDFS server
   * answers on their port at the tracker's host (servers in containers or behind one public address). {} = none.
   */
  addressMap: Record<string, string>
}

// ── Trail ────────────────────────────────────────────────────────────────────────────────────────────────────

/** What this computer can do to files: transfers, changes of the library alone, and copies for replicas that missed a file. */
export type AuditAction = BatchKind | 'cancel' | 'rename' | 'move' | 'forget' | 'trash' | 'restore' | 'repair'

/** One thing that this computer did to one file. What is told is what happened, never how: no secrets, no tokens. */
export interface AuditEntry {
  action: AuditAction
  result: 'done' | 'failed'
  profileId: string
  /** Its name at that time. */
  profile: string
  fileId: string | null
  name: string
  localPath: string | null
  sizeBytes: number
  /** Code of the error, where it failed. */
  error: string | null
  /** The new name or folder; missing where nothing is to be told. */
  detail?: string | undefined
  /** Where one line stands for many files. */
  files?: number | undefined
}
