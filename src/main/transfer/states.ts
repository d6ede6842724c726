/**
 * What the transfer room keeps in the journal beside the plain columns: options of a batch, state of a transfer. The library
 * does not look inside; everything is parsed here when it is read, so that a row of another version is noticed, not misread.
 */
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import type { ErrorCode, ErrorData } from '../../shared/errors.ts'
import { ERRORS } from '../../shared/errors.ts'
import { FileSelectionSchema } from '../../shared/contract.ts'

const Bytes = z.number().int().nonnegative()
const Crc = z.number().int().min(0).max(0xffffffff)
const ErrorSchema: z.ZodType<ErrorData> = z.object({
  code: z.string().transform((code): ErrorCode => (Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'INTERNAL')),
  message: z.string(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).optional()).optional()
})

// ── Batches ──────────────────────────────────────────────────────────────────────────────────────────────────

/** Remote files that a cancelled or abandoned upload left behind and that could not be deleted yet. */
const Leftovers = z.array(z.string()).default([])

/** Which files a batch is made of: IDs, a selection of the library, or both. */
const ChoiceSchema = z.object({ fileIds: z.array(z.string()).optional(), selection: FileSelectionSchema.optional() })
/** Of a batch of existing files; kept until all rows are journalled, so that making them can go on after a crash. */
const choice = ChoiceSchema.nullable().default(null)

const common = {
  priority: z.enum(['high', 'normal', 'low']).default('normal'),
  /** How many more things it holds than the one its title names. */
  more: z.number().int().nonnegative().default(0),
  /** How many of its files were saved under another name than their own. */
  renamed: z.number().int().nonnegative().default(0)
}

const UploadOptionsSchema = z.object({
  ...common,
  kind: z.literal('upload'),
  /** Kept until everything is enumerated; [] afterwards. */
  paths: z.array(z.string()),
  group: z.string().nullable(),
  /** Virtual folder in the library under which everything goes. */
  folder: z.string(),
  metadata: z.record(z.string(), z.string()),
  /** skip: a file whose content the library already has is not sent again. */
  duplicates: z.enum(['send', 'skip', 'sync']),
  /** Each file gets them in the library. */
  tags: z.array(z.string()).default([]),
  /** Sizes of small pictures that are to be stored beside each picture. */
  thumbnails: z.array(z.string()).default([]),
  /** How files are to be called; '' = as they are. */
  naming: z.string().default(''),
  leftovers: Leftovers
})

const DownloadOptionsSchema = z.object({
  ...common,
  kind: z.literal('download'),
  choice,
  keepFolders: z.boolean(),
  /** What becomes of a file whose target exists; ask: it is held until the user has decided. */
  conflict: z.enum(['rename', 'overwrite', 'skip', 'ask']),
  names: z.enum(['original', 'fileId']).default('original')
})

const ZipOptionsSchema = z.object({
  ...common,
  kind: z.literal('zip'),
  choice,
  onMissing: z.enum(['stop', 'report']),
  /** The temporary file beside the target, once chosen. */
  partPath: z.string().nullable(),
  /** Where the finished archive goes, once chosen (the wanted name may be taken). */
  finalPath: z.string().nullable(),
  /** Size of the whole archive, journalled before it is renamed. */
  totalBytes: Bytes.nullable(),
  /** The archive has its name. */
  placed: z.boolean(),
  /** Made anew in place of an earlier archive of ours. */
  replace: z.boolean(),
  /** Nothing more will be written: the archive is in place, or there is none. */
  closed: z.boolean()
})

/** What one file gets, where every file of the batch gets something else. */
const ChangeSchema = z.object({ set: z.record(z.string(), z.string()), remove: z.array(z.string()) })
const MetadataChangeSchema = ChangeSchema.extend({ fileId: z.string() })

const MetadataOptionsSchema = z.object({
  ...common,
  kind: z.literal('metadata'),
  choice,
  set: z.record(z.string(), z.string()),
  remove: z.array(z.string()),
  overwrite: z.boolean(),
  /** One change per file, kept as `choice` is. */
  changes: z.array(MetadataChangeSchema).nullable().default(null)
})

const DeleteOptionsSchema = z.object({ ...common, kind: z.literal('delete'), choice })

const FinishOptionsSchema = z.object({ ...common, kind: z.literal('finish'), choice })

const BatchOptionsSchema = z.discriminatedUnion('kind', [
  UploadOptionsSchema,
  DownloadOptionsSchema,
  ZipOptionsSchema,
  MetadataOptionsSchema,
  DeleteOptionsSchema,
  FinishOptionsSchema
])

export type UploadOptions = z.output<typeof UploadOptionsSchema>
export type DownloadOptions = z.output<typeof DownloadOptionsSchema>
export type ZipOptions = z.output<typeof ZipOptionsSchema>
export type MetadataOptions = z.output<typeof MetadataOptionsSchema>
export type BatchOptions = z.output<typeof BatchOptionsSchema>
export type Choice = z.output<typeof ChoiceSchema>
export type MetadataChange = z.output<typeof MetadataChangeSchema>

// ── Transfers ────────────────────────────────────────────────────────────────────────────────────────────────

/** What makes a local file the same file: if size or mtime changed, the content did. */
const IdentitySchema = z.object({ sizeBytes: Bytes, mtimeNs: z.string(), ctimeNs: z.string(), inode: z.string() })

const UploadStateSchema = z.object({
  /** The path as base64 of its bytes, where it is not UTF-8. */
  rawPath: z.string().optional(),
  /** Why this cannot be sent, as found while enumerating. */
  problem: ErrorSchema.optional(),
  identity: IdentitySchema.optional(),
  /** The unfinished appender: journalled before anything else is sent to it. */
  appender: z
    .object({
      fileId: z.string(),
      /** Bytes acknowledged by the source, and their CRC-32. */
      sentBytes: Bytes,
      crc32: Crc,
      /** Command 38 was sent: if the ID is gone, the file has a new name. */
      finishing: z.boolean().default(false)
    })
    .optional(),
  /** Stored and verified under this ID; what remains is to describe and list it. */
  stored: z.object({ fileId: z.string(), crc32: Crc, replicated: z.boolean() }).optional(),
  /** How often a whole file was sent although its answer never came: each may exist under a name nobody knows. */
  possibleOrphans: z.number().int().default(0),
  /** How often size or CRC-32 were wrong, or the local file changed: progress does not forgive these. */
  mismatches: z.number().int().default(0)
})

/** Of an appender that is finished later: as at the end of an upload. */
const FinishStateSchema = UploadStateSchema.extend({
  /** Read before command 38 loses it. */
  metadata: z.record(z.string(), z.string()).optional(),
  /** The ID it had as an appender. */
  formerId: z.string().optional()
})

const DownloadStateSchema = z.object({
  /** The name is only the end of the ID: the server may know a better one. */
  nameless: z.boolean().default(false),
  /** The program ended while it was running: it may have got further than its row says. */
  interrupted: z.boolean().default(false),
  /** What the user decided for this one file. */
  conflict: z.enum(['rename', 'overwrite', 'skip']).optional(),
  /** As asked from the server, where the ID does not tell. */
  sizeBytes: Bytes.optional(),
  crc32: Crc.optional(),
  /** Where it will be in the end, and where it is until then. */
  finalPath: z.string().optional(),
  partPath: z.string().optional(),
  /** Length of a segment, and CRC-32 of each that is in the .part file (-1 = not yet). */
  segments: z.object({ bytes: Bytes, crc32: z.array(z.number().int().min(-1).max(0xffffffff)) }).optional(),
  mismatches: z.number().int().default(0)
})

const MetadataStateSchema = z.object({
  change: ChangeSchema.optional(),
  /** What the server had before the first try. */
  before: z.record(z.string(), z.string()).optional()
})

const ZipStateSchema = z.object({
  crc32: Crc.optional(),
  /** The size is known (from the ID or asked). */
  sized: z.boolean().default(false),
  nameless: z.boolean().default(false),
  /** Its own name, where the archive has it under another one. */
  was: z.string().optional(),
  modifiedAt: z.number().default(0)
})

export type FileIdentity = z.output<typeof IdentitySchema>
export type UploadState = z.output<typeof UploadStateSchema>
export type DownloadState = z.output<typeof DownloadStateSchema>
export type ZipState = z.output<typeof ZipStateSchema>
export type MetadataState = z.output<typeof MetadataStateSchema>

const NEW_UPLOAD: Readonly<UploadState> = Object.freeze({ possibleOrphans: 0, mismatches: 0 })

export const parseOptions = (value: unknown): BatchOptions => parse(BatchOptionsSchema, value, 'options')
/** null is the state of a transfer that has not begun: most of a hundred thousand, so it is not put through the schema. */
export const parseUploadState = (value: unknown): UploadState =>
  value === null ? { ...NEW_UPLOAD } : parse(UploadStateSchema, value, 'state')
export const parseFinishState = (value: unknown): z.output<typeof FinishStateSchema> =>
  value === null ? { ...NEW_UPLOAD } : parse(FinishStateSchema, value, 'state')
export const parseDownloadState = (value: unknown): DownloadState => parse(DownloadStateSchema, value ?? {}, 'state')
export const parseMetadataState = (value: unknown): MetadataState => parse(MetadataStateSchema, value ?? {}, 'state')
export const parseZipState = (value: unknown): ZipState => parse(ZipStateSchema, value ?? {}, 'state')

function parse<T>(schema: z.ZodType<T>, value: unknown, place: string): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw new AppError('LIBRARY_CORRUPT', { detail: { place, field: issue?.path.join('.') ?? '', reason: issue?.message ?? '' } })
}
