import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { dataPaths, defaultDataDir } from '../app/data-dir.ts'
import { lockDataDir } from '../app/lock.ts'
import { openFileJournal } from '../library/file-journal.ts'
import { createMemoryJournal } from '../library/memory-journal.ts'
import type { TransferJournal } from '../library/types.ts'
import { onDiskSync } from '../transfer/on-disk.ts'
import { UsageError } from './args.ts'
import type { Context } from './context.ts'

/** The journal of one run of a command. */
export interface RunJournal {
  journal: TransferJournal
  /** false: nothing could be written where journals are kept, so this run cannot be taken up again. */
  lasting: boolean
  /** `keep`: the same command goes on with it; else it is gone. */
  end(keep: boolean): Promise<void>
}

/**
 * The journal of this very command: the same words against the same cluster find what an interrupted run left. Where none can be
 * kept (no home folder, a read-only disk), one in memory. UsageError when the same command is running already.
 */
export async function openRunJournal(context: Context, words: readonly unknown[]): Promise<RunJournal> {
  const { addresses, profile } = await context.cluster()
  const text = JSON.stringify([context.args.command, profile?.id ?? addresses.toSorted(), ...words])
  const key = createHash('sha256').update(text).digest('hex').slice(0, 24)
  const folder = dataPaths(context.args.dataDir ?? defaultDataDir()).commands
  const path = join(folder, `${key}.jsonl`)
  try {
    onDiskSync(folder, () => mkdirSync(folder, { recursive: true, mode: 0o700 }))
    const lock = await lockDataDir(join(folder, `${key}.lock`))
    try {
      const journal = onDiskSync(path, () => openFileJournal(path))
      return {
        journal,
        lasting: true,
        async end(keep) {
          if (keep) journal.close()
          else journal.remove()
          await lock.release()
        }
      }
    } catch (error) {
      await lock.release()
      throw error
    }
  } catch (error) {
    if (error instanceof AppError && error.code === 'LIBRARY_LOCKED') {
      throw new UsageError(`the same command is running already (process ${error.detail['pid'] ?? 'unknown'})`, { cause: error })
    }
    return { journal: createMemoryJournal(), lasting: false, end: () => Promise.resolve() }
  }
}
