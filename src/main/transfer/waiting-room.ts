import type { TransferRecord } from '../library/types.ts'
import type { Batch } from './batch.ts'

/** A transfer that waits for its next try. */
export interface Waiting {
  batch: Batch
  until: number
  record: TransferRecord
}

/** Transfers that wait, with the earliest time at hand: asked after every transfer, so it must not look at all of them. */
export class WaitingRoom {
  readonly #entries = new Map<number, Waiting>()
  #earliest = Number.POSITIVE_INFINITY

  add(entry: Waiting): void {
    this.#entries.set(entry.record.id, entry)
    this.#earliest = Math.min(this.#earliest, entry.until)
  }

  delete(transferId: number): void {
    this.#entries.delete(transferId)
  }

  values(): Iterable<Waiting> {
    return this.#entries.values()
  }

  of(batch: Batch): Waiting[] {
    return [...this.#entries.values()].filter((entry) => entry.batch === batch)
  }

  /** Infinity = nobody waits. May be earlier than the truth, never later. */
  get earliest(): number {
    return this.#entries.size === 0 ? Number.POSITIVE_INFINITY : this.#earliest
  }

  /** Those whose time has come leave the room. */
  takeDue(now: number): Waiting[] {
    if (this.earliest > now) return []
    const due: Waiting[] = []
    this.#earliest = Number.POSITIVE_INFINITY
    for (const [id, entry] of this.#entries) {
      if (entry.until <= now) {
        due.push(entry)
        this.#entries.delete(id)
      } else this.#earliest = Math.min(this.#earliest, entry.until)
    }
    return due
  }
}
