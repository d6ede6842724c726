import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import type { HandlersOf } from '../dispatch.ts'
import { localError } from '../local-errors.ts'
import type { Services } from '../services.ts'

/** Files on their way out of the window: the desktop takes what lies on the disk, so they are fetched first. */
export function dragHandlers({ host, engine, profiles, dragDir }: Services) {
  const folderOf = (drag: string): string => join(dragDir, drag)
  return {
    'drag.prepare': ({ selection }) => {
      if (host.startDrag === undefined) throw new AppError('HOST_CANNOT', { detail: { reason: 'startDrag' } })
      const drag = randomBytes(8).toString('hex')
      const target = folderOf(drag)
      const { batchId } = engine.download({ profileId: profiles.active().id, selection, target, keepFolders: false, conflict: 'rename' })
      return { drag, batchId }
    },
    'drag.start': async ({ drag }) => {
      if (host.startDrag === undefined) throw new AppError('HOST_CANNOT', { detail: { reason: 'startDrag' } })
      const folder = folderOf(drag)
      try {
        const names = await readdir(folder)
        await host.startDrag(names.filter((name) => !name.endsWith('.part')).map((name) => join(folder, name)))
      } catch (error) {
        throw localError(error, folder)
      }
      return null
    }
  } satisfies HandlersOf<'drag'>
}
