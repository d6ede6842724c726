import type { Metadata } from '../../shared/model.ts'
import { fold } from './names.ts'

/** Only so much of a file's text is searched. */
const MAX_TEXT = 16_384
const MAX_WORD = 256
/** Words from this length on are also taken for the beginning of a file ID or of its last part. */
const ID_WORD = 12

/** What is searched for a file: name, folder, tags, metadata as 'key=value', one per line, folded; see 0001 for the two line feeds. */
export function searchText(file: { name: string; folder: string; tags: readonly string[]; metadata: Metadata | null }): string {
  const lines = [file.name, file.folder, ...file.tags]
  for (const [key, value] of Object.entries(file.metadata ?? {})) lines.push(`${key}=${value}`)
  return `${lines.map(fold).join('\n').slice(0, MAX_TEXT)}\n\n`
}

/** One word or quoted phrase of a search. A file matches when every word matches. */
export interface Word {
  /** Folded; the file's text must contain it. Never empty. */
  text: string
  /** Number of code points. */
  length: number
  /** As typed, when it may be the beginning of a file ID (or of its last part): then that matches, too. */
  idPrefix: string | null
}

/** A word or phrase as it is compared; null when nothing of it can be searched. */
export function wordOf(typed: string): Word | null {
  const cut = typed.slice(0, MAX_WORD)
  const folded = fold(cut).trim()
  return folded === '' ? null : { text: folded, length: Array.from(folded).length, idPrefix: idPrefix(cut) }
}

function idPrefix(typed: string): string | null {
  // A link ends with the ID.
  const linked = /^https?:\/\/[^/]+\/(.+)$/i.exec(typed)?.[1] ?? typed
  return linked.length >= ID_WORD && /^[\w.\-/]+$/.test(linked) ? linked : null
}

/** FTS5 query that finds rows with all these words (each of at least 3 code points): one trigram phrase each. */
export function matchExpression(words: readonly Word[]): string {
  return words.map((word) => `"${word.text.replaceAll('"', '""')}"`).join(' ')
}

/** Upper bound (exclusive) of all texts that begin with `prefix`. */
export const prefixEnd = (prefix: string): string => `${prefix}\u{10FFFF}`
