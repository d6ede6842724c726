import { stat } from 'node:fs/promises'
import type { FSWatcher } from 'chokidar'

/** A file that is there and rests. */
export interface SettledFile {
  path: string
  sizeBytes: number
  /** Ms since the epoch. */
  modifiedAt: number
}

export interface WatchOptions {
  /** Files and folders of this computer; folders with everything below them. */
  paths: readonly string[]
  /** New and changed files, once they have stopped changing; those that come together, together. */
  onFiles: (files: SettledFile[]) => void
  onError: (error: unknown) => void
  /** How long a file must rest before it counts as whole. Default: 2 s. */
  restMs?: number
}

export interface Watch {
  close(): Promise<void>
}

const REST_MS = 2_000
/** What comes within this time is told at once. */
const TOGETHER_MS = 300
/** Endings of files that programs are still writing. */
const UNFINISHED = /(^\.|~$|\.(part|partial|crdownload|download|tmp|temp|swp)$)/i

/** Whether a file's name says that it is not whole yet. */
export const isUnfinished = (name: string): boolean => UNFINISHED.test(name)

/** Tells of files that appear or change below some paths. Resolves when the watching has begun: what comes later is not missed. */
export async function watchFiles({ paths, onFiles, onError, restMs = REST_MS }: WatchOptions): Promise<Watch> {
  const { watch } = await import('chokidar')
  const found = new Map<string, SettledFile>()
  let timer: NodeJS.Timeout | null = null
  const tell = (): void => {
    timer = null
    const files = [...found.values()]
    found.clear()
    if (files.length > 0) onFiles(files)
  }
  const settled = (path: string): void => {
    stat(path)
      .then((facts) => {
        if (!facts.isFile()) return
        found.set(path, { path, sizeBytes: facts.size, modifiedAt: facts.mtimeMs })
        timer ??= setTimeout(tell, TOGETHER_MS)
      })
      // Gone again: nothing to tell.
      .catch(() => undefined)
  }
  const watcher: FSWatcher = watch([...paths], {
    ignoreInitial: true,
    followSymlinks: false,
    awaitWriteFinish: { stabilityThreshold: restMs, pollInterval: Math.min(200, restMs) },
    ignored: (path, facts) => facts?.isFile() === true && isUnfinished(path.split(/[\\/]/).at(-1) ?? '')
  })
  watcher.on('add', settled).on('change', settled).on('error', onError)
  await new Promise<void>((ready) => watcher.once('ready', () => ready()))
  return {
    async close() {
      if (timer !== null) clearTimeout(timer)
      timer = null
      found.clear()
      await watcher.close()
    }
  }
}
