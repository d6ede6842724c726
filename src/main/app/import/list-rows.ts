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
    const metadata: Metadata = {}
    let wrong: ErrorData | null = null
    columns.forEach((column, at) => {
      const value = cell(at)
      if (column.use !== 'metadata' || column.key === '' || value === '') return
      // oxlint-disable-next-line no-control-regex
      if (/[\u0000-\u0002]/.test(value)) wrong = new AppError('METADATA_INVALID', { detail: { key: column.key, line } }).toData()
      else if (Buffer.byteLength(value) > MAX_VALUE_BYTES) {
        wrong = new AppError('METADATA_TOO_LONG', { detail: { key: column.key, line } }).toData()
      } else metadata[column.key] = value
    })
    if (wrong !== null) {
      bad.push({ line, text: one.facts.fileId, error: wrong })
      return
    }
    files.push({
      line,
      fileId: one.facts.fileId,
      name: cell(nameColumn) || null,
      folder: cell(folderColumn) || null,
      tags: splitTags(cell(tagsColumn)),
      metadata
    })
  })
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
