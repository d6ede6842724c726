import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SettingsSchema } from '../../../src/shared/contract.ts'
import type { Settings } from '../../../src/shared/contract.ts'
import { createStoreClient } from '../../../src/main/cluster/index.ts'
import type { StoreClient, StoreClientOptions } from '../../../src/main/cluster/types.ts'
import { createMemoryJournal } from '../../../src/main/library/memory-journal.ts'
import type { FileCatalogue, TransferJournal } from '../../../src/main/library/types.ts'
import { systemClock } from '../../../src/main/transfer/clock.ts'
import type { EngineOptions, Notice } from '../../../src/main/transfer/core.ts'
import { createTransferEngine } from '../../../src/main/transfer/engine.ts'
import type { TransferEngine } from '../../../src/main/transfer/engine.ts'
import type { BatchView, TransferSnapshot, TransferView } from '../../../src/shared/model.ts'
import { startCluster } from '../../support/cluster.ts'
import type { TestCluster } from '../../support/cluster.ts'

export const PROFILE = 'test'

export interface Rig {
  cluster: TestCluster
  store: StoreClient
  engine: TransferEngine
  journal: TransferJournal
  notices: Notice[]
  snapshots: TransferSnapshot[]
  settings: Settings
  /** Closes the engine and starts another one on the same journal. */
  restart(options?: Partial<EngineOptions>): Promise<void>
  rows(batchId: number): TransferView[]
  close(): Promise<void>
}

export interface RigOptions {
  cluster?: Parameters<typeof startCluster>[0]
  store?: Partial<StoreClientOptions>
  settings?: Partial<Settings>
  engine?: Partial<EngineOptions>
  journal?: TransferJournal
  files?: FileCatalogue | null
}

/** An engine on an embedded cluster, with waiting times fit for tests. */
export async function rig(options: RigOptions = {}): Promise<Rig> {
  const cluster = await startCluster(options.cluster ?? {})
  const trackers = cluster.trackers.map((address) => (typeof address === 'string' ? parse(address) : address))
  const store = createStoreClient({ trackers, networkTimeoutMs: 5_000, connectTimeoutMs: 2_000, answerCacheMs: 0, ...options.store })
  const journal = options.journal ?? createMemoryJournal()
  const settings: Settings = { ...SettingsSchema.parse({}), ...options.settings }
  const notices: Notice[] = []
  const snapshots: TransferSnapshot[] = []
  const make = (more: Partial<EngineOptions> = {}): TransferEngine =>
    createTransferEngine({
      journal,
      files: options.files ?? null,
      store: () => store,
      profile: () => ({ readOnly: false }),
      settings: () => settings,
      clock: systemClock,
      // No jitter, shortest steps.
      random: () => 0,
      onChange: (snapshot) => snapshots.push(snapshot),
      onNotice: (notice) => notices.push(notice),
      onFilesChanged: () => undefined,
      ...options.engine,
      ...more
    })
  const self: Rig = {
    cluster,
    store,
    engine: make(),
    journal,
    notices,
    snapshots,
    settings,
    async restart(more) {
      await self.engine.close()
      self.engine = make(more)
      await self.engine.start()
    },
    rows: (batchId) => self.engine.page({ batchId, limit: 100_000 }).rows,
    async close() {
      await self.engine.close()
      await store.close()
      await cluster.close()
    }
  }
  await self.engine.start()
  return self
}

function parse(address: string): { host: string; port: number } {
  const at = address.lastIndexOf(':')
  return { host: address.slice(0, at), port: Number(address.slice(at + 1)) }
}

/** Files with random content below `root`; returns path → content. */
export function makeFiles(root: string, files: Record<string, number | Buffer>): Map<string, Buffer> {
  const made = new Map<string, Buffer>()
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name)
    const bytes = typeof content === 'number' ? randomBytes(content) : content
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, bytes)
    made.set(path, bytes)
  }
  return made
}

/** The content of a remote file. */
export async function remoteBytes(store: StoreClient, fileId: string): Promise<Buffer> {
  const pieces: Buffer[] = []
  await store.download(fileId, {}, { write: (chunk) => void pieces.push(Buffer.from(chunk)) })
  return Buffer.concat(pieces)
}

/** Found = done + skipped + failed + cancelled: nothing is left open and nothing is missing. */
export function isReconciled(view: BatchView): boolean {
  const { queued, running, waiting, paused, done, failed, cancelled, skipped } = view.counts
  return queued + running + waiting + paused === 0 && done + failed + cancelled + skipped === view.totalFiles
}

/** Resolves when the condition holds; fails after ten seconds with what was waited for. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  const end = performance.now() + 10_000
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** What a store was asked, and a chance to interfere before each call. */
export function watched(
  store: StoreClient,
  before: (call: string, args: readonly unknown[]) => void | Promise<void>,
  after: (call: string) => void = () => undefined
): StoreClient {
  return new Proxy(store, {
    get(target, name: keyof StoreClient) {
      const value = target[name] as (...args: unknown[]) => unknown
      if (name === 'list' || name === 'close') return value.bind(target)
      return async (...args: unknown[]) => {
        await before(name, args)
        try {
          return await value.apply(target, args)
        } finally {
          after(name)
        }
      }
    }
  })
}
