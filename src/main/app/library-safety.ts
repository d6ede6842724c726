import { copyFile, mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Settings } from '../../shared/contract.ts'
import { AppError } from '../../shared/errors.ts'
import type { BackupInfo, MergePreview, MergeRules } from '../../shared/model.ts'
import { backupName, listBackups, pruneBackups } from '../library/backup.ts'
import { runJob } from '../library/jobs.ts'
import type { Library } from '../library/types.ts'
import { mergeOrder } from './merge-order.ts'
import type { Clock } from '../transfer/clock.ts'

/** Copies, checks, export and merge of the library: everything runs beside the program. */
export interface LibrarySafety {
  list(): BackupInfo[]
  /** Where the copies are. */
  readonly folder: string
  /** Makes a copy now, and removes the oldest ones. */
  backup(): Promise<BackupInfo>
  /** What the last check found; null = nothing. */
  problem(): string | null
  exportTo(target: string, format: 'csv' | 'jsonl'): Promise<number>
  compare(path: string, map: Record<string, string | null>): Promise<MergePreview>
  /** Returns how many files were put into the library. */
  merge(path: string, map: Record<string, string | null>, rules: MergeRules): Promise<number>
  close(): Promise<void>
}

export interface LibrarySafetyOptions {
  /** Of the library, and of the folder for copies. */
  paths: { library: string; backups: string }
  workerUrl: URL
  library: Library
  settings(): Settings
  clock: Clock
  /** A copy is there: put it into the cluster, if the user wishes. */
  onBackup(path: string): void
  /** The library is damaged. */
  onProblem(reason: string): void
  /** Files of a profile changed. */
  changed(profileId: string): void
  report(about: string, error: unknown): void
}

const DAY_MS = 86_400_000
/** After the start, so that opening the window comes first. */
const FIRST_MS = 20_000
const LOOK_MS = 3_600_000

export function createLibrarySafety(options: LibrarySafetyOptions): LibrarySafety {
  const { paths, workerUrl, clock } = options
  const stop = new AbortController()
  let problem: string | null = null
  let cancel: (() => void) | null = clock.after(FIRST_MS, look)
  let looking: Promise<void> = Promise.resolve()
  let copying: Promise<BackupInfo> | null = null

  function look(): void {
    cancel = clock.after(LOOK_MS, look)
    looking = lookAround().catch((error: unknown) => {
      if (!stop.signal.aborted) options.report('backup', error)
    })
  }

  async function lookAround(): Promise<void> {
    const newest = listBackups(paths.backups)[0]
    if (newest !== undefined && clock.now() - newest.at < DAY_MS) return
    problem = await runJob(workerUrl, 'check', { path: paths.library }, { signal: stop.signal })
    // A damaged library must not push good copies out.
    if (problem !== null) options.onProblem(problem)
    else if (options.settings().backupsKept > 0) await backup()
  }

  function backup(): Promise<BackupInfo> {
    copying ??= copy().finally(() => (copying = null))
    return copying
  }

  async function copy(): Promise<BackupInfo> {
    const name = backupName(clock.now())
    const path = join(paths.backups, name)
    const { sizeBytes } = await runJob(workerUrl, 'backup', { path: paths.library, target: path }, { signal: stop.signal })
    pruneBackups(paths.backups, options.settings().backupsKept)
    options.onBackup(path)
    return listBackups(paths.backups).find((each) => each.name === name) ?? { name, at: clock.now(), sizeBytes }
  }

  /** Works on a copy of another library: whoever it belongs to finds it unchanged. */
  async function withCopy<T>(path: string, work: (copy: string) => Promise<T>): Promise<T> {
    const stats = await stat(path).catch(() => null)
    if (!stats?.isFile()) throw new AppError('LOCAL_NOT_FOUND', { detail: { path } })
    const folder = await mkdtemp(join(tmpdir(), 'fastdfs-merge-'))
    try {
      const other = join(folder, 'other.db')
      await copyFile(path, other)
      // What is not in the file yet is in its log.
      if (existsSync(`${path}-wal`)) await copyFile(`${path}-wal`, `${other}-wal`)
      return await work(other)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  return {
    list: () => listBackups(paths.backups),
    folder: paths.backups,
    backup,
    problem: () => problem,
    exportTo: (target, format) => runJob(workerUrl, 'export', { path: paths.library, target, format }, { signal: stop.signal }),
    compare: (path, map) =>
      withCopy(path, (other) => runJob(workerUrl, 'compare', { path: paths.library, other, map }, { signal: stop.signal })),
    async merge(path, map, rules) {
      // The way back, should the result not please.
      await mkdir(paths.backups, { recursive: true })
      await backup()
      let files = 0
      let writing: Promise<unknown> = Promise.resolve()
      const orders = await withCopy(path, (other) =>
        runJob(
          workerUrl,
          'merge',
          { path: paths.library, other, map, rules },
          {
            signal: stop.signal,
            progress(part) {
              files += part.files.length
              writing = writing.then(() => options.library.bulk.upsert(part.profileId, part.files, undefined, stop.signal))
            }
          }
        )
      )
      await writing
      for (const order of orders) await mergeOrder(options.library, order)
      for (const profileId of Object.values(map)) if (profileId !== null) options.changed(profileId)
      return files
    },
    async close() {
      cancel?.()
      stop.abort()
      await Promise.allSettled([looking, copying])
    }
  }
}
