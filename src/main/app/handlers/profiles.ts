import { diagnose } from '../../cluster/diagnose.ts'
import { clientOptions } from '../clients.ts'
import type { HandlersOf } from '../dispatch.ts'
import { BUILT_IN_ID, checkProfile } from '../profiles.ts'
import type { Services } from '../services.ts'

export function profilesHandlers({ profiles, builtInTrackers }: Services) {
  return {
    'profiles.save': async (input) => {
      await profiles.save(input)
      return profiles.list()
    },
    'profiles.remove': async ({ id }) => {
      await profiles.remove(id)
      return profiles.list()
    },
    'profiles.activate': ({ id }) => profiles.activate(id),
    'profiles.test': async (input) => {
      const checked = checkProfile(input)
      return diagnose(clientOptions(checked, input.id === BUILT_IN_ID ? await builtInTrackers() : checked.trackers))
    }
  } satisfies HandlersOf<'profiles'>
}
