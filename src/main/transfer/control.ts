import { setImmediate as breathe } from 'node:timers/promises'
import { rm } from 'node:fs/promises'
import type { BatchPriority, TransferTag } from '../../shared/model.ts'
import type { TransferRecord } from '../library/types.ts'
import { assertNever } from '../../shared/errors.ts'
import type { Batch } from './batch.ts'
import type { CleanUp } from './clean-up.ts'
import type { Core } from './core.ts'
import type { MachineEvent } from './machine.ts'
import { isHeld } from './row-state.ts'
import type { Runner } from './runner.ts'
import type { ZipOptions } from './states.ts'
import type { ZipRunner } from './zip-runner.ts'

export type ControlAction = 'pause' | 'resume' | 'cancel' | 'retry' | 'remove'

/** One transfer, one batch, or (neither) everything. */
export interface ControlScope {
  batchId?: number | undefined
  transferId?: number | undefined
}

export interface Shelf {
  /** A batch to do something with, also one that had finished; null = unknown. */
  reopen(batchId: number): Batch | null
  forget(batchId: number): void
}

const RESTING: readonly TransferTag[] = ['queued', 'waiting', 'paused']
const PAGE = 1_000
/** Finished batches that are in sight: "everything" does not reach further back. */
const SHOWN = 20

/** What the user does to transfers. Unknown ids are ignored: they may have gone a moment ago. */
export function createControl(core: Core, runner: Runner, zips: ZipRunner, cleanUp: CleanUp, shelf: Shelf) {
  const { journal, clock } = core.options

  const activeOf = (batch: Batch) => [...core.active.values()].filter((active) => active.batch === batch)

  /** Counts and queue from the journal, plus what is under way and not journalled. */
  function reload(batch: Batch): void {
    batch.reload()
    for (const active of activeOf(batch)) batch.totals.doneBytes += active.doneBytes - active.record.doneBytes
  }

  function toAllOf(batch: Batch, tag: 'resume' | 'cancel' | 'requeue' | 'retry'): void {
    const event: MachineEvent = { tag, at: clock.now() }
    for (const active of activeOf(batch)) runner.send(batch, active.record.id, event)
    for (const { record } of core.waiting.of(batch)) runner.send(batch, record.id, event)
  }

  function setPaused(batch: Batch, paused: boolean): void {
    batch.record = { ...batch.record, paused }
    journal.patchBatch(batch.id, { paused })
  }

  async function pauseBatch(batch: Batch): Promise<void> {
    setPaused(batch, true)
    toAllOf(batch, 'requeue')
    batch.meter.reset()
    core.changed()
    await zips.stop(batch)
  }

  function resumeBatch(batch: Batch): void {
    setPaused(batch, false)
    core.writer.flush()
    if (batch.conflicts > 0) resumeUnasked(batch)
    else if (journal.moveAll(batch.id, ['paused'], 'queued') > 0) reload(batch)
    toAllOf(batch, 'resume')
    zips.hurry(batch)
  }

  /** What waits for an answer goes on waiting for it. */
  function resumeUnasked(batch: Batch): void {
    const paused = [...rowsOf(batch, ['paused'])].filter((row) => !isHeld(row))
    for (const row of paused) runner.send(batch, row.id, { tag: 'resume', at: clock.now() })
  }

  function* rowsOf(batch: Batch, tags: readonly TransferTag[]): Generator<TransferRecord> {
    for (let afterSeq = -1; ;) {
      const rows = journal.page(batch.id, { tags }, afterSeq, PAGE)
      yield* rows
      if (rows.length < PAGE) return
      afterSeq = rows.at(-1)!.seq
    }
  }

  function setPriority(batchId: number, priority: BatchPriority): void {
    const batch = core.batches.get(batchId)
    if (batch === undefined) return
    batch.options = { ...batch.options, priority }
    batch.record = { ...batch.record, options: batch.options }
    journal.patchBatch(batchId, { options: batch.options })
    core.changed()
    core.schedule()
  }

  async function cancelBatch(batch: Batch): Promise<void> {
    batch.ending = true
    toAllOf(batch, 'cancel')
    const ends = activeOf(batch).map((active) => active.settled)
    await core.enqueueing.get(batch.id)
    await zips.stop(batch)
    await Promise.allSettled(ends)
    await sweep(batch)
    core.writer.flush()
    journal.moveAll(batch.id, RESTING, 'cancelled')
    if (batch.options.kind === 'zip') {
      const { partPath } = batch.options
      if (partPath !== null && !batch.options.closed) await rm(partPath, { force: true }).catch(() => undefined)
      setZip(batch, { closed: true })
    }
    batch.ending = false
    reload(batch)
    core.changed()
    core.checkOver(batch)
  }

  /** Transfers that have something to clean up are cancelled one by one, before all others at once. */
  async function sweep(batch: Batch): Promise<void> {
    if (batch.options.kind === 'zip') return
    for (let afterSeq = -1; ;) {
      const rows = journal.page(batch.id, { tags: RESTING }, afterSeq, PAGE)
      for (const row of rows) cleanUp.cancelled(batch, row)
      if (rows.length < PAGE) return
      afterSeq = rows.at(-1)!.seq
      await breathe()
    }
  }

  function setZip(batch: Batch, changes: Partial<ZipOptions>): void {
    if (batch.options.kind !== 'zip') return
    batch.options = { ...batch.options, ...changes }
    journal.patchBatch(batch.id, { options: batch.options })
  }

  function retryBatch(batchId: number): void {
    const batch = shelf.reopen(batchId)
    if (batch === null) return
    core.writer.flush()
    const { failed, cancelled } = journal.totals(batchId).counts
    // Failures first; only where there are none does the user mean what was cancelled.
    const from: TransferTag[] = failed > 0 ? ['failed'] : cancelled > 0 ? ['cancelled'] : []
    if (batch.options.kind === 'zip' && batch.options.closed && from.length > 0) {
      // A finished archive is made anew, in its place; an unfinished one goes on. Either way all members are needed.
      setZip(batch, { closed: false, replace: batch.options.placed, placed: false, totalBytes: null })
      from.splice(0, from.length, 'failed', 'cancelled', 'done')
    }
    journal.moveAll(batchId, from, 'queued')
    batch.error = null
    reload(batch)
    toAllOf(batch, 'retry')
    zips.hurry(batch)
    core.checkOver(batch)
  }

  async function toTransfer(action: ControlAction, transferId: number): Promise<void> {
    core.writer.flush()
    const record = journal.transfer(transferId)
    if (record === null) return
    const batch = action === 'retry' ? shelf.reopen(record.batchId) : (core.batches.get(record.batchId) ?? null)
    if (batch === null) return
    // The members of an archive share one file: what is done to one needs the archive to stand still.
    const isMember = batch.options.kind === 'zip'
    if (isMember) {
      if (action === 'pause') return pauseBatch(batch)
      if (action === 'resume') return resumeBatch(batch)
      if (action === 'retry') return retryBatch(batch.id)
      await zips.stop(batch)
    }
    const tag = action === 'remove' ? 'cancel' : action
    runner.send(batch, transferId, { tag, at: clock.now() })
    core.checkOver(batch)
  }

  async function removeBatch(batchId: number): Promise<void> {
    const batch = core.batches.get(batchId)
    if (batch !== undefined) await cancelBatch(batch)
    await Promise.allSettled(core.chores)
    shelf.forget(batchId)
  }

  async function control(action: ControlAction, scope: ControlScope = {}): Promise<void> {
    const { batchId, transferId } = scope
    // Whoever acts does not want to wait for servers that were away a moment ago.
    if (action === 'resume' || action === 'retry') core.parking.clear()
    if (transferId !== undefined) await toTransfer(action, transferId)
    else if (batchId !== undefined) await toBatch(action, batchId)
    else await toEverything(action)
    core.changed()
    core.schedule()
  }

  return { control, setPriority }

  async function toBatch(action: ControlAction, batchId: number): Promise<void> {
    if (action === 'retry') return retryBatch(batchId)
    if (action === 'remove') return removeBatch(batchId)
    const batch = core.batches.get(batchId)
    if (batch === undefined) return
    if (action === 'pause') return pauseBatch(batch)
    if (action === 'resume') return resumeBatch(batch)
    return cancelBatch(batch)
  }

  async function toEverything(action: ControlAction): Promise<void> {
    const batches = [...core.batches.values()]
    switch (action) {
      case 'pause':
        await Promise.all(batches.map((batch) => pauseBatch(batch)))
        return
      case 'resume':
        for (const batch of batches) resumeBatch(batch)
        return
      case 'cancel':
        await Promise.all(batches.map((batch) => cancelBatch(batch)))
        return
      case 'retry':
        for (const batch of batches) retryBatch(batch.id)
        for (const { id } of journal.batches({ finished: true, limit: SHOWN })) if (journal.totals(id).counts.failed > 0) retryBatch(id)
        return
      // What is finished is cleared away; what runs stays.
      case 'remove':
        for (const { id } of journal.batches({ finished: true })) shelf.forget(id)
        return
      default:
        assertNever(action)
    }
  }
}
