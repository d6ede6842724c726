import { toAppError } from '../../shared/errors.ts'
import type { AppError } from '../../shared/errors.ts'
import type { TransferJournal, TransferPatch } from '../library/types.ts'
import type { Clock } from './clock.ts'

/** Between two tries when the journal cannot be written (its disk is full, say). */
const RETRY_MS = 1_000
/** A slow disk makes groups larger: at most this long, and at most twice the time the last write took. */
const MAX_GATHER_MS = 10

/**
 * Groups journal writes: everything that many small transfers have to say within a few milliseconds becomes one transaction.
 * Nothing is ever dropped: while the journal refuses, patches are kept and whoever waits for them waits.
 */
export interface JournalWriter {
  /** Will be written soon; not waited for. */
  write(patch: TransferPatch): void
  /** Resolves when the patch is on disk. */
  commit(patch: TransferPatch): Promise<void>
  /** How many patches are waited for. */
  readonly unsure: number
  /** Writes everything now; throws what the journal throws (everything is kept for the next try). */
  flush(): void
  /** Writes everything now, or soon where the journal refuses. */
  tryFlush(): void
}

export function createJournalWriter(journal: TransferJournal, clock: Clock, onTrouble: (error: AppError) => void): JournalWriter {
  let pending = new Map<number, TransferPatch>()
  let waiting: (() => void)[] = []
  let unsure = 0
  let scheduled: (() => void) | null = null
  let lastWriteMs = 0
  let troubled = false

  function add(patch: TransferPatch): void {
    const earlier = pending.get(patch.id)
    pending.set(patch.id, earlier === undefined ? patch : { ...earlier, ...patch })
    if (scheduled !== null) return
    const gather = troubled ? RETRY_MS : Math.min(MAX_GATHER_MS, 2 * lastWriteMs)
    if (gather < 1) {
      const immediate = setImmediate(tryFlush)
      scheduled = () => clearImmediate(immediate)
    } else {
      scheduled = clock.after(gather, tryFlush)
    }
  }

  function tryFlush(): void {
    try {
      flush()
    } catch {
      // Told and tried again by flush.
    }
  }

  function flush(): void {
    scheduled?.()
    scheduled = null
    if (pending.size === 0) return
    const before = performance.now()
    try {
      journal.patch([...pending.values()], false)
    } catch (error) {
      if (!troubled) onTrouble(toAppError(error))
      troubled = true
      scheduled = clock.after(RETRY_MS, tryFlush)
      throw error
    }
    lastWriteMs = performance.now() - before
    troubled = false
    pending = new Map()
    if (waiting.length > 0) toDisk()
  }

  /** Whoever waits goes on once everything written is on disk; the thread does not wait. */
  function toDisk(): void {
    const done = waiting
    waiting = []
    journal.sync().then(
      () => {
        unsure -= done.length
        for (const resolve of done) resolve()
      },
      (error: unknown) => {
        waiting = [...done, ...waiting]
        if (!troubled) onTrouble(toAppError(error))
        troubled = true
        clock.after(RETRY_MS, () => {
          if (waiting.length > 0) toDisk()
        })
      }
    )
  }

  return {
    write: add,
    commit(patch) {
      return new Promise((resolve) => {
        unsure += 1
        waiting.push(resolve)
        add(patch)
      })
    },
    get unsure() {
      return unsure
    },
    flush,
    tryFlush
  }
}
