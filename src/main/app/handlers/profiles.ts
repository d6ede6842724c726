import { diagnoseProfile } from '../diagnose-profile.ts'
import type { HandlersOf } from '../dispatch.ts'
import { readProfileFile, writeProfileFile } from '../profile-file.ts'
import type { Services } from '../services.ts'
import { exportText } from '../text-export.ts'

export function profilesHandlers(services: Services) {
  const { host, profiles, secrets } = services
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
    'profiles.import': async ({ text }) => {
      const read = readProfileFile(text)
      const added = await profiles.saveAll(read)
      return { added: added.length, known: read.length - added.length }
    },
    'profiles.token': ({ id }) => tokenState(profiles.get(id).id),
    'profiles.setToken': async ({ id, secret }) => {
      await secrets.set(profiles.get(id).id, secret)
      return tokenState(id)
    },
    'profiles.activate': ({ id }) => profiles.activate(id),
    'profiles.test': (input) => diagnoseProfile(services, input)
  } satisfies HandlersOf<'profiles'>
}
