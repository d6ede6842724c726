import type { ErrorData } from '../../shared/errors.ts'
import type { FileQuery, FileRow, FileSort } from '../../shared/model.ts'

/** What the main thread may ask of the worker, and what it answers. */
export interface WorkerCalls {
  open: {
    input: [profileId: string, query: FileQuery, sort: FileSort, first: number]
    output: { view: number; rows: FileRow[]; total: number }
  }
  rows: { input: [view: number, start: number, count: number]; output: FileRow[] }
  ids: { input: [view: number, start: number, count: number]; output: number[] }
  close: { input: [view: number]; output: void }
}
export type WorkerCall = keyof WorkerCalls

export interface WorkerRequest {
  id: number
  call: WorkerCall
  input: unknown[]
}

export type WorkerReply = { id: number; ok: unknown } | { id: number; error: ErrorData }
