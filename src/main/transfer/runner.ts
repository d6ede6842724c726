import { AppError, ERRORS, assertNever, toAppError } from '../../shared/errors.ts'
import type { ErrorCode, ErrorData } from '../../shared/errors.ts'
import type { TransferRecord } from '../library/types.ts'
import type { Batch, SlotSize } from './batch.ts'
import type { CleanUp } from './clean-up.ts'
import type { Active, Core } from './core.ts'
import { next } from './machine.ts'
import type { MachineEvent } from './machine.ts'
import type { OperationContext, Outcome, PatchFields } from './operation.ts'
import { isFinal, isQuestion } from './operation.ts'
import { changeMetadata } from './operations/metadata.ts'
import { download } from './operations/download.ts'
import { finishLater } from './operations/finish-later.ts'
import { remove } from './operations/remove.ts'
import { upload } from './operations/upload.ts'
import { parkedKey, parkKeys } from './park-keys.ts'
import { columns, isHeld, stateOf } from './row-state.ts'
import { savedAs } from './saved-name.ts'

/** Runs single transfers: feeds the machine with what happens and does what it says. */
export interface Runner {
  start(batch: Batch, record: TransferRecord, size: SlotSize): void
  /** A transfer that ends without being tried: what it needs is known to be gone. */
  fail(batch: Batch, record: TransferRecord, size: SlotSize, error: ErrorData): void
  /** A transfer that has waited long enough is queued again. */
  wake(batch: Batch, record: TransferRecord): void
  /** To a transfer that runs, waits or rests; ignored where it makes no sense. Returns whether anything changed. */
  send(batch: Batch, transferId: number, event: MachineEvent): boolean
}

/** Stored files whose IDs may be on their way to the disk at a time: as many as a quick cluster takes while a slow disk flushes once. */
const MAX_UNSURE = 256

export function createRunner(core: Core, cleanUp: CleanUp): Runner {
  const { clock } = core.options

  function activate(batch: Batch, record: TransferRecord, size: SlotSize): Active {
    const active: Active = {
      record,
      batch,
      state: { tag: 'queued', attempt: record.attempt },
      size,
      lane: core.lanes.of(batch, record),
      holdsSlot: true,
      controller: new AbortController(),
      doneBytes: record.doneBytes,
      settled: Promise.resolve()
    }
    core.active.set(record.id, active)
    core.used[size] += 1
    core.lanes.take(active.lane, size)
    batch.running[size] += 1
    return active
  }

  function yieldSlot(active: Active): void {
    if (!active.holdsSlot) return
    active.holdsSlot = false
    core.used[active.size] -= 1
    core.lanes.give(active.lane, active.size)
    active.batch.running[active.size] -= 1
  }

  /** Feeds an event to a running transfer; `fields` go to the journal with the new state. */
  function feed(active: Active, event: MachineEvent, fields: PatchFields = {}): void {
    const before = active.state.tag
    const { state, effects } = next(active.state, event)
    active.state = state
    if (state.tag !== before) active.batch.moved(before, state.tag)
    const left = before === 'running' && state.tag !== 'running'
    if (left) leave(active, fields)
    for (const effect of effects) {
      if (effect.tag === 'run') active.settled = operate(active)
      else if (effect.tag === 'abort') active.controller.abort()
      else if (effect.tag === 'save') core.writer.write({ id: active.record.id, ...columns(state), ...fields })
      else if (effect.tag === 'cleanUp') cleanUp.cancelled(active.batch, active.record)
      else if (effect.tag === 'wake') core.waiting.add({ batch: active.batch, until: effect.at, record: active.record })
    }
    core.changed()
    // Last, since it may start the same transfer again.
    if (!left) return
    core.schedule()
    core.checkOver(active.batch)
  }

  /** The operation has settled: its slot is free, and what is shown is what is journalled. */
  function leave(active: Active, fields: PatchFields): void {
    const { record, batch, state } = active
    yieldSlot(active)
    core.active.delete(record.id)
    core.parking.withdraw(record.id)
    assign(active, fields)
    Object.assign(record, columns(state))
    show(active, record.doneBytes)
    if (state.tag === 'done') {
      core.lanes.worked(active.lane, active.size, 0, true)
      if (savedAs(record, batch.record.kind) !== null) noteRenamed(batch)
    }
    if (state.tag === 'failed') batch.error ??= state.error
    if (state.tag === 'queued') batch.putBack(record)
  }

  function noteRenamed(batch: Batch): void {
    try {
      batch.saveRenamed(1)
    } catch (error) {
      core.trouble(toAppError(error))
    }
  }

  function show(active: Active, doneBytes: number): void {
    const delta = doneBytes - active.doneBytes
    if (delta === 0) return
    active.doneBytes = doneBytes
    active.batch.totals.doneBytes += delta
    if (delta > 0) {
      const now = clock.now()
      active.batch.meter.add(delta, now)
      core.meter.add(delta, now)
      if (core.lanes.worked(active.lane, active.size, delta, false)) core.schedule()
    }
    core.changed()
  }

  function assign(active: Active, fields: PatchFields): void {
    if (fields.sizeBytes !== undefined) active.batch.totals.totalBytes += fields.sizeBytes - active.record.sizeBytes
    Object.assign(active.record, fields)
  }

  function contextOf(active: Active): OperationContext {
    const { record, batch } = active
    return {
      record,
      batch: { id: batch.id, profileId: batch.record.profileId, createdAt: batch.record.createdAt, target: batch.record.target },
      store: core.options.store(batch.record.profileId),
      files: core.options.files,
      thumbnails: core.options.thumbnails ?? null,
      settings: core.options.settings(),
      signal: active.controller.signal,
      clock,
      limits: core.limits,
      targets: core.targets,
      freeSlots: () => core.lanes.spare(active.lane),
      step: (step) => feed(active, { tag: 'stepped', at: clock.now(), step }),
      progress: (doneBytes) => show(active, doneBytes),
      advanced() {
        if (!core.parking.isEmpty) core.parking.release(parkKeys(batch, record))
        feed(active, { tag: 'progressed', at: clock.now() })
      },
      yieldSlot() {
        yieldSlot(active)
        core.schedule()
      },
      write(fields) {
        assign(active, fields)
        core.writer.write({ id: record.id, ...fields })
      },
      writeNow(fields) {
        assign(active, fields)
        core.writer.write({ id: record.id, ...fields })
        core.writer.tryFlush()
      },
      commit(fields) {
        assign(active, fields)
        return core.writer.commit({ id: record.id, ...fields })
      },
      commitStored(fields) {
        const done = this.commit(fields)
        if (core.writer.unsure <= MAX_UNSURE) this.yieldSlot()
        return done
      },
      leftOver: (fileId) => cleanUp.leftOver(batch, fileId),
      notice: (code, detail) => core.notice('info', code, detail)
    }
  }

  async function operate(active: Active): Promise<void> {
    try {
      const ctx = contextOf(active)
      allowed(core, active.batch)
      const outcome = await run(active.batch, ctx)
      if (!core.parking.isEmpty) core.parking.release(parkKeys(active.batch, active.record))
      settleWell(active, outcome)
    } catch (error) {
      settleBadly(active, ownAbort(active, toAppError(error)))
    }
  }

  /** What was aborted by somebody else (the client of an edited profile was closed) has lost its connection, no more. */
  function ownAbort(active: Active, error: AppError): AppError {
    if (error.code !== 'ABORTED' || active.controller.signal.aborted) return error
    return new AppError('CONNECTION_LOST', { cause: error, detail: { ...error.detail, reason: 'client-closed' } })
  }

  /** The library first: whatever counts as done is in it. */
  function settleWell(active: Active, outcome: Outcome): void {
    const fields = { ...outcome.fields, error: outcome.error ?? null, retryAt: null }
    const end = (): void => {
      const at = clock.now()
      feed(active, outcome.tag === 'done' ? { tag: 'succeeded', at } : { tag: 'passedOver', at, error: outcome.error ?? null }, fields)
      cleanUp.spool(active.batch, active.record)
    }
    if (outcome.library === undefined) return end()
    yieldSlot(active)
    core.finisher.add(active.batch.record.profileId, outcome.library, end)
    core.schedule()
  }

  function settleBadly(active: Active, error: AppError): void {
    const at = clock.now()
    const keys = parkKeys(active.batch, active.record)
    if (error.code === 'ABORTED' && active.controller.signal.aborted) return feed(active, { tag: 'stopped', at })
    if (isQuestion(error)) {
      active.batch.conflicts += 1
      return feed(active, { tag: 'held', at, error: error.toData() })
    }
    // Whatever a server answered, it is there.
    if (isAnswer(error)) core.parking.release(keys)
    if (OVERWHELMED.has(error.code)) core.lanes.overwhelmed(active.lane)
    const data = error.toData()
    if (ERRORS[error.code].parks && !isFinal(error)) {
      const until = core.parking.park(parkedKey(error, keys), data, at)
      if (until !== null) return feed(active, { tag: 'parked', at, error: data, until })
      return feed(active, failure(data, at, true))
    }
    feed(active, failure(data, at, isFinal(error)))
  }

  function failure(error: ErrorData, at: number, final: boolean): MachineEvent {
    return { tag: 'failed', at, error, random: core.options.random(), maxAttempts: core.options.settings().maxAttempts, final }
  }

  return {
    start(batch, record, size) {
      feed(activate(batch, record, size), { tag: 'start', at: clock.now() })
    },
    fail(batch, record, size, error) {
      const active = activate(batch, record, size)
      active.state = { tag: 'running', attempt: record.attempt, step: 'preparing', stopping: null }
      batch.moved('queued', 'running')
      feed(active, failure(error, clock.now(), true))
    },
    wake(batch, record) {
      const { state } = next(stateOf(record), { tag: 'due', at: clock.now() })
      batch.moved(record.tag, state.tag)
      Object.assign(record, columns(state))
      core.writer.write({ id: record.id, ...columns(state) })
      batch.putBack(record)
    },
    send(batch, transferId, event) {
      const active = core.active.get(transferId)
      if (active !== undefined) {
        const before = active.state
        feed(active, event)
        return active.state !== before
      }
      return sendToResting(core, cleanUp, batch, transferId, event)
    }
  }
}

/** A transfer that is not running: its row is its state. */
function sendToResting(core: Core, cleanUp: CleanUp, batch: Batch, transferId: number, event: MachineEvent): boolean {
  core.writer.flush()
  const record = core.options.journal.transfer(transferId)
  if (record === null || record.batchId !== batch.id) return false
  const { state, effects } = next(stateOf(record), event)
  if (state.tag === record.tag) return false
  batch.moved(record.tag, state.tag)
  if (isHeld(record)) batch.conflicts -= 1
  batch.drop(transferId)
  core.waiting.delete(transferId)
  const fields = columns(state)
  Object.assign(record, fields)
  core.writer.write({ id: record.id, ...fields })
  if (effects.some((effect) => effect.tag === 'cleanUp')) cleanUp.cancelled(batch, record)
  if (state.tag === 'queued') batch.putBack(record)
  core.changed()
  core.schedule()
  core.checkOver(batch)
  return true
}

/** A profile may have become read-only since the batch was made. */
function allowed(core: Core, batch: Batch): void {
  const { kind, profileId } = batch.record
  if (kind === 'download' || kind === 'zip') return
  if (core.options.profile(profileId).readOnly) throw new AppError('PROFILE_READ_ONLY', { detail: { profile: profileId } })
}

function run(batch: Batch, ctx: OperationContext): Promise<Outcome> {
  const { options } = batch
  switch (options.kind) {
    case 'upload':
      return upload(ctx, options)
    case 'download':
      return download(ctx, options)
    case 'metadata':
      return changeMetadata(ctx, options)
    case 'delete':
      return remove(ctx)
    case 'finish':
      return finishLater(ctx)
    case 'zip':
      // An archive is one piece of work: see zip-job.ts.
      throw new AppError('INTERNAL', { message: 'INTERNAL: a member of an archive is no transfer of its own' })
    default:
      return assertNever(options)
  }
}

/** What servers say, or fail to say, when they are asked too much at once. */
const OVERWHELMED: ReadonlySet<ErrorCode> = new Set(['TIMEOUT', 'BUSY', 'SERVER_FULL'])

/** True for errors that only a server that is there can cause. */
function isAnswer(error: AppError): boolean {
  switch (error.code) {
    case 'NOT_FOUND':
    case 'REJECTED':
    case 'EXISTS':
    case 'DENIED':
    case 'BUSY':
    case 'NO_SPACE':
    case 'SERVER_IO':
    case 'SERVER_STATUS':
    case 'CHECKSUM_MISMATCH':
    case 'SIZE_MISMATCH':
      return true
    default:
      return false
  }
}
