import { readdir, rm } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { TransferTag } from '../../shared/model.ts'
import type { TransferJournal } from '../library/types.ts'

/** Transfers that may still read their file; a failed one can be tried again. */
const NEEDED: readonly TransferTag[] = ['queued', 'running', 'waiting', 'paused', 'failed']
const PAGE = 1_000

/**
 * Removes spool folders (one per drop in a browser page) that no transfer of the queue needs: those of pages that went away
 * before they handed them over. At start only, before any page can begin a new one. Never rejects.
 */
export async function sweepSpool(spoolDir: string, journal: TransferJournal): Promise<void> {
  let present: string[]
  try {
    present = await readdir(spoolDir)
  } catch {
    return
  }
  if (present.length === 0) return
  const needed = neededFolders(spoolDir, journal)
  if (needed === null) return
  for (const name of present) {
    if (!needed.has(name)) await rm(join(spoolDir, name), { recursive: true, force: true }).catch(() => undefined)
  }
}

/** null: a batch is still being enumerated, so its files are not all known. */
function neededFolders(spoolDir: string, journal: TransferJournal): Set<string> | null {
  const needed = new Set<string>()
  for (const batch of journal.batches()) {
    if (batch.kind !== 'upload') continue
    if (batch.scanning) return null
    for (let after = -1; ;) {
      const rows = journal.page(batch.id, { tags: NEEDED }, after, PAGE)
      for (const { localPath } of rows) {
        const [first, ...rest] = localPath === null ? [] : relative(spoolDir, localPath).split(sep)
        if (first !== undefined && first !== '..' && rest.length > 0) needed.add(first)
      }
      const last = rows.at(-1)
      if (!last || rows.length < PAGE) break
      after = last.seq
    }
  }
  return needed
}
