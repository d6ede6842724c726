import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite'
import { AppError, type ErrorDetail } from '../../shared/errors.ts'

export type Row = Record<string, SQLOutputValue>
export type Params = readonly SQLInputValue[]

/** Statements kept prepared per connection; queries are built from parts, so their number is bounded but not small. */
const MAX_STATEMENTS = 256

/** What the write-ahead log keeps of its file when it is emptied. */
export const LOG_KEEPS_BYTES = 16 * 1_048_576

/**
 * One SQLite connection with prepared statements kept by their text. The only place where SQLite's errors are met:
 * everything it throws is an AppError. Synchronous; owned and closed by whoever opened it.
 */
export class Connection {
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()
  readonly path: string
  /** Called before every transaction; what it returns is called after it. Set where another thread writes, too. */
  turn: (() => () => void) | null = null

  constructor(db: DatabaseSync, path: string) {
    this.#db = db
    this.path = path
  }

  exec(sql: string): void {
    this.#guard(() => this.#db.exec(sql))
  }

  all(sql: string, params: Params = []): Row[] {
    return this.#guard(() => readAll(this.#prepare(sql), params))
  }

  get(sql: string, params: Params = []): Row | undefined {
    return this.#guard(() => this.#prepare(sql).get(...params))
  }

  /** The first column of the first row as a number; 0 when there is no row or it is NULL. */
  number(sql: string, params: Params = []): number {
    const row = this.get(sql, params)
    return row === undefined ? 0 : Number(Object.values(row)[0] ?? 0)
  }

  /** Number of changed rows. */
  run(sql: string, params: Params = []): number {
    return this.#guard(() => Number(this.#prepare(sql).run(...params).changes))
  }

  /** The new rowid. */
  insert(sql: string, params: Params = []): number {
    return this.#guard(() => Number(this.#prepare(sql).run(...params).lastInsertRowid))
  }

  /**
   * Runs `work` in one write transaction; rolled back when it throws. Must not be nested.
   *
   * `durable`: the commit is on disk (fsync of the write-ahead log) when this returns. With synchronous=NORMAL a WAL commit
   * survives a crash of the process but not of the machine; FULL adds the fsync. SQLite takes the level at BEGIN, so it is
   * switched per transaction. One fsync makes every earlier commit durable as well, because the log is one file.
   */
  transaction<T>(durable: boolean, work: () => T): T {
    const done = this.turn?.()
    try {
      if (durable) this.exec('PRAGMA synchronous = FULL')
      this.exec('BEGIN IMMEDIATE')
      const result = work()
      this.exec('COMMIT')
      return result
    } catch (error) {
      // A full disk or an I/O error may have rolled back already.
      if (this.#db.isOpen && this.#db.isTransaction) this.exec('ROLLBACK')
      throw error
    } finally {
      if (durable && this.#db.isOpen) this.exec('PRAGMA synchronous = NORMAL')
      done?.()
    }
  }

  get inTransaction(): boolean {
    return this.#db.isTransaction
  }

  close(): void {
    this.#statements.clear()
    if (this.#db.isOpen) this.#guard(() => this.#db.close())
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql)
    if (known) return known
    if (this.#statements.size >= MAX_STATEMENTS) this.#statements.clear()
    const statement = this.#db.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }

  #guard<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw libraryError(error, { path: this.path })
    }
  }
}

/**
 * A bare connection. node:sqlite is loaded here only, so that what needs no library (the command line) runs where Node has no
 * SQLite.
 */
export async function connect(path: string, busyTimeoutMs = 5_000): Promise<Connection> {
  try {
    const { DatabaseSync } = await import('node:sqlite')
    return new Connection(new DatabaseSync(path, { timeout: busyTimeoutMs }), path)
  } catch (error) {
    throw libraryError(error, { path })
  }
}

/** Integers beyond 2^53 (only damage makes them) come as bigint instead of failing the whole statement. */
function readAll(statement: StatementSync, params: Params): Row[] {
  try {
    return statement.all(...params)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  statement.setReadBigInts(true)
  try {
    return statement.all(...params).map((row) => {
      const readable = (value: SQLOutputValue): SQLOutputValue =>
        typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value
      return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, readable(value)]))
    })
  } finally {
    statement.setReadBigInts(false)
  }
}

// Primary SQLite result codes (the low byte of the extended code).
const SQLITE = { PERM: 3, BUSY: 5, LOCKED: 6, READONLY: 8, IOERR: 10, CORRUPT: 11, FULL: 13, CANTOPEN: 14, NOTADB: 26 } as const
const SQLITE_IOERR_CORRUPTFS = 10 | (33 << 8)

/** Any error thrown by node:sqlite as an AppError; others that are no AppError become LIBRARY_FAILED. */
export function libraryError(error: unknown, detail: ErrorDetail): AppError {
  if (error instanceof AppError) return error
  const reason = error instanceof Error ? error.message : String(error)
  const facts = { ...detail, reason }
  const extended = typeof error === 'object' && error !== null && 'errcode' in error ? Number(error.errcode) : 0
  if (extended === SQLITE_IOERR_CORRUPTFS) return new AppError('LIBRARY_CORRUPT', { cause: error, detail: facts })
  switch (extended & 0xff) {
    case SQLITE.BUSY:
    case SQLITE.LOCKED:
      return new AppError('LIBRARY_LOCKED', { cause: error, detail: facts })
    case SQLITE.CORRUPT:
    case SQLITE.NOTADB:
      return new AppError('LIBRARY_CORRUPT', { cause: error, detail: facts })
    case SQLITE.FULL:
      return new AppError('LOCAL_DISK_FULL', { cause: error, detail: facts })
    case SQLITE.READONLY:
      return new AppError('LOCAL_READ_ONLY', { cause: error, detail: facts })
    case SQLITE.PERM:
    case SQLITE.CANTOPEN:
      return new AppError('LOCAL_DENIED', { cause: error, detail: facts })
    case SQLITE.IOERR:
      return new AppError('LOCAL_IO', { cause: error, detail: facts })
    default:
      return new AppError('LIBRARY_FAILED', { cause: error, detail: facts })
  }
}
