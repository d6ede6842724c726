import type { AppError, ErrorData } from '../../shared/errors.ts'
import type { Settings } from '../../shared/contract.ts'
import type { FileState, Metadata, TransferStep } from '../../shared/model.ts'
import type { StoreClient } from '../cluster/types.ts'
import type { FileCatalogue, FileInput, MetadataLearned, TransferPatch, TransferRecord } from '../library/types.ts'
import type { Thumbnails } from '../library/thumbnails.ts'
import type { Clock } from './clock.ts'
import type { RateLimit } from './rate-limit.ts'
import type { Targets } from './targets.ts'

export type PatchFields = Omit<TransferPatch, 'id'>

/** What the engine lends to one try of one transfer. The try ends when the function that got it settles. */
export interface OperationContext {
  /** As the journal had it when the try began. */
  readonly record: Readonly<TransferRecord>
  readonly batch: { readonly id: number; readonly profileId: string; readonly createdAt: number; readonly target: string | null }
  readonly store: StoreClient
  readonly files: FileCatalogue | null
  readonly thumbnails: Thumbnails | null
  readonly settings: Settings
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly limits: { readonly up: RateLimit; readonly down: RateLimit }
  readonly targets: Targets
  /** Connections that one more range of a large file may use, by what the other transfers leave free. */
  freeSlots(): number
  step(step: TransferStep): void
  /** Bytes done in all, for the eye; cheap. */
  progress(doneBytes: number): void
  /** Bytes were acknowledged: the tries are counted anew. */
  advanced(): void
  /** From now on this try uses neither network nor disk worth counting: another transfer may have the slot. */
  yieldSlot(): void
  /** Journalled soon. */
  write(fields: PatchFields): void
  /** Journalled before it returns: survives the end of the process, though not a power cut. */
  writeNow(fields: PatchFields): void
  /** Journalled and on disk when it resolves. */
  commit(fields: PatchFields): Promise<void>
  /**
   * As `commit`, for a try whose content is stored: others may have the slot while the disk takes its time, as long as not too many
   * wait for it (after a power cut, what was not on disk is sent again).
   */
  commitStored(fields: PatchFields): Promise<void>
  /** A remote file that could not be removed: it is listed and tried again later. */
  leftOver(fileId: string): void
  notice(code: NoticeCode, detail?: Record<string, string | number>): void
}

/** How a try ended well; errors are thrown. */
export interface Outcome {
  tag: 'done' | 'skipped'
  /** Written to the journal together with the end. */
  fields: PatchFields
  /** skipped: why. */
  error?: ErrorData | undefined
  /** What the library learns, at the latest before the transfer counts as done. */
  library?: LibraryChange | undefined
}

export type LibraryChange =
  /** thumbnails: sizes that are to be made of it. */
  | { tag: 'upsert'; file: FileInput; thumbnails?: readonly string[] }
  | { tag: 'deleted'; fileId: string }
  /** The file has another ID now; its row stays what it is. */
  | { tag: 'renamed'; from: string; fileId: string; sizeBytes: number; crc32: number; state: FileState; metadata: Metadata }
  | ({ tag: 'metadata' } & MetadataLearned)

/** Sentences for the user; their texts belong to the renderer. */
export type NoticeCode = 'BATCH_DONE' | 'BATCH_FAILED' | 'BATCH_LOST' | 'SOURCE_CHANGED' | 'JOURNAL_FAILED' | 'ROW_UNREADABLE' | 'LEFTOVERS'

const FINAL = new WeakSet<AppError>()

/** Marks an error after which trying again is known not to help, whatever its code says in general. */
export function final(error: AppError): AppError {
  FINAL.add(error)
  return error
}

const QUESTIONS = new WeakSet<AppError>()

/** Marks an error that is a question to the user: the transfer is held until it is answered. */
export function question(error: AppError): AppError {
  QUESTIONS.add(error)
  return error
}

export function isQuestion(error: AppError): boolean {
  return QUESTIONS.has(error)
}

export function isFinal(error: AppError): boolean {
  return FINAL.has(error)
}
