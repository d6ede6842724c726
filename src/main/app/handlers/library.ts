import { isAbsolute, join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import type { HandlersOf } from '../dispatch.ts'
import type { Services } from '../services.ts'

export function libraryHandlers({ safety, profiles, host, settings, clock, library }: Services) {
  /** Their connections to those here: the one of the same id, or the active one. */
  const proposed = (ids: readonly string[]): Record<string, string | null> => {
    const known = new Set(profiles.list().map((profile) => profile.id))
    return Object.fromEntries(ids.map((id) => [id, known.has(id) ? id : profiles.active().id]))
  }
  const checkPath = (path: string): string => {
    if (!isAbsolute(path)) throw new AppError('LOCAL_NOT_FOUND', { detail: { path } })
    return path
  }
  return {
    'library.backups': () => ({ backups: safety.list(), folder: safety.folder, problem: safety.problem() }),
    'library.backup': () => safety.backup(),

    'library.export': async ({ format }) => {
      const name = `fastdfs-library-${new Date(clock.now()).toISOString().slice(0, 19).replaceAll(':', '-')}.${format}`
      const path = host.can.pickFiles ? await host.pickSave({ name }) : join(settings.get().downloadFolder || host.downloadFolder, name)
      return path === null ? null : { path, rows: await safety.exportTo(path, format) }
    },

    'library.compare': async ({ path, map }) => {
      const first = await safety.compare(checkPath(path), map)
      const whole = { ...proposed(first.profiles.map((profile) => profile.id)), ...map }
      // Whose files these are is known only now.
      const complete = first.profiles.every(({ id }) => id in map)
      return { preview: complete ? first : await safety.compare(path, whole), map: whole }
    },
    'library.merge': async ({ path, map, prefer, choices }) => {
      for (const id of Object.values(map)) if (id !== null) profiles.get(id)
      const files = await safety.merge(checkPath(path), map, { prefer, choices })
      await library.bulk.indexTexts()
      return { files }
    },

    // The application that is put around this one answers these when the library cannot be used.
    'rescue.state': () => null,
    'rescue.run': () => {
      throw new AppError('HOST_CANNOT', { detail: { reason: 'rescue' } })
    }
  } satisfies HandlersOf<'library'> & HandlersOf<'rescue'>
}
