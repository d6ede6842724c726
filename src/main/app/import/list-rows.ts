import { AppError, type ErrorData } from '../../../shared/errors.ts'
import { extractFileIds } from '../../../shared/file-id-text.ts'
import type { ListColumn } from '../../../shared/import.ts'
import type { Metadata } from '../../../shared/model.ts'

/** A row of a list that names a file. */
export interface ListedFile {
  line: number
  fileId: string
  name: string | null
  folder: string | null
  tags: string[]
  metadata: Metadata
}

export interface BadRow {
  line: number
  text: string
  error: ErrorData
}

const MAX_KEY_BYTES = 64
const MAX_VALUE_BYTES = 256
const SHOWN = 200

/** The rows of a table by what its columns hold. `first`: line of the first row. */
export function readRows(rows: readonly string[][], columns: readonly ListColumn[], first: number): { files: ListedFile[]; bad: BadRow[] } {
  const files: ListedFile[] = []
  const bad: BadRow[] = []
  const of = (use: ListColumn['use']): number => columns.findIndex((column) => column.use === use)
  const [fileColumn, nameColumn, folderColumn, tagsColumn] = [of('file'), of('name'), of('folder'), of('tags')]
  rows.forEach((row, index) => {
    const line = first + index
    const cell = (column: number): string => (column === -1 ? '' : (row[column] ?? '').trim())
    const { found, rejected } = extractFileIds(cell(fileColumn))
    const one = found[0]
    if (!one) {
      const reason = rejected[0]?.reason ?? 'no-file-id'
      const text = (cell(fileColumn) || row.join(' ')).slice(0, SHOWN)
      bad.push({ line, text, error: new AppError('FILE_ID_INVALID', { detail: { fileId: text, reason, line } }).toData() })
      return
    }
    const told: Metadata = {}
    columns.forEach((column, at) => {
      const value = unprotected(cell(at))
      if (value === '') return
      if (column.use === 'json') Object.assign(told, tryMetadata(value))
      else if (column.use === 'metadata' && column.key !== '') told[column.key] = value
    })
    const wrong = problemOf(told, line)
    if (wrong !== null) {
      bad.push({ line, text: one.facts.fileId, error: wrong })
      return
    }
    files.push({
      line,
      fileId: one.facts.fileId,
      name: unprotected(cell(nameColumn)) || null,
      folder: unprotected(cell(folderColumn)) || null,
      tags: splitTags(unprotected(cell(tagsColumn))),
      metadata: told
    })
  })
  return { files, bad }
}

/** What spreadsheets would calculate stands behind an apostrophe in our exports (see library/export.ts). */
const unprotected = (cell: string): string => cell.replace(/^'(?='*[=+\-@\t\r])/, '')

function problemOf(metadata: Metadata, line: number): ErrorData | null {
  for (const [key, value] of Object.entries(metadata)) {
    // oxlint-disable-next-line no-control-regex
    if (/[\u0000-\u0002]/.test(key + value)) return new AppError('METADATA_INVALID', { detail: { key, line } }).toData()
    if (Buffer.byteLength(key) > MAX_KEY_BYTES || Buffer.byteLength(value) > MAX_VALUE_BYTES) {
      return new AppError('METADATA_TOO_LONG', { detail: { key, line } }).toData()
    }
  }
  return null
}

/** Metadata as one JSON object of texts; null for anything else. */
export function tryMetadata(text: string): Metadata | null {
  const value = text.startsWith('{') ? tryJson(text) : null
  if (value === null || Object.values(value).some((each) => typeof each !== 'string' && typeof each !== 'number')) return null
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, String(each)]))
}

/** An object; null for anything else. */
function tryJson(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

const firstText = (value: Record<string, unknown>, keys: readonly string[]): string => {
  const found = keys.map((key) => value[key]).find((each) => typeof each === 'string' && each !== '')
  return typeof found === 'string' ? found.trim() : ''
}

/**
 * JSON lines, as the export of a library and the command line write them: one object per file. null: the text is something else
 * (its first line is no object that names a file).
 */
export function readJsonLines(text: string): { files: ListedFile[]; bad: BadRow[] } | null {
  if (!/^\s*\{/.test(text)) return null
  const files: ListedFile[] = []
  const bad: BadRow[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const [shown, line] = [raw.trim(), index + 1]
    if (shown === '') continue
    const value = tryJson(shown)
    const { found, rejected } = extractFileIds(value === null ? '' : firstText(value, ['fileId', 'file_id', 'id', 'url']))
    const one = found[0]
    if (value === null || !one) {
      if (files.length === 0) return null
      const detail = { fileId: shown.slice(0, SHOWN), reason: rejected[0]?.reason ?? 'no-file-id', line }
      bad.push({ line, text: shown.slice(0, SHOWN), error: new AppError('FILE_ID_INVALID', { detail }).toData() })
      continue
    }
    const metadata = tryMetadata(JSON.stringify(value['metadata'] ?? {})) ?? {}
    const wrong = problemOf(metadata, line)
    if (wrong !== null) {
      bad.push({ line, text: one.facts.fileId, error: wrong })
      continue
    }
    const tags = Array.isArray(value['tags']) ? value['tags'].filter((tag) => typeof tag === 'string') : []
    const fileId = one.facts.fileId
    files.push({ line, fileId, name: firstText(value, ['name']) || null, folder: firstText(value, ['folder']) || null, tags, metadata })
  }
  return { files, bad }
}

/** IDs and links anywhere in a text; nothing else is known of them. */
export function readText(text: string): { files: ListedFile[]; bad: BadRow[] } {
  const { found, rejected } = extractFileIds(text)
  return {
    files: found.map(({ facts, line }) => ({ line, fileId: facts.fileId, name: null, folder: null, tags: [], metadata: {} })),
    bad: rejected.map(({ text: shown, reason, line }) => ({
      line,
      text: shown,
      error: new AppError('FILE_ID_INVALID', { detail: { fileId: shown, reason, line } }).toData()
    }))
  }
}

const splitTags = (cell: string): string[] =>
  cell
    .split(/[,;|，；、]/)
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '')

/** Every file once: later rows add to earlier ones. Returns how many rows were repetitions. */
export function mergeRows(files: readonly ListedFile[]): { files: ListedFile[]; repeated: number } {
  const merged = new Map<string, ListedFile>()
  for (const file of files) {
    const before = merged.get(file.fileId)
    if (!before) merged.set(file.fileId, file)
    else {
      merged.set(file.fileId, {
        ...before,
        name: file.name ?? before.name,
        folder: file.folder ?? before.folder,
        tags: [...new Set([...before.tags, ...file.tags])],
        metadata: { ...before.metadata, ...file.metadata }
      })
    }
  }
  return { files: [...merged.values()], repeated: files.length - merged.size }
}
