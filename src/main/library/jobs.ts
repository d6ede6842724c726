import { Worker } from 'node:worker_threads'
import { AppError, fromErrorData, type ErrorData } from '../../shared/errors.ts'
import type { MergePreview, MergeRules, RepairReport } from '../../shared/model.ts'
import type { OtherOrder } from './merge-order.ts'
import type { FileInput } from './types.ts'

/** Work on whole libraries: each in a thread of its own, which ends with it. */
export interface Jobs {
  backup: { input: { path: string; target: string }; output: { sizeBytes: number; files: number }; progress: never }
  /** What is wrong with the file; null = nothing. */
  check: { input: { path: string }; output: string | null; progress: never }
  salvage: { input: { path: string; target: string }; output: RepairReport; progress: { rows: number } }
  export: {
    input: { path: string; target: string; format: 'csv' | 'jsonl'; profileId?: string | undefined }
    output: number
    progress: { rows: number }
  }
  /** `other`: a library that nobody else uses; its schema is brought up to date. */
  compare: { input: { path: string; other: string; map: Record<string, string | null> }; output: MergePreview; progress: never }
  merge: {
    input: { path: string; other: string; map: Record<string, string | null>; rules: MergeRules }
    /** What is not in the files; to be put in after them. */
    output: OtherOrder[]
    progress: { profileId: string; files: FileInput[] }
  }
}
export type JobName = keyof Jobs

export type JobRequest = { [N in JobName]: { job: N; input: Jobs[N]['input'] } }[JobName]
export type JobMessage = { ok: unknown } | { error: ErrorData } | { progress: unknown }

/**
 * Runs one job. Rejects with what the job meets, with LIBRARY_FAILED when its thread dies, with ABORTED when `signal` ends it
 * (files under way are removed by whoever knows their names). `progress` may be asynchronous: the job goes on meanwhile.
 */
export function runJob<N extends JobName>(
  workerUrl: URL,
  job: N,
  input: Jobs[N]['input'],
  options: { progress?: (value: Jobs[N]['progress']) => void; signal?: AbortSignal } = {}
): Promise<Jobs[N]['output']> {
  const { progress, signal } = options
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(new AppError('ABORTED'))
      return
    }
    // What is read is soon forgotten: collected often, it stays small.
    const worker = new Worker(workerUrl, { workerData: { job, input }, resourceLimits: { maxYoungGenerationSizeMb: 8 } })
    const end = (settle: () => void): void => {
      signal?.removeEventListener('abort', abort)
      settle()
      void worker.terminate()
    }
    const abort = (): void => end(() => reject(new AppError('ABORTED')))
    signal?.addEventListener('abort', abort)
    worker.on('message', (message: JobMessage) => {
      if ('progress' in message) progress?.(message.progress as Jobs[N]['progress'])
      else if ('error' in message) end(() => reject(fromErrorData(message.error)))
      else end(() => resolve(message.ok as Jobs[N]['output']))
    })
    worker.on('error', (cause) => end(() => reject(new AppError('LIBRARY_FAILED', { cause, detail: { reason: String(cause) } }))))
    worker.on('exit', () => end(() => reject(new AppError('LIBRARY_FAILED', { detail: { reason: 'the worker ended' } }))))
  })
}
