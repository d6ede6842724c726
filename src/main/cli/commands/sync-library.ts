import { dataPaths, defaultDataDir } from '../../app/data-dir.ts'
import { lockDataDir } from '../../app/lock.ts'
import type { FileCatalogue } from '../../library/types.ts'
import { UsageError } from '../args.ts'
import type { Context } from '../context.ts'

/** The first Node that has SQLite without a flag. */
const NODE_WITH_SQLITE = 24

/**
 * Opens the library of FastDFS Desktop for a command and closes it again. A cluster that is no saved connection has a part of its
 * own in it, by its addresses. LIBRARY_LOCKED while the application itself is running; UsageError on a Node without SQLite.
 */
export async function withLibrary(
  context: Context,
  work: (library: { files: FileCatalogue; profileId: string }) => Promise<void>
): Promise<void> {
  if (Number(process.versions.node.split('.')[0]) < NODE_WITH_SQLITE) {
    throw new UsageError(`${context.args.command} needs Node ${NODE_WITH_SQLITE} or newer; this is ${process.version}`)
  }
  const { addresses, profile } = await context.cluster()
  const paths = dataPaths(context.args.dataDir ?? defaultDataDir())
  const lock = await lockDataDir(paths.lock)
  try {
    // Only here: the other commands run where there is no SQLite.
    const { openLibrary } = await import('../../library/open.ts')
    const library = await openLibrary({ path: paths.library })
    try {
      await work({ files: library.files, profileId: profile?.id ?? `trackers:${addresses.toSorted().join(',')}` })
    } finally {
      await library.close()
    }
  } finally {
    await lock.release()
  }
}
