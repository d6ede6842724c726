import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** What reading a settings-like file gave. `corrupt`: it was there but unusable, and was moved to `setAside`. */
export type JsonRead<T> = { tag: 'read'; value: T } | { tag: 'absent' } | { tag: 'corrupt'; setAside: string; reason: string }

/**
 * Reads a JSON file through `parse` (which throws when the content is not what it should be). A file that cannot be used is
 * renamed to `….corrupt-<time>`, never overwritten: what the user had stays recoverable. Other read errors (permissions) reject.
 */
export async function readJsonFile<T>(path: string, parse: (value: unknown) => T, now: () => number): Promise<JsonRead<T>> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { tag: 'absent' }
    throw error
  }
  try {
    return { tag: 'read', value: parse(JSON.parse(text)) }
  } catch (error) {
    const setAside = `${path}.corrupt-${now()}`
    await rename(path, setAside)
    return { tag: 'corrupt', setAside, reason: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) }
  }
}

/** Replaces the file as a whole: a crash or a full disk leaves the old or the new content, nothing between. Readable by the owner only. */
export async function writeJsonFile(path: string, value: unknown): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const file = await open(temporary, 'wx', 0o600)
    try {
      await file.writeFile(`${JSON.stringify(value, null, 2)}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncFolder(folder)
}

/** Makes the rename itself durable; Windows cannot open folders and needs no such thing. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch {
    // Not every file system can do it; the content itself is safe.
  }
}
