import type { ErrorData } from '../../shared/errors.ts'
import type { DuplicateSummary, FileQuery, FileRow, FileSort } from '../../shared/model.ts'
import type { Keep } from './duplicates.ts'
import type { OpenedView } from './view-engine.ts'

/** What the main thread may ask of the worker, and what it answers. */
export interface WorkerCalls {
  open: {
    input: [profileId: string, query: FileQuery, sort: FileSort, first: number]
    output: OpenedView
  }
  rows: { input: [view: number, start: number, count: number]; output: FileRow[] }
  ids: { input: [view: number, start: number, count: number]; output: number[] }
  place: { input: [view: number, id: number]; output: number | null }
  total: { input: [view: number]; output: number }
  close: { input: [view: number]; output: void }
  duplicates: { input: [profileId: string]; output: DuplicateSummary }
  spareCopies: { input: [profileId: string, keep: Keep]; output: number[] }
  /** Sent before the first call after files have changed. */
  forgetCached: { input: []; output: void }
}
export type WorkerCall = keyof WorkerCalls

export type WorkerRequest = { [C in WorkerCall]: { id: number; call: C; input: WorkerCalls[C]['input'] } }[WorkerCall]

export type WorkerReply = { id: number; ok: unknown } | { id: number; error: ErrorData }
