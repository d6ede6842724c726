import { toAppError } from '../../shared/errors.ts'
import type { ErrorData } from '../../shared/errors.ts'
import type { FileRow, Metadata } from '../../shared/model.ts'
import { mapLimited } from './concurrently.ts'
import type { Services } from './services.ts'

/** Questions to the servers under way at once. */
const PARALLEL = 8

export interface MetadataRead {
  row: FileRow
  /** null: see `error`. */
  metadata: Metadata | null
  error: ErrorData | null
}

type ReadServices = Pick<Services, 'library' | 'clients' | 'clock' | 'libraryChanged'>

/**
 * Asks the servers for the metadata of files and keeps the answers in the library. What fails is the result of its file; with
 * `untilAway` the rest is not asked for once the cluster itself turns out to be the trouble.
 */
export async function readMetadata(
  { library, clients, clock, libraryChanged }: ReadServices,
  profileId: string,
  rows: readonly FileRow[],
  untilAway = false
): Promise<MetadataRead[]> {
  const client = await clients.get(profileId)
  let away: ErrorData | null = null
  const results = await mapLimited(rows, PARALLEL, async (row): Promise<MetadataRead> => {
    if (away !== null) return { row, metadata: null, error: away }
    try {
      return { row, metadata: await client.getMetadata(row.fileId), error: null }
    } catch (thrown) {
      const error = toAppError(thrown).toData()
      if (untilAway && error.code !== 'NOT_FOUND') away = error
      return { row, metadata: null, error }
    }
  })
  const readAt = clock.now()
  library.files.describe(
    profileId,
    results.flatMap(({ row, metadata }) => (metadata === null ? [] : [{ fileId: row.fileId, metadata, readAt }]))
  )
  // Reading what was known already is no change: it must not make every view load again.
  if (results.some(({ row, metadata }) => metadata !== null && !sameMetadata(row.metadata, metadata))) libraryChanged(profileId)
  return results
}

function sameMetadata(a: Readonly<Record<string, string>> | null, b: Readonly<Record<string, string>>): boolean {
  if (a === null) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key])
}
