import { Worker } from 'node:worker_threads'
import { AppError, fromErrorData } from '../../shared/errors.ts'
import type { BulkCall, BulkCalls, BulkReply, BulkRequest } from './bulk-messages.ts'
import type { BulkWork } from './types.ts'
import type { WriteGate } from './write-gate.ts'

interface Waiting {
  resolve(value: unknown): void
  reject(error: AppError): void
  progress(value: unknown): void
}

/** Calls that change files: views made before are no longer right. */
const WRITES = new Set<BulkCall>(['binlogs', 'listingAdd', 'listingEnd', 'upsert', 'change', 'learned'])
/** Calls that leave texts to be indexed. */
const TEXTS = new Set<BulkCall>(['upsert', 'change', 'learned'])
/** Files that cross to the thread at once: copying them must not hold up this one. */
const CHUNK = 2_000

/**
 * The main thread's side of the thread that writes much. It is started by the first call; when it dies, what was under way fails
 * with LIBRARY_FAILED (nothing is half written: transactions are whole), and the next call starts another one.
 */
export function createBulk(options: {
  path: string
  workerUrl: URL
  gate: WriteGate
  /** Unix ms. */
  now: () => number
  /** Files have changed. */
  changed: () => void
  /** Perhaps texts wait to be indexed. */
  textsChanged: () => void
}): BulkWork & { stop(): Promise<void> } {
  let worker: Worker | null = null
  const waiting = new Map<number, Waiting>()
  let last = 0
  let stopped = false

  function start(): Worker {
    const started = new Worker(options.workerUrl, {
      workerData: { path: options.path, gate: options.gate.memory },
      // What it makes lives short: a small young generation keeps the whole program small.
      resourceLimits: { maxYoungGenerationSizeMb: 16 }
    })
    // A window that is closed must not be kept alive by its library; calls under way are.
    started.unref()
    started.on('message', (reply: BulkReply) => {
      const call = waiting.get(reply.id)
      if ('progress' in reply) {
        call?.progress(reply.progress)
        return
      }
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
    options.gate.free()
    const reason = cause instanceof Error ? cause.message : 'the worker ended'
    for (const call of waiting.values()) {
      call.reject(cause instanceof AppError ? cause : new AppError('LIBRARY_FAILED', { cause, detail: { path: options.path, reason } }))
    }
    waiting.clear()
  }

  function ask<C extends BulkCall>(
    call: C,
    input: BulkCalls[C]['input'],
    progress: (value: BulkCalls[C]['progress']) => void = () => {},
    signal?: AbortSignal
  ): Promise<BulkCalls[C]['output']> {
    return new Promise((resolve, reject) => {
      if (stopped || signal?.aborted) {
        reject(new AppError('ABORTED'))
        return
      }
      worker ??= start()
      const asked = worker
      const id = ++last
      const cancel = (): void => asked.postMessage({ cancel: id } satisfies BulkRequest)
      const told = WRITES.has(call) ? options.changed : () => {}
      const end = (): void => {
        signal?.removeEventListener('abort', cancel)
        told()
      }
      signal?.addEventListener('abort', cancel)
      waiting.set(id, {
        resolve(value) {
          end()
          if (TEXTS.has(call)) options.textsChanged()
          resolve(value as BulkCalls[C]['output'])
        },
        reject(error) {
          end()
          reject(error)
        },
        progress(value) {
          told()
          progress(value as BulkCalls[C]['progress'])
        }
      })
      asked.ref()
      asked.postMessage({ id, call, input, now: options.now() } as BulkRequest)
    })
  }

  return {
    binlogs: (profileId, request, progress, signal) => ask('binlogs', [profileId, request], progress, signal),
    async listing(profileId, group, read, sources) {
      const run = await ask('listingBegin', [profileId, group, read, sources])
      return {
        add: (names) => ask('listingAdd', [run, names.join('\n')]),
        end: (complete) => ask('listingEnd', [run, complete]),
        drop: () => void ask('listingDrop', [run]).catch(() => {})
      }
    },
    async upsert(profileId, files, progress, signal) {
      const sum = { inserted: 0, merged: 0 }
      for (let at = 0; at < files.length; at += CHUNK) {
        const { inserted, merged } = await ask('upsert', [profileId, files.slice(at, at + CHUNK)], undefined, signal)
        sum.inserted += inserted
        sum.merged += merged
        progress?.({ done: Math.min(files.length, at + CHUNK) })
      }
      return sum
    },
    change: (profileId, selection, change, progress) => ask('change', [profileId, selection, change], progress),
    async known(profileId, fileIds) {
      const known: BulkCalls['known']['output'] = []
      for (let at = 0; at < fileIds.length; at += CHUNK) known.push(...(await ask('known', [profileId, fileIds.slice(at, at + CHUNK)])))
      return known
    },
    toRead: (profileId, limit) => ask('toRead', [profileId, limit]),
    learned: (profileId, learned) => ask('learned', [profileId, [...learned]]),
    dropReads: (profileId) => ask('dropReads', [profileId]),
    indexTexts: () => ask('indexTexts', []),
    async stop() {
      stopped = true
      const ending = worker
      if (!ending) return
      fail(ending, new AppError('ABORTED'))
      await ending.terminate()
    }
  }
}
