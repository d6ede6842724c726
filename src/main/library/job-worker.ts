import type { MessagePort } from 'node:worker_threads'
import { assertNever, toAppError } from '../../shared/errors.ts'
import { copyLibrary, firstProblem } from './backup.ts'
import { connect, type Connection } from './connection.ts'
import { exportFiles } from './export.ts'
import type { JobMessage, JobRequest } from './jobs.ts'
import { compareLibraries, mergeInputs } from './merge-other.ts'
import { otherOrders } from './merge-order.ts'
import { migrate } from './migrations/index.ts'
import { salvage } from './repair.ts'

const REPORT_MS = 200

/** Does one job of `jobs.ts` in its thread. */
export async function serveJob(port: MessagePort, request: JobRequest): Promise<void> {
  const send = (message: JobMessage): void => port.postMessage(message)
  let told = 0
  const rows = (count: number): void => {
    if (performance.now() - told < REPORT_MS) return
    told = performance.now()
    send({ progress: { rows: count } })
  }
  try {
    send({ ok: await run(request, rows, (progress) => send({ progress })) })
  } catch (error) {
    send({ error: toAppError(error).toData() })
  }
}

async function run(request: JobRequest, rows: (count: number) => void, send: (progress: unknown) => void): Promise<unknown> {
  switch (request.job) {
    case 'backup':
      return reading(request.input.path, (library) => copyLibrary(library, request.input.target))
    case 'check':
      return reading(request.input.path, firstProblem).catch(asProblem)
    case 'salvage':
      return salvage(request.input.path, request.input.target, rows)
    case 'export':
      return reading(request.input.path, (library) => exportFiles(library, request.input, rows))
    case 'compare':
      return both(request.input, (mine, other) => compareLibraries(mine, other, request.input.map))
    case 'merge':
      return both(request.input, (mine, other) => {
        for (const part of mergeInputs(mine, other, request.input.map, request.input.rules)) send(part)
        return otherOrders(other, request.input.map)
      })
    default:
      return assertNever(request)
  }
}

/** A file that cannot even be opened as a library. */
function asProblem(error: unknown): string {
  const known = toAppError(error)
  if (known.code !== 'LIBRARY_CORRUPT') throw known
  return String(known.detail['reason'] ?? known.message)
}

async function reading<T>(path: string, work: (library: Connection) => T | Promise<T>): Promise<T> {
  const library = await connect(path)
  try {
    library.exec('PRAGMA temp_store = MEMORY')
    library.exec('PRAGMA cache_size = -16384')
    return await work(library)
  } finally {
    library.close()
  }
}

function both<T>(input: { path: string; other: string }, work: (mine: Connection, other: Connection) => T): Promise<T> {
  return reading(input.other, (other) => {
    migrate(other)
    return reading(input.path, (mine) => work(mine, other))
  })
}
