import { basename, dirname, sep } from 'node:path'
import type { BatchKind } from '../../shared/model.ts'
import type { TransferRecord } from '../library/types.ts'
import { safeFolder } from './names.ts'

/**
 * Under which folder and name a finished download or a member of an archive was saved, where that is not its own: the name was taken,
 * or not every system would accept it. null = under its own. Unicode forms of the same text count as the same.
 */
export function savedAs({ tag, name, folder, localPath, state }: TransferRecord, kind: BatchKind): string | null {
  const safe = safeFolder(folder)
  const otherFolder = hasOtherFolder(folder)
  if (kind === 'zip') return tag === 'done' && (formerName(state) !== null || otherFolder) ? joined(safe, name) : null
  if (kind !== 'download' || tag !== 'done' || localPath === null) return null
  const saved = basename(localPath)
  // Without folders everything lies in one: what theirs are called plays no part.
  const inFolder = safe !== '' && dirname(localPath).endsWith(sep + safe.split('/').join(sep))
  if (saved === name.normalize('NFC') && !(inFolder && otherFolder)) return null
  return joined(inFolder ? safe : '', saved)
}

/** The name of a member before the archive gave it another one. */
export function formerName(state: unknown): string | null {
  const { was } = (state ?? {}) as { was?: unknown }
  return typeof was === 'string' ? was : null
}

/** Not every system would accept what it is called. */
export function hasOtherFolder(folder: string): boolean {
  const parts = folder.normalize('NFC').split('/')
  return safeFolder(folder) !== parts.filter((part) => part !== '' && part !== '.').join('/')
}

function joined(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}
