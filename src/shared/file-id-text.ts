/** Finding file IDs in what people paste: lists, CSV, JSON, links, chat messages. Pure. */
import { tryParseFileId } from './file-id.ts'
import type { FileIdFacts } from './file-id.ts'

export interface FoundFileId {
  /** As it stood there (slashes normalised). */
  text: string
  facts: FileIdFacts
  /** The same ID came before. */
  duplicate: boolean
  /** Line of the text, from 1. */
  line: number
}

/**
 * no-file-id: nothing in that line looks like one. group-missing: a name without its group (`M00/…`, a link of a
 * single-group site). incomplete: the name stops too early. too-long: more than 127 characters. malformed: like an ID,
 * but no server makes such names.
 */
export type RejectReason = 'no-file-id' | 'group-missing' | 'incomplete' | 'too-long' | 'malformed'

export interface RejectedText {
  /** At most 200 characters of it. */
  text: string
  reason: RejectReason
  line: number
}

export interface ExtractedFileIds {
  /** In the order of the text, duplicates included. */
  found: FoundFileId[]
  rejected: RejectedText[]
}

/** What separates: white space, quotes, brackets, commas, semicolons, pipes; the full-width forms too. */
const TOKEN = /[^\s"'`,;|<>()[\]{}\u3000-\u3003\u3008-\u3011\u3014-\u301b\u2018-\u201f\uff0c\uff1b\uff08\uff09\uff3b\uff3d\ufeff]+/g
/** Anything with a store path and directories in it was meant as an ID. A colon belongs to it only among the random digits. */
const CANDIDATE =
  /(?:(?<![A-Za-z0-9._-])([A-Za-z0-9._-]{1,64})\/)?(M[0-9A-Fa-f]{2}\/[0-9A-Fa-f]{2}\/[0-9A-Fa-f]{2}\/(?:[A-Za-z0-9_-]{27,47}:[0-9:]{0,4}\.)?[A-Za-z0-9._-]*)/g

const MIN_NAME = 38
const FULL_NAME = 44
const TRUNK_NAME = 60
const MAX_NAME = 127
const SHOWN = 200

/**
 * Finds every file ID in a text, whatever stands around them: quotes, commas, CSV columns, JSON (escaped slashes too),
 * links with host and query, full-width punctuation, Windows separators. Other columns of a line with an ID are no
 * error; a line without any ID is rejected once. Takes time proportional to the text.
 */
export function extractFileIds(text: string): ExtractedFileIds {
  const result: ExtractedFileIds = { found: [], rejected: [] }
  const seen = new Set<string>()
  let line = 0
  let start = 0
  while (start <= text.length) {
    const newline = text.indexOf('\n', start)
    const end = newline === -1 ? text.length : newline
    line++
    if (end > start) readLine(text.slice(start, end), line, seen, result)
    start = end + 1
  }
  return result
}

function readLine(raw: string, line: number, seen: Set<string>, result: ExtractedFileIds): void {
  const before = result.found.length + result.rejected.length
  let words = false
  for (const [token] of raw.matchAll(TOKEN)) {
    words = true
    if (token.includes('M')) readToken(withPlainSlashes(token), line, seen, result)
  }
  if (words && result.found.length + result.rejected.length === before) {
    result.rejected.push({ text: raw.trim().slice(0, SHOWN), reason: 'no-file-id', line })
  }
}

function readToken(token: string, line: number, seen: Set<string>, result: ExtractedFileIds): void {
  for (const match of token.matchAll(CANDIDATE)) {
    const group = match[1]
    const name = withoutFullStop(match[2]!)
    if (group === undefined || isHost(token, match.index)) {
      result.rejected.push({ text: name.slice(0, SHOWN), reason: 'group-missing', line })
      continue
    }
    const fileId = `${group}/${name}`
    const facts = tryParseFileId(fileId)
    if (facts === null) {
      result.rejected.push({ text: fileId.slice(0, SHOWN), reason: reasonFor(name), line })
      continue
    }
    result.found.push({ text: fileId, facts, duplicate: seen.has(fileId), line })
    seen.add(fileId)
  }
}

/** `https://files/M00/…` and `https://files:8888/M00/…`: what stands before the name is no group. */
function isHost(token: string, at: number): boolean {
  const slash = token.lastIndexOf('/', at - 1)
  return slash >= 2 && token.startsWith('://', slash - 2)
}

function reasonFor(name: string): RejectReason {
  if (name.length < MIN_NAME) return 'incomplete'
  return name.length > MAX_NAME ? 'too-long' : 'malformed'
}

/** JSON escapes slashes, browsers encode them, Windows and input methods replace them. */
function withPlainSlashes(token: string): string {
  return /[\\%\uff0f\uff1a]/.test(token) ? token.replace(/\\+\/?|%2[Ff]|\uff0f/g, '/').replaceAll('\uff1a', ':') : token
}

/** A full stop that ends a sentence is not part of the ID, unless the name is complete only with it. */
function withoutFullStop(name: string): string {
  if (!name.endsWith('.') || name.length === FULL_NAME || name.length === TRUNK_NAME) return name
  let end = name.length
  while (end > 0 && name[end - 1] === '.') end--
  // Some names end in dots ('50544..'): stop where the name is as long as storages make it.
  if (end < FULL_NAME && name.length > FULL_NAME) end = FULL_NAME
  return name.slice(0, end)
}
