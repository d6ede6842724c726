import { randomBytes } from 'node:crypto'
import { copyFile, link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
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
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if ((await place(temporary, path)) || (await takeOver(temporary, path))) return { release: () => release(path, mine) }
      await setTimeout(20)
    }
    throw new AppError('LIBRARY_LOCKED', { detail: { path: dirname(path) } })
  } finally {
    await rm(temporary, { force: true })
  }
}

const ATTEMPTS = 100

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

/** A take-over lasts milliseconds; one that is older than this was cut short. */
const TAKE_OVER_LIMIT_MS = 10_000

/**
 * Replaces the lock of a dead process. One at a time, behind a second exclusive file: between looking and replacing, nobody else
 * may have replaced it. Throws LIBRARY_LOCKED when the holder lives; false = look again.
 */
async function takeOver(temporary: string, path: string): Promise<boolean> {
  const gate = `${path}.takeover`
  try {
    await writeFile(gate, '', { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const made = await stat(gate).catch(() => null)
    if (made && Date.now() - made.mtimeMs > TAKE_OVER_LIMIT_MS) await rm(gate, { force: true })
    return false
  }
  try {
    const found = await readText(path)
    if (found === null) return false
    const owner = parseOwner(found)
    if (owner && (await isAlive(owner))) throw new AppError('LIBRARY_LOCKED', { detail: { pid: owner.pid, path: dirname(path) } })
    await copyFile(temporary, `${temporary}.new`)
    await rename(`${temporary}.new`, path)
    return true
  } finally {
    await rm(gate, { force: true })
  }
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
