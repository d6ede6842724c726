/**
 * Folders of this computer whose new files are uploaded by themselves, as long as the program runs; what appeared while it did not
 * run follows at the next start. A folder that is away is looked for again.
 */
import { randomBytes } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { z } from 'zod'
import { WatchedFolderSchema } from '../../shared/contract.ts'
import type { WatchedFolder, WatchedFolderState } from '../../shared/contract.ts'
import type { ErrorData } from '../../shared/errors.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import type { Clock } from '../transfer/clock.ts'
import type { TransferEngine } from '../transfer/engine.ts'
import { scanPaths } from '../transfer/scan.ts'
import { isUnfinished, watchFiles } from '../transfer/watch.ts'
import type { SettledFile, Watch } from '../transfer/watch.ts'
import { readJsonFile, writeJsonFile } from './json-file.ts'
import { localError } from './local-errors.ts'
import { createSerial } from './serial.ts'
import type { CorruptFile } from './settings.ts'

export interface WatchedFolders {
  list(profileId: string): WatchedFolderState[]
  /** A new one, or another way for one that is watched (by its id). `existing`: what is in it now is uploaded, too. */
  save(profileId: string, folder: Omit<WatchedFolder, 'id'> & { id?: string | undefined }, existing: boolean): Promise<void>
  remove(id: string): Promise<void>
  close(): Promise<void>
}

export interface WatchedFolderOptions {
  path: string
  engine: Pick<TransferEngine, 'upload'>
  /** Throws for a profile that is not there any more. */
  profile(id: string): unknown
  clock: Clock
  onCorrupt(file: CorruptFile): void
  changed(): void
  report(about: string, error: unknown): void
  /** How long a file must rest before it counts as whole. */
  restMs?: number | undefined
}

const AWAY_MS = 15_000
/** Files that are younger may be resting still, or be on their way: they are looked at again after a restart. */
const RESTING_MS = 10_000
/** Some file systems tell the time of a file a little late. */
const COARSE_MS = 10

const StoredSchema = WatchedFolderSchema.extend({
  profileId: z.string(),
  /** Unix ms: files that are older were there before, or have been uploaded. */
  seenAt: z.number()
})
type Stored = z.infer<typeof StoredSchema>
const FileSchema = z.object({ folders: z.array(StoredSchema).max(1_000) })

interface Running {
  stored: Stored
  watch: Watch | null
  problem: ErrorData | null
  sent: number
  /** By path: a file that is met twice is sent once. */
  marks: Map<string, string>
  stopped: boolean
  cancelRetry: (() => void) | null
}

export async function openWatchedFolders(options: WatchedFolderOptions): Promise<WatchedFolders> {
  const { path, engine, clock, changed, report } = options
  const read = await readJsonFile(path, (value) => FileSchema.parse(value), clock.now)
  if (read.tag === 'corrupt') options.onCorrupt({ path, setAside: read.setAside, reason: read.reason })
  const running = new Map<string, Running>()
  const inOrder = createSerial()

  const store = (): Promise<void> =>
    inOrder(() => writeJsonFile(path, { folders: [...running.values()].map(({ stored }) => stored) } satisfies z.input<typeof FileSchema>))
  /** What cannot be written now is written with the next change: at worst a file is looked at twice. */
  const storeLater = (): void => void store().catch((error: unknown) => report('watched folders', error))

  /** `again`: some of them may have been sent before the last end of the program; what the library has is not sent again. */
  function take(folder: Running, files: readonly SettledFile[], again = false): void {
    if (folder.stopped) return
    const fresh = files.filter((file) => folder.marks.get(file.path) !== markOf(file))
    if (fresh.length === 0) return
    const { profileId, path: root, id: _id, on: _on, seenAt: _seen, folder: into, group, duplicates, ...rest } = folder.stored
    try {
      for (const [inside, some] of Map.groupBy(fresh, (file) => insideOf(root, file.path))) {
        engine.upload({
          profileId,
          paths: some.map((file) => file.path),
          folder: [into, inside].filter((part) => part !== '').join('/'),
          group: group ?? undefined,
          ...rest,
          duplicates: again && duplicates === 'send' ? 'sync' : duplicates
        })
      }
      for (const file of fresh) folder.marks.set(file.path, markOf(file))
      folder.sent += fresh.length
      folder.stored.seenAt = Math.max(folder.stored.seenAt, clock.now() - RESTING_MS)
      folder.problem = null
      storeLater()
    } catch (error) {
      // Read-only, or its group is none any more: what is new stays new, and follows when it may.
      folder.problem = toAppError(error).toData()
    }
    changed()
  }

  async function begin(folder: Running, since: number): Promise<void> {
    try {
      options.profile(folder.stored.profileId)
      if (!(await stat(folder.stored.path)).isDirectory()) {
        throw new AppError('LOCAL_NOT_A_FILE', { detail: { path: folder.stored.path } })
      }
      const watch = await watchFiles({
        paths: [folder.stored.path],
        onFiles: (files) => take(folder, files),
        onError: (error) => {
          folder.problem = localError(error, folder.stored.path).toData()
          changed()
        },
        ...(options.restMs === undefined ? {} : { restMs: options.restMs })
      })
      if (folder.stopped) return await watch.close()
      folder.watch = watch
      folder.problem = null
      changed()
      take(folder, await newerThan(folder.stored.path, since), true)
    } catch (error) {
      if (folder.stopped) return
      folder.problem = localError(error, folder.stored.path).toData()
      changed()
      folder.cancelRetry = clock.after(AWAY_MS, () => void begin(folder, since))
    }
  }

  async function stop(folder: Running): Promise<void> {
    folder.stopped = true
    folder.cancelRetry?.()
    await folder.watch?.close()
    folder.watch = null
  }

  function start(stored: Stored, since = stored.seenAt): void {
    const folder: Running = { stored, watch: null, problem: null, sent: 0, marks: new Map(), stopped: !stored.on, cancelRetry: null }
    running.set(stored.id, folder)
    if (stored.on) void begin(folder, since)
  }

  for (const stored of read.tag === 'read' ? read.value.folders : []) start(stored)
  return {
    list: (profileId) =>
      [...running.values()]
        .filter(({ stored }) => stored.profileId === profileId)
        .map(({ stored: { profileId: _profile, seenAt: _seen, ...folder }, problem, sent }) => ({ ...folder, problem, sent })),
    async save(profileId, { id, ...folder }, existing) {
      const before = id === undefined ? undefined : running.get(id)
      if (before === undefined || before.stored.path !== folder.path) await checkFolder(folder.path)
      if (before !== undefined) await stop(before)
      const now = clock.now() - COARSE_MS
      // One that was switched off has not seen what came meanwhile, and did not want to.
      const seenAt = before !== undefined && before.stored.on && before.stored.path === folder.path ? before.stored.seenAt : now
      const stored: Stored = { ...folder, id: id ?? randomBytes(8).toString('hex'), path: resolve(folder.path), profileId, seenAt }
      start(stored, existing ? 0 : seenAt)
      await store()
      changed()
    },
    async remove(id) {
      const folder = running.get(id)
      if (folder === undefined) return
      await stop(folder)
      running.delete(id)
      await store()
      changed()
    },
    async close() {
      const now = clock.now()
      for (const folder of running.values()) {
        // What appears from here on is new at the next start.
        if (folder.watch !== null && folder.problem === null) folder.stored.seenAt = Math.max(folder.stored.seenAt, now - RESTING_MS)
        await stop(folder)
      }
      if (running.size > 0) await store()
    }
  }
}

const markOf = (file: SettledFile): string => `${file.sizeBytes} ${file.modifiedAt}`

/** The folders between the watched one and a file. */
function insideOf(root: string, path: string): string {
  const inside = relative(root, dirname(path)).replaceAll('\\', '/')
  return inside.startsWith('..') ? '' : inside
}

async function checkFolder(path: string): Promise<void> {
  try {
    if ((await stat(path)).isDirectory()) return
  } catch (error) {
    throw localError(error, path)
  }
  throw new AppError('LOCAL_NOT_FOUND', { detail: { path } })
}

/** Files that were made, changed or moved here after a time. */
async function newerThan(root: string, since: number): Promise<SettledFile[]> {
  const found: SettledFile[] = []
  for await (const entries of scanPaths([root])) {
    for (const { path, name, problem } of entries) {
      const facts = problem === null && !isUnfinished(name) ? await stat(path).catch(() => null) : null
      if (facts === null || Math.max(facts.mtimeMs, facts.ctimeMs, facts.birthtimeMs) <= since) continue
      found.push({ path, sizeBytes: facts.size, modifiedAt: facts.mtimeMs })
    }
  }
  return found
}
