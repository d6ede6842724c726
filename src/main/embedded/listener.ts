import net from 'node:net'
import type { Server, Socket } from 'node:net'
import { AppError } from '../../shared/errors.ts'
import { Connection } from './connection.ts'
import type { ConnectionHost } from './connection.ts'
import type { Fault, FaultRules } from './faults.ts'
import type { Service } from './service.ts'

export interface ListenerOptions {
  service: Service
  faults: FaultRules
  /** Served at once; further ones are accepted and closed, as a real server does. */
  maxConnections: number
  /** Silence in mid-request, or of a connection that never asked anything, that ends a connection. */
  networkTimeoutMs: number
}

/** One listening server: its connections, and what can happen to it as a whole. */
export class Listener implements ConnectionHost {
  readonly service: Service
  private readonly options: ListenerOptions
  private readonly connections = new Set<Connection>()
  private readonly frozenSteps: (() => void)[] = []
  private server: Server | null = null
  private frozen = false
  private peak = 0

  constructor(options: ListenerOptions) {
    this.options = options
    this.service = options.service
  }

  get connectionCount(): { allocated: number; current: number; max: number } {
    return { allocated: Math.max(64, this.peak), current: this.connections.size, max: this.peak }
  }

  get isListening(): boolean {
    return this.server !== null
  }

  /** Resolves with the port; `port` 0 takes a free one. Rejects with ADDRESS_IN_USE, or HOST_CANNOT for other reasons. */
  listen(host: string, port: number): Promise<number> {
    const server = net.createServer({ noDelay: true }, (socket) => this.accept(socket))
    return new Promise((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)))
      server.listen({ host, port, backlog: 1024 }, () => {
        this.server = server
        resolve((server.address() as net.AddressInfo).port)
      })
    })
  }

  /** No new connections (refused); the present ones live on. */
  async stopListening(): Promise<void> {
    const { server } = this
    this.server = null
    if (server === null) return
    // The callback waits for the connections; the port is free at once.
    server.close()
    await new Promise((resolve) => setImmediate(resolve))
  }

  /** Like a stopped process: connections open and stay open, nothing is read or answered. */
  freeze(frozen: boolean): void {
    if (this.frozen === frozen) return
    this.frozen = frozen
    for (const connection of this.connections) connection.hold(frozen)
    if (!frozen) for (const step of this.frozenSteps.splice(0)) step()
  }

  /** Like kill -9: every connection is reset, nothing is tidied up. */
  async kill(): Promise<void> {
    await this.stopListening()
    for (const connection of this.connections) connection.socket.resetAndDestroy()
    this.forget()
  }

  async close(): Promise<void> {
    await this.stopListening()
    const gone = [...this.connections].map(
      (connection) =>
        new Promise<void>((resolve) => {
          if (connection.socket.closed) return resolve()
          connection.socket.once('close', () => resolve())
          connection.socket.destroy()
        })
    )
    await Promise.all(gone)
    this.forget()
  }

  takeFault(command: number): Fault | null {
    return this.options.faults.take(this.service.name, command)
  }

  whenThawed(step: () => void): void {
    if (this.frozen) this.frozenSteps.push(step)
    else step()
  }

  private forget(): void {
    this.connections.clear()
    this.frozenSteps.length = 0
    this.frozen = false
  }

  private accept(socket: Socket): void {
    if (this.connections.size >= this.options.maxConnections) {
      socket.on('error', () => {})
      socket.destroy()
      return
    }
    const connection = new Connection(socket, this, this.options.networkTimeoutMs)
    this.connections.add(connection)
    this.peak = Math.max(this.peak, this.connections.size)
    socket.once('close', () => this.connections.delete(connection))
    if (this.frozen) connection.hold(true)
  }
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): AppError {
  const detail = { address: `${host}:${port}`, reason: error.code }
  return new AppError(error.code === 'EADDRINUSE' ? 'ADDRESS_IN_USE' : 'HOST_CANNOT', { cause: error, detail })
}
