/** The library worker: statements that take long run here, on a read connection of their own. */
import { parentPort, workerData } from 'node:worker_threads'
import { toAppError } from '../../shared/errors.ts'
import { connect } from './open.ts'
import { createViewEngine, type ViewEngine } from './view-engine.ts'
import type { WorkerReply, WorkerRequest } from './worker-messages.ts'

const port = parentPort
if (port === null) throw new Error('library-worker runs in a worker thread only')

const { path } = workerData as { path: string }
const connection = await connect(path, { readOnly: true })
connection.exec('PRAGMA cache_size = -65536')
connection.exec('PRAGMA temp_store = MEMORY')
const engine = createViewEngine(connection)

port.on('message', (request: WorkerRequest) => {
  port.postMessage(answer(engine, request))
})

function answer(target: ViewEngine, { id, call, input }: WorkerRequest): WorkerReply {
  try {
    // The main thread's typed `ask` made the input.
    const method = target[call] as (...args: unknown[]) => unknown
    return { id, ok: method(...input) }
  } catch (error) {
    return { id, error: toAppError(error).toData() }
  }
}
