import type { ErrorData } from '../../shared/errors.ts'
import type { BinlogReport, MergeCounts } from '../../shared/import.ts'
import type { FileSelection } from '../../shared/model.ts'
import type { FileChange, FileInput, KnownFile, ReadTask, FileLearned } from './types.ts'

/** What the main thread may ask of the thread that writes much, and what it answers. */
export interface BulkCalls {
  /** `lookup` = report only. */
  binlogs: {
    input: [profileId: string, request: { paths: readonly string[]; group: string; read: boolean; lookup: boolean }]
    output: { report: BinlogReport; counts: MergeCounts }
    progress: { share: number; counts: MergeCounts }
  }
  listingBegin: {
    input: [profileId: string, group: string, read: boolean, sources: readonly string[] | null]
    output: number
    progress: never
  }
  /** Names without their group, one per line. */
  listingAdd: { input: [run: number, names: string]; output: MergeCounts; progress: never }
  /** `complete`: every path of the storage was listed to its end. */
  listingEnd: { input: [run: number, complete: boolean]; output: MergeCounts; progress: never }
  listingDrop: { input: [run: number]; output: void; progress: never }
  upsert: { input: [profileId: string, files: FileInput[]]; output: { inserted: number; merged: number }; progress: { done: number } }
  change: { input: [profileId: string, selection: FileSelection, change: FileChange]; output: number; progress: { done: number } }
  known: { input: [profileId: string, fileIds: string[]]; output: (KnownFile | null)[]; progress: never }
  toRead: { input: [profileId: string, limit: number]; output: { tasks: ReadTask[]; left: number }; progress: never }
  learned: { input: [profileId: string, learned: FileLearned[]]; output: void; progress: never }
  dropReads: { input: [profileId: string]; output: number; progress: never }
  indexTexts: { input: []; output: void; progress: never }
}
export type BulkCall = keyof BulkCalls

export type BulkRequest =
  /** `now`: Unix ms. */
  | { [C in BulkCall]: { id: number; call: C; input: BulkCalls[C]['input']; now: number } }[BulkCall]
  /** Ends the call with this id: it fails with ABORTED. */
  | { cancel: number }

export type BulkReply = { id: number; ok: unknown } | { id: number; error: ErrorData } | { id: number; progress: unknown }
