import { ERRORS, type ErrorCode, type ErrorData } from '../../shared/errors.ts'
import type { Row } from './connection.ts'
import { isBatchKind, isStep, isTag } from './transfer-tags.ts'
import type { BatchRecord, TransferRecord } from './types.ts'

/** A stored row as a record, or why it cannot be understood. */
export type Parsed<T> = { ok: true; value: T } | { ok: false; reason: string }

/** Thrown and caught in this file only. */
class Unreadable extends Error {}

export function parseBatch(row: Row): Parsed<BatchRecord> {
  return attempt(() => {
    const kind = text(row, 'kind')
    if (!isBatchKind(kind)) throw new Unreadable(`kind ${kind}`)
    return {
      id: integer(row, 'id'),
      profileId: text(row, 'profile_id'),
      kind,
      title: text(row, 'title'),
      createdAt: integer(row, 'created_at'),
      target: textOrNull(row, 'target'),
      options: json(row, 'options'),
      scanning: integer(row, 'scanning') !== 0,
      paused: integer(row, 'paused') !== 0,
      finishedAt: integerOrNull(row, 'finished_at')
    }
  })
}

export function parseTransfer(row: Row): Parsed<TransferRecord> {
  return attempt(() => {
    const tag = text(row, 'tag')
    if (!isTag(tag)) throw new Unreadable(`tag ${tag}`)
    const step = textOrNull(row, 'step')
    if (step !== null && !isStep(step)) throw new Unreadable(`step ${step}`)
    return {
      id: integer(row, 'id'),
      batchId: integer(row, 'batch_id'),
      seq: integer(row, 'seq'),
      tag,
      step,
      name: text(row, 'name'),
      folder: text(row, 'folder'),
      localPath: textOrNull(row, 'local_path'),
      fileId: textOrNull(row, 'file_id'),
      sizeBytes: integer(row, 'size'),
      doneBytes: integer(row, 'done'),
      attempt: integer(row, 'attempt'),
      retryAt: integerOrNull(row, 'retry_at'),
      error: errorData(row),
      state: json(row, 'state')
    }
  })
}

function attempt<T>(parse: () => T): Parsed<T> {
  try {
    return { ok: true, value: parse() }
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, reason: error.message }
    throw error
  }
}

function text(row: Row, key: string): string {
  const value = row[key]
  if (typeof value !== 'string') throw new Unreadable(`${key} is no text`)
  return value
}

function textOrNull(row: Row, key: string): string | null {
  return row[key] === null ? null : text(row, key)
}

function integer(row: Row, key: string): number {
  const value = row[key]
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new Unreadable(`${key} is no number`)
  return value
}

function integerOrNull(row: Row, key: string): number | null {
  return row[key] === null ? null : integer(row, key)
}

function json(row: Row, key: string): unknown {
  const value = textOrNull(row, key)
  if (value === null) return null
  try {
    return JSON.parse(value)
  } catch {
    throw new Unreadable(`${key} is no JSON`)
  }
}

function errorData(row: Row): ErrorData | null {
  const value = json(row, 'error')
  if (value === null) return null
  if (typeof value !== 'object' || !('code' in value) || !('message' in value)) throw new Unreadable('error is no error')
  if (typeof value.code !== 'string' || typeof value.message !== 'string') throw new Unreadable('error is no error')
  // A code of a version that knew more: the text still says what happened.
  const code: ErrorCode = Object.hasOwn(ERRORS, value.code) ? (value.code as ErrorCode) : 'INTERNAL'
  const detail = 'detail' in value && typeof value.detail === 'object' && value.detail !== null ? value.detail : undefined
  return { code, message: value.message, ...(detail ? { detail: detail as ErrorData['detail'] } : {}) }
}
