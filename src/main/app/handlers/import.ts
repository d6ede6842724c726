import type { HandlersOf } from '../dispatch.ts'
import type { Services } from '../services.ts'

/** Files that come into the library other than by an upload. */
export function importHandlers({ imports, profiles }: Services) {
  const active = () => profiles.active().id
  return {
    'import.jobs': () => imports.jobs(active()),
    'import.listing': async (request) => ({ id: await imports.listing(active(), request) }),
    'import.lookAtBinlogs': ({ paths, group }) => imports.lookAtBinlogs(active(), paths, group),
    'import.binlogs': (request) => ({ id: imports.binlogs(active(), request) }),
    'import.preview': (request) => imports.preview(active(), request),
    'import.list': ({ draft }) => ({ id: imports.list(draft) }),
    'import.read': () => ({ id: imports.read(active()) }),
    'import.dropReads': async () => {
      await imports.dropReads(active())
      return null
    },
    'import.cancel': ({ id }) => {
      imports.cancel(id)
      return null
    },
    'import.dismiss': ({ id }) => {
      imports.dismiss(id)
      return null
    }
  } satisfies HandlersOf<'import'>
}
