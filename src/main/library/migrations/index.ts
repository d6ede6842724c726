import { AppError } from '../../../shared/errors.ts'
import type { Connection } from '../connection.ts'
import { migration as filesAndTransfers } from './0001-files-and-transfers.ts'
import { migration as historyAndTrash } from './0002-history-and-trash.ts'
import { migration as order } from './0003-order.ts'
import { migration as readQueue } from './0004-read-queue.ts'
import { migration as thumbnails } from './0005-thumbnails.ts'

export interface Migration {
  /** PRAGMA user_version after it; 1, 2, 3 … without gaps. A released migration is never changed. */
  version: number
  sql: string
}

export const migrations: readonly Migration[] = [filesAndTransfers, historyAndTrash, order, readQueue, thumbnails]

export const SCHEMA_VERSION = migrations.length

/**
 * Brings the library to the newest schema, each step in its own transaction. LIBRARY_FAILED (reason `newer`) when a newer
 * version of the program made it: nothing is touched then.
 */
export function migrate(connection: Connection, target = SCHEMA_VERSION): { from: number; to: number } {
  const from = connection.number('PRAGMA user_version')
  if (from > SCHEMA_VERSION) {
    throw new AppError('LIBRARY_FAILED', {
      detail: { path: connection.path, reason: 'newer', version: from, supported: SCHEMA_VERSION }
    })
  }
  for (const step of migrations.slice(from, target)) {
    connection.transaction(true, () => {
      connection.exec(step.sql)
      connection.exec(`PRAGMA user_version = ${step.version}`)
    })
  }
  return { from, to: Math.max(from, target) }
}
