import { setImmediate } from 'node:timers/promises'
import { AppError } from '../../../shared/errors.ts'
import type { HandlersOf } from '../dispatch.ts'
import { checkConfirmed } from '../production.ts'
import type { Services } from '../services.ts'
import { DAY_MS } from '../trash-keeper.ts'

/** Files that are moved in one transaction: few enough to keep the program responsive. */
const CHUNK = 500
/** Files whose slaves are looked for; a dialog for more says so of these. */
const MAX_LOOKED_AT = 1_000
const MAX_NAMES = 5
/** So many can be taken back with one click; larger selections by the trash itself. */
const MAX_UNDONE = 2_000

export function trashHandlers({ library, profiles, settings, trash: keeper, clock, libraryChanged }: Services) {
  const { files, trash, order } = library
  const active = () => profiles.active().id

  async function inParts(profileId: string, ids: readonly number[], work: (part: number[]) => number): Promise<number> {
    let count = 0
    for (let at = 0; at < ids.length; at += CHUNK) {
      count += work(ids.slice(at, at + CHUNK))
      await setImmediate()
    }
    libraryChanged(profileId)
    return count
  }

  return {
    'trash.put': async ({ selection, confirmed }) => {
      const { id: profileId, readOnly } = profiles.active()
      if (readOnly) throw new AppError('PROFILE_READ_ONLY', { detail: { profile: profileId } })
      checkConfirmed(profiles.active(), confirmed)
      const removeAt = clock.now() + settings.get().trashDays * DAY_MS
      // Everything is known before anything moves: what moves is no longer found.
      const ids = [...files.ids(profileId, selection)].flat()
      const folders = order.folders(profileId).map(({ path }) => path)
      const count = await inParts(profileId, ids, (part) => trash.put(profileId, part, removeAt))
      // A folder does not vanish because its last file was deleted.
      const left = new Set(order.folders(profileId).map(({ path }) => path))
      order.addFolders(
        profileId,
        folders.filter((path) => !left.has(path))
      )
      if (removeAt <= clock.now()) keeper.sweep()
      return { ids: ids.length <= MAX_UNDONE ? ids : [], count }
    },
    'trash.list': () => trash.ids(active()),
    'trash.rows': ({ ids }) => trash.rows(active(), ids),
    'trash.count': () => trash.count(active()),
    'trash.restore': async ({ ids }) => {
      const profileId = active()
      const count = await inParts(profileId, ids ?? trash.ids(profileId), (part) => trash.restore(profileId, part))
      return { count }
    },
    'trash.remove': ({ ids, confirmed }) => {
      const profileId = active()
      checkConfirmed(profiles.active(), confirmed)
      return { batchId: keeper.remove(profileId, ids ?? trash.ids(profileId)) }
    },

    'trash.affected': ({ selection }) => {
      const profileId = active()
      const chosen = new Set<number>()
      for (const ids of files.ids(profileId, selection)) for (const id of ids) chosen.add(id)
      const slaves = new Map<number, string>()
      let lookedAt = 0
      for (const rows of files.select(profileId, { ids: [...chosen].slice(0, MAX_LOOKED_AT) })) {
        for (const row of rows) {
          lookedAt += 1
          if (row.kind === 'slave') continue
          for (const other of order.family(profileId, row, 100)) {
            if (other.kind === 'slave' && !chosen.has(other.id)) slaves.set(other.id, other.name)
          }
        }
      }
      const { httpBase } = profiles.active()
      return {
        slaveIds: [...slaves.keys()],
        slaveNames: [...slaves.values()].slice(0, MAX_NAMES),
        complete: lookedAt === chosen.size,
        linkBases: [...new Set(Object.values(httpBase).filter((base) => base !== ''))].slice(0, MAX_NAMES)
      }
    }
  } satisfies HandlersOf<'trash'>
}
