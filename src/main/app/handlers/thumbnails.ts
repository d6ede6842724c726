import { AppError } from '../../../shared/errors.ts'
import type { FileRow } from '../../../shared/model.ts'
import type { HandlersOf } from '../dispatch.ts'
import type { Services } from '../services.ts'

/** Small pictures: made by a window, kept on disk or stored beside the files. */
export function thumbnailsHandlers({ library, profiles, smallPictures, pictureCache, settings, thumbnailsChanged }: Services) {
  const active = () => profiles.active().id
  const rowOf = (fileId: string): FileRow => {
    const row = library.files.byFileId(active(), fileId)
    if (row === null) throw new AppError('NOT_FOUND', { detail: { fileId } })
    return row
  }
  return {
    'thumbnails.keep': async ({ fileId, picture }) => {
      await smallPictures.keep(active(), rowOf(fileId), Buffer.from(picture, 'base64'))
      return null
    },
    'thumbnails.make': ({ selection, sizes }) => {
      const { id, readOnly } = profiles.active()
      if (readOnly) throw new AppError('PROFILE_READ_ONLY', { detail: { profile: id } })
      return smallPictures.want(id, selection, sizes ?? settings.get().thumbnailSizes)
    },
    'thumbnails.take': ({ limit }) => smallPictures.take(active(), limit),
    'thumbnails.store': async ({ fileId, size, picture }) => {
      await smallPictures.store(active(), rowOf(fileId), size, Buffer.from(picture, 'base64'))
      return null
    },
    'thumbnails.fail': ({ fileId, size, code }) => {
      smallPictures.failed(active(), fileId, size, code)
      return null
    },
    'thumbnails.state': () => library.thumbnails.count(active()),
    'thumbnails.stop': () => {
      library.thumbnails.stop(active())
      thumbnailsChanged()
      return null
    },
    'thumbnails.cache': () => pictureCache.size(),
    'thumbnails.clearCache': async () => {
      await pictureCache.clear()
      return pictureCache.size()
    }
  } satisfies HandlersOf<'thumbnails'>
}
