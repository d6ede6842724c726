import fs from 'node:fs'
import path from 'node:path'
import { applyRecord } from './apply-record.ts'
import { readBinlog } from './binlog.ts'
import type { BinlogPosition } from './binlog.ts'
import type { StorageNode } from './storage-node.ts'
import type { FileStore } from './store.ts'

export interface ReplicatorOptions {
  source: StorageNode
  replica: StorageNode
  /** Age a change must have before it is copied. */
  delayMs: () => number
  /** Told when copying fails; replication tries again after a pause. */
  onError?: ((error: unknown) => void) | undefined
}

/** Time spent without letting others run. */
const SLICE_MS = 8
const RETRY_MS = 1000
/** Arrival times of records closer than this are kept as one; so long a run also waits for more to come. */
const GRAIN_MS = 5
/** The mark may be so much behind: after a crash these records are applied again, which changes nothing. */
const MARK_EVERY_MS = 200

/**
 * Copies what clients change at one storage to one other of its group: follows the source's binlog from the position kept
 * in a mark file, as real storages do, so that a restart goes on where it was.
 */
export class Replicator {
  private readonly options: ReplicatorOptions
  private readonly arrivals: { end: BinlogPosition; dueAtMs: number }[] = []
  private unsubscribe: (() => void) | null = null
  private position: BinlogPosition = { index: 0, offset: 0 }
  private subscribedTo: FileStore | null = null
  private running: Promise<void> | null = null
  private timer: NodeJS.Timeout | null = null
  private markTimer: NodeJS.Timeout | null = null
  /** A record came while a run was under way, which may have looked already. */
  private again = false
  private paused = false
  private closed = false
  private untilSeconds = 0

  constructor(options: ReplicatorOptions) {
    this.options = options
  }

  /** After a start, stop or thaw of either side. */
  refresh(): void {
    const { source, replica } = this.options
    const store = source.store
    if (store !== this.subscribedTo) {
      this.unsubscribe?.()
      this.subscribedTo = store
      this.arrivals.length = 0
      this.unsubscribe = store?.journal.subscribe(() => this.onRecord(store)) ?? null
      if (store !== null) {
        this.readMark(store)
        replica.syncedFrom.set(source.sourceKey, this.untilSeconds)
      }
    }
    this.kick()
  }

  touches(node: StorageNode): boolean {
    return this.options.source === node || this.options.replica === node
  }

  isFrom(node: StorageNode): boolean {
    return this.options.source === node
  }

  pause(paused: boolean): void {
    this.paused = paused
    this.kick()
  }

  /** Resolves when the step under way is done. */
  async close(): Promise<void> {
    this.closed = true
    this.unsubscribe?.()
    if (this.timer !== null) clearTimeout(this.timer)
    await this.running
    if (this.markTimer !== null) this.writeMark()
  }

  /** True when the replica has everything that is due or will be. */
  get isIdle(): boolean {
    const end = this.options.source.store?.journal.position
    return end === undefined || (this.running === null && end.index === this.position.index && end.offset === this.position.offset)
  }

  private onRecord(store: FileStore): void {
    const dueAtMs = performance.now() + this.options.delayMs()
    const last = this.arrivals.at(-1)
    const end = store.journal.position
    if (last !== undefined && dueAtMs - last.dueAtMs < GRAIN_MS) last.end = end
    else this.arrivals.push({ end, dueAtMs })
    if (this.running !== null) this.again = true
    else if (this.timer === null) this.schedule(Math.max(GRAIN_MS, this.arrivals[0]!.dueAtMs - performance.now()))
  }

  private schedule(ms: number): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      this.timer = null
      this.kick()
    }, ms)
    this.timer.unref()
  }

  private kick(): void {
    if (this.closed || this.running !== null) return
    this.again = false
    this.running = this.run()
      .catch((error: unknown) => {
        this.options.onError?.(error)
        if (!this.closed) this.schedule(RETRY_MS)
      })
      .finally(() => {
        this.running = null
        if (this.again && this.timer === null && !this.closed) this.schedule(0)
      })
  }

  private async run(): Promise<void> {
    const { source, replica } = this.options
    let sliceStart = performance.now()
    for (;;) {
      const from = source.syncStore
      const to = replica.syncStore
      if (this.closed || this.paused || from === null || to === null || from !== this.subscribedTo) return
      const { records, next } = readBinlog(from.journal.syncDir, this.position)
      if (next.index === this.position.index && next.offset === this.position.offset) return
      for (const { record, end } of records) {
        const waitMs = this.dueInMs(end)
        if (waitMs > 0) {
          this.keepMark()
          return this.schedule(waitMs)
        }
        if (record.op >= 'A' && record.op <= 'Z') await this.apply(from, to, record)
        if (this.stopped(from, to)) return
        this.position = end
        if (performance.now() - sliceStart > SLICE_MS) {
          await new Promise((resolve) => setImmediate(resolve))
          if (this.stopped(from, to)) return
          sliceStart = performance.now()
        }
      }
      this.position = next
      this.keepMark()
    }
  }

  private async apply(from: FileStore, to: FileStore, record: Parameters<typeof applyRecord>[2]): Promise<void> {
    const { source, replica } = this.options
    const bytes = await applyRecord(from, to, record)
    if (this.stopped(from, to)) return
    this.untilSeconds = record.timestampSeconds
    replica.syncedFrom.set(source.sourceKey, record.timestampSeconds)
    from.counters.bytes('sync_out', bytes)
    to.counters.bytes('sync_in', bytes)
    to.counters.at('last_sync_update', to.journal.seconds())
    to.counters.at('last_synced_timestamp', record.timestampSeconds)
  }

  /** One of the two was killed, stopped or frozen meanwhile. */
  private stopped(from: FileStore, to: FileStore): boolean {
    const { source, replica } = this.options
    return this.closed || this.paused || source.syncStore !== from || replica.syncStore !== to
  }

  private dueInMs(end: BinlogPosition): number {
    while (this.arrivals.length > 0 && isBefore(this.arrivals[0]!.end, end)) this.arrivals.shift()
    const first = this.arrivals[0]
    return first === undefined ? 0 : first.dueAtMs - performance.now()
  }

  private markFile(store: FileStore): string {
    const { wireId, slot } = this.options.replica
    const name = wireId === slot.host ? `${slot.host}_${slot.port}.mark` : `${wireId}.mark`
    return path.join(store.journal.syncDir, name)
  }

  private readMark(store: FileStore): void {
    const file = this.markFile(store)
    const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : ''
    const value = (key: string) => Number(new RegExp(`^${key}=(\\d+)$`, 'm').exec(text)?.[1] ?? 0)
    this.position = { index: value('binlog_index'), offset: value('binlog_offset') }
    this.untilSeconds = value('until_timestamp')
  }

  private keepMark(): void {
    this.markTimer ??= setTimeout(() => this.writeMark(), MARK_EVERY_MS).unref()
  }

  private writeMark(): void {
    if (this.markTimer !== null) clearTimeout(this.markTimer)
    this.markTimer = null
    const store = this.subscribedTo
    if (store === null || store !== this.options.source.store) return
    const { index, offset } = this.position
    const text = `binlog_index=${index}\nbinlog_offset=${offset}\nneed_sync_old=0\nsync_old_done=1\nuntil_timestamp=${this.untilSeconds}\n`
    const file = this.markFile(store)
    fs.writeFileSync(`${file}.new`, text)
    fs.renameSync(`${file}.new`, file)
  }
}

function isBefore(a: BinlogPosition, b: BinlogPosition): boolean {
  return a.index < b.index || (a.index === b.index && a.offset < b.offset)
}
