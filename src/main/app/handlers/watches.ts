import { isAbsolute } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import type { HandlersOf } from '../dispatch.ts'
import type { Services } from '../services.ts'

/** Folders whose new files are uploaded, of the connection that is active now. */
export function watchesHandlers({ watchedFolders, profiles, library }: Services) {
  const list = () => watchedFolders.list(profiles.active().id)
  return {
    'watches.list': list,
    'watches.save': async ({ existing, tags, ...folder }) => {
      const { id, readOnly } = profiles.active()
      if (readOnly && folder.on) throw new AppError('PROFILE_READ_ONLY', { detail: { profile: id } })
      if (!isAbsolute(folder.path)) throw new AppError('LOCAL_NOT_FOUND', { detail: { path: folder.path } })
      await watchedFolders.save(id, { ...folder, tags: library.order.tagNames(id, tags) }, existing)
      return list()
    },
    'watches.remove': async ({ id }) => {
      await watchedFolders.remove(id)
      return list()
    }
  } satisfies HandlersOf<'watches'>
}
