import { toAppError } from '../../shared/errors.ts'
import { sanitiseExt } from '../../shared/file-id.ts'
import { hasSmallPicture } from '../../shared/preview.ts'
import type { AppError } from '../../shared/errors.ts'
import type { Thumbnails } from '../library/thumbnails.ts'
import type { FileCatalogue, FileInput, MetadataLearned } from '../library/types.ts'
import type { Clock } from './clock.ts'
import type { LibraryChange } from './operation.ts'

const RETRY_MS = 1_000
const GATHER_MS = 5

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
  thumbnails: Pick<Thumbnails, 'want' | 'forget'> | null,
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
      else if (change.tag === 'renamed') upserts.push(...renamed(catalogue, profileId, change))
      else described.push(change)
    }
    // In order is enough: the journal's next flush takes it along, and no line of the journal survives what came before it.
    if (upserts.length > 0) catalogue.upsert(profileId, upserts, { durable: false })
    if (deleted.length > 0) catalogue.forget(profileId, deleted)
    if (deleted.length > 0) thumbnails?.forget(profileId, deleted)
    for (const { change } of group) {
      if (change.tag !== 'upsert' || change.thumbnails === undefined || !hasSmallPicture(sanitiseExt(change.file.fileId))) continue
      thumbnails?.want(profileId, [change.file.fileId], change.thumbnails)
    }
    if (described.length > 0) catalogue.describe(profileId, described, { durable: false })
    onChanged(profileId)
  }

  return {
    add(profileId, change, done) {
      items.push({ profileId, change, done })
      if (scheduled !== null) return
      // Nobody holds a slot while waiting here, and one transaction for many costs little more than for one.
      scheduled = clock.after(GATHER_MS, attempt)
    },
    flush
  }
}

/** The row gets its new ID at once; what else is new about it follows. Nothing, where the library does not have it. */
function renamed(catalogue: FileCatalogue, profileId: string, change: LibraryChange & { tag: 'renamed' }): FileInput[] {
  const { from, fileId, sizeBytes, crc32, state, metadata } = change
  catalogue.rename(profileId, from, fileId)
  const row = catalogue.byFileId(profileId, fileId)
  return row === null ? [] : [{ fileId, sizeBytes, crc32, state, metadata, origin: row.origin }]
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
