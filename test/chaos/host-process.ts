import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Endpoint } from '../../src/main/client/types.ts'
import type { TransferRecord } from '../../src/main/library/types.ts'
import type { Settings } from '../../src/shared/contract.ts'
import type { BatchView, FileState, TransferTag } from '../../src/shared/model.ts'

export interface HostOptions {
  dataDir: string
  trackers: Endpoint[]
  /** 'host:port' as the tracker tells it → where to connect instead. */
  addresses: Record<string, Endpoint>
  networkTimeoutMs: number
  settings: Partial<Settings>
}

export type WorkRequest =
  | { kind: 'upload'; title: string; paths: string[]; group: string }
  | { kind: 'download' | 'zip'; title: string; fileIds: string[]; target: string }

/** What queue and library say in the end. */
export interface Audit {
  uploads: { batchId: number; name: string; fileId: string | null; tag: TransferTag; unfinished: string | null }[]
  files: { fileId: string; name: string; state: FileState; sizeBytes: number | null; crc32: number | null }[]
  possibleOrphans: number
  leftovers: string[]
  /** Batches that are not finished. */
  unfinished: number
}

export interface Call {
  start(request: WorkRequest): Promise<number>
  find(title: string): Promise<number | null>
  enqueued(batchId: number): Promise<void>
  settled(batchId: number): Promise<BatchView>
  control(action: 'resume' | 'retry', batchId?: number): Promise<void>
  rows(batchId: number): Promise<TransferRecord[]>
  syncing(): Promise<string[]>
  audit(): Promise<Audit>
  close(): Promise<void>
}

const KILLED = new Error('the host was killed')

/** The host process, started again after each kill. */
export class HostProcess {
  kills = 0
  /** Bytes done in all, as last told. */
  doneBytes = 0
  onProgress: ((doneBytes: number) => void) | null = null
  readonly #options: HostOptions
  #child: Promise<ChildProcess>
  #next = 1
  readonly #pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()

  constructor(options: HostOptions) {
    this.#options = options
    this.#child = this.#start()
  }

  #start(): Promise<ChildProcess> {
    const child = fork(fileURLToPath(new URL('host.ts', import.meta.url)), [JSON.stringify(this.#options)], {
      env: { ...process.env, NODE_NO_WARNINGS: '1' },
      execArgv: []
    })
    return new Promise((resolve, reject) => {
      child.on('error', reject)
      child.once('exit', (code) => {
        for (const { reject: fail } of this.#pending.values()) fail(KILLED)
        this.#pending.clear()
        reject(new Error(`the host ended with ${code}`))
      })
      child.on('message', (message: { ready?: true; doneBytes?: number; id?: number; result?: unknown; error?: string }) => {
        if (message.ready) return resolve(child)
        if (message.doneBytes !== undefined) {
          this.doneBytes = message.doneBytes
          return this.onProgress?.(message.doneBytes)
        }
        const pending = this.#pending.get(message.id!)
        this.#pending.delete(message.id!)
        if (message.error === undefined) pending?.resolve(message.result)
        else pending?.reject(new Error(message.error))
      })
    })
  }

  /** As kill -9; the next host is started at once. */
  async kill(): Promise<void> {
    const child = await this.#child
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    this.kills += 1
    await gone
    this.#child = this.#start()
    await this.#child
  }

  /** Asks once; rejects when the host is killed before it has answered. */
  async once<K extends keyof Call>(call: K, ...args: Parameters<Call[K]>): Promise<Awaited<ReturnType<Call[K]>>> {
    const child = await this.#child
    const id = this.#next++
    return new Promise<Awaited<ReturnType<Call[K]>>>((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as (value: unknown) => void, reject })
      child.send({ id, call, args }, (error) => error && reject(KILLED))
    })
  }

  /** Asks until there is an answer, of this host or of the next. Only for what may be asked twice. */
  async ask<K extends keyof Call>(call: K, ...args: Parameters<Call[K]>): Promise<Awaited<ReturnType<Call[K]>>> {
    for (;;) {
      try {
        const answer = await this.once(call, ...args)
        return answer
      } catch (error) {
        if (error !== KILLED) throw error
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
  }

  /** Makes a batch exactly once, whenever the host is killed: its title tells whether it is there. */
  async begin(request: WorkRequest): Promise<number> {
    for (;;) {
      const known = await this.ask('find', request.title)
      try {
        const batchId = known ?? (await this.once('start', request))
        await this.once('enqueued', batchId)
        // A selection that was half enqueued when the host was killed is given up, and told so.
        if ((await this.once('find', request.title)) === batchId) return batchId
      } catch (error) {
        if (error !== KILLED) throw error
      }
    }
  }

  async close(): Promise<void> {
    await this.once('close').catch(() => undefined)
  }

  async abandon(): Promise<void> {
    const child = await this.#child.catch(() => null)
    child?.kill('SIGKILL')
  }
}
