import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { HandlersOf } from '../dispatch.ts'
import { knownContent, lookAt } from '../intake.ts'
import { localError } from '../local-errors.ts'
import type { Services } from '../services.ts'

/** What happens between a drop and its upload. */
export function intakeHandlers({ library, profiles, spoolDir }: Services) {
  let looking = new AbortController()
  return {
    'intake.look': ({ paths }) => {
      // There is one sheet: what was looked at before is not looked at any more.
      looking.abort()
      looking = new AbortController()
      return lookAt(library.files, profiles.active().id, paths, looking.signal)
    },
    'intake.known': ({ files }) => knownContent(library.files, profiles.active().id, files),
    'intake.keep': async ({ name, content }) => {
      const folder = join(spoolDir, randomBytes(12).toString('hex'))
      const path = join(folder, name)
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        await writeFile(path, Buffer.from(content, 'base64'), { flag: 'wx', mode: 0o600 })
      } catch (error) {
        throw localError(error, path)
      }
      return { path }
    }
  } satisfies HandlersOf<'intake'>
}
