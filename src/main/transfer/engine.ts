import type { BatchPriority, BatchView, TransferSnapshot, TransferTag, TransferView } from '../../shared/model.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import type { TransferRecord } from '../library/types.ts'
import { Batch } from './batch.ts'
import type { SlotSize } from './batch.ts'
import { createCleanUp } from './clean-up.ts'
import { createConflicts } from './conflicts.ts'
import type { Conflicts } from './conflicts.ts'
import { createControl } from './control.ts'
import type { ControlAction, ControlScope } from './control.ts'
import type { Core, EngineOptions } from './core.ts'
import { createEnqueue } from './enqueue.ts'
import type { DownloadRequest, FileChoice, MetadataRequest, UploadRequest, ZipRequest } from './enqueue.ts'
import { createFinisher } from './finisher.ts'
import { createLanes } from './lanes.ts'
import { limitsAt } from './limit-hours.ts'
import { createJournalWriter } from './journal-writer.ts'
import { createParkingLot } from './parking.ts'
import { parkKeys } from './park-keys.ts'
import { createRateMeter } from './progress.ts'
import { createRateLimit } from './rate-limit.ts'
import { leftoversOf, openBatch, recoverAll, viewFromJournal } from './recover.ts'
import { createRunner } from './runner.ts'
import { isIdle, pickNext } from './scheduler.ts'
import { createTargets } from './targets.ts'
import { batchView, totalsView, transferView } from './views.ts'
import { WaitingRoom } from './waiting-room.ts'
import { createZipRunner } from './zip-runner.ts'

const SNAPSHOT_MS = 100
/** Rows of a snapshot; the others are asked for by page. */
const MAX_ACTIVE_ROWS = 64
const RECENT_BATCHES = 20
/** Between two looks at a journal that refused. */
const TROUBLE_MS = 1_000

export interface TransferEngine {
  /** Each returns as soon as the batch exists; its rows follow. Throws for what is wrong with the request as a whole. */
  upload(request: UploadRequest): { batchId: number }
  download(request: DownloadRequest): { batchId: number }
  zip(request: ZipRequest): { batchId: number }
  metadata(request: MetadataRequest): { batchId: number }
  remove(choice: FileChoice): { batchId: number }
  /** Appenders that were kept because replicas were behind become normal files. */
  finish(choice: FileChoice): { batchId: number }
  /** Neither batch nor transfer: everything. Resolves when it is done, which for cancelling takes a moment. */
  control(action: ControlAction, scope?: ControlScope): Promise<void>
  /** For an unfinished batch; kept over restarts. Unknown batches are ignored. */
  setPriority(batchId: number, priority: BatchPriority): void
  conflicts: Conflicts
  snapshot(): TransferSnapshot
  page(request: PageRequest): { rows: TransferView[]; cursor: number | null }
  batch(batchId: number): BatchView | null
  /** Resolves when every row of the batch is journalled (nothing starts before). */
  enqueued(batchId: number): Promise<void>
  /** Resolves when nothing is left to do in this batch. Rejects with ABORTED when the engine is closed before. */
  settled(batchId: number): Promise<BatchView>
  /** Remote files that could not be removed, by batch. */
  leftovers(): { batchId: number; fileId: string }[]
  /** Takes up what the last run left, then goes on. Call once. */
  start(): Promise<void>
  /** Stops what runs, journals it, resolves when every socket and file of the engine is closed. */
  close(): Promise<void>
}

export interface PageRequest {
  batchId: number
  tags?: readonly TransferTag[] | undefined
  afterSeq?: number | undefined
  limit?: number | undefined
}

export function createTransferEngine(options: EngineOptions): TransferEngine {
  const { journal, clock } = options
  let revision = 0
  let started = false
  let snapshotTimer: (() => void) | null = null
  let wakeTimer: (() => void) | null = null
  let turn = 0
  let scheduling = false
  /** When the hours of other speed limits begin or end. */
  let limitsChangeAt: number | null = null
  let recent: BatchView[] = []
  const watchers = new Map<number, ((view: BatchView | null) => void)[]>()

  let toldAt = Number.NEGATIVE_INFINITY
  const trouble = (error: AppError): void => {
    // Everything that needs the journal meets the same trouble: one message.
    if (clock.now() - toldAt < 60_000) return
    toldAt = clock.now()
    core.notice('error', 'JOURNAL_FAILED', { error: error.code })
  }
  const used = { small: 0, large: 0 }
  const limits = { up: createRateLimit(clock, 0), down: createRateLimit(clock, 0) }
  const core: Core = {
    options,
    batches: new Map(),
    active: new Map(),
    waiting: new WaitingRoom(),
    writer: createJournalWriter(journal, clock, trouble),
    finisher: createFinisher(options.files, options.thumbnails ?? null, clock, options.onFilesChanged, trouble),
    trouble,
    parking: createParkingLot(options.random, options.parkAttempts ?? Number.POSITIVE_INFINITY),
    meter: createRateMeter(),
    limits,
    targets: createTargets(),
    used,
    lanes: createLanes({
      used,
      now: clock.now,
      concurrency: () => options.settings().concurrency,
      isLimited: (direction) => limits[direction].slice(1) !== Number.POSITIVE_INFINITY
    }),
    chores: new Set(),
    enqueueing: new Map(),
    stop: new AbortController(),
    closing: false,
    changed,
    notice: (kind, code, detail = {}) => options.onNotice({ kind, code, detail }),
    schedule,
    checkOver
  }
  const cleanUp = createCleanUp(core)
  const runner = createRunner(core, cleanUp)
  const zips = createZipRunner(core)
  const enqueue = createEnqueue(core)
  const { control, setPriority } = createControl(core, runner, zips, cleanUp, { reopen, forget })
  const conflicts = createConflicts(core, runner)

  // ── Scheduling ─────────────────────────────────────────────────────────────────────────────────────────────

  function schedule(): void {
    if (!started || core.closing || scheduling) return
    scheduling = true
    try {
      for (const { batch, record } of core.waiting.takeDue(clock.now())) runner.wake(batch, record)
      const speed = limitsAt(options.settings(), clock.now())
      core.limits.up.setRate(speed.up)
      core.limits.down.setRate(speed.down)
      limitsChangeAt = core.batches.size === 0 ? null : speed.until
      const batches = [...core.batches.values()]
      const single = batches.filter((batch) => batch.options.kind !== 'zip')
      for (;;) {
        const pick = pickNext(single, { used: core.used, total: core.lanes.total }, mayStart)
        if (pick === null) break
        pick.batch.turn = ++turn
        const gate = gateOf(pick.batch, pick.record)
        if (gate.tag === 'dead') runner.fail(pick.batch, pick.record, pick.size, gate.error)
        else runner.start(pick.batch, pick.record, pick.size)
      }
      core.lanes.filled()
      zips.schedule(batches, core.lanes.total('large') - core.used.large)
    } catch (error) {
      // The journal cannot be read or written right now.
      trouble(toAppError(error))
      return setWakeTimer(TROUBLE_MS)
    } finally {
      scheduling = false
    }
    setWakeTimer()
  }

  function gateOf(batch: Batch, record: TransferRecord): ReturnType<typeof core.parking.gate> {
    return core.parking.isEmpty ? { tag: 'open' } : core.parking.gate(parkKeys(batch, record), record.id, clock.now())
  }

  function mayStart(batch: Batch, record: TransferRecord, size: SlotSize): boolean {
    if (!core.lanes.hasRoom(core.lanes.of(batch, record), size, isIdle(batch))) return false
    return gateOf(batch, record).tag !== 'closed'
  }

  function setWakeTimer(atLatestMs = Number.POSITIVE_INFINITY): void {
    wakeTimer?.()
    wakeTimer = null
    const now = clock.now()
    const never = Number.POSITIVE_INFINITY
    const at = Math.min(
      now + atLatestMs,
      core.waiting.earliest,
      core.parking.nextAt(now) ?? never,
      zips.nextAt(now) ?? never,
      limitsChangeAt ?? never
    )
    if (at === never) return
    wakeTimer = clock.after(Math.max(1, at - now), () => {
      wakeTimer = null
      schedule()
    })
  }

  // ── Batches ────────────────────────────────────────────────────────────────────────────────────────────────

  function checkOver(batch: Batch): void {
    if (!core.batches.has(batch.id) || !batch.isOver || batch.ending || core.closing) return
    try {
      core.writer.flush()
      batch.totals = journal.totals(batch.id)
      // The journal is the truth: what it still has open is done first.
      if (!batch.isOver) {
        batch.reload()
        return schedule()
      }
      journal.patchBatch(batch.id, { finishedAt: clock.now(), options: batch.options })
    } catch (error) {
      trouble(toAppError(error))
      clock.after(TROUBLE_MS, () => checkOver(batch))
      return
    }
    batch.record = { ...batch.record, finishedAt: clock.now() }
    core.batches.delete(batch.id)
    const view = { ...batchView(batch, clock.now()), rateBytes: 0, secondsLeft: null }
    recent = [view, ...recent.filter((other) => other.id !== batch.id)].slice(0, RECENT_BATCHES)
    if (core.batches.size === 0) core.meter.reset()
    tell(batch.id, view)
    const { done, failed, skipped, cancelled } = view.counts
    const detail = {
      batchId: batch.id,
      title: view.title,
      more: view.more,
      kind: view.kind,
      done,
      failed,
      skipped,
      cancelled,
      total: view.totalFiles
    }
    const good = failed === 0 && view.error === null
    core.notice(good ? 'success' : 'error', good ? 'BATCH_DONE' : 'BATCH_FAILED', detail)
    core.changed()
  }

  function tell(batchId: number, view: BatchView | null): void {
    const list = watchers.get(batchId) ?? []
    watchers.delete(batchId)
    for (const watcher of list) watcher(view)
  }

  /** A finished batch has something to do again. */
  function reopen(batchId: number): Batch | null {
    const known = core.batches.get(batchId)
    if (known !== undefined) return known
    const record = journal.batch(batchId)
    if (record === null) return null
    const batch = openBatch(core, record)
    if (batch === null) return null
    batch.record = { ...record, finishedAt: null, paused: false }
    journal.patchBatch(batchId, { finishedAt: null, paused: false })
    core.batches.set(batchId, batch)
    recent = recent.filter((view) => view.id !== batchId)
    return batch
  }

  function forget(batchId: number): void {
    core.batches.delete(batchId)
    recent = recent.filter((view) => view.id !== batchId)
    journal.removeBatch(batchId)
    tell(batchId, null)
    core.changed()
  }

  // ── Snapshots ──────────────────────────────────────────────────────────────────────────────────────────────

  function changed(): void {
    if (snapshotTimer !== null || core.closing) return
    snapshotTimer = clock.after(SNAPSHOT_MS, () => {
      snapshotTimer = null
      options.onChange(snapshot())
      // Rates fall while nothing happens: the eye wants to see that, too.
      if (core.active.size > 0) changed()
    })
  }

  function snapshot(): TransferSnapshot {
    revision += 1
    const now = clock.now()
    const batches = [...core.batches.values()].sort((a, b) => b.id - a.id)
    return {
      revision,
      totals: totalsView(batches, core.meter, now),
      batches: [...batches.map((batch) => viewOf(batch, now)), ...recent],
      active: activeRows()
    }
  }

  function viewOf(batch: Batch, now: number): BatchView {
    const view = batchView(batch, now)
    // Why nothing moves is worth more than what failed before.
    return view.error !== null ? view : { ...view, error: core.parking.reason(batch.record.profileId) }
  }

  function batchById(batchId: number): BatchView | null {
    const batch = core.batches.get(batchId)
    if (batch !== undefined) return viewOf(batch, clock.now())
    const known = recent.find((view) => view.id === batchId)
    if (known !== undefined) return known
    const record = journal.batch(batchId)
    return record === null ? null : viewFromJournal(core, record)
  }

  function activeRows(): TransferView[] {
    const rows: TransferView[] = []
    for (const { record, batch, state, doneBytes } of core.active.values()) {
      if (rows.length >= MAX_ACTIVE_ROWS) return rows
      const step = state.tag === 'running' ? state.step : null
      rows.push(transferView(record, batch.record.kind, { tag: state.tag, step, doneBytes }))
    }
    for (const { record, batch } of core.waiting.values()) {
      if (rows.length >= MAX_ACTIVE_ROWS) return rows
      rows.push(transferView(record, batch.record.kind))
    }
    return rows
  }

  // ── The engine ─────────────────────────────────────────────────────────────────────────────────────────────

  return {
    upload: (request) => ({ batchId: enqueue.upload(request).id }),
    download: (request) => ({ batchId: enqueue.download(request).id }),
    zip: (request) => ({ batchId: enqueue.zip(request).id }),
    metadata: (request) => ({ batchId: enqueue.metadata(request).id }),
    remove: (choice) => ({ batchId: enqueue.remove(choice).id }),
    finish: (choice) => ({ batchId: enqueue.finish(choice).id }),
    control,
    setPriority,
    conflicts,
    snapshot,

    page({ batchId, tags, afterSeq = -1, limit = 100 }) {
      core.writer.flush()
      const batch = journal.batch(batchId)
      if (batch === null) return { rows: [], cursor: null }
      const records = journal.page(batchId, tags === undefined ? {} : { tags }, afterSeq, limit)
      const rows = records.map((record) => {
        const active = core.active.get(record.id)
        if (active === undefined) return transferView(record, batch.kind)
        const step = active.state.tag === 'running' ? active.state.step : null
        return transferView(record, batch.kind, { tag: active.state.tag, step, doneBytes: active.doneBytes })
      })
      return { rows, cursor: records.length < limit ? null : records.at(-1)!.seq }
    },

    batch: batchById,

    enqueued: (batchId) => core.enqueueing.get(batchId) ?? Promise.resolve(),

    settled(batchId) {
      return new Promise((resolve, reject) => {
        const view = batchById(batchId)
        const gone = (): void => reject(new AppError('ABORTED', { detail: { batchId } }))
        if (view === null) return gone()
        if (!core.batches.has(batchId)) return resolve(view)
        const list = watchers.get(batchId) ?? []
        list.push((end) => (end === null ? gone() : resolve(end)))
        watchers.set(batchId, list)
      })
    },

    leftovers() {
      return journal.batches().flatMap((record) => leftoversOf(record).map((fileId) => ({ batchId: record.id, fileId })))
    },

    async start() {
      recent = journal.batches({ finished: true, limit: RECENT_BATCHES }).map((record) => viewFromJournal(core, record))
      recoverAll(core, cleanUp, enqueue)
      started = true
      schedule()
      for (const batch of core.batches.values()) checkOver(batch)
      core.changed()
    },

    async close() {
      core.closing = true
      core.stop.abort()
      snapshotTimer?.()
      wakeTimer?.()
      for (const active of core.active.values()) runner.send(active.batch, active.record.id, { tag: 'requeue', at: clock.now() })
      await Promise.all([...core.batches.values()].map((batch) => zips.stop(batch)))
      await Promise.allSettled([...core.active.values()].map((active) => active.settled))
      await Promise.allSettled([...core.chores, ...core.enqueueing.values()])
      try {
        core.finisher.flush()
        core.writer.flush()
      } catch {
        // What the library or the journal refuses is still in the journal as running: the next start does it again.
      }
      for (const batchId of watchers.keys()) tell(batchId, null)
    }
  }
}
