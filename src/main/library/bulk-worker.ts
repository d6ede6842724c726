import type { MessagePort } from 'node:worker_threads'
import { AppError, toAppError } from '../../shared/errors.ts'
import type { BulkReply, BulkRequest } from './bulk-messages.ts'
import type { Connection } from './connection.ts'
import { createBulkEngine } from './import/engine.ts'
import { WriteGate } from './write-gate.ts'

/** Serves the calls of `bulk.ts` in the thread that writes much. */
export function serveBulk(port: MessagePort, connection: Connection, memory: SharedArrayBuffer): void {
  const gate = new WriteGate(memory)
  connection.turn = () => gate.enter()
  // The clock of the main thread, as of the last call.
  let now = 0
  const engine = createBulkEngine(connection, gate, () => now)
  const running = new Map<number, AbortController>()
  const send = (reply: BulkReply): void => port.postMessage(reply)

  async function run(request: Exclude<BulkRequest, { cancel: number }>): Promise<void> {
    const { id, call } = request
    now = request.now
    const abort = new AbortController()
    running.set(id, abort)
    try {
      // The pairs of call and input were made by `bulk.ts`.
      const work = engine[call] as (input: unknown, progress: (value: unknown) => void, signal: AbortSignal) => unknown
      send({ id, ok: await work(request.input, (progress) => send({ id, progress }), abort.signal) })
    } catch (error) {
      send({ id, error: (abort.signal.aborted ? new AppError('ABORTED', { cause: error }) : toAppError(error)).toData() })
    } finally {
      running.delete(id)
    }
  }

  port.on('message', (request: BulkRequest) => {
    if ('cancel' in request) running.get(request.cancel)?.abort()
    else void run(request)
  })
}
