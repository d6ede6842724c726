import { toAppError } from '../../shared/errors.ts'
import type { AppError } from '../../shared/errors.ts'
import type { FileCatalogue, FileInput, MetadataLearned } from '../library/types.ts'
import type { Clock } from './clock.ts'
import type { LibraryChange } from './operation.ts'

const RETRY_MS = 1_000

interface Item {
  profileId: string
  change: LibraryChange
  done: () => void
}

/**
 * Tells the library what transfers achieved, many at a time, before they count as done: library and queue agree whenever the
 * program ends. While the library refuses, everything is kept and tried again.
 */
export interface Finisher {
  /** `done` runs once the library knows. */
  add(profileId: string, change: LibraryChange, done: () => void): void
  /** Now; throws what the library throws. */
  flush(): void
}

export function createFinisher(
  files: FileCatalogue | null,
  clock: Clock,
  onChanged: (profileId: string) => void,
  onTrouble: (error: AppError) => void
): Finisher {
  let items: Item[] = []
  let scheduled: (() => void) | null = null
  let troubled = false

  function attempt(): void {
    try {
      flush()
    } catch {
      // Told and tried again by flush.
    }
  }

  function flush(): void {
    scheduled?.()
    scheduled = null
    if (items.length === 0) return
    try {
      if (files !== null) for (const [profileId, group] of byProfile(items)) tell(files, profileId, group)
    } catch (error) {
      if (!troubled) onTrouble(toAppError(error))
      troubled = true
      scheduled = clock.after(RETRY_MS, attempt)
      throw error
    }
    troubled = false
    const done = items
    items = []
    for (const item of done) item.done()
  }

  function tell(catalogue: FileCatalogue, profileId: string, group: Item[]): void {
    const upserts: FileInput[] = []
    const deleted: string[] = []
    const described: MetadataLearned[] = []
    for (const { change } of group) {
      if (change.tag === 'upsert') upserts.push(change.file)
      else if (change.tag === 'deleted') deleted.push(change.fileId)
      else described.push(change)
    }
    if (upserts.length > 0) catalogue.upsert(profileId, upserts)
    if (deleted.length > 0) catalogue.forget(profileId, deleted)
    if (described.length > 0) catalogue.describe(profileId, described)
    onChanged(profileId)
  }

  return {
    add(profileId, change, done) {
      items.push({ profileId, change, done })
      if (scheduled !== null) return
      const immediate = setImmediate(attempt)
      scheduled = () => clearImmediate(immediate)
    },
    flush
  }
}

function byProfile(items: readonly Item[]): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const group = groups.get(item.profileId)
    if (group === undefined) groups.set(item.profileId, [item])
    else group.push(item)
  }
  return groups
}
