import { open } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Folder → the flush that is under way, and the one that comes after it. */
const flushes = new Map<string, { running: Promise<void>; next: Promise<void> | null }>()

/**
 * Resolves when the name of this file is on disk: a file that was renamed is under its name after a power cut only when its folder
 * was written, too. Ten thousand files in one folder share flushes. Never rejects: where folders cannot be flushed (Windows), the
 * file system keeps names by itself.
 */
export function flushFolder(path: string): Promise<void> {
  const folder = dirname(path)
  const known = flushes.get(folder)
  if (known === undefined) return begin(folder)
  // The one under way may have passed our file already.
  known.next ??= known.running.then(() => begin(folder))
  return known.next
}

function begin(folder: string): Promise<void> {
  const entry: { running: Promise<void>; next: Promise<void> | null } = { running: Promise.resolve(), next: null }
  entry.running = flush(folder).then(() => {
    if (entry.next === null) flushes.delete(folder)
  })
  flushes.set(folder, entry)
  return entry.running
}

async function flush(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null)
  await handle?.sync().catch(() => undefined)
  await handle?.close().catch(() => undefined)
}
