/** The library worker: statements that take long run here, on a read connection of their own. */
import { statSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { assertNever, toAppError } from '../../shared/errors.ts'
import { connect } from './connection.ts'
import { createViewEngine, type ViewEngine } from './view-engine.ts'
import type { WorkerReply, WorkerRequest } from './worker-messages.ts'

const port = parentPort
if (port === null) throw new Error('library-worker runs in a worker thread only')

const { path } = workerData as { path: string }
// Not opened read-only: moving the write-ahead log into the database is done here, where it disturbs nobody.
const connection = await connect(path)
connection.exec('PRAGMA query_only = ON')
connection.exec('PRAGMA cache_size = -65536')
connection.exec('PRAGMA temp_store = MEMORY')
connection.exec('PRAGMA fullfsync = ON')
connection.exec('PRAGMA checkpoint_fullfsync = ON')
const engine = createViewEngine(connection)

const CHECKPOINT_EVERY_MS = 1_000
const CHECKPOINT_FROM_BYTES = 4 * 1_048_576
setInterval(() => {
  if ((statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) < CHECKPOINT_FROM_BYTES) return
  try {
    connection.get('PRAGMA wal_checkpoint(PASSIVE)')
  } catch {
    // Nothing is lost: the log stays as it is, and the connection that writes meets the same trouble and tells it.
  }
}, CHECKPOINT_EVERY_MS)

port.on('message', (request: WorkerRequest) => {
  const reply = (ok: unknown): void => port.postMessage({ id: request.id, ok } satisfies WorkerReply)
  try {
    run(engine, request, reply)
  } catch (error) {
    port.postMessage({ id: request.id, error: toAppError(error).toData() } satisfies WorkerReply)
  }
})

function run(target: ViewEngine, request: WorkerRequest, reply: (ok: unknown) => void): void {
  switch (request.call) {
    case 'open':
      // Replies early: the order may be built after the first rows have left.
      return target.open(...request.input, reply)
    case 'rows':
      return reply(target.rows(...request.input))
    case 'ids':
      return reply(target.ids(...request.input))
    case 'close':
      return reply(target.close(...request.input))
    case 'forgetCached':
      return reply(target.forgetCached())
    default:
      assertNever(request)
  }
}
