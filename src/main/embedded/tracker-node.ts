import { AppError } from '../../shared/errors.ts'
import type { FaultRules } from './faults.ts'
import { Listener } from './listener.ts'
import { TrackerService } from './tracker-service.ts'
import type { ClusterModel, TrackedTracker } from './tracker-service.ts'

export interface TrackerNodeOptions {
  index: number
  host: string
  /** 0 = any. */
  port: number
  /** The port was asked for: another one will not do. */
  fixed: boolean
  model: ClusterModel
  faults: FaultRules
  maxConnections: number
  networkTimeoutMs: number
}

/** One tracker: its server, and what the others know of it. */
export class TrackerNode implements TrackedTracker {
  readonly name: string
  readonly host: string
  port: number
  upSeconds = 0
  private readonly options: TrackerNodeOptions
  private listener: Listener | null = null

  constructor(options: TrackerNodeOptions) {
    this.options = options
    this.name = options.index === 0 ? 'tracker' : `tracker${options.index + 1}`
    this.host = options.host
    this.port = options.port
  }

  get isRunning(): boolean {
    return this.listener !== null
  }

  get connections(): { allocated: number; current: number; max: number } {
    return this.listener?.connectionCount ?? { allocated: 0, current: 0, max: 0 }
  }

  async start(): Promise<void> {
    const { faults, maxConnections, networkTimeoutMs, model } = this.options
    const service = new TrackerService(this.name, model, () => this)
    const listener = new Listener({ service, faults, maxConnections, networkTimeoutMs })
    try {
      this.port = await listener.listen(this.host, this.port)
    } catch (error) {
      const taken = error instanceof AppError && error.code === 'ADDRESS_IN_USE'
      if (!taken || this.options.fixed || this.upSeconds > 0) throw error
      this.port = await listener.listen(this.host, 0)
    }
    this.listener = listener
    this.upSeconds = Math.floor(model.nowMs() / 1000)
  }

  async stop(): Promise<void> {
    await this.listener?.close()
    this.listener = null
  }

  async kill(): Promise<void> {
    await this.listener?.kill()
    this.listener = null
  }

  freeze(frozen: boolean): void {
    this.listener?.freeze(frozen)
  }

  async refuse(refused: boolean): Promise<void> {
    const { listener } = this
    if (listener === null || listener.isListening === !refused) return
    if (refused) await listener.stopListening()
    else await listener.listen(this.host, this.port)
  }
}
