import { Worker } from 'node:worker_threads'
import { AppError, fromErrorData } from '../../shared/errors.ts'
import type { FileViews } from './types.ts'
import type { WorkerCall, WorkerCalls, WorkerReply, WorkerRequest } from './worker-messages.ts'

interface Waiting {
  resolve(value: unknown): void
  reject(error: AppError): void
}

/**
 * Views, built in a worker thread. It is started by the first call; when it dies, waiting calls fail with LIBRARY_FAILED and
 * the next call starts another one (views of the former are unknown to it: INPUT_INVALID).
 */
export function createViews(options: {
  path: string
  workerUrl: URL
  /** Called before a view of a search is asked for; awaited. Never rejects. */
  searching: () => Promise<void>
}): FileViews & { changed(): void; stop(): Promise<void> } {
  let worker: Worker | null = null
  const waiting = new Map<number, Waiting>()
  let last = 0
  let stopped = false
  let stale = false

  function start(): Worker {
    const started = new Worker(options.workerUrl, { workerData: { path: options.path } })
    // A window that is closed must not be kept alive by its library; calls under way are.
    started.unref()
    started.on('message', (reply: WorkerReply) => {
      const call = waiting.get(reply.id)
      waiting.delete(reply.id)
      if (waiting.size === 0) started.unref()
      if ('error' in reply) call?.reject(fromErrorData(reply.error))
      else call?.resolve(reply.ok)
    })
    started.on('error', (error) => fail(started, error))
    started.on('exit', () => fail(started, undefined))
    return started
  }

  function fail(failed: Worker, cause: unknown): void {
    if (worker !== failed) return
    worker = null
    const reason = cause instanceof Error ? cause.message : 'the worker ended'
    for (const call of waiting.values()) {
      call.reject(cause instanceof AppError ? cause : new AppError('LIBRARY_FAILED', { cause, detail: { path: options.path, reason } }))
    }
    waiting.clear()
  }

  function ask<C extends WorkerCall>(call: C, ...input: WorkerCalls[C]['input']): Promise<WorkerCalls[C]['output']> {
    return new Promise((resolve, reject) => {
      if (stopped) {
        reject(new AppError('ABORTED'))
        return
      }
      worker ??= start()
      last += 1
      waiting.set(last, { resolve: (value) => resolve(value as WorkerCalls[C]['output']), reject })
      worker.ref()
      worker.postMessage({ id: last, call, input } as WorkerRequest)
    })
  }

  return {
    async open(profileId, query, sort, first) {
      if (query.text) await options.searching()
      if (stale) ask('forgetCached').catch(() => {})
      stale = false
      return ask('open', profileId, query, sort, first)
    },
    rows: (view, start, count) => ask('rows', view, start, count),
    total: (view) => ask('total', view),
    ids: (view, start, count) => ask('ids', view, start, count),
    place: (view, id) => ask('place', view, id),
    duplicates: (profileId) => ask('duplicates', profileId),
    spareCopies: (profileId, keep) => ask('spareCopies', profileId, keep),
    close(view) {
      // Nothing to close when there is no worker; its failure is told to those who wait for rows.
      if (worker) ask('close', view).catch(() => {})
    },
    /** Files have changed: the next view is not made from what the worker remembers. */
    changed() {
      stale = worker !== null
    },
    async stop() {
      stopped = true
      const ending = worker
      if (!ending) return
      fail(ending, new AppError('ABORTED'))
      await ending.terminate()
    }
  }
}
