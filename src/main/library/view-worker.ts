/** The thread that reads: statements that take long run here, on a read connection of their own. */
import { statSync } from 'node:fs'
import type { MessagePort } from 'node:worker_threads'
import { assertNever, toAppError } from '../../shared/errors.ts'
import type { Connection } from './connection.ts'
import { createViewEngine, type ViewEngine } from './view-engine.ts'
import type { WorkerReply, WorkerRequest } from './worker-messages.ts'

const CHECKPOINT_EVERY_MS = 1_000
const CHECKPOINT_FROM_BYTES = 4 * 1_048_576
/** A view is made whole when no other was opened for so long: whoever types opens one with every letter. */
const QUIET_MS = 150

/** Serves the calls of `views.ts`. */
export function serveViews(port: MessagePort, connection: Connection): void {
  // The connection is not opened read-only: moving the write-ahead log into the database is done here, where it disturbs nobody.
  connection.exec('PRAGMA query_only = ON')
  const engine = createViewEngine(connection)
  setInterval(() => {
    if ((statSync(`${connection.path}-wal`, { throwIfNoEntry: false })?.size ?? 0) < CHECKPOINT_FROM_BYTES) return
    try {
      connection.get('PRAGMA wal_checkpoint(PASSIVE)')
    } catch {
      // Nothing is lost: the log stays as it is, and the connection that writes meets the same trouble and tells it.
    }
  }, CHECKPOINT_EVERY_MS)
  const answer = (request: WorkerRequest): void => {
    const reply = (ok: unknown): void => port.postMessage({ id: request.id, ok } satisfies WorkerReply)
    try {
      run(engine, request, reply)
    } catch (error) {
      port.postMessage({ id: request.id, error: toAppError(error).toData() } satisfies WorkerReply)
    }
  }
  /** Totals that are waited for until nobody types any more. */
  const totals: WorkerRequest[] = []
  let quiet: NodeJS.Timeout | undefined
  port.on('message', (request: WorkerRequest) => {
    if (request.call === 'total') totals.push(request)
    else answer(request)
    if (request.call !== 'total' && request.call !== 'open') return
    clearTimeout(quiet)
    quiet = setTimeout(() => {
      for (const waiting of totals.splice(0)) answer(waiting)
      engine.build()
    }, QUIET_MS)
  })
}

function run(target: ViewEngine, request: WorkerRequest, reply: (ok: unknown) => void): void {
  switch (request.call) {
    case 'open':
      return target.open(...request.input, reply)
    case 'rows':
      return reply(target.rows(...request.input))
    case 'place':
      return reply(target.place(...request.input))
    case 'ids':
      return reply(target.ids(...request.input))
    case 'total':
      return reply(target.total(...request.input))
    case 'close':
      return reply(target.close(...request.input))
    case 'duplicates':
      return reply(target.duplicates(...request.input))
    case 'spareCopies':
      return reply(target.spareCopies(...request.input))
    case 'forgetCached':
      return reply(target.forgetCached())
    default:
      assertNever(request)
  }
}
