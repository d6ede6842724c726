import { mkdir, readdir, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import type { DirectoryListing } from '../../shared/contract.ts'
import { AppError } from '../../shared/errors.ts'
import { localError } from './local-errors.ts'

/** More folders than this in one are not of use in a chooser. */
const MAX_ENTRIES = 5_000

/** The folders inside one folder, by name; hidden ones are left out. */
export async function listFolders(path: string): Promise<DirectoryListing> {
  const folder = absolute(path)
  try {
    const found = await readdir(folder, { withFileTypes: true })
    const entries: DirectoryListing['entries'] = []
    for (const entry of found) {
      if (entry.name.startsWith('.')) continue
      const full = join(folder, entry.name)
      if (entry.isDirectory() || (entry.isSymbolicLink() && (await isFolder(full)))) {
        entries.push({ name: entry.name, path: full, isFolder: true })
        if (entries.length >= MAX_ENTRIES) break
      }
    }
    entries.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true, sensitivity: 'base' }))
    const parent = dirname(folder)
    return { path: folder, parent: parent === folder ? null : parent, entries }
  } catch (error) {
    throw localError(error, folder)
  }
}

/** Creates one new folder and returns its path. The name is a single component that every system accepts. */
export async function makeFolder(parent: string, name: string): Promise<string> {
  const trimmed = name.trim()
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (trimmed === '' || /^\.{1,2}$|[/\\:*?"<>|\u0000-\u001f]|[. ]$/.test(trimmed)) {
    throw new AppError('LOCAL_NAME_INVALID', { detail: { name: trimmed.slice(0, 100) } })
  }
  const path = join(absolute(parent), trimmed)
  try {
    await mkdir(path)
    return path
  } catch (error) {
    throw localError(error, path)
  }
}

function absolute(path: string): string {
  if (!isAbsolute(path) || path.includes('\0')) throw new AppError('LOCAL_NOT_FOUND', { detail: { path } })
  return resolve(path)
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false
  }
}
