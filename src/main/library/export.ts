import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { rename, rm } from 'node:fs/promises'
import type { FileRow } from '../../shared/model.ts'
import { AppError } from '../../shared/errors.ts'
import type { Connection } from './connection.ts'
import { FILE_COLUMNS, toFileRow } from './file-rows.ts'

const CHUNK = 500
const COLUMNS = ['file_id', 'name', 'folder', 'size', 'crc32', 'kind', 'state', 'created', 'added', 'tags', 'metadata'] as const
/** What spreadsheets would calculate: shown as text instead. */
const FORMULA = /^'*[=+\-@\t\r]/

/**
 * Writes all files of a profile (undefined: of all of them) to a file, as CSV (UTF-8 with a mark, so that Excel shows Chinese) or
 * as JSON lines. Streams: memory does not grow with the library. The file gets its name when it is whole. Returns the rows.
 */
export async function exportFiles(
  connection: Connection,
  request: { target: string; format: 'csv' | 'jsonl'; profileId?: string | undefined },
  progress: (rows: number) => void
): Promise<number> {
  const { target, format, profileId } = request
  const part = `${target}.part`
  const out = createWriteStream(part, { mode: 0o600 })
  const failed = once(out, 'error').then(([error]) => {
    throw error
  })
  failed.catch(() => {})
  const write = async (text: string): Promise<void> => {
    if (!out.write(text)) await Promise.race([once(out, 'drain'), failed])
  }
  let rows = 0
  try {
    if (format === 'csv') await write(`\uFEFF${['connection', ...COLUMNS].join(',')}\r\n`)
    const sql = `SELECT ${FILE_COLUMNS}, profiles.id AS profile_id FROM files JOIN profiles ON no = files.profile
      WHERE files.id > ? AND (? IS NULL OR profiles.id = ?) ORDER BY files.id LIMIT ?`
    for (let last = 0; ;) {
      const found = connection.all(sql, [last, profileId ?? null, profileId ?? null, CHUNK])
      let text = ''
      for (const row of found)
        text += format === 'csv' ? csvLine(String(row.profile_id), toFileRow(row)) : jsonLine(String(row.profile_id), toFileRow(row))
      await write(text)
      rows += found.length
      progress(rows)
      if (found.length < CHUNK) break
      last = Number(found.at(-1)!.id)
    }
    out.end()
    await Promise.race([once(out, 'close'), failed])
    await rename(part, target)
    return rows
  } catch (error) {
    out.destroy()
    await rm(part, { force: true })
    throw error instanceof AppError ? error : localError(error, target)
  }
}

function jsonLine(connection: string, file: FileRow): string {
  // Numbers of rows mean nothing elsewhere.
  return `${JSON.stringify({ connection, ...file, id: undefined })}\n`
}

function csvLine(connection: string, file: FileRow): string {
  const time = (ms: number) => new Date(ms).toISOString()
  const cells = [
    connection,
    file.fileId,
    file.name,
    file.folder,
    file.sizeBytes ?? '',
    file.crc32 ?? '',
    file.kind,
    file.state,
    time(file.createdAt),
    time(file.addedAt),
    file.tags.join(';'),
    file.metadata === null ? '' : JSON.stringify(file.metadata)
  ]
  return `${cells.map(csvCell).join(',')}\r\n`
}

function csvCell(value: string | number): string {
  const text = typeof value === 'string' && FORMULA.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function localError(error: unknown, path: string): AppError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const known = {
    ENOSPC: 'LOCAL_DISK_FULL',
    EACCES: 'LOCAL_DENIED',
    EPERM: 'LOCAL_DENIED',
    EROFS: 'LOCAL_READ_ONLY',
    ENOENT: 'LOCAL_NOT_FOUND'
  } as const
  return new AppError(Object.hasOwn(known, code) ? known[code as keyof typeof known] : 'LOCAL_IO', { cause: error, detail: { path } })
}
