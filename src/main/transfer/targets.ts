import { lstatSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { nameKey, numberedName, safeFolder, safeName } from './names.ts'
import { onDiskSync } from './on-disk.ts'

export const PART = '.part'

export interface Target {
  finalPath: string
  partPath: string
}

/**
 * Where downloads go. Names are made safe here, in one place, and two transfers never get the same one: a name is taken by what
 * exists on disk, by an unfinished `.part` beside it, and by whoever holds it in this process.
 */
export interface Targets {
  /** Where a file would go if its name is free. Makes nothing. */
  wanted(root: string, folder: string, name: string): string
  /**
   * Chooses and holds a path below `root` (which must exist). `null` = skip: something of that name exists.
   * Folders are made as needed. Throws LOCAL_*.
   */
  choose(root: string, folder: string, name: string, conflict: 'rename' | 'overwrite' | 'skip'): Target | null
  /** Holds a choice of an earlier try or an earlier process again. */
  hold(target: Target): void
  release(target: Target): void
}

export function createTargets(): Targets {
  const held = new Set<string>()
  const counters = new Map<string, number>()

  const taken = (path: string): boolean => held.has(nameKey(path)) || exists(path)

  function hold(target: Target): Target {
    held.add(nameKey(target.finalPath))
    held.add(nameKey(target.partPath))
    return target
  }

  return {
    wanted: (root, folder, name) => join(root, safeFolder(folder), safeName(name)),
    choose(root, folder, name, conflict) {
      const parent = makeFolder(root, safeFolder(folder))
      const safe = safeName(name)
      const wanted = join(parent, safe)
      if (conflict === 'skip' && exists(wanted)) return null
      const key = nameKey(wanted)
      let candidate = wanted
      for (let n = counters.get(key) ?? 2; ; n++) {
        const part = candidate + PART
        const mine = conflict === 'overwrite' ? held.has(nameKey(candidate)) : taken(candidate)
        if (!mine && !taken(part)) return hold({ finalPath: candidate, partPath: part })
        // What is to be overwritten keeps its name; only the temporary file makes way for somebody else's.
        if (conflict === 'overwrite' && !mine) {
          const other = join(parent, numberedName(safe, n)) + PART
          if (!taken(other)) return hold({ finalPath: candidate, partPath: other })
          continue
        }
        candidate = join(parent, numberedName(safe, n))
        counters.set(key, n + 1)
      }
    },
    hold,
    release(target) {
      held.delete(nameKey(target.finalPath))
      held.delete(nameKey(target.partPath))
      if (held.size === 0) counters.clear()
    }
  }
}

/** The root itself is not made: a drive that was pulled out must not be replaced by a folder of its name. */
function makeFolder(root: string, folder: string): string {
  const path = folder === '' ? root : join(root, folder)
  const facts = onDiskSync(path, () => lstatSync(path, { throwIfNoEntry: false }))
  if (facts?.isDirectory()) return path
  const rootFacts = onDiskSync(root, () => lstatSync(root, { throwIfNoEntry: false }))
  if (rootFacts === undefined) throw new AppError('LOCAL_NOT_FOUND', { detail: { path: root } })
  if (folder !== '') onDiskSync(path, () => mkdirSync(path, { recursive: true }))
  return path
}

function exists(path: string): boolean {
  return onDiskSync(path, () => lstatSync(path, { throwIfNoEntry: false })) !== undefined
}

/** Whether something of this name was there before that moment (Unix ms), as far as its own times tell. */
export function wasThere(path: string, before: number): boolean {
  const facts = onDiskSync(path, () => lstatSync(path, { throwIfNoEntry: false }))
  return facts !== undefined && facts.ctimeMs < before
}
