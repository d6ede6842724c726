import { AppError } from '../../../shared/errors.ts'
import type { FileSelection } from '../../../shared/model.ts'
import type { HandlersOf } from '../dispatch.ts'
import { checkFolder } from '../library-folder.ts'
import { rowsOf } from '../selection.ts'
import type { Services } from '../services.ts'

/** Slaves of one master that are shown. */
const FAMILY = 200

/** Tags, favourites, folders and saved searches: nothing of it reaches the servers. */
export function orderHandlers({ library, profiles, libraryChanged }: Services) {
  const { files, order, views, bulk } = library
  const active = () => profiles.active().id
  const changed = (profileId: string): null => {
    libraryChanged(profileId)
    return null
  }

  /** Files of a folder and of those below it get the same place below `to`. Folders that were made move, too. */
  async function moveTree(profileId: string, from: string, to: string): Promise<void> {
    const inside = order.folders(profileId).filter(({ path }) => path === from || path.startsWith(`${from}/`))
    const moved = (path: string): string => (to === '' ? path.slice(from.length + 1) : to + path.slice(from.length))
    order.addFolders(
      profileId,
      inside.map(({ path }) => moved(path))
    )
    for (const { path, fileCount } of inside) {
      if (fileCount === 0) continue
      await bulk.change(profileId, { query: { folder: path }, exceptIds: [] }, { type: 'move', folder: moved(path) })
    }
    order.dropFolder(profileId, from)
  }

  async function tag(profileId: string, selection: FileSelection, add: readonly string[], remove: readonly string[]): Promise<number> {
    return bulk.change(profileId, selection, { type: 'tag', add: order.tagNames(profileId, add), remove })
  }

  return {
    'order.tags': () => order.tags(active()),
    'order.saveTag': async ({ name, color, from }) => {
      const profileId = active()
      order.saveTag(profileId, name, color)
      if (from !== undefined && from !== name) {
        await bulk.change(profileId, { query: { tag: from }, exceptIds: [] }, { type: 'tag', add: [name], remove: [from] })
        order.dropTag(profileId, from)
      }
      return changed(profileId)
    },
    'order.removeTag': async ({ name }) => {
      const profileId = active()
      await bulk.change(profileId, { query: { tag: name }, exceptIds: [] }, { type: 'tag', add: [], remove: [name] })
      order.dropTag(profileId, name)
      return changed(profileId)
    },
    'order.tag': async ({ selection, add, remove }) => {
      const profileId = active()
      const count = await tag(profileId, selection, add, remove)
      changed(profileId)
      return { count }
    },
    'order.favourite': async ({ selection, favourite }) => {
      const profileId = active()
      for await (const rows of rowsOf(files, profileId, selection)) {
        order.setFavourite(
          profileId,
          rows.map((row) => row.id),
          favourite
        )
      }
      return changed(profileId)
    },

    'order.addFolder': ({ path }) => {
      const profileId = active()
      const folder = checkFolder(path)
      if (folder === '') throw new AppError('INPUT_INVALID', { detail: { field: 'folder', reason: path } })
      order.addFolders(profileId, [folder])
      return changed(profileId)
    },
    'order.moveFolder': async ({ from, to }) => {
      const profileId = active()
      const [source, target] = [checkFolder(from), checkFolder(to)]
      if (source === '' || target === '' || target.startsWith(`${source}/`)) {
        throw new AppError('INPUT_INVALID', { detail: { field: 'folder', reason: to } })
      }
      if (source !== target) await moveTree(profileId, source, target)
      return changed(profileId)
    },
    'order.removeFolder': async ({ path }) => {
      const profileId = active()
      const folder = checkFolder(path)
      if (folder === '') throw new AppError('INPUT_INVALID', { detail: { field: 'folder', reason: path } })
      const above = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))
      await bulk.change(profileId, { query: { folder, recursive: true }, exceptIds: [] }, { type: 'move', folder: above })
      order.dropFolder(profileId, folder)
      order.addFolders(profileId, [above])
      return changed(profileId)
    },

    'order.searches': () => order.searches(active()),
    'order.saveSearch': (search) => {
      const profileId = active()
      const id = order.saveSearch(profileId, search)
      changed(profileId)
      return { id }
    },
    'order.removeSearch': ({ id }) => {
      const profileId = active()
      order.dropSearch(profileId, id)
      return changed(profileId)
    },

    'order.batches': ({ limit }) => order.batches(active(), limit),
    'order.family': ({ id }) => {
      const profileId = active()
      const [row] = files.get(profileId, [id])
      return row === undefined ? [] : order.family(profileId, row, FAMILY)
    },
    'order.suggestions': () => order.suggestions(active()),
    'order.duplicates': () => views.duplicates(active()),
    'order.spareCopies': ({ keep }) => views.spareCopies(active(), keep)
  } satisfies HandlersOf<'order'>
}
