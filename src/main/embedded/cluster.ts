import fs from 'node:fs'
import path from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { formatAddress } from '../../shared/address.ts'
import { ClusterFaults } from './cluster-faults.ts'
import { FaultRules } from './faults.ts'
import { commonPort, planLayout, saveLayout } from './layout.ts'
import type { Layout, StorageSlot } from './layout.ts'
import { DEFAULTS, GENERATIONS } from './options.ts'
import type { EmbeddedClusterOptions } from './options.ts'
import { Replicator } from './replicator.ts'
import { StorageNode } from './storage-node.ts'
import type { TrackedGroup } from './tracker-choice.ts'
import { TrackerNode } from './tracker-node.ts'
import type { ClusterModel } from './tracker-service.ts'

/** Where one storage of the running cluster is. */
export interface EmbeddedStorage {
  host: string
  port: number
  dir: string
}

/** A running cluster. Everything it holds is closed by `close`. */
export interface EmbeddedCluster {
  /** 'host:port' of every tracker. */
  readonly trackers: string[]
  readonly groups: Record<string, EmbeddedStorage[]>
  /** Breaking things on purpose. */
  readonly faults: ClusterFaults
  /** Resolves when every replica has everything; rejects with TIMEOUT. For tests: never within the delay of replication. */
  synced(timeoutMs?: number): Promise<void>
  close(): Promise<void>
}

const COUNTERS_SAVED_EVERY_MS = 10_000
const START_TRIES = 5

/**
 * Starts a FastDFS-compatible cluster in this process: trackers and storages on loopback addresses, with real directories,
 * binlogs and replication, all below `options.dir`. What is there from last time is served again, on the same ports when
 * they are free. Rejects with INPUT_INVALID, GROUP_INVALID, ADDRESS_IN_USE, or what the file system says (LOCAL_*).
 */
export async function createEmbeddedCluster(options: EmbeddedClusterOptions): Promise<EmbeddedCluster> {
  const host = options.host ?? DEFAULTS.host
  makeDirectory(options.dir)
  const layout = await planLayout({ dir: options.dir, groups: options.groups, host, addressing: options.addressing ?? 'auto' })
  const cluster = new Cluster(options, host, layout)
  try {
    await cluster.start()
  } catch (error) {
    await cluster.close()
    throw error
  }
  return cluster
}

class Cluster implements EmbeddedCluster {
  readonly faults: ClusterFaults
  private readonly options: EmbeddedClusterOptions
  private readonly layout: Layout
  private readonly trackerNodes: TrackerNode[]
  private readonly storageNodes: StorageNode[]
  private readonly replicators: Replicator[] = []
  private saver: NodeJS.Timeout | null = null

  constructor(options: EmbeddedClusterOptions, host: string, layout: Layout) {
    this.options = options
    this.layout = layout
    const rules = new FaultRules()
    const generation = GENERATIONS[options.behaveLike ?? '6.16.1']
    const nowMs = options.nowMs ?? Date.now
    const reservedBytes = options.reservedBytes ?? DEFAULTS.reservedBytes
    const limits = {
      maxConnections: options.maxConnections ?? DEFAULTS.maxConnections,
      networkTimeoutMs: options.networkTimeoutMs ?? DEFAULTS.networkTimeoutMs
    }
    const slotOfId = (id: number) => this.slots().find((slot) => slot.id === id)
    this.storageNodes = Object.keys(options.groups).flatMap((group) =>
      layout.groups[group]!.slice(0, options.groups[group]).map(
        (slot, index) =>
          new StorageNode({
            group,
            index,
            slot,
            dir: path.join(options.dir, `${group}-${index + 1}`),
            generation,
            quirks: options.quirks ?? false,
            faults: rules,
            storePathCount: options.storePathCount ?? 1,
            reservedBytes,
            ...limits,
            usesIds: layout.usesIds,
            nowMs,
            random: options.random ?? Math.random,
            addressOfId: (id) => slotOfId(id)?.host
          })
      )
    )
    const groups = Object.keys(options.groups).map((name): TrackedGroup => ({
      name,
      storages: this.storageNodes.filter((s) => s.group === name),
      nextStore: 0,
      nextFetch: 0,
      nextPath: 0
    }))
    const trackers: TrackerNode[] = []
    const model: ClusterModel = { generation, usesIds: layout.usesIds, reservedBytes, groups, trackers, nowMs }
    for (let i = 0; i < (options.trackerCount ?? 1); i++) {
      trackers.push(
        new TrackerNode({
          index: i,
          host,
          port: this.trackerPort(i),
          fixed: i === 0 && (options.trackerPort ?? 0) > 0,
          model,
          faults: rules,
          ...limits
        })
      )
    }
    this.trackerNodes = trackers
    this.connectReplicas(groups)
    this.faults = new ClusterFaults(rules, this.storageNodes, this.trackerNodes, this.replicators)
  }

  get trackers(): string[] {
    return this.trackerNodes.map(formatAddress)
  }

  get groups(): Record<string, EmbeddedStorage[]> {
    const groups: Record<string, EmbeddedStorage[]> = {}
    for (const { group, slot, dir } of this.storageNodes) (groups[group] ??= []).push({ host: slot.host, port: slot.port, dir })
    return groups
  }

  async start(): Promise<void> {
    for (const group of Object.keys(this.options.groups)) await this.startGroup(group)
    for (const [i, tracker] of this.trackerNodes.entries()) {
      await tracker.start()
      this.layout.trackerPorts[i] = tracker.port
    }
    saveLayout(this.options.dir, this.layout)
    this.saver = setInterval(() => this.saveCounters(), COUNTERS_SAVED_EVERY_MS)
    this.saver.unref()
  }

  async synced(timeoutMs = 30_000): Promise<void> {
    const endMs = performance.now() + timeoutMs
    while (!this.replicators.every((r) => r.isIdle)) {
      if (performance.now() > endMs) throw new AppError('TIMEOUT', { detail: { reason: 'replication' } })
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  async close(): Promise<void> {
    if (this.saver !== null) clearInterval(this.saver)
    await Promise.all(this.replicators.map((r) => r.close()))
    await Promise.all(this.trackerNodes.map((t) => t.stop()))
    await Promise.all(this.storageNodes.map((s) => s.stop()))
  }

  /** Real clients take one port for all storages of a group where addresses differ: they get a common one. */
  private async startGroup(group: string): Promise<void> {
    const nodes = this.storageNodes.filter((s) => s.group === group)
    for (let attempt = 1; ; attempt++) {
      try {
        if (!this.layout.usesIds) {
          const preferred = attempt === 1 ? nodes[0]!.slot.port : 0
          const port = await commonPort(
            nodes.map((s) => s.slot.host),
            preferred
          )
          for (const node of nodes) node.slot.port = port
        }
        for (const node of nodes) await this.startNode(node)
        return
      } catch (error) {
        await Promise.all(nodes.map((node) => node.stop()))
        if (!(error instanceof AppError) || error.code !== 'ADDRESS_IN_USE' || attempt === START_TRIES)
          throw localError(error, this.options.dir)
      }
    }
  }

  private async startNode(node: StorageNode): Promise<void> {
    try {
      await node.start()
    } catch (error) {
      if (!this.layout.usesIds || !(error instanceof AppError) || error.code !== 'ADDRESS_IN_USE') throw error
      node.slot.port = 0
      await node.start()
    }
  }

  private connectReplicas(groups: readonly TrackedGroup[]): void {
    for (const { storages } of groups) {
      for (const source of storages) {
        const mine = storages
          .filter((replica) => replica !== source)
          .map((replica) => new Replicator({ source, replica, delayMs: () => this.options.syncDelayMs ?? 0 }))
        this.replicators.push(...mine)
      }
    }
    for (const node of this.storageNodes) {
      node.onChange = () => {
        for (const replicator of this.replicators) if (replicator.touches(node)) replicator.refresh()
      }
    }
  }

  private trackerPort(index: number): number {
    const asked = index === 0 ? (this.options.trackerPort ?? 0) : 0
    return asked > 0 ? asked : (this.layout.trackerPorts[index] ?? 0)
  }

  private slots(): StorageSlot[] {
    return Object.values(this.layout.groups).flat()
  }

  private saveCounters(): void {
    for (const node of this.storageNodes) node.store?.counters.save()
  }
}

/** One level after the other: where nothing can be made (below /proc), `recursive` alone would try for ever. */
function makeDirectory(dir: string): void {
  const missing: string[] = []
  for (let at = path.resolve(dir); !fs.existsSync(at); at = path.dirname(at)) missing.unshift(at)
  try {
    for (const at of missing) fs.mkdirSync(at)
    fs.mkdirSync(dir, { recursive: true })
  } catch (error) {
    throw localError(error, dir)
  }
}

function localError(error: unknown, dir: string): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code
  if (error instanceof AppError || code === undefined) return error
  const detail = { path: dir, reason: code }
  if (code === 'EACCES' || code === 'EPERM') return new AppError('LOCAL_DENIED', { cause: error, detail })
  if (code === 'EROFS') return new AppError('LOCAL_READ_ONLY', { cause: error, detail })
  if (code === 'ENOSPC') return new AppError('LOCAL_DISK_FULL', { cause: error, detail })
  return new AppError('LOCAL_IO', { cause: error, detail })
}
