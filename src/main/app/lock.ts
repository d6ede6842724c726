import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../../shared/errors.ts'

/** Held while one process uses a data folder. */
export interface DataLock {
  release(): Promise<void>
}

interface Owner {
  pid: number
  /** Tells this process from a later one with the same number; null where the system does not say. */
  birth: string | null
}

/**
 * Takes the data folder for this process. LIBRARY_LOCKED (with the other's `pid`) while another live process holds it; a lock
 * left by a killed process is replaced. Two processes that find the same stale lock cannot both win.
 */
export async function lockDataDir(path: string): Promise<DataLock> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const mine = JSON.stringify({ pid: process.pid, birth: await birthOf(process.pid) } satisfies Owner)
  const temporary = `${path}.${randomBytes(6).toString('hex')}`
  await writeFile(temporary, mine, { mode: 0o600 })
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      if (await place(temporary, path)) return { release: () => release(path, mine) }
      const found = await readText(path)
      if (found === null) continue
      const owner = parseOwner(found)
      if (owner && (await isAlive(owner))) throw new AppError('LIBRARY_LOCKED', { detail: { pid: owner.pid, path: dirname(path) } })
      await discard(path, found)
    }
    throw new AppError('LIBRARY_LOCKED', { detail: { path: dirname(path) } })
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Links the finished lock file into place: atomic, and fails when one is there. */
async function place(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    // A file system without hard links (FAT, some network drives): exclusive creation is nearly as good.
    try {
      await writeFile(path, await readFile(temporary), { flag: 'wx', mode: 0o600 })
      return true
    } catch (second) {
      if ((second as NodeJS.ErrnoException).code === 'EEXIST') return false
      throw second
    }
  }
}

/** Removes a stale lock, but puts it back when another process replaced it meanwhile. */
async function discard(path: string, stale: string): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}`
  try {
    await rename(path, aside)
  } catch {
    return
  }
  if ((await readText(aside)) !== stale) await place(aside, path)
  await rm(aside, { force: true })
}

async function release(path: string, mine: string): Promise<void> {
  if ((await readText(path)) === mine) await rm(path, { force: true })
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return null
  }
}

function parseOwner(text: string): Owner | null {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('pid' in value) || typeof value.pid !== 'number') return null
    const birth = 'birth' in value && typeof value.birth === 'string' ? value.birth : null
    return Number.isInteger(value.pid) && value.pid > 0 ? { pid: value.pid, birth } : null
  } catch {
    return null
  }
}

async function isAlive(owner: Owner): Promise<boolean> {
  try {
    process.kill(owner.pid, 0)
  } catch (error) {
    // EPERM: it lives, but belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return owner.birth === null || owner.birth === (await birthOf(owner.pid))
}

/** Boot and start time of a process on Linux, where process numbers are used again after a restart; null elsewhere. */
async function birthOf(pid: number): Promise<string | null> {
  const [boot, stat] = await Promise.all([readText('/proc/sys/kernel/random/boot_id'), readText(`/proc/${pid}/stat`)])
  if (boot === null || stat === null) return null
  // The name of the program (field 2, in parentheses) may hold spaces: count from its end. Start time is field 22.
  const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  return ticks === undefined ? null : `${boot.trim()}:${ticks}`
}
