import type { ErrorData } from '../../shared/errors.ts'
import type { TransferTag } from '../../shared/model.ts'
import type { BatchRecord, BatchTotals, TransferJournal, TransferRecord } from '../library/types.ts'
import { SMALL_BYTES } from './local-file.ts'
import { createRateMeter } from './progress.ts'
import type { BatchOptions } from './states.ts'

/** Small transfers are limited by round trips, large ones by bytes: they have slots of their own. */
export type SlotSize = 'small' | 'large'

/** Rows held in memory per batch: enough to choose from, whatever the length of the queue. */
const WINDOW = 256
const REFILL_BELOW = 64

/** An unfinished batch: its counts, kept exact without asking the journal, and a window on its queue. */
export class Batch {
  record: BatchRecord
  options: BatchOptions
  totals: BatchTotals
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
  /** In order of seq. */
  #window: TransferRecord[] = []
  readonly #inWindow: Record<SlotSize, number> = { small: 0, large: 0 }
  #afterSeq = -1
  #exhausted = false

  constructor(journal: TransferJournal, flush: () => void, record: BatchRecord, options: BatchOptions) {
    this.#journal = journal
    this.#flush = flush
    this.record = record
    this.options = options
    this.totals = journal.totals(record.id)
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
    if (this.#inWindow[size] === 0) return null
    const index = this.#window.findIndex((record) => this.sizeOf(record) === size && accept(record))
    if (index === -1) return null
    this.#inWindow[size] -= 1
    return this.#window.splice(index, 1)[0]!
  }

  /** A transfer is queued again: it goes back to its place. */
  putBack(record: TransferRecord): void {
    const index = this.#window.findIndex((other) => other.seq > record.seq)
    this.#window.splice(index === -1 ? this.#window.length : index, 0, record)
    this.#inWindow[this.sizeOf(record)] += 1
  }

  /** A queued transfer shall not start from here (paused, cancelled). */
  drop(transferId: number): void {
    const index = this.#window.findIndex((record) => record.id === transferId)
    if (index === -1) return
    this.#inWindow[this.sizeOf(this.#window[index]!)] -= 1
    this.#window.splice(index, 1)
  }

  /** Many rows were changed at once: read counts and queue again. */
  reload(): void {
    this.#flush()
    this.totals = this.#journal.totals(this.id)
    this.#window = []
    this.#inWindow.small = 0
    this.#inWindow.large = 0
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

  moved(from: TransferTag, to: TransferTag): void {
    this.totals.counts[from] -= 1
    this.totals.counts[to] += 1
  }

  sizeOf(record: { sizeBytes: number }): SlotSize {
    const { kind } = this.record
    if (kind === 'metadata' || kind === 'delete') return 'small'
    return record.sizeBytes <= SMALL_BYTES ? 'small' : 'large'
  }

  #refill(): void {
    // A row that runs but is still written as queued would be run twice.
    this.#flush()
    const rows = this.#journal.nextQueued(this.id, this.#afterSeq, WINDOW)
    // Those put back before they were reached are here already.
    const known = new Set(this.#window.map((record) => record.id))
    for (const row of rows) {
      if (known.has(row.id)) continue
      this.#inWindow[this.sizeOf(row)] += 1
      this.#window.push(row)
    }
    if (known.size > 0) this.#window.sort((a, b) => a.seq - b.seq)
    this.#afterSeq = rows.at(-1)?.seq ?? this.#afterSeq
    if (rows.length < WINDOW) this.#exhausted = true
  }
}
