/** The library's threads: one reads (views), the other writes much (imports, changes of many files). Same code, by its data. */
import { parentPort, workerData } from 'node:worker_threads'
import { serveBulk } from './bulk-worker.ts'
import { connect } from './connection.ts'
import { serveViews } from './view-worker.ts'

const port = parentPort
if (port === null) throw new Error('library-worker runs in a worker thread only')

const { path, gate } = workerData as { path: string; gate?: SharedArrayBuffer }
const connection = await connect(path)
connection.exec('PRAGMA synchronous = NORMAL')
connection.exec('PRAGMA foreign_keys = ON')
connection.exec(`PRAGMA cache_size = -${gate ? 32_768 : 65_536}`)
connection.exec('PRAGMA temp_store = MEMORY')
connection.exec('PRAGMA fullfsync = ON')
connection.exec('PRAGMA checkpoint_fullfsync = ON')
connection.exec('PRAGMA journal_size_limit = 67108864')
// Done between transactions, not at the end of one.
connection.exec('PRAGMA wal_autocheckpoint = 0')
if (gate) serveBulk(port, connection, gate)
else serveViews(port, connection)
