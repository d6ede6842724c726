import type { Settings } from '../../shared/contract.ts'
import { AppError } from '../../shared/errors.ts'
import type { Profile } from '../../shared/model.ts'
import type { Trash } from '../library/trash.ts'
import type { Clock } from '../transfer/clock.ts'
import type { TransferEngine } from '../transfer/engine.ts'

/** Removes from the servers what has been in the trash long enough. */
export interface TrashKeeper {
  /** Removes these files from the servers now, as a batch; null = there was nothing to remove. */
  remove(profileId: string, ids: readonly number[]): number | null
  /** Looks for what is due, and for what could not be removed. */
  sweep(): void
  close(): void
}

export interface TrashKeeperOptions {
  trash: Trash
  engine: Pick<TransferEngine, 'remove' | 'batch' | 'settled'>
  profile(id: string): Pick<Profile, 'readOnly'>
  settings(): Settings
  clock: Clock
  /** The trash of a profile changed. */
  changed(profileId: string): void
  report(about: string, error: unknown): void
}

const SWEEP_MS = 10 * 60_000
/** What a server refused is tried again after this. */
const AGAIN_MS = 6 * 3_600_000
/** Files of one batch: the rest follows with a later look. */
const PER_BATCH = 20_000
export const DAY_MS = 86_400_000

export function createTrashKeeper(options: TrashKeeperOptions): TrashKeeper {
  const { trash, engine, clock } = options
  let cancel: (() => void) | null = null
  let closed = false

  function start(profileId: string, fileIds: string[]): number | null {
    if (fileIds.length === 0) return null
    const { batchId } = engine.remove({ profileId, fileIds })
    trash.removing(profileId, fileIds, batchId)
    options.changed(profileId)
    const release = (): void => {
      if (closed) return
      trash.released(batchId, clock.now() + AGAIN_MS)
      options.changed(profileId)
    }
    engine.settled(batchId).then(release, release)
    return batchId
  }

  function sweep(): void {
    cancel?.()
    cancel = clock.after(SWEEP_MS, sweep)
    try {
      // Batches of an earlier run of the program, or such as were taken off the list.
      for (const batchId of trash.batches()) {
        const batch = engine.batch(batchId)
        if (batch === null || batch.finishedAt !== null) trash.released(batchId, clock.now() + AGAIN_MS)
      }
      for (const profileId of trash.profiles()) sweepProfile(profileId)
    } catch (error) {
      options.report('trash', error)
    }
  }

  function sweepProfile(profileId: string): void {
    try {
      if (options.profile(profileId).readOnly) return
    } catch {
      // A connection that was removed: its files wait until it is there again.
      return
    }
    const due = trash.due(profileId, clock.now(), PER_BATCH)
    start(
      profileId,
      due.map((row) => row.fileId)
    )
  }

  return {
    remove(profileId, ids) {
      if (options.profile(profileId).readOnly) throw new AppError('PROFILE_READ_ONLY', { detail: { profile: profileId } })
      return start(profileId, trash.fileIds(profileId, ids))
    },
    sweep,
    close() {
      closed = true
      cancel?.()
    }
  }
}
