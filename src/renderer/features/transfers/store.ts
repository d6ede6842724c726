/** What the page knows about transfers: the last snapshot, split so that a component can select the least it needs. */
import { create } from 'zustand'
import type { ErrorData } from '../../../shared/errors.ts'
import type { BatchView, TransferCounts, TransferSnapshot, TransferTag, TransferTotals, TransferView } from '../../../shared/model.ts'
import { same } from './same.ts'
import type { TimeLeft } from './time-left.ts'
import { steady } from './time-left.ts'

export interface TransfersState {
  /** Of the last snapshot taken; -1 before the first. */
  revision: number
  totals: TransferTotals
  /** Newest first. The array changes only when batches come or go. */
  order: readonly number[]
  batches: Readonly<Record<number, BatchView>>
  /** Transfers that run or wait now, by their ID. */
  active: Readonly<Record<number, TransferView>>
  /** IDs of those, by batch, in the order of the snapshot. */
  activeOf: Readonly<Record<number, readonly number[]>>
  /** Steady time left by batch; 0 = everything (batch IDs begin at 1). */
  timeLeft: Readonly<Record<number, TimeLeft | null>>
  /** The first snapshot could not be had. */
  error: ErrorData | null
}

export const ALL = 0

const NO_COUNTS: TransferCounts = { queued: 0, running: 0, waiting: 0, paused: 0, done: 0, failed: 0, cancelled: 0, skipped: 0 }
const NO_TOTALS: TransferTotals = {
  activeBatches: 0,
  counts: NO_COUNTS,
  totalBytes: 0,
  doneBytes: 0,
  rateBytes: 0,
  secondsLeft: null,
  paused: false
}

export const EMPTY: TransfersState = {
  revision: -1,
  totals: NO_TOTALS,
  order: [],
  batches: {},
  active: {},
  activeOf: {},
  timeLeft: {},
  error: null
}

/** The state after a snapshot. What did not change keeps its identity. `now` in Unix ms. */
export function takeSnapshot(state: TransfersState, snapshot: TransferSnapshot, now: number): TransfersState {
  if (snapshot.revision <= state.revision) return state
  const byId = Object.fromEntries(snapshot.batches.map((batch) => [batch.id, batch]))
  const activeOf: Record<number, number[]> = {}
  for (const transfer of snapshot.active) (activeOf[transfer.batchId] ??= []).push(transfer.id)
  const timeLeft: Record<number, TimeLeft | null> = { [ALL]: steady(state.timeLeft[ALL] ?? null, snapshot.totals.secondsLeft, now) }
  for (const batch of snapshot.batches) {
    timeLeft[batch.id] = batch.finishedAt === null ? steady(state.timeLeft[batch.id] ?? null, batch.secondsLeft, now) : null
  }
  return {
    revision: snapshot.revision,
    totals: keep(state.totals, snapshot.totals),
    order: keep(
      state.order,
      snapshot.batches.map((batch) => batch.id)
    ),
    batches: keepEach(state.batches, byId),
    active: keepEach(state.active, Object.fromEntries(snapshot.active.map((transfer) => [transfer.id, transfer]))),
    activeOf: keepEach(state.activeOf, activeOf),
    timeLeft,
    error: null
  }
}

function keep<T>(before: T, after: T): T {
  return same(before, after) ? before : after
}

function keepEach<T>(before: Readonly<Record<number, T>>, after: Record<number, T>): Readonly<Record<number, T>> {
  let changed = Object.keys(before).length !== Object.keys(after).length
  for (const key of Object.keys(after).map(Number)) {
    const old = before[key]
    const fresh = after[key] as T
    if (old !== undefined && same(old, fresh)) after[key] = old
    else changed = true
  }
  return changed ? after : before
}

/** How many transfers are not over yet. */
export function unfinished(counts: TransferCounts): number {
  return counts.queued + counts.running + counts.waiting + counts.paused
}

/** Nothing more happens to it by itself. */
export function isOver(tag: TransferTag): boolean {
  return tag === 'done' || tag === 'failed' || tag === 'cancelled' || tag === 'skipped'
}

/** How many came to an end, whichever. */
export function over(counts: TransferCounts): number {
  return counts.done + counts.failed + counts.cancelled + counts.skipped
}

/** Files may be left whose size is not known, or that are being checked: then it is not all done yet. */
const NEARLY = 0.99

/** How far a batch is, 0…1 by bytes (by files where there are no bytes); null = still unknown. */
export function fraction(work: { counts: TransferCounts; totalBytes: number; doneBytes: number }): number | null {
  if (work.totalBytes > 0) return Math.min(unfinished(work.counts) > 0 ? NEARLY : 1, work.doneBytes / work.totalBytes)
  const files = unfinished(work.counts) + over(work.counts)
  return files === 0 ? null : over(work.counts) / files
}

/** Why a batch does not move: what one of its waiting transfers says, else what the batch itself says when nothing has failed. */
export function waitReason(state: TransfersState, batch: BatchView): ErrorData | null {
  for (const id of state.activeOf[batch.id] ?? []) {
    const transfer = state.active[id]
    if (transfer?.tag === 'waiting' && transfer.error !== null) return transfer.error
  }
  // After a failure the error of the batch is that failure, as an example.
  return batch.counts.failed === 0 ? batch.error : null
}

/** What a batch is doing, in one word. */
export type Phase = 'scanning' | 'queued' | 'running' | 'waiting' | 'asking' | 'paused' | 'done' | 'partly' | 'failed' | 'cancelled'

export function phaseOf(batch: BatchView, allPaused: boolean): Phase {
  const { counts } = batch
  if (batch.finishedAt !== null) {
    const good = counts.done + counts.skipped
    if (counts.failed > 0) return good === 0 ? 'failed' : 'partly'
    // The batch itself failed: its folder could not be read, the archive not be written.
    if (batch.error !== null && good === 0 && counts.cancelled === 0) return 'failed'
    return counts.cancelled > 0 ? 'cancelled' : 'done'
  }
  if (batch.paused || allPaused) return 'paused'
  if (counts.running > 0) return 'running'
  if (batch.scanning) return 'scanning'
  if (counts.waiting > 0) return 'waiting'
  if (counts.queued === 0 && counts.paused > 0) return batch.conflicts > 0 ? 'asking' : 'paused'
  return 'queued'
}

export const useTransfers = create<TransfersState>()(() => EMPTY)
