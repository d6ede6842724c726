import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { BackupInfo } from '../../shared/model.ts'
import { AppError } from '../../shared/errors.ts'
import { connect, type Connection } from './connection.ts'

/** `library-2026-11-22T21-30-05-123.db`, and for copies made before a change of the schema `…-v1.db`. */
const NAME = /^library-(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3})(?:-v(\d+))?\.db$/

/** Name of a copy made now (Unix ms, told in UTC); `version`: the schema it has, when it was made because of a newer one. */
export function backupName(at: number, version?: number): string {
  const stamp = new Date(at).toISOString().slice(0, 23).replaceAll(/[:.]/g, '-')
  return `library-${stamp}${version === undefined ? '' : `-v${version}`}.db`
}

/** Complete copies of a library in a folder, newest first; [] where there is none. */
export function listBackups(folder: string): BackupInfo[] {
  if (!existsSync(folder)) return []
  const found: BackupInfo[] = []
  for (const name of readdirSync(folder)) {
    const match = NAME.exec(name)
    const stats = match ? statSync(join(folder, name), { throwIfNoEntry: false }) : undefined
    if (!match || !stats?.isFile()) continue
    const [day, time] = match[1]!.split('T') as [string, string]
    const [hours, minutes, seconds, ms] = time.split('-')
    found.push({ name, at: Date.parse(`${day}T${hours}:${minutes}:${seconds}.${ms}Z`), sizeBytes: stats.size })
  }
  return found.sort((a, b) => b.at - a.at)
}

/** Path of a copy by its name. INPUT_INVALID for anything that is no such name: it comes from outside. */
export function backupPath(folder: string, name: string): string {
  if (!NAME.test(name)) throw new AppError('INPUT_INVALID', { detail: { field: 'backup', reason: name.slice(0, 100) } })
  return join(folder, name)
}

/** Removes all but the newest copies. Those made before a change of the schema do not count, and go after `keep` others of theirs. */
export function pruneBackups(folder: string, keep: number): void {
  const all = listBackups(folder)
  for (const versioned of [false, true]) {
    const some = all.filter(({ name }) => (NAME.exec(name)?.[2] !== undefined) === versioned)
    for (const { name } of some.slice(Math.max(1, keep))) rmSync(join(folder, name), { force: true })
  }
}

/**
 * Copies a library as one consistent, checked file. Takes its time: reads and writes everything. The copy gets its name when it
 * is whole. Throws what SQLite meets (LOCAL_DISK_FULL, LIBRARY_CORRUPT …); nothing is left behind then.
 */
export async function copyLibrary(connection: Connection, target: string): Promise<{ sizeBytes: number; files: number }> {
  await mkdir(dirname(target), { recursive: true, mode: 0o700 })
  const part = `${target}.part`
  rmSync(part, { force: true })
  try {
    connection.run('VACUUM INTO ?', [part])
    const copy = await connect(part)
    let files: number
    try {
      const verdict = firstProblem(copy)
      if (verdict !== null) throw new AppError('LIBRARY_CORRUPT', { detail: { path: connection.path, reason: verdict } })
      files = copy.number('SELECT count(*) FROM files')
    } finally {
      copy.close()
    }
    sync(part)
    renameSync(part, target)
    syncFolder(dirname(target))
    return { sizeBytes: statSync(target).size, files }
  } catch (error) {
    rmSync(part, { force: true })
    throw error
  }
}

/** What SQLite finds wrong with a file; null = nothing. Reads all of it. */
export function firstProblem(connection: Connection): string | null {
  try {
    const [first] = connection.all('PRAGMA quick_check(1)')
    const verdict = String(Object.values(first ?? {})[0] ?? 'ok')
    return verdict === 'ok' ? null : verdict
  } catch (error) {
    // A file that cannot even be checked.
    if (error instanceof AppError && error.code === 'LIBRARY_CORRUPT') return String(error.detail['reason'] ?? error.message)
    throw error
  }
}

const WITH_LOG = ['', '-wal', '-shm'] as const

/** Moves a library out of the way, with its log, and keeps it. Returns its new path; null = there was none. */
export function keepAside(path: string, at: number): string | null {
  const stamp = new Date(at).toISOString().slice(0, 23).replaceAll(/[:.]/g, '-')
  const kept = join(dirname(path), `${basename(path, '.db')}.damaged-${stamp}.db`)
  let any = false
  for (const end of WITH_LOG) {
    if (!existsSync(path + end)) continue
    renameSync(path + end, kept + end)
    any = true
  }
  return any ? kept : null
}

/** Removes a file that was made on the way, with its log. */
export async function dropLibrary(path: string): Promise<void> {
  for (const end of WITH_LOG) await rm(path + end, { force: true })
}

function sync(path: string): void {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Makes a rename durable, where folders can be synced (not on Windows). */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
