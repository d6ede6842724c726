/** What the user is about to change in the metadata of one or several files. Pure. */
import type { Metadata, MetadataPatch } from '../../../shared/model.ts'

export const MAX_KEY_BYTES = 64
export const MAX_VALUE_BYTES = 256

/** A key and what the files have for it: one value, different ones, or (some of them) nothing. */
export interface CommonValue {
  key: string
  /** null = the files differ. */
  value: string | null
  /** How many of the files have the key. */
  fileCount: number
}

export interface Draft {
  /** Keys changed or added, with their new values. */
  set: Readonly<Record<string, string>>
  removed: ReadonlySet<string>
}

export const CLEAN: Draft = { set: {}, removed: new Set() }

export function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length
}

/** Keys of all files, sorted; those of every file with the same value come with it. */
export function commonValues(files: readonly Metadata[]): CommonValue[] {
  const found = new Map<string, CommonValue>()
  for (const metadata of files)
    for (const [key, value] of Object.entries(metadata)) {
      const known = found.get(key)
      if (!known) found.set(key, { key, value, fileCount: 1 })
      else found.set(key, { key, value: known.value === value ? value : null, fileCount: known.fileCount + 1 })
    }
  return [...found.values()]
    .map((entry) => (entry.fileCount < files.length ? { ...entry, value: null } : entry))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
}

export function isDirty(draft: Draft): boolean {
  return Object.keys(draft.set).length > 0 || draft.removed.size > 0
}

/** `was` = the value all files have, else null: setting it back is no change. */
export function withValue(draft: Draft, key: string, value: string, was: string | null): Draft {
  const set = { ...draft.set, [key]: value }
  if (value === was) delete set[key]
  const removed = new Set(draft.removed)
  removed.delete(key)
  return { set, removed }
}

/** A key that no file has is simply forgotten. */
export function withRemoved(draft: Draft, key: string, existed: boolean): Draft {
  const set = { ...draft.set }
  delete set[key]
  const removed = new Set(draft.removed)
  if (existed) removed.add(key)
  return { set, removed }
}

export function withRestored(draft: Draft, key: string): Draft {
  const removed = new Set(draft.removed)
  removed.delete(key)
  const set = { ...draft.set }
  delete set[key]
  return { set, removed }
}

export type PairProblem = 'empty' | 'characters' | 'keyTooLong' | 'valueTooLong' | 'taken'

/** FastDFS separates pairs by 0x01 and key from value by 0x02; 0x00 ends the string in its own tools. */
function hasControl(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  return /[\u0000-\u0002]/.test(text)
}

export function valueProblem(value: string): PairProblem | null {
  if (hasControl(value)) return 'characters'
  return utf8Length(value) > MAX_VALUE_BYTES ? 'valueTooLong' : null
}

export function keyProblem(key: string, taken: ReadonlySet<string>): PairProblem | null {
  if (key === '') return 'empty'
  if (hasControl(key)) return 'characters'
  if (utf8Length(key) > MAX_KEY_BYTES) return 'keyTooLong'
  return taken.has(key) ? 'taken' : null
}

/**
 * merge: only what was changed. overwrite: exactly what the editor shows; keys with different values have none to show, so they go
 * (`lost` names them, for the user to know before).
 */
export function toPatch(draft: Draft, common: readonly CommonValue[], overwrite: boolean): { patch: MetadataPatch; lost: string[] } {
  if (!overwrite) return { patch: { set: { ...draft.set }, remove: [...draft.removed], overwrite: false }, lost: [] }
  const set: Metadata = {}
  const lost: string[] = []
  for (const { key, value } of common) {
    if (draft.removed.has(key) || Object.hasOwn(draft.set, key)) continue
    if (value === null) lost.push(key)
    else set[key] = value
  }
  return { patch: { set: { ...set, ...draft.set }, remove: [], overwrite: true }, lost }
}
