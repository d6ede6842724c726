import { mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { createBulk } from './bulk.ts'
import { backupName, copyLibrary } from './backup.ts'
import { createCatalogue } from './catalogue.ts'
import { connect, LOG_KEEPS_BYTES, type Connection } from './connection.ts'
import { createJournal } from './journal.ts'
import { createMetadataHistory } from './metadata-history.ts'
import { migrate, SCHEMA_VERSION } from './migrations/index.ts'
import { createOrder } from './order.ts'
import { createSetAside, type SetAsideRow } from './set-aside.ts'
import { createTextIndex } from './text-index.ts'
import { createThumbnails } from './thumbnails.ts'
import { createTrash } from './trash.ts'
import type { Library } from './types.ts'
import { createViews } from './views.ts'
import { WalSync } from './wal-sync.ts'
import { libraryWorkerUrl } from './worker-url.ts'
import { WriteGate } from './write-gate.ts'

export interface LibraryOptions {
  /** The SQLite file; its folder is made when missing. */
  path: string
  /** Unix ms; for the time a file came into the library. */
  clock?: () => number
  /** Where the worker's code is; found by itself in sources and in bundles. */
  workerUrl?: URL
  /** How long to wait for another program that holds the file. */
  busyTimeoutMs?: number
  /** Where a copy goes before the schema is changed; none is made without it. */
  backups?: string
  /** Texts of many files are found from now on that were not before. */
  onIndexed?: () => void
  /** Told once for every row that could not be understood and was set aside. */
  onSetAside?: (row: SetAsideRow) => void
}

/**
 * Opens the library, making it when there is none, and brings its schema up to date. One process at a time: the caller holds
 * the data folder. Errors: LIBRARY_LOCKED, LIBRARY_CORRUPT (the file is left as it is), LIBRARY_FAILED with reason `newer`
 * (made by a newer version), LOCAL_DENIED, LOCAL_READ_ONLY, LOCAL_DISK_FULL, LOCAL_IO.
 */
export async function openLibrary(options: LibraryOptions): Promise<Library> {
  const clock = options.clock ?? Date.now
  try {
    await mkdir(dirname(options.path), { recursive: true })
  } catch (error) {
    throw new AppError('LOCAL_DENIED', { cause: error, detail: { path: dirname(options.path) } })
  }
  const connection = await connect(options.path, options.busyTimeoutMs)
  try {
    if ((await stat(options.path)).size <= CHECKED_BYTES) check(connection)
    prepare(connection)
    const version = connection.number('PRAGMA user_version')
    if (options.backups !== undefined && version > 0 && version < SCHEMA_VERSION) {
      await copyLibrary(connection, join(options.backups, backupName(clock(), version)))
    }
    migrate(connection)
  } catch (error) {
    connection.close()
    throw error
  }
  const setAside = createSetAside(connection, clock, options.onSetAside ?? (() => {}))
  const workerUrl = options.workerUrl ?? libraryWorkerUrl()
  const gate = new WriteGate()
  connection.turn = () => gate.pass()
  const bulk = createBulk({
    path: options.path,
    workerUrl,
    gate,
    now: clock,
    changed: () => views.changed(),
    textsChanged: () => void indexTexts()
  })
  // What cannot be indexed now is found by its old text: better than nothing, and writing tells what is wrong.
  const indexTexts = (): Promise<void> =>
    bulk.indexTexts().then(
      () => {
        views.changed()
        options.onIndexed?.()
      },
      () => {}
    )
  // Not with every transaction: the index is written best in large parts, and takes turns with whoever writes.
  let later: NodeJS.Timeout | null = null
  const indexLater = (): void => {
    later ??= setTimeout(() => {
      later = null
      void indexTexts()
    }, INDEX_EVERY_MS)
    later.unref()
  }
  const log = new WalSync(options.path)
  const texts = createTextIndex(connection, indexLater)
  const views = createViews({
    path: options.path,
    workerUrl,
    async searching() {
      const waiting = texts.waiting()
      if (waiting === 'few') await bulk.indexTexts().catch(() => {})
      else if (waiting === 'many') void indexTexts()
    }
  })
  return {
    files: createCatalogue(connection, texts, clock, () => views.changed()),
    views,
    bulk,
    journal: createJournal(connection, setAside, log),
    history: createMetadataHistory(connection),
    trash: createTrash(connection, texts, clock, () => views.changed()),
    thumbnails: createThumbnails(connection),
    order: createOrder(connection, () => views.changed()),
    setAside: () => setAside.list(),
    async close() {
      if (later !== null) clearTimeout(later)
      await views.stop()
      await bulk.stop()
      await log.close()
      connection.close()
    }
  }
}

/** While files are written one after the other, their texts are indexed so often; a search indexes at once. */
const INDEX_EVERY_MS = 3_000

/** Libraries up to this size are checked at opening: some 50 ms. */
const CHECKED_BYTES = 32 * 1_048_576

/** LIBRARY_CORRUPT when a page is damaged. Reads the whole file. */
function check(connection: Connection): void {
  const [first] = connection.all('PRAGMA quick_check(1)')
  const verdict = String(Object.values(first ?? {})[0] ?? 'ok')
  if (verdict !== 'ok') throw new AppError('LIBRARY_CORRUPT', { detail: { path: connection.path, reason: verdict } })
}

/** Settings of the connection that writes. */
function prepare(connection: Connection): void {
  connection.exec('PRAGMA journal_mode = WAL')
  connection.exec('PRAGMA synchronous = NORMAL')
  // macOS: fsync alone leaves data in the drive's cache.
  connection.exec('PRAGMA fullfsync = ON')
  connection.exec('PRAGMA checkpoint_fullfsync = ON')
  connection.exec('PRAGMA foreign_keys = ON')
  connection.exec('PRAGMA temp_store = MEMORY')
  connection.exec('PRAGMA cache_size = -32768')
  connection.exec(`PRAGMA journal_size_limit = ${LOG_KEEPS_BYTES}`)
  // The workers move the log into the database meanwhile; this is the net below them (256 MiB).
  connection.exec('PRAGMA wal_autocheckpoint = 65536')
}
