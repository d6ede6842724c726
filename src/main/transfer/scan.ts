import { isUtf8 } from 'node:buffer'
import { lstat, readdir, stat } from 'node:fs/promises'
import type { BigIntStats } from 'node:fs'
import { basename, resolve, sep } from 'node:path'
import type { ErrorData } from '../../shared/errors.ts'
import { AppError } from '../../shared/errors.ts'
import { localError } from '../client/local-error.ts'

/** Something that was found below the dropped paths: a file to send, or the reason why one cannot be. */
export interface ScanEntry {
  path: string
  /** The path as bytes, only where it is not UTF-8 and `path` therefore cannot be opened. */
  rawPath: Buffer | null
  name: string
  /** Path below the dropped folder, that folder included: 'Photos/2026'; '' for a file that was dropped itself. */
  folder: string
  sizeBytes: number
  /** null = a regular file. Else it was found and cannot be sent. */
  problem: ErrorData | null
}

const CHUNK = 500
/** Status calls under way at once. */
const PARALLEL = 32
/** Deeper than anything people make, shallow enough for every stack. */
const MAX_DEPTH = 200

interface Place {
  path: string | Buffer
  name: string
  folder: string
}

interface Walk {
  /** 'device:inode' of every folder that was entered. */
  entered: Set<string>
  signal: AbortSignal | undefined
}

/**
 * Everything below the given paths, in a stable order, in chunks: files, and each thing that cannot be sent with its reason.
 * Nothing is left out silently but empty folders. Links are followed; a link to a folder that was already entered is reported.
 * Stops quietly when the signal is aborted.
 */
export async function* scanPaths(paths: readonly string[], signal?: AbortSignal): AsyncGenerator<ScanEntry[]> {
  const walk: Walk = { entered: new Set(), signal }
  let chunk: ScanEntry[] = []
  const places = [...new Set(paths.map((path) => resolve(path)))].map((path) => ({ path, name: basename(path) || 'root', folder: '' }))
  for await (const entry of walkPlaces(walk, places, 0)) {
    chunk.push(entry)
    if (chunk.length >= CHUNK) {
      yield chunk
      chunk = []
    }
  }
  if (chunk.length > 0) yield chunk
}

async function* walkPlaces(walk: Walk, places: readonly Place[], depth: number): AsyncGenerator<ScanEntry> {
  for (let start = 0; start < places.length; start += PARALLEL) {
    if (walk.signal?.aborted) return
    const some = places.slice(start, start + PARALLEL)
    const looks = await Promise.all(some.map((place) => look(place)))
    for (const [i, seen] of looks.entries()) {
      const place = some[i]!
      if (seen.tag === 'folder') yield* walkFolder(walk, place, seen, depth)
      else if (seen.tag === 'file') yield entryOf(place, seen.sizeBytes, null)
      else yield entryOf(place, 0, seen.error)
    }
  }
}

async function* walkFolder(walk: Walk, place: Place, seen: { inode: string; linked: boolean }, depth: number): AsyncGenerator<ScanEntry> {
  // A real folder is always entered; a link only to where we have not been, which also ends every loop.
  if (seen.linked && walk.entered.has(seen.inode)) return yield entryOf(place, 0, problem('LOCAL_NOT_A_FILE', place, 'link-loop'))
  if (depth >= MAX_DEPTH) return yield entryOf(place, 0, problem('LOCAL_NAME_INVALID', place, 'too-deep'))
  walk.entered.add(seen.inode)
  let names: Buffer[]
  try {
    names = await readdir(place.path, { encoding: 'buffer' })
  } catch (error) {
    return yield entryOf(place, 0, localError(error, shown(place.path)).toData())
  }
  names.sort(Buffer.compare)
  const folder = place.folder === '' ? place.name : `${place.folder}/${place.name}`
  yield* walkPlaces(
    walk,
    names.map((name) => ({ path: join(place.path, name), name: shown(name), folder })),
    depth + 1
  )
}

type Seen = { tag: 'file'; sizeBytes: number } | { tag: 'folder'; inode: string; linked: boolean } | { tag: 'problem'; error: ErrorData }

async function look(place: Place): Promise<Seen> {
  let facts: BigIntStats
  let linked = false
  try {
    facts = await lstat(place.path, { bigint: true })
    if (facts.isSymbolicLink()) {
      linked = true
      facts = await stat(place.path, { bigint: true })
    }
  } catch (error) {
    const translated = localError(error, shown(place.path))
    const reason = !linked ? undefined : translated.code === 'LOCAL_NOT_FOUND' ? 'broken-link' : 'link-loop'
    return { tag: 'problem', error: new AppError(translated.code, { cause: error, detail: { ...translated.detail, reason } }).toData() }
  }
  if (facts.isFile()) return { tag: 'file', sizeBytes: Number(facts.size) }
  if (facts.isDirectory()) return { tag: 'folder', inode: `${facts.dev}:${facts.ino}`, linked }
  const kind = facts.isSocket() ? 'socket' : facts.isFIFO() ? 'pipe' : 'device'
  return { tag: 'problem', error: problem('LOCAL_NOT_A_FILE', place, kind) }
}

function problem(code: 'LOCAL_NOT_A_FILE' | 'LOCAL_NAME_INVALID', place: Place, reason: string): ErrorData {
  return new AppError(code, { detail: { path: shown(place.path), reason } }).toData()
}

function entryOf(place: Place, sizeBytes: number, error: ErrorData | null): ScanEntry {
  const rawPath = typeof place.path === 'string' ? null : place.path
  return { path: shown(place.path), rawPath, name: place.name, folder: place.folder, sizeBytes, problem: error }
}

/** Stays text as long as it can: only names that are not UTF-8 make the whole path bytes. */
function join(parent: string | Buffer, name: Buffer): string | Buffer {
  if (typeof parent === 'string' && isUtf8(name)) return (parent.endsWith(sep) ? parent : parent + sep) + name.toString()
  return Buffer.concat([Buffer.from(parent as string), Buffer.from(sep), name])
}

/** Bytes that are not UTF-8 are written as %XX, so that the name still tells them apart. */
function shown(name: string | Buffer): string {
  if (typeof name === 'string') return name
  if (isUtf8(name)) return name.toString()
  let text = ''
  for (let i = 0; i < name.length;) {
    const length = characterLength(name, i)
    text += length > 0 ? name.toString('utf8', i, i + length) : `%${name[i]!.toString(16).toUpperCase().padStart(2, '0')}`
    i += Math.max(1, length)
  }
  return text
}

/** Length of the valid UTF-8 character at `at`, 0 = none. */
function characterLength(bytes: Buffer, at: number): number {
  const first = bytes[at]!
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  return at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0
}
