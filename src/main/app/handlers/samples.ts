import { AppError } from '../../../shared/errors.ts'
import type { HandlersOf } from '../dispatch.ts'
import { spoolSamples } from '../samples.ts'
import type { Services } from '../services.ts'

/** Files to try the program with, so that no view is empty. */
export function samplesHandlers({ engine, profiles, spoolDir }: Services) {
  return {
    'samples.add': async () => {
      const { id, builtIn } = profiles.active()
      // Nobody wants them on a real cluster.
      if (!builtIn) throw new AppError('INPUT_INVALID', { detail: { field: 'profile', reason: 'not the built-in cluster' } })
      return engine.upload({ profileId: id, paths: await spoolSamples(spoolDir), folder: '', metadata: {}, duplicates: 'skip' })
    }
  } satisfies HandlersOf<'samples'>
}
