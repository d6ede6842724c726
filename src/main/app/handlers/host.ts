import { AppError } from '../../../shared/errors.ts'
import type { HandlersOf } from '../dispatch.ts'
import { listFolders, makeFolder } from '../folders.ts'
import type { Services } from '../services.ts'

export function hostHandlers({ host }: Services) {
  return {
    'host.pickFiles': ({ folders }) => host.pickFiles({ folders }),
    'host.pickFolder': ({ start }) => host.pickFolder({ start }),
    'host.pickSave': ({ name, start }) => host.pickSave({ name, start }),
    'host.listFolders': ({ path }) => listFolders(path ?? host.homeFolder),
    'host.makeFolder': ({ parent, name }) => makeFolder(parent, name),
    'host.reveal': async ({ path }) => {
      await host.reveal(path)
      return null
    },
    'host.wishes': () => host.wishes?.() ?? [],
    'host.openExternal': async ({ url }) => {
      await host.openExternal(checkExternal(url))
      return null
    }
  } satisfies HandlersOf<'host'>
}

/** Only web pages: other schemes start programs. */
function checkExternal(text: string): string {
  const url = URL.parse(text)
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new AppError('INPUT_INVALID', { detail: { field: 'url', reason: text.slice(0, 100) } })
  }
  return url.href
}
