import type { TransferRecord } from '../library/types.ts'
import type { SlotSize } from './batch.ts'

interface Queue {
  small: TransferRecord[]
  large: TransferRecord[]
}

/**
 * The part of a batch's queue that is in memory: one short queue per place where transfers may have to wait (the storage that has
 * the file), so that a server that is away or busy is found out from its first transfer, and the others pass it. Inside a
 * queue, and between queues that may go on, the order of `seq` holds.
 */
export class QueueWindow {
  readonly #placeOf: (record: TransferRecord) => string
  readonly #sizeOf: (record: TransferRecord) => SlotSize
  readonly #queues = new Map<string, Queue>()
  readonly #count: Record<SlotSize, number> = { small: 0, large: 0 }

  constructor(placeOf: (record: TransferRecord) => string, sizeOf: (record: TransferRecord) => SlotSize) {
    this.#placeOf = placeOf
    this.#sizeOf = sizeOf
  }

  get length(): number {
    return this.#count.small + this.#count.large
  }

  has(transferId: number): boolean {
    return this.#find(transferId) !== null
  }

  /** At its place by `seq`. */
  insert(record: TransferRecord): void {
    const size = this.#sizeOf(record)
    const place = this.#placeOf(record)
    let queue = this.#queues.get(place)
    if (queue === undefined) {
      queue = { small: [], large: [] }
      this.#queues.set(place, queue)
    }
    const rows = queue[size]
    const last = rows.at(-1)
    if (last === undefined || last.seq < record.seq) rows.push(record)
    else
      rows.splice(
        rows.findIndex((other) => other.seq > record.seq),
        0,
        record
      )
    this.#count[size] += 1
  }

  /** The first of this size whose place accepts it; it leaves the window. */
  take(size: SlotSize, accept: (record: TransferRecord) => boolean): TransferRecord | null {
    if (this.#count[size] === 0) return null
    const heads: TransferRecord[] = []
    for (const queue of this.#queues.values()) if (queue[size].length > 0) heads.push(queue[size][0]!)
    if (heads.length > 1) heads.sort((a, b) => a.seq - b.seq)
    const found = heads.find((head) => accept(head))
    if (found === undefined) return null
    this.#remove(this.#placeOf(found), size, 0)
    return found
  }

  drop(transferId: number): void {
    const found = this.#find(transferId)
    if (found !== null) this.#remove(found.place, found.size, found.index)
  }

  clear(): void {
    this.#queues.clear()
    this.#count.small = 0
    this.#count.large = 0
  }

  #find(transferId: number): { place: string; size: SlotSize; index: number } | null {
    for (const [place, queue] of this.#queues) {
      for (const size of ['small', 'large'] as const) {
        const index = queue[size].findIndex((record) => record.id === transferId)
        if (index !== -1) return { place, size, index }
      }
    }
    return null
  }

  #remove(place: string, size: SlotSize, index: number): void {
    const queue = this.#queues.get(place)
    if (queue === undefined) return
    if (index === 0) queue[size].shift()
    else queue[size].splice(index, 1)
    this.#count[size] -= 1
    if (queue.small.length + queue.large.length === 0) this.#queues.delete(place)
  }
}
