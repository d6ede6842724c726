import type { AppInfo } from '../../../shared/contract.ts'
import type { HandlersOf } from '../dispatch.ts'
import type { Services } from '../services.ts'
import { appVersion } from '../version.ts'

export function appHandlers({ host, settings, profiles }: Services) {
  return {
    'app.info': (): AppInfo => ({
      version: appVersion(),
      platform: host.platform,
      host: host.can,
      systemLanguage: host.systemLanguage,
      profiles: profiles.list(),
      activeProfileId: profiles.active().id,
      settings: settings.get(),
      downloadFolder: settings.get().downloadFolder || host.downloadFolder,
      homeFolder: host.homeFolder
    }),
    'settings.set': (patch) => settings.set(patch)
  } satisfies HandlersOf<'app'> & HandlersOf<'settings'>
}
