import { setImmediate } from 'node:timers/promises'
import type { FileRow, FileSelection } from '../../shared/model.ts'
import type { FileCatalogue } from '../library/types.ts'

/** Rows of a selection in batches; other work gets its turn between them, since a selection may hold a million files. */
export async function* rowsOf(files: FileCatalogue, profileId: string, selection: FileSelection): AsyncGenerator<FileRow[]> {
  for (const rows of files.select(profileId, selection, 1_000)) {
    yield rows
    await setImmediate()
  }
}

/** One value per file of a selection, complete before anything is changed: changes must not move the ground under the query. */
export async function collect<T>(
  files: FileCatalogue,
  profileId: string,
  selection: FileSelection,
  take: (row: FileRow) => T,
  /** Only the first so many. */
  limit = Infinity
): Promise<T[]> {
  const values: T[] = []
  for await (const rows of rowsOf(files, profileId, selection)) {
    for (const row of rows) {
      if (values.length >= limit) return values
      values.push(take(row))
    }
  }
  return values
}
