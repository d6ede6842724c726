import fs from 'node:fs'
import path from 'node:path'
import { encodeFileName } from '../../shared/file-id.ts'
import { ERRNO } from '../protocol/status.ts'
import { STORAGE_STATE } from '../protocol/tracker/storage-states.ts'
import type { FaultRules } from './faults.ts'
import { Listener } from './listener.ts'
import { DEFAULTS } from './options.ts'
import type { Generation } from './options.ts'
import type { StorageSlot } from './layout.ts'
import { StorageService } from './storage-service.ts'
import { FileStore } from './store.ts'

export interface StorageNodeOptions {
  group: string
  index: number
  slot: StorageSlot
  dir: string
  generation: Generation
  quirks: boolean
  faults: FaultRules
  storePathCount: number
  reservedBytes: number
  maxConnections: number
  networkTimeoutMs: number
  usesIds: boolean
  nowMs: () => number
  random: () => number
  addressOfId: (id: number) => string | undefined
}

/** What a test or an operator forces upon a storage; undefined = as it really is. */
export interface Overrides {
  status?: number | undefined
  readable?: boolean | undefined
  writable?: boolean | undefined
  freeBytes?: number | undefined
  clockShiftMs?: number | undefined
}

const SPACE_AGE_MS = 1000

/** One storage: its place on disk, its server, and what the tracker knows of it. */
export class StorageNode {
  readonly group: string
  readonly name: string
  readonly slot: StorageSlot
  readonly dir: string
  readonly overrides: Overrides = {}
  /** Timestamp (seconds) of the last record of each source that arrived here, by the source's key. */
  readonly syncedFrom = new Map<string, number>()
  /** Called when it starts, stops, freezes or thaws. */
  onChange: () => void = () => {}
  upSeconds = 0
  readonly joinSeconds: number
  private readonly options: StorageNodeOptions
  private running: { store: FileStore; listener: Listener } | null = null
  private frozen = false
  private space: { atMs: number; total: number; free: number } | null = null

  constructor(options: StorageNodeOptions) {
    this.options = options
    this.group = options.group
    this.name = `${options.group}/${options.index}`
    this.slot = options.slot
    this.dir = options.dir
    fs.mkdirSync(path.join(this.dir, 'data'), { recursive: true })
    this.joinSeconds = this.joinedAt()
  }

  /** Opens the store (recovering from a crash) and listens. Rejects with ADDRESS_IN_USE and the like. */
  async start(): Promise<void> {
    const { options } = this
    const store = new FileStore({
      basePath: this.dir,
      storePathCount: options.storePathCount,
      subdirCount: DEFAULTS.subdirCount,
      nowMs: () => this.nowMs(),
      makeName: (pathIndex, directories, facts) => this.makeName(pathIndex, directories, facts)
    })
    const service = new StorageService({
      name: this.name,
      group: this.group,
      store,
      alive: () => this.running?.store === store,
      room: (bytes) => (this.freeBytes() - bytes < options.reservedBytes ? ERRNO.ENOSPC : 0),
      behaviour: { clipsRanges: options.generation.clipsRanges, infoFlags: options.generation.infoFlags, quirks: options.quirks },
      addressOfId: options.addressOfId,
      ipBytes: options.generation.ipBytes
    })
    const { faults, maxConnections, networkTimeoutMs } = options
    const listener = new Listener({ service, faults, maxConnections, networkTimeoutMs })
    try {
      this.slot.port = await listener.listen(this.slot.host, this.slot.port)
    } catch (error) {
      store.close()
      throw error
    }
    this.running = { store, listener }
    this.upSeconds = this.seconds()
    this.onChange()
  }

  async stop(): Promise<void> {
    const { running } = this
    if (running === null) return
    await running.listener.close()
    this.running = null
    running.store.close()
    this.onChange()
  }

  /** As kill -9: connections are reset, unfinished work stays on disk as it is. */
  async kill(): Promise<void> {
    const { running } = this
    if (running === null) return
    this.running = null
    this.frozen = false
    await running.listener.kill()
    running.store.journal.close()
    this.onChange()
  }

  async refuse(refused: boolean): Promise<void> {
    const listener = this.running?.listener
    if (listener === undefined || listener.isListening === !refused) return
    if (refused) await listener.stopListening()
    else await listener.listen(this.slot.host, this.slot.port)
  }

  freeze(frozen: boolean): void {
    this.frozen = frozen
    this.running?.listener.freeze(frozen)
    this.onChange()
  }

  /** The open store, null while it does not run. */
  get store(): FileStore | null {
    return this.running?.store ?? null
  }

  /** The store if it can take part in replication now. */
  get syncStore(): FileStore | null {
    return this.frozen ? null : this.store
  }

  /** Key of this storage among the sources of a group: what file names carry. */
  get sourceKey(): string {
    return this.options.usesIds ? String(this.slot.id) : this.slot.host
  }

  /** Its id on the wire: the IP address unless the cluster uses storage ids. */
  get wireId(): string {
    return this.sourceKey
  }

  get status(): number {
    return this.overrides.status ?? (this.running === null ? STORAGE_STATE.offline : STORAGE_STATE.active)
  }

  get isActive(): boolean {
    return this.status === STORAGE_STATE.active
  }

  get readable(): boolean {
    return this.isActive && this.overrides.readable !== false
  }

  get writable(): boolean {
    return this.isActive && this.overrides.writable !== false
  }

  get hasSpace(): boolean {
    return this.freeBytes() >= this.options.reservedBytes
  }

  get storePathCount(): number {
    return this.options.storePathCount
  }

  get connections(): { allocated: number; current: number; max: number } {
    return this.running?.listener.connectionCount ?? { allocated: 0, current: 0, max: 0 }
  }

  totalBytes(): number {
    return this.measured().total
  }

  freeBytes(): number {
    return this.overrides.freeBytes ?? this.measured().free
  }

  nowMs(): number {
    return this.options.nowMs() + (this.overrides.clockShiftMs ?? 0)
  }

  seconds(): number {
    return Math.floor(this.nowMs() / 1000)
  }

  private measured(): { total: number; free: number } {
    const nowMs = performance.now()
    if (this.space === null || nowMs - this.space.atMs > SPACE_AGE_MS) {
      const { bsize, blocks, bavail } = fs.statfsSync(this.dir)
      this.space = { atMs: nowMs, total: bsize * blocks, free: bsize * bavail }
    }
    return this.space
  }

  private makeName(
    pathIndex: number,
    directories: readonly [number, number],
    facts: { sizeBytes: number | null; crc32: number; ext: string }
  ) {
    const { usesIds, random } = this.options
    return encodeFileName({
      storePathIndex: pathIndex,
      directories,
      source: usesIds ? { type: 'id', id: this.slot.id } : { type: 'ip', address: this.slot.host },
      timestampSeconds: this.seconds(),
      ...facts,
      random: Math.floor(random() * 2 ** 23),
      digits: String(Math.floor(random() * 10_000_000)).padStart(7, '0')
    })
  }

  /** When this storage first joined, kept in `.data_init_flag` as the real one does. */
  private joinedAt(): number {
    const file = path.join(this.dir, 'data', '.data_init_flag')
    const kept = fs.existsSync(file) ? /^storage_join_time=(\d+)$/m.exec(fs.readFileSync(file, 'utf8')) : null
    if (kept !== null) return Number(kept[1])
    const now = Math.floor(this.options.nowMs() / 1000)
    fs.writeFileSync(file, `storage_join_time=${now}\nsync_old_done=1\nsync_src_server=\n`)
    return now
  }
}
