import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { localError } from '../client/local-error.ts'

/** Below the program's folder, in the sources and in the package alike. */
const PLACE = join('resources', 'samples')

/** The folder of sample files that comes with the program; null when the package has none. */
function samplesFolder(): string | null {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, PLACE))) return join(folder, PLACE)
    if (dirname(folder) === folder) return null
  }
}

/** By reading and writing: what copies whole trees does not look into the archive of a packaged program. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await copyTree(source, target)
    else await writeFile(target, await readFile(source))
  }
}

/**
 * Copies the sample files to a spool folder of their own and returns its entries, ready to be uploaded: from there they are
 * ordinary files. Rejects with LOCAL_NOT_FOUND when the program has none, and with LOCAL_* when they cannot be written.
 */
export async function spoolSamples(spoolDir: string): Promise<string[]> {
  const source = samplesFolder()
  if (source === null) throw new AppError('LOCAL_NOT_FOUND', { detail: { path: PLACE } })
  try {
    await mkdir(spoolDir, { recursive: true })
    const folder = await mkdtemp(join(spoolDir, 'samples-'))
    await copyTree(source, folder)
    return (await readdir(folder)).toSorted().map((name) => join(folder, name))
  } catch (error) {
    throw localError(error, spoolDir)
  }
}
