import { AppError } from '../../shared/errors.ts'
import type { FaultHandle, FaultRule, FaultRules } from './faults.ts'
import type { Replicator } from './replicator.ts'
import type { StorageNode } from './storage-node.ts'
import type { TrackerNode } from './tracker-node.ts'

/**
 * Breaks a running cluster on purpose. Servers are named 'tracker', 'tracker2' …, and 'group1/0', 'group1/1' … in the order
 * of `EmbeddedCluster.groups`. An unknown name is INPUT_INVALID.
 */
export class ClusterFaults {
  private readonly rules: FaultRules
  private readonly storages: readonly StorageNode[]
  private readonly trackers: readonly TrackerNode[]
  private readonly replicators: readonly Replicator[]

  constructor(rules: FaultRules, storages: readonly StorageNode[], trackers: readonly TrackerNode[], replicators: readonly Replicator[]) {
    this.rules = rules
    this.storages = storages
    this.trackers = trackers
    this.replicators = replicators
  }

  /** Delay, stall, cut, drop the answer, wrong status, corrupt a byte: for the requests that the rule matches. */
  add(rule: FaultRule): FaultHandle {
    if (rule.server !== '*') this.server(rule.server)
    return this.rules.add(rule)
  }

  /** Removes all rules; what was done to whole servers stays. */
  clear(): void {
    this.rules.clear()
  }

  /** Connections are refused; those that are open live on. */
  async refuse(server: string, refused = true): Promise<void> {
    await this.server(server).refuse(refused)
  }

  /** Connections open and stay open, nothing is answered; replication from and to it stands still. */
  freeze(server: string, frozen = true): void {
    this.server(server).freeze(frozen)
  }

  /** As kill -9: all connections are reset, unfinished work stays on disk. A storage becomes OFFLINE at the trackers. */
  async kill(server: string): Promise<void> {
    await this.server(server).kill()
  }

  /** Starts a killed server again, on the same port, recovering what a crash left. */
  async restart(server: string): Promise<void> {
    const node = this.server(server)
    await node.stop()
    await node.start()
  }

  /** The storage has no free space any more: 28 for uploads, appends and modifies, also in the middle of one. */
  diskFull(server: string, full = true): void {
    this.storage(server).overrides.freeBytes = full ? 0 : undefined
  }

  freeSpace(server: string, freeBytes: number | null): void {
    this.storage(server).overrides.freeBytes = freeBytes ?? undefined
  }

  clockShift(server: string, shiftMs: number): void {
    this.storage(server).overrides.clockShiftMs = shiftMs
  }

  /** A status of section 6.3 at the trackers; null = the real one. The storage goes on answering who asks it directly. */
  setStatus(server: string, status: number | null): void {
    this.storage(server).overrides.status = status ?? undefined
  }

  /** rw_mode at the trackers. */
  setMode(server: string, mode: { readable?: boolean; writable?: boolean }): void {
    Object.assign(this.storage(server).overrides, mode)
  }

  /** Stops replication from this storage to the others of its group, or goes on with it. */
  pauseSync(server: string, paused = true): void {
    const node = this.storage(server)
    for (const replicator of this.replicators) if (replicator.isFrom(node)) replicator.pause(paused)
  }

  private storage(name: string): StorageNode {
    return this.storages.find((s) => s.name === name) ?? unknownServer(name)
  }

  private server(name: string): StorageNode | TrackerNode {
    return this.trackers.find((t) => t.name === name) ?? this.storage(name)
  }
}

function unknownServer(name: string): never {
  throw new AppError('INPUT_INVALID', { detail: { field: 'server', value: name } })
}
