import { statSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { AppError } from '../../../shared/errors.ts'
import type { Connection } from '../connection.ts'
import type { WriteGate } from '../write-gate.ts'

/**
 * The log is moved into the database when it has grown to this, by the thread that fills it; when that could not empty it (somebody
 * still reads), again when it has grown by as much. Well above what an emptied log keeps of its file (`LOG_KEEPS_BYTES`): the size
 * of the file is all there is to see.
 */
const CHECKPOINT_EVERY_BYTES = 48 * 1_048_576

/** Work in transactions that end as soon as the main thread wants to write, and at the latest after so many items. */
export interface Turns {
  /**
   * Works through `items`, `slice` at a time; `end` is called before every commit. Between transactions messages are read and the
   * signal is looked at: ABORTED leaves what was committed.
   */
  through<T>(items: readonly T[], work: (part: T[]) => void, options: TurnOptions): Promise<void>
  /** Repeats `step` (a transaction of its own) until it returns false. */
  until(step: (stop: () => boolean) => boolean): Promise<void>
  /** Between transactions. */
  pause(signal?: AbortSignal): Promise<void>
}

interface TurnOptions {
  slice: number
  /** Items of one transaction. */
  most: number
  end?: () => void
  signal?: AbortSignal | undefined
}

export function createTurns(connection: Connection, gate: WriteGate): Turns {
  /** Size of the log when it was last moved. */
  let moved = 0

  function checkpoint(): void {
    const size = statSync(`${connection.path}-wal`, { throwIfNoEntry: false })?.size ?? 0
    // It was emptied since, and its file made small.
    if (size < moved) moved = 0
    if (size - moved < CHECKPOINT_EVERY_BYTES) return
    moved = size
    // When another connection does it at the moment, or the disk is full: the log stays as it is.
    tryTo(() => connection.get('PRAGMA wal_checkpoint(PASSIVE)'))
  }

  async function pause(signal?: AbortSignal): Promise<void> {
    await setImmediate()
    checkpoint()
    if (signal?.aborted) throw new AppError('ABORTED')
  }
  return {
    async through(items, work, { slice, most, end, signal }) {
      for (let at = 0; at < items.length;) {
        const last = Math.min(items.length, at + most)
        connection.transaction(false, () => {
          do {
            work(items.slice(at, Math.min(last, at + slice)))
            at += slice
          } while (at < last && !gate.wanted)
          end?.()
        })
        await pause(signal)
      }
    },
    async until(step) {
      while (step(() => gate.wanted)) await pause()
    },
    pause
  }
}

function tryTo(work: () => unknown): void {
  try {
    work()
  } catch {
    // What matters meets the same trouble and tells it.
  }
}
