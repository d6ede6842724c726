import type { ErrorData } from '../../shared/errors.ts'
import type { BatchPriority, TransferTag } from '../../shared/model.ts'
import type { BatchRecord, BatchTotals, TransferJournal, TransferRecord } from '../library/types.ts'
import { SMALL_BYTES } from './local-file.ts'
import { parkKeys } from './park-keys.ts'
import { createRateMeter } from './progress.ts'
import { QueueWindow } from './queue-window.ts'
import { isHeld } from './row-state.ts'
import type { BatchOptions } from './states.ts'

/** Small transfers are limited by round trips, large ones by bytes: they have slots of their own. */
export type SlotSize = 'small' | 'large'

/** Rows held in memory per batch: enough to choose from, whatever the length of the queue. */
const WINDOW = 256
const REFILL_BELOW = 64
/** How far is looked for something that may start, behind rows that wait for a server or for a slot of the other size. */
const DEEPEST = 2048

/** An unfinished batch: its counts, kept exact without asking the journal, and a window on its queue. */
export class Batch {
  record: BatchRecord
  options: BatchOptions
  totals: BatchTotals
  /** How many are held until the user decides. */
  conflicts = 0
  /** The first failure, as an example. */
  error: ErrorData | null = null
  readonly meter = createRateMeter()
  readonly running: Record<SlotSize, number> = { small: 0, large: 0 }
  /** Order of the last start, for taking turns. */
  turn = 0
  /** The user cancels or removes it: nothing starts any more. */
  ending = false

  readonly #journal: TransferJournal
  /** Makes the journal exact: what was written but not yet stored is stored. */
  readonly #flush: () => void
  readonly #window = new QueueWindow(
    (record) => parkKeys(this, record).at(-1) ?? '',
    (record) => this.sizeOf(record)
  )
  #afterSeq = -1
  /** The highest seq that was put back: rows behind it cannot be in the window already. */
  #putBackAfter = -1
  #exhausted = false

  constructor(journal: TransferJournal, flush: () => void, record: BatchRecord, options: BatchOptions) {
    this.#journal = journal
    this.#flush = flush
    this.record = record
    this.options = options
    this.totals = journal.totals(record.id)
    this.#countConflicts()
  }

  get priority(): BatchPriority {
    return this.options.priority
  }

  get id(): number {
    return this.record.id
  }

  /** Something may start. */
  get isOpen(): boolean {
    return !this.record.scanning && !this.record.paused && !this.ending
  }

  /** Nothing is left to do. */
  get isOver(): boolean {
    const { queued, running, waiting, paused } = this.totals.counts
    // An archive is done when it has its name, not when its last member is in it.
    if (this.options.kind === 'zip' && !this.options.closed) return false
    return !this.record.scanning && queued + running + waiting + paused === 0
  }

  /** The next queued transfer of this size that `accept` takes, in order; it leaves the window. */
  take(size: SlotSize, accept: (record: TransferRecord) => boolean): TransferRecord | null {
    if (this.#window.length < REFILL_BELOW && !this.#exhausted) this.#refill()
    for (;;) {
      const record = this.#window.take(size, accept)
      if (record !== null || this.#exhausted || this.#window.length >= DEEPEST) return record
      // Rows of another place or the other size may start.
      this.#refill()
    }
  }

  /** A transfer is queued again: it goes back to its place. */
  putBack(record: TransferRecord): void {
    this.#window.insert(record)
    this.#putBackAfter = Math.max(this.#putBackAfter, record.seq)
  }

  /** A queued transfer shall not start from here (paused, cancelled). */
  drop(transferId: number): void {
    this.#window.drop(transferId)
  }

  /** Many rows were changed at once: read counts and queue again. */
  reload(): void {
    this.#flush()
    this.totals = this.#journal.totals(this.id)
    this.#countConflicts()
    this.#window.clear()
    this.#afterSeq = -1
    this.#exhausted = false
  }

  /** Rows were appended. */
  extended(files: number, bytes: number): void {
    this.totals.counts.queued += files
    this.totals.totalFiles += files
    this.totals.totalBytes += bytes
    this.#exhausted = false
  }

  /** Files were saved under other names than their own. That it happened is journalled at once, how often with the end of the batch. */
  saveRenamed(count: number): void {
    if (count === 0) return
    const first = this.options.renamed === 0
    this.options = { ...this.options, renamed: this.options.renamed + count }
    this.record = { ...this.record, options: this.options }
    if (first) this.#journal.patchBatch(this.id, { options: this.options })
  }

  moved(from: TransferTag, to: TransferTag): void {
    this.totals.counts[from] -= 1
    this.totals.counts[to] += 1
  }

  sizeOf(record: { sizeBytes: number }): SlotSize {
    const { kind } = this.record
    if (kind === 'metadata' || kind === 'delete') return 'small'
    return record.sizeBytes <= SMALL_BYTES ? 'small' : 'large'
  }

  /** Few rows are ever paused one by one, so they may be looked at. */
  #countConflicts(): void {
    this.conflicts = 0
    if (this.options.kind !== 'download' || this.totals.counts.paused === 0) return
    for (let afterSeq = -1; ;) {
      const rows = this.#journal.page(this.id, { tags: ['paused'] }, afterSeq, DEEPEST)
      this.conflicts += rows.filter((row) => isHeld(row)).length
      if (rows.length < DEEPEST) return
      afterSeq = rows.at(-1)!.seq
    }
  }

  #refill(): void {
    // A row that runs but is still written as queued would be run twice.
    this.#flush()
    const rows = this.#journal.nextQueued(this.id, this.#afterSeq, WINDOW)
    // Those put back before they were reached are here already.
    for (const row of rows) if (row.seq > this.#putBackAfter || !this.#window.has(row.id)) this.#window.insert(row)
    this.#afterSeq = rows.at(-1)?.seq ?? this.#afterSeq
    if (rows.length < WINDOW) this.#exhausted = true
  }
}
