/**
 * Every call and event between the renderer and the main process: one file, checked where received, inferred on both sides.
 * Envelope: { id, name, input } → { id, ok } | { id, error }; events: { event, data }.
 */
import { z } from 'zod'
import type { ErrorData } from './errors.ts'
import type { BinlogPreview, ImportJob, ListPreview } from './import.ts'
import type {
  BackupInfo,
  AffectedFiles,
  AuditAction,
  AuditEntry,
  BatchView,
  ClusterHistory,
  ClusterOverview,
  ConflictChoice,
  ConflictComparison,
  ConflictView,
  Diagnosis,
  DuplicateSummary,
  Environment,
  FileBatch,
  FileRow,
  FolderNode,
  GridRow,
  Metadata,
  MetadataHistoryEntry,
  Profile,
  ProfileColor,
  SavedSearch,
  SearchSuggestions,
  StorageHistory,
  Tag,
  TransferSnapshot,
  TransferView,
  TrashRow,
  MergePreview,
  RepairReport,
  RescueState
} from './model.ts'
import { TAG_COLORS } from './model.ts'
import { THUMBNAIL_SIZE } from './preview.ts'

const text = (max = 4096) => z.string().max(max)
const Id = z.number().int().nonnegative()
const FileIdText = z.string().min(1).max(160)
const PathText = z.string().min(1).max(32_768)

/** The user was asked about a connection for production and agreed; without it nothing is deleted there. */
const Confirmed = z.boolean().default(false)
const TagName = z.string().trim().min(1).max(64)

export const FileQuerySchema = z.object({
  /** The language of the search box (shared/search). */
  text: text(2000).optional(),
  group: text(16).optional(),
  folder: text(4096).optional(),
  recursive: z.boolean().optional(),
  ext: text(32).optional(),
  kind: z.enum(['normal', 'appender', 'slave', 'trunk']).optional(),
  state: z.enum(['present', 'syncing', 'missing', 'deleted']).optional(),
  tag: text(256).optional(),
  batchId: Id.optional()
})
export const FileSortSchema = z.object({
  key: z.union([
    z.enum([
      'name',
      'fileId',
      'group',
      'sizeBytes',
      'ext',
      'folder',
      'createdAt',
      'addedAt',
      'kind',
      'state',
      'tags',
      'favourite',
      'copies'
    ]),
    z.templateLiteral(['meta.', z.string().min(1).max(64)])
  ]),
  descending: z.boolean()
})
export const FileSelectionSchema = z.union([
  z.object({ ids: z.array(Id).max(1_000_000) }),
  z.object({ query: FileQuerySchema, exceptIds: z.array(Id).max(1_000_000) })
])
const PictureText = z.base64().max(4_000_000)
const ThumbnailSizes = z.array(z.string().regex(THUMBNAIL_SIZE)).max(4)
const MetadataSchema = z.record(z.string().min(1).max(64), z.string().max(256))

const CONFLICT_CHOICES = ['rename', 'overwrite', 'skip'] as const satisfies readonly ConflictChoice[]

/** A folder of this computer whose new files are uploaded. */
export const WatchedFolderSchema = z.object({
  id: text(64),
  path: PathText,
  on: z.boolean(),
  /** null = the tracker decides. */
  group: text(16).nullable(),
  folder: text(4096),
  metadata: MetadataSchema,
  tags: z.array(TagName).max(50),
  thumbnails: ThumbnailSizes,
  duplicates: z.enum(['send', 'skip']),
  naming: z.string().trim().max(255)
})
export type WatchedFolder = z.infer<typeof WatchedFolderSchema>

export interface WatchedFolderState extends WatchedFolder {
  /** Why nothing is uploaded at present. */
  problem: ErrorData | null
  /** Files since the program started. */
  sent: number
}

export const SettingsSchema = z.object({
  language: z.enum(['system', 'en', 'zh-CN']).default('system'),
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  /** high: also where the system does not ask for it. */
  contrast: z.enum(['system', 'high']).default('system'),
  /** Write the original name to the file's metadata (key `filename`). */
  storeFileName: z.boolean().default(true),
  /** Files of this size and more go up as resumable appenders. */
  resumableThresholdBytes: z
    .number()
    .int()
    .min(262_144)
    .max(1_099_511_627_776)
    .default(16 * 1_048_576),
  chunkBytes: z
    .number()
    .int()
    .min(65_536)
    .max(268_435_456)
    .default(8 * 1_048_576),
  /** safe: turn a finished appender into a normal file once every storage holds it whole. */
  finishAppender: z.enum(['safe', 'never']).default('safe'),
  /** Large files at once (four times as many small ones); auto: as many as measurably help. */
  concurrency: z.union([z.literal('auto'), z.number().int().min(1).max(32)]).default('auto'),
  maxAttempts: z.number().int().min(1).max(50).default(8),
  /** Bytes per second, 0 = no limit. */
  uploadLimitBytes: z.number().int().min(0).default(0),
  downloadLimitBytes: z.number().int().min(0).default(0),
  /** Other limits at certain hours, by the clock of this computer. From = to: the whole day. */
  limitHours: z
    .object({
      on: z.boolean(),
      /** Minutes after midnight. A time that ends before it begins ends on the next day. */
      fromMinute: z.number().int().min(0).max(1439),
      toMinute: z.number().int().min(0).max(1439),
      /** On which days it begins, 0 = Sunday. */
      weekdays: z.array(z.number().int().min(0).max(6)).max(7),
      uploadLimitBytes: z.number().int().min(0),
      downloadLimitBytes: z.number().int().min(0)
    })
    .default({
      on: false,
      fromMinute: 540,
      toMinute: 1080,
      weekdays: [1, 2, 3, 4, 5],
      uploadLimitBytes: 2_097_152,
      downloadLimitBytes: 2_097_152
    }),
  downloadFolder: z.string().max(32_768).default(''),
  conflict: z.enum(['rename', 'overwrite', 'skip', 'ask']).default('rename'),
  /** original: the name in the library, else the one the server knows. fileId: the last part of the ID. */
  downloadNames: z.enum(['original', 'fileId']).default('original'),
  /** What the upload sheet offers at first. */
  duplicates: z.enum(['send', 'skip']).default('send'),
  /** A group with less than this part of its space left is nearly full. */
  alertFullPercent: z.number().int().min(1).max(90).default(5),
  /** A storage this far behind the others of its group is told. */
  alertLagSeconds: z.number().int().min(10).max(604_800).default(300),
  /** A storage that has been away for so long is told. */
  alertOfflineSeconds: z.number().int().min(0).max(604_800).default(60),
  /** A group with fewer storages that accept files is told. */
  alertWritable: z.number().int().min(1).max(64).default(1),
  /** Trackers without a leader for so long are told: elections take their time. */
  alertLeaderSeconds: z.number().int().min(0).max(86_400).default(30),
  /** How many months before the present one the activity log keeps; older ones go at the next start. */
  auditMonths: z.number().int().min(1).max(120).default(12),
  /** Sets of keys with values to begin with, for the upload sheet and the metadata grid. */
  metadataTemplates: z
    .array(z.object({ name: z.string().trim().min(1).max(120), entries: MetadataSchema }))
    .max(100)
    .default([]),
  /** Sizes of small pictures that are looked for beside files, as their slaves (`_150x150`), and made there. */
  thumbnailSizes: z.array(z.string().regex(THUMBNAIL_SIZE)).max(4).default(['150x150']),
  /** The upload sheet offers to make them at first. */
  thumbnailsAtUpload: z.boolean().default(false),
  /** Small pictures are kept on this computer up to so many bytes. */
  thumbnailCacheBytes: z
    .number()
    .int()
    .min(16 * 1_048_576)
    .max(1_099_511_627_776)
    .default(512 * 1_048_576),
  /** Uploads of pictures get the keys width, height and type. */
  describeImages: z.boolean().default(true),
  /** How long deleted files stay in the trash before the servers forget them; 0 = they are deleted at once. */
  trashDays: z.number().int().min(0).max(365).default(7),
  /** Automatic copies of the library that are kept; 0 = none are made. */
  backupsKept: z.number().int().min(0).max(100).default(7),
  /** Each copy of the library also goes into the cluster. */
  backupToCluster: z.boolean().default(false),
  /** Native windows: closing the last one leaves the program running beside the clock. */
  background: z.boolean().default(false),
  /** Native windows: the desktop tells of finished batches while no window is in front. */
  notify: z.boolean().default(true),
  /** Native windows: new versions are looked for and fetched by themselves. */
  autoUpdate: z.boolean().default(true)
})
export type Settings = z.infer<typeof SettingsSchema>

/** Some settings. Not `partial()`: that fills in the defaults of what is missing, and so would put everything else back. */
const SettingsPatchSchema = z.object(
  Object.fromEntries(Object.entries(SettingsSchema.shape).map(([key, schema]) => [key, (schema.unwrap() as z.ZodType).optional()]))
) as unknown as z.ZodType<Partial<Settings>, Partial<Settings>>

export const AUDIT_ACTIONS = [
  'upload',
  'download',
  'zip',
  'metadata',
  'delete',
  'finish',
  'cancel',
  'rename',
  'move',
  'forget',
  'trash',
  'restore',
  'repair'
] as const satisfies readonly AuditAction[]

/** For telling connections apart at a glance. */
export const PROFILE_COLORS = [
  'none',
  'blue',
  'teal',
  'green',
  'yellow',
  'orange',
  'red',
  'pink',
  'purple'
] as const satisfies readonly ProfileColor[]
export const ENVIRONMENTS = ['none', 'development', 'test', 'staging', 'production'] as const satisfies readonly Environment[]

export const ProfileInputSchema = z.object({
  id: text(64).optional(),
  name: z.string().trim().min(1).max(120),
  /** At least one, but for the built-in profile, which knows its own. */
  trackers: z.array(text(300)).max(16),
  readOnly: z.boolean().default(false),
  connectTimeoutMs: z.number().int().min(100).max(600_000).default(5_000),
  networkTimeoutMs: z.number().int().min(100).max(600_000).default(30_000),
  httpBase: z.record(text(16), text(2048)).default({}),
  defaultGroup: text(16).nullable().default(null),
  addressMap: z.record(text(300), text(300)).default({}),
  storageIds: z.record(text(8), z.array(text(300)).min(1).max(2)).default({}),
  groupInLinks: z.boolean().default(true),
  /** `http.anti_steal.token_ttl` of the servers, in seconds. */
  tokenTtlSeconds: z.number().int().min(1).max(315_360_000).default(600),
  color: z.enum(PROFILE_COLORS).default('none'),
  environment: z.enum(ENVIRONMENTS).default('none')
})
export type ProfileInput = z.input<typeof ProfileInputSchema>

/** What the host can do; the renderer hides what it cannot. */
export interface HostCapabilities {
  kind: 'electron' | 'browser' | 'test'
  /** Native dialogs return paths; without them the page picks files itself and streams them to the spool. */
  pickFiles: boolean
  reveal: boolean
  secrets: boolean
  notify: boolean
  /** Files can be dragged out of the window, once they are on the disk. */
  dragOut?: boolean | undefined
}

/** What a menu of the desktop can ask of a window: the names of actions of the command palette, and the palette itself. */
export const HOST_COMMANDS = [
  'upload-files',
  'upload-folder',
  'paste',
  'palette',
  'shortcuts',
  'go-files',
  'go-transfers',
  'go-cluster',
  'go-connections',
  'go-settings'
] as const
export type HostCommand = (typeof HOST_COMMANDS)[number]

/** What the desktop around a window wants of it: a menu was used, files were opened with the program, a link was followed. */
export type HostWish =
  | { tag: 'command'; command: HostCommand }
  /** Absolute paths, to be offered in the upload sheet. */
  | { tag: 'upload'; paths: string[] }
  | { tag: 'file'; fileId: string }
  /** A `fastdfs-desktop://connect?…` link, whole: nothing is saved before the user has seen it. */
  | { tag: 'connect'; link: string }
  | { tag: 'batch'; batchId: number }

export interface AppInfo {
  version: string
  platform: string
  host: HostCapabilities
  /** 'en' | 'zh-CN' by the system's locale. */
  systemLanguage: 'en' | 'zh-CN'
  profiles: Profile[]
  activeProfileId: string
  settings: Settings
  /** Where downloads go unless chosen otherwise. */
  downloadFolder: string
  homeFolder: string
  /** The library cannot be used: only `rescue.*` and settings work. */
  rescue?: boolean | undefined
}

/** A call: input schema and the type of its result. */
interface Call<I extends z.ZodType, O> {
  input: I
  /** Type only. */
  output?: O
}
const call =
  <O>() =>
  <I extends z.ZodType>(input: I): Call<I, O> => ({ input })
const none = z.object({}).strict()

const LINK_FORMATS = ['id', 'url', 'markdown', 'html', 'bbcode', 'css', 'template'] as const
export type LinkFormat = (typeof LINK_FORMATS)[number]

const LinkRequestSchema = z.object({
  selection: FileSelectionSchema,
  format: z.enum(LINK_FORMATS),
  /** Browsers save the file under its name in the library. */
  downloadName: z.boolean().default(false),
  /** Signs the links with the connection's token secret. */
  signed: z.boolean().default(false),
  /** How long signed links work, in seconds from now; null = for ever. */
  lifetimeSeconds: z.number().int().min(1).max(315_360_000).nullable().default(600),
  /** A table (CSV) with name, file ID, link, size, folder and end, instead of one line for each. */
  table: z.boolean().default(false),
  /** For the format 'template': text with {url} {id} {name} {ext} {group} {folder} {size} {width} {height} {meta.KEY}. */
  template: text(2000).default(''),
  limit: z.number().int().min(1).max(1000).optional()
})

export interface LinkText {
  text: string
  /** How many links the text has. */
  count: number
  /** Files whose metadata, which the template wants, could not be read; missing = none. */
  unread?: number
  /** When signed links end, Unix ms; missing for those that do not. */
  expiresAt?: number
  /** The clock of the servers is ahead of (above 0) or behind this computer's, which the tokens take into account. cluster: at least so much. */
  clock?: { differenceSeconds: number; from: 'web' | 'cluster' }
}

/** What came of following a link. */
export interface LinkCheck {
  /** Of the library. */
  id: number
  name: string
  /** What came is the file. */
  ok: boolean
  /** whole: size and CRC-32. part: size, beginning and end. null: it did not come to that. */
  compared: 'whole' | 'part' | null
  /** Of HTTP; null without an answer. */
  status: number | null
  ms: number
  error: ErrorData | null
}

/** A text that was to be saved: by a dialog of the host, or by the page where the host has none. */
export type TextExport = { tag: 'saved'; path: string } | { tag: 'cancelled' } | { tag: 'text'; name: string; text: string }

const AuditFilterSchema = z.object({
  /** In names, file IDs, paths, new names and codes of errors. */
  text: text(200).optional(),
  action: z.enum(AUDIT_ACTIONS).optional(),
  result: z.enum(['done', 'failed']).optional(),
  profileId: text(64).optional()
})
export type AuditFilter = z.infer<typeof AuditFilterSchema>

export interface AuditPage {
  /** at: ISO time. */
  entries: (AuditEntry & { at: string })[]
  /** Leads on to older entries, also when none of these fitted yet; null = that was all. */
  cursor: string | null
}

/** The token secret itself is never told. */
export interface TokenState {
  present: boolean
  /** Kept by the system's keychain; else only until the program ends. */
  lasting: boolean
}

export interface PasteEntry {
  /** What stood in the text (trimmed, at most 200 characters). */
  text: string
  fileId: string | null
  /** Why it was not understood; null for an ID. */
  error: ErrorData | null
  /** Name in the library, when known. */
  name: string | null
  sizeBytes: number | null
  kind: FileRow['kind'] | null
}

export interface SelectionSummary {
  count: number
  /** Sum over the files whose size is known. */
  sizeBytes: number
  /** How many sizes are not known (appender and slave files that were never asked). */
  unknownSizes: number
  /** Names of the first files, at most 5. */
  names: string[]
}

/** Files of this computer, before they are sent. */
export interface IntakeLook {
  files: number
  bytes: number
  /** What was found and cannot be sent; the upload tells why. */
  unread: number
  /** Files of which small pictures can be made. */
  pictures: number
  /** Files whose content the library has. */
  duplicates: number
  /** Of the first of them. */
  duplicateNames: string[]
  /** false: there is more, and it was not looked at. */
  complete: boolean
}

export interface ServerFacts {
  fileId: string
  exists: boolean
  sizeBytes: number | null
  crc32: number | null
  modifiedAt: number | null
  source: string | null
  error: ErrorData | null
}

export interface DirectoryListing {
  path: string
  parent: string | null
  entries: { name: string; path: string; isFolder: boolean }[]
}

export const calls = {
  'app.info': call<AppInfo>()(none),
  'settings.set': call<Settings>()(SettingsPatchSchema),

  'profiles.save': call<Profile[]>()(ProfileInputSchema),
  'profiles.remove': call<Profile[]>()(z.object({ id: text(64) })),
  'profiles.activate': call<Profile>()(z.object({ id: text(64) })),
  /** Tries the connection without saving anything. */
  'profiles.test': call<Diagnosis>()(
    // The secret as it is being typed; missing = the one that is stored, '' = none.
    ProfileInputSchema.extend({ tokenSecret: text(256).optional() })
  ),

  /** All connections but the built-in one as a file, without secrets. */
  'profiles.export': call<TextExport>()(none),
  /** Adds the connections of such a file: all of them or, when one is unusable, none. `known`: were there already, as they are. */
  'profiles.import': call<{ added: number; known: number }>()(z.object({ text: z.string().max(4_000_000) })),
  'profiles.token': call<TokenState>()(z.object({ id: text(64) })),
  /** null removes it. */
  'profiles.setToken': call<TokenState>()(z.object({ id: text(64), secret: z.string().min(1).max(256).nullable() })),

  /** The activity log, newest first; `cursor` of an answer leads on to older entries. */
  'audit.list': call<AuditPage>()(
    AuditFilterSchema.extend({ limit: z.number().int().min(1).max(500).default(100), cursor: text(64).nullable().default(null) })
  ),
  /** Saves the activity log (JSON lines). A host without dialogs puts it into the download folder. */
  'audit.export': call<TextExport>()(none),

  /** Saves what helps to find a fault: state and log without names and secrets. */
  'log.diagnostics': call<TextExport>()(none),

  'cluster.overview': call<ClusterOverview>()(z.object({ fresh: z.boolean().default(false) })),
  /** What clients did since the program started to look (twelve hours at most), in so many parts. */
  'cluster.history': call<ClusterHistory>()(z.object({ parts: z.number().int().min(2).max(500).default(90) })),
  'cluster.storageHistory': call<StorageHistory>()(
    z.object({ group: text(16).min(1), id: text(64).min(1), parts: z.number().int().min(2).max(500).default(90) })
  ),
  /** Somebody looks at the cluster now: for some seconds it is asked more often. */
  'cluster.look': call<null>()(none),

  /** `exact` false: there are at least `total` files; `files.total` tells how many. */
  'files.open': call<{ view: number; rows: FileRow[]; total: number; exact: boolean }>()(
    z.object({ query: FileQuerySchema, sort: FileSortSchema, first: z.number().int().min(1).max(500).default(200) })
  ),
  'files.rows': call<FileRow[]>()(z.object({ view: Id, start: Id, count: z.number().int().min(1).max(500) })),
  'files.ids': call<number[]>()(z.object({ view: Id, start: Id, count: z.number().int().min(1).max(1_000_000) })),
  /** Where a file stands in a view; null = it is not in it. */
  'files.place': call<number | null>()(z.object({ view: Id, id: Id })),
  'files.total': call<number>()(z.object({ view: Id })),
  'files.close': call<null>()(z.object({ view: Id })),
  'files.get': call<FileRow[]>()(z.object({ ids: z.array(Id).max(500) })),
  /** What a selection amounts to: for confirmations that must name what they concern. */
  'files.summary': call<SelectionSummary>()(z.object({ selection: FileSelectionSchema })),
  'files.folders': call<FolderNode[]>()(none),
  'files.groups': call<{ group: string; fileCount: number; sizeBytes: number }[]>()(none),
  'files.rename': call<null>()(z.object({ id: Id, name: z.string().trim().min(1).max(1024) })),
  'files.move': call<null>()(z.object({ selection: FileSelectionSchema, folder: text(4096) })),
  /** Removes from the library only. */
  'files.forget': call<null>()(z.object({ selection: FileSelectionSchema })),
  /** Asks the servers for size, CRC-32 and existence of some files. */
  'files.facts': call<ServerFacts[]>()(z.object({ ids: z.array(Id).max(100) })),
  /** Reads metadata from the servers (fresh) and stores it in the library. */
  'files.metadata': call<{ id: number; metadata: Metadata | null; error: ErrorData | null }[]>()(z.object({ ids: z.array(Id).max(500) })),
  /** IDs or links of a selection, one per line, in the order of the selection. `limit`: only the first so many, for a preview. */
  'files.links': call<LinkText>()(LinkRequestSchema),
  /** Saves them as a file. */
  'links.export': call<TextExport>()(LinkRequestSchema),
  /** Follows the links of the first files of a selection and compares what comes with the files. */
  'links.check': call<{ checks: LinkCheck[] }>()(
    LinkRequestSchema.pick({ selection: true, signed: true, lifetimeSeconds: true }).extend({
      limit: z.number().int().min(1).max(100).default(100)
    })
  ),
  // Files that come into the library other than by an upload. All of it can be repeated without doubling anything.
  'import.jobs': call<ImportJob[]>()(none),
  /** Asks a storage ('host:port' as the tracker names it) for the names of all its files; null = every store path. */
  'import.listing': call<{ id: number }>()(
    z.object({
      group: text(16).min(1),
      storage: text(300).min(1),
      paths: z.array(z.number().int().min(0).max(255)).min(1).max(256).nullable(),
      /** Ask about what the names do not tell, afterwards. */
      read: z.boolean()
    })
  ),
  /** What binlogs (files, or the folder they are in) would do; changes nothing. group null = find out. */
  'import.lookAtBinlogs': call<BinlogPreview>()(
    z.object({ paths: z.array(PathText).min(1).max(2_000), group: text(16).min(1).nullable() })
  ),
  'import.binlogs': call<{ id: number }>()(
    z.object({ paths: z.array(PathText).min(1).max(2_000), group: text(16).min(1), read: z.boolean() })
  ),
  /** What a list (text, or a file) would do; changes nothing. null = guess. */
  'import.preview': call<ListPreview>()(
    z.object({
      text: z.string().max(20_000_000).optional(),
      path: PathText.optional(),
      encoding: z.enum(['utf-8', 'gbk', 'utf-16le', 'utf-16be']).nullable().default(null),
      heading: z.boolean().nullable().default(null),
      columns: z
        .array(z.object({ use: z.enum(['file', 'name', 'folder', 'tags', 'metadata', 'json', 'ignore']), key: text(64) }))
        .max(1_000)
        .nullable()
        .default(null)
    })
  ),
  'import.list': call<{ id: number }>()(z.object({ draft: Id })),
  /** Asks about what the names of listed files do not tell: goes on with what is left. */
  'import.read': call<{ id: number }>()(none),
  'import.dropReads': call<null>()(none),
  'import.cancel': call<null>()(z.object({ id: Id })),
  'import.dismiss': call<null>()(z.object({ id: Id })),
  // Order that people make: exists in the library only.
  'order.tags': call<Tag[]>()(none),
  /** A new tag, another colour, or another name (`from`: the former one), which its files get. */
  'order.saveTag': call<null>()(z.object({ name: TagName, color: z.enum(TAG_COLORS), from: TagName.optional() })),
  /** Takes it from every file, too. */
  'order.removeTag': call<null>()(z.object({ name: TagName })),
  /** Returns how many files there were. */
  'order.tag': call<{ count: number }>()(
    z.object({ selection: FileSelectionSchema, add: z.array(TagName).max(50), remove: z.array(TagName).max(50) })
  ),
  'order.favourite': call<null>()(z.object({ selection: FileSelectionSchema, favourite: z.boolean() })),
  'order.addFolder': call<null>()(z.object({ path: text(4096) })),
  /** Renames or moves a folder with all that is below it; joins one that is there already. */
  'order.moveFolder': call<null>()(z.object({ from: text(4096), to: text(4096) })),
  /** Its files and those below it go to the folder above. */
  'order.removeFolder': call<null>()(z.object({ path: text(4096) })),
  'order.searches': call<SavedSearch[]>()(none),
  'order.saveSearch': call<{ id: number }>()(
    z.object({
      id: Id.optional(),
      name: z.string().trim().min(1).max(120),
      query: FileQuerySchema,
      sort: FileSortSchema.nullable()
    })
  ),
  'order.removeSearch': call<null>()(z.object({ id: Id })),
  'order.batches': call<FileBatch[]>()(z.object({ limit: z.number().int().min(1).max(500).default(200) })),
  /** The master of a slave, the slaves of a master, and the other slaves. */
  'order.family': call<FileRow[]>()(z.object({ id: Id })),
  'order.suggestions': call<SearchSuggestions>()(none),
  'order.duplicates': call<DuplicateSummary>()(none),
  /** All duplicates but one of each content. */
  'order.spareCopies': call<number[]>()(z.object({ keep: z.enum(['oldest', 'newest']) })),

  // Small pictures. Windows make them, for they can read pictures: base64, as JPEG, PNG or WebP.
  /** To be shown again, from this computer's disk. */
  'thumbnails.keep': call<null>()(z.object({ fileId: FileIdText, picture: PictureText })),
  /** To be stored beside the pictures of a selection, as slaves; sizes: default by the settings. Returns how many are to be made. */
  'thumbnails.make': call<{ count: number }>()(z.object({ selection: FileSelectionSchema, sizes: ThumbnailSizes.optional() })),
  /** The next ones, which no other window gets for a while. */
  'thumbnails.take': call<{ row: FileRow; sizes: string[] }[]>()(z.object({ limit: z.number().int().min(1).max(32) })),
  'thumbnails.store': call<null>()(z.object({ fileId: FileIdText, size: z.string().regex(THUMBNAIL_SIZE), picture: PictureText })),
  'thumbnails.fail': call<null>()(z.object({ fileId: FileIdText, size: z.string().regex(THUMBNAIL_SIZE), code: text(64) })),
  'thumbnails.state': call<{ waiting: number; failed: number }>()(none),
  /** What is not made yet will not be; failures are forgotten. */
  'thumbnails.stop': call<null>()(none),
  /** What is kept on this computer. */
  'thumbnails.cache': call<{ files: number; bytes: number }>()(none),
  'thumbnails.clearCache': call<{ files: number; bytes: number }>()(none),

  /** What a pasted text holds; changes nothing. */
  'files.parse': call<PasteEntry[]>()(z.object({ text: z.string().max(20_000_000) })),
  /** Adds pasted IDs to the library. */
  'files.add': call<{ inserted: number; merged: number }>()(z.object({ fileIds: z.array(FileIdText).max(200_000) })),

  /** Fetches files so that they can be dragged out of the window; the batch tells when they are there. */
  'drag.prepare': call<{ drag: string; batchId: number }>()(z.object({ selection: FileSelectionSchema })),
  /** Called while the mouse drags: the desktop takes over. */
  'drag.start': call<null>()(z.object({ drag: z.string().regex(/^[0-9a-f]{16}$/) })),
  'watches.list': call<WatchedFolderState[]>()(none),
  /** Without an id: a new one. `existing`: what is in it now is uploaded, too. */
  'watches.save': call<WatchedFolderState[]>()(
    WatchedFolderSchema.extend({ id: text(64).optional(), existing: z.boolean().default(false) })
  ),
  'watches.remove': call<WatchedFolderState[]>()(z.object({ id: text(64) })),
  /** What is below paths of this computer, before it is sent. */
  'intake.look': call<IntakeLook>()(z.object({ paths: z.array(PathText).min(1).max(200_000) })),
  /** For each: the library has a file of this size (crc32 null), or with this content. */
  'intake.known': call<boolean[]>()(
    z.object({ files: z.array(z.object({ sizeBytes: Id, crc32: z.number().int().min(0).max(0xffffffff).nullable() })).max(5_000) })
  ),
  /** A picture from the clipboard gets a place on the disk, until it is uploaded. */
  'intake.keep': call<{ path: string }>()(
    z.object({
      name: z
        .string()
        .min(1)
        .max(200)
        .regex(/^[^/\\\p{Cc}]*[^/\\\p{Cc}. ]$/u),
      content: z.base64().max(60_000_000)
    })
  ),
  /** Paths as given by the host (native dialog, drop, or spool). Folders are enumerated. Returns the batch. */
  'transfers.upload': call<{ batchId: number }>()(
    z.object({
      paths: z.array(PathText).min(1).max(200_000),
      group: text(16).optional(),
      folder: text(4096).default(''),
      metadata: MetadataSchema.default({}),
      /** skip: files whose content the library has already are not sent again. */
      duplicates: z.enum(['send', 'skip']).default('send'),
      tags: z.array(TagName).max(50).default([]),
      /** Sizes of small pictures that are made of each picture and stored beside it. */
      thumbnails: ThumbnailSizes.default([]),
      /** A pattern (shared/naming); '' = the files' own names. */
      naming: z.string().trim().max(255).default('')
    })
  ),
  /** Uploads the sample files that come with the program; the built-in cluster only. Files that it has already are not sent again. */
  'samples.add': call<{ batchId: number }>()(none),

  'transfers.download': call<{ batchId: number }>()(
    z.object({
      selection: FileSelectionSchema.optional(),
      fileIds: z.array(FileIdText).max(200_000).optional(),
      target: PathText,
      keepFolders: z.boolean().default(true),
      conflict: z.enum(['rename', 'overwrite', 'skip', 'ask']).optional()
    })
  ),
  'transfers.zip': call<{ batchId: number }>()(
    z.object({
      selection: FileSelectionSchema.optional(),
      fileIds: z.array(FileIdText).max(200_000).optional(),
      target: PathText,
      onMissing: z.enum(['stop', 'report']).default('report')
    })
  ),
  'transfers.metadata': call<{ batchId: number }>()(
    z.object({
      selection: FileSelectionSchema,
      set: MetadataSchema,
      remove: z.array(z.string().min(1).max(64)).max(10_000),
      overwrite: z.boolean().default(false)
    })
  ),
  /** Rows of the metadata grid, in the order of the ids; files that are gone are left out. */
  'grid.rows': call<GridRow[]>()(z.object({ ids: z.array(Id).max(5_000) })),
  /** Gathers changes of single files, a part at a time; null begins a new draft. Nothing is written. */
  'grid.stage': call<{ draft: number }>()(
    z.object({
      draft: Id.nullable(),
      changes: z.array(z.object({ id: Id, set: MetadataSchema, remove: z.array(z.string().min(1).max(64)).max(1_000) })).max(5_000)
    })
  ),
  /** Writes a draft to the servers as one batch. */
  'grid.write': call<{ batchId: number }>()(z.object({ draft: Id })),
  /** Saves a text that the page made (CSV). */
  'grid.save': call<TextExport>()(z.object({ name: z.string().min(1).max(200), text: z.string().max(60_000_000) })),
  /** Batches that changed metadata, newest first. */
  'history.list': call<MetadataHistoryEntry[]>()(none),
  /** Restores the values from before a batch, as a batch of its own. */
  'history.undo': call<{ batchId: number }>()(z.object({ batchId: Id })),

  /** Copies of the library, newest first, and what is known of its soundness. */
  'library.backups': call<{ backups: BackupInfo[]; folder: string; problem: string | null }>()(none),
  'library.backup': call<BackupInfo>()(none),
  /** Everything in the library as CSV or JSON lines. A host without dialogs puts it into the download folder. */
  'library.export': call<{ path: string; rows: number } | null>()(z.object({ format: z.enum(['csv', 'jsonl']) })),
  /** What merging another library file would do; `map`: their connections to those here (null = leave out; missing = as proposed). */
  'library.compare': call<{ preview: MergePreview; map: Record<string, string | null> }>()(
    z.object({ path: PathText, map: z.record(text(64), text(64).nullable()).default({}) })
  ),
  'library.merge': call<{ files: number }>()(
    z.object({
      path: PathText,
      map: z.record(text(64), text(64).nullable()),
      prefer: z.enum(['mine', 'theirs']),
      choices: z.record(FileIdText, z.enum(['mine', 'theirs'])).default({})
    })
  ),
  /** Why the library cannot be used; null = it can. */
  'rescue.state': call<RescueState | null>()(none),
  /**
   * retry: opens it again. repair: saves what can be read. restore: goes back to a copy. fresh: begins with an empty one. What was
   * there is kept aside, except by retry; the page must load anew afterwards.
   */
  'rescue.run': call<{ keptAs: string | null; report: RepairReport | null }>()(
    z.object({ action: z.enum(['retry', 'repair', 'restore', 'fresh']), backup: text(100).optional() })
  ),

  /** Moves files into the trash of the active connection; `ids` of small selections, to restore them at once. */
  'trash.put': call<{ ids: number[]; count: number }>()(z.object({ selection: FileSelectionSchema, confirmed: Confirmed })),
  /** Numbers of everything in the trash, what was deleted last first. */
  'trash.list': call<number[]>()(none),
  'trash.rows': call<TrashRow[]>()(z.object({ ids: z.array(Id).max(500) })),
  'trash.count': call<number>()(none),
  /** Without ids: everything. */
  'trash.restore': call<{ count: number }>()(z.object({ ids: z.array(Id).max(1_000_000).optional() })),
  /** Deletes from the servers now, as a batch (null: there was nothing). Without ids: everything. */
  'trash.remove': call<{ batchId: number | null }>()(z.object({ ids: z.array(Id).max(1_000_000).optional(), confirmed: Confirmed })),
  /** Who else may use these files. */
  'trash.affected': call<AffectedFiles>()(z.object({ selection: FileSelectionSchema })),

  'transfers.delete': call<{ batchId: number }>()(z.object({ selection: FileSelectionSchema, confirmed: Confirmed })),
  /** Appenders of the selection that were kept because replicas were behind become normal files, under new IDs. */
  'transfers.finish': call<{ batchId: number }>()(z.object({ selection: FileSelectionSchema })),
  'transfers.snapshot': call<TransferSnapshot>()(none),
  'transfers.page': call<{ rows: TransferView[]; cursor: number | null }>()(
    z.object({
      batchId: Id,
      tags: z.array(z.enum(['queued', 'running', 'waiting', 'paused', 'done', 'failed', 'cancelled', 'skipped'])).optional(),
      afterSeq: z.number().int().min(-1).default(-1),
      limit: z.number().int().min(1).max(500).default(100)
    })
  ),
  'transfers.control': call<null>()(
    z.object({
      action: z.enum(['pause', 'resume', 'cancel', 'retry', 'remove']),
      /** Neither: everything. */
      batchId: Id.optional(),
      transferId: Id.optional()
    })
  ),
  'transfers.batch': call<BatchView | null>()(z.object({ batchId: Id })),
  'transfers.prioritise': call<null>()(z.object({ batchId: Id, priority: z.enum(['high', 'normal', 'low']) })),
  /** Downloads that are held because their target exists, in the order of the batch. */
  'transfers.conflicts': call<{ rows: ConflictView[]; cursor: number | null }>()(
    z.object({ batchId: Id, afterSeq: z.number().int().min(-1).default(-1), limit: z.number().int().min(1).max(500).default(100) })
  ),
  /** Size and CRC-32 of both sides: reads the local files, asks the servers where the ID does not tell. */
  'transfers.compare': call<ConflictComparison[]>()(z.object({ transferIds: z.array(Id).min(1).max(200) })),
  /** Lets held downloads go on. `rest`: for all others of the batch, also those that are met later. */
  'transfers.resolve': call<null>()(
    z.object({
      batchId: Id,
      choices: z.array(z.object({ transferId: Id, choice: z.enum(CONFLICT_CHOICES) })).max(10_000),
      rest: z.enum(CONFLICT_CHOICES).optional()
    })
  ),

  /** Native dialogs; reject with HOST_CANNOT where the host has none. */
  'host.pickFiles': call<string[]>()(z.object({ folders: z.boolean().default(false) })),
  'host.pickFolder': call<string | null>()(z.object({ start: PathText.optional() })),
  'host.pickSave': call<string | null>()(z.object({ name: text(255), start: PathText.optional() })),
  /** For hosts without native dialogs: folders of this computer, to choose a target in the page. */
  'host.listFolders': call<DirectoryListing>()(z.object({ path: PathText.optional() })),
  'host.makeFolder': call<string>()(z.object({ parent: PathText, name: z.string().min(1).max(255) })),
  'host.reveal': call<null>()(z.object({ path: PathText })),
  /** Takes what the desktop wants of a window; asked at start and at every `host.wished`. [] where there is no desktop. */
  'host.wishes': call<HostWish[]>()(none),
  'host.openExternal': call<null>()(z.object({ url: z.string().max(4096) }))
} as const

export type CallName = keyof typeof calls
export type CallInput<N extends CallName> = z.input<(typeof calls)[N]['input']>
export type CallParsed<N extends CallName> = z.output<(typeof calls)[N]['input']>
export type CallOutput<N extends CallName> = NonNullable<(typeof calls)[N]['output']> | Extract<(typeof calls)[N]['output'], null>

export interface Events {
  'transfers.changed': TransferSnapshot
  /** Files changed: reopen or refresh views. Coalesced. */
  'library.changed': { revision: number; profileId: string }
  /** Imports of all connections that run or ran, the newest first. Coalesced. */
  'imports.changed': { revision: number; jobs: ImportJob[] }
  /** Watched folders, or what is known of them. */
  'watches.changed': { revision: number }
  /** Small pictures that are to be stored beside files of the active connection. Coalesced. */
  'thumbnails.changed': { revision: number; waiting: number; failed: number }
  'cluster.changed': ClusterOverview
  'profiles.changed': { revision: number; profiles: Profile[]; activeProfileId: string }
  'settings.changed': { revision: number; settings: Settings }
  /** Native windows, to one of them: there is something to take with `host.wishes`. */
  'host.wished': { revision: number }
  /** Something the user should read once: a finished batch, ten thousand failures in one sentence. */
  notice: { revision: number; kind: 'info' | 'success' | 'error'; code: string; detail: Record<string, string | number> }
}
export type EventName = keyof Events

/** What the renderer sends and receives; both transports carry exactly this. */
export interface CallEnvelope {
  id: number
  name: string
  input: unknown
}
export type ReplyEnvelope = { id: number; ok: unknown } | { id: number; error: ErrorData }
export interface EventEnvelope {
  event: EventName
  data: unknown
}
/** The pipe a host gives the renderer (preload: window.fdfs; browser: a WebSocket). */
export interface Pipe {
  send(message: CallEnvelope): void
  onMessage(listener: (message: ReplyEnvelope | EventEnvelope) => void): () => void
  /** Electron only: the path of a dropped File. */
  pathForFile?(file: unknown): string
}
