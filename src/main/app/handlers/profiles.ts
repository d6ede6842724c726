import { diagnose } from '../../cluster/diagnose.ts'
import { addressMapper } from '../clients.ts'
import type { HandlersOf } from '../dispatch.ts'
import { readProfileFile, writeProfileFile } from '../profile-file.ts'
import { BUILT_IN_ID, checkAddressMap } from '../profiles.ts'
import type { Services } from '../services.ts'
import { exportText } from '../text-export.ts'

export function profilesHandlers({ host, profiles, secrets, builtInTrackers }: Services) {
  const tokenState = (id: string) => ({ present: secrets.has(id), lasting: secrets.lasting })
  return {
    'profiles.save': async (input) => {
      await profiles.save(input)
      return profiles.list()
    },
    'profiles.remove': async ({ id }) => {
      await profiles.remove(id)
      await secrets.set(id, null)
      return profiles.list()
    },
    'profiles.export': () => exportText(host, 'fastdfs-connections.json', writeProfileFile(profiles.list())),
    'profiles.import': async ({ text }) => ({ added: (await profiles.saveAll(readProfileFile(text))).length }),
    'profiles.token': ({ id }) => tokenState(profiles.get(id).id),
    'profiles.setToken': async ({ id, secret }) => {
      await secrets.set(profiles.get(id).id, secret)
      return tokenState(id)
    },
    'profiles.activate': ({ id }) => profiles.activate(id),
    // The trackers go in as they were typed: whether they are addresses at all is the first thing the test finds out.
    'profiles.test': async ({ id, trackers, addressMap }) =>
      diagnose({
        trackers: id === BUILT_IN_ID ? await builtInTrackers() : trackers,
        mapAddress: addressMapper(checkAddressMap(addressMap))
      })
  } satisfies HandlersOf<'profiles'>
}
