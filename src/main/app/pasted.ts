import type { PasteEntry } from '../../shared/contract.ts'
import { AppError } from '../../shared/errors.ts'
import { extractFileIds } from '../../shared/file-id-text.ts'

/** What a pasted text holds, in its order: every file ID once, and every line that was not understood with the reason. */
export function parsePasted(text: string): PasteEntry[] {
  const { found, rejected } = extractFileIds(text)
  const entries: { line: number; entry: PasteEntry }[] = []
  for (const { facts, duplicate, line } of found) {
    if (duplicate) continue
    const entry = { text: facts.fileId, fileId: facts.fileId, error: null, name: null, sizeBytes: facts.sizeBytes, kind: facts.kind }
    entries.push({ line, entry })
  }
  for (const { text: shown, reason, line } of rejected) {
    const error = new AppError('FILE_ID_INVALID', { detail: { fileId: shown, reason, line } }).toData()
    entries.push({ line, entry: { text: shown, fileId: null, error, name: null, sizeBytes: null, kind: null } })
  }
  // Stable: within a line the IDs come first.
  return entries.sort((a, b) => a.line - b.line).map(({ entry }) => entry)
}
