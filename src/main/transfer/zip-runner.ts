import { ERRORS, toAppError } from '../../shared/errors.ts'
import type { ErrorData } from '../../shared/errors.ts'
import type { TransferTag } from '../../shared/model.ts'
import type { Batch } from './batch.ts'
import type { Core } from './core.ts'
import { isFinal } from './operation.ts'
import { retryDelay } from './retry-policy.ts'
import type { ZipOptions } from './states.ts'
import { writeZip } from './zip/write.ts'
import type { ZipContext } from './zip/write.ts'

interface Job {
  batch: Batch
  controller: AbortController
  ended: Promise<void>
}

/** Runs archives: one piece of work per batch, with the same waiting and parking as single transfers. */
export interface ZipRunner {
  /** Starts what may start; called by the scheduler with the slots that are free. */
  schedule(batches: readonly Batch[], freeSlots: number): void
  /** The next moment, after `now`, at which an archive wants to go on; null = none. */
  nextAt(now: number): number | null
  /** Resolves when nothing of this batch runs any more. */
  stop(batch: Batch): Promise<void>
  /** The user does not want to wait. */
  hurry(batch: Batch): void
}

/** Until the next try where the journal refused. */
const TROUBLE_MS = 1_000
/** Tags of members that were to be in the archive. */
const WANTED: readonly TransferTag[] = ['queued', 'running', 'waiting', 'paused', 'done']

export function createZipRunner(core: Core): ZipRunner {
  const { clock, journal } = core.options
  const jobs = new Map<number, Job>()
  const waits = new Map<number, { batch: Batch; until: number; attempt: number }>()
  const checked = new Map<number, number>()

  function start(batch: Batch, options: ZipOptions): void {
    const job: Job = { batch, controller: new AbortController(), ended: Promise.resolve() }
    jobs.set(batch.id, job)
    core.used.large += 1
    batch.running.large += 1
    job.ended = run(job, options).finally(() => {
      core.used.large -= 1
      batch.running.large -= 1
      jobs.delete(batch.id)
      core.schedule()
      core.checkOver(batch)
    })
  }

  async function run(job: Job, options: ZipOptions): Promise<void> {
    const { batch } = job
    try {
      await writeZip(contextOf(job, options))
      close(batch)
    } catch (error) {
      try {
        failed(job, toAppError(error))
      } catch (trouble) {
        core.trouble(toAppError(trouble))
        waits.set(batch.id, { batch, until: clock.now() + TROUBLE_MS, attempt: 0 })
      }
    } finally {
      core.changed()
    }
  }

  function failed(job: Job, error: ReturnType<typeof toAppError>): void {
    const { batch } = job
    if (error.code === 'ABORTED' && job.controller.signal.aborted) return
    const now = clock.now()
    const attempt = (waits.get(batch.id)?.attempt ?? 0) + 1
    let until: number | null
    if (ERRORS[error.code].parks) until = core.parking.park(`${batch.record.profileId}/zip-${batch.id}`, error.toData(), now)
    else if (isFinal(error)) until = null
    else {
      // Aborted by somebody else (the client of an edited profile was closed): a lost connection.
      const code = error.code === 'ABORTED' ? 'CONNECTION_LOST' : error.code
      const delay = retryDelay(code, attempt, core.options.random, core.options.settings())
      until = delay === null ? null : now + delay
    }
    batch.error = error.toData()
    if (until === null) giveUp(batch, error.toData())
    else waits.set(batch.id, { batch, until, attempt })
  }

  /** There is no archive, so no member counts as done; the `.part` stays for when the user tries again. */
  function giveUp(batch: Batch, error: ErrorData): void {
    core.writer.flush()
    const failed = journal.page(batch.id, { tags: ['failed'] }, -1, 1)[0]
    const culprit = failed ?? journal.page(batch.id, { tags: WANTED }, -1, 1)[0]
    if (culprit !== undefined) journal.patch([{ id: culprit.id, tag: 'failed', step: null, error }], false)
    journal.moveAll(batch.id, WANTED, 'cancelled')
    batch.reload()
    close(batch)
  }

  function close(batch: Batch): void {
    waits.delete(batch.id)
    checked.delete(batch.id)
    save(batch, { closed: true })
  }

  function save(batch: Batch, changes: Partial<ZipOptions>): void {
    if (batch.options.kind !== 'zip') return
    batch.options = { ...batch.options, ...changes }
    journal.patchBatch(batch.id, { options: batch.options })
  }

  function contextOf(job: Job, options: ZipOptions): ZipContext {
    const { batch, controller } = job
    const live = { ...options }
    return {
      batch: { id: batch.id, createdAt: batch.record.createdAt, target: batch.record.target ?? '' },
      options: live,
      journal,
      store: core.options.store(batch.record.profileId),
      targets: core.targets,
      clock,
      random: core.options.random,
      maxAttempts: core.options.settings().maxAttempts,
      down: core.limits.down,
      signal: controller.signal,
      saveOptions(changes) {
        Object.assign(live, changes)
        save(batch, changes)
      },
      write: (patch) => core.writer.write(patch),
      placed(path) {
        batch.record = { ...batch.record, target: path }
        journal.patchBatch(batch.id, { target: path })
        save(batch, { finalPath: path, placed: true })
      },
      moved(from, to) {
        batch.moved(from, to)
      },
      resized(deltaBytes) {
        batch.totals.totalBytes += deltaBytes
      },
      renamed: (count) => batch.saveRenamed(count),
      progress(deltaBytes) {
        batch.totals.doneBytes += deltaBytes
        if (deltaBytes > 0) {
          batch.meter.add(deltaBytes, clock.now())
          core.meter.add(deltaBytes, clock.now())
        }
        core.changed()
      },
      advanced() {
        waits.delete(batch.id)
        batch.error = null
        if (!core.parking.isEmpty) core.parking.release([`${batch.record.profileId}/zip-${batch.id}`])
      },
      get checkedBytes() {
        return checked.get(batch.id) ?? 0
      },
      set checkedBytes(bytes) {
        checked.set(batch.id, bytes)
      }
    }
  }

  return {
    schedule(batches, freeSlots) {
      let free = freeSlots
      const now = clock.now()
      for (const batch of batches) {
        const { options } = batch
        if (options.kind !== 'zip' || options.closed || !batch.isOpen || jobs.has(batch.id)) continue
        if ((waits.get(batch.id)?.until ?? 0) > now) continue
        // An archive is never kept waiting for long by other work: one slot beyond the limit each.
        if (free < -1) return
        free -= 1
        start(batch, options)
      }
    },
    nextAt(now) {
      let earliest: number | null = null
      for (const { batch, until } of waits.values()) {
        if (until <= now || jobs.has(batch.id) || !batch.isOpen) continue
        if (earliest === null || until < earliest) earliest = until
      }
      return earliest
    },
    async stop(batch) {
      const job = jobs.get(batch.id)
      waits.delete(batch.id)
      job?.controller.abort()
      await job?.ended
    },
    hurry(batch) {
      waits.delete(batch.id)
    }
  }
}
