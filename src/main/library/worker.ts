/**
 * The library's threads: one reads (views), one writes much (imports, changes of many files), and those that do one job (copies,
 * checks, repair, export, merge). Same code, by its data.
 */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { serveBulk } from './bulk-worker.ts'
import { connect, LOG_KEEPS_BYTES } from './connection.ts'
import { serveJob } from './job-worker.ts'
import type { JobRequest } from './jobs.ts'
import { serveViews } from './view-worker.ts'

const port = parentPort
if (port === null) throw new Error('library-worker runs in a worker thread only')

if ('job' in workerData) await serveJob(port, workerData as JobRequest)
else await serveLibrary(port, workerData as { path: string; gate?: SharedArrayBuffer })

async function serveLibrary(own: MessagePort, { path, gate }: { path: string; gate?: SharedArrayBuffer }): Promise<void> {
  const connection = await connect(path)
  connection.exec('PRAGMA synchronous = NORMAL')
  connection.exec('PRAGMA foreign_keys = ON')
  connection.exec(`PRAGMA cache_size = -${gate ? 32_768 : 65_536}`)
  connection.exec('PRAGMA temp_store = MEMORY')
  connection.exec('PRAGMA fullfsync = ON')
  connection.exec('PRAGMA checkpoint_fullfsync = ON')
  connection.exec(`PRAGMA journal_size_limit = ${LOG_KEEPS_BYTES}`)
  // Done between transactions, not at the end of one.
  connection.exec('PRAGMA wal_autocheckpoint = 0')
  if (gate) serveBulk(own, connection, gate)
  else serveViews(own, connection)
}
