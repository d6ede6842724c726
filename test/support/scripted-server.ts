import { type AddressInfo, type Server, type Socket, createServer } from 'node:net'

/** One connection as the script of a hostile or odd peer sees it. */
export interface Peer {
  readonly socket: Socket
  /** Number of the connection, from 0. */
  readonly index: number
  /** The next request, header and body; null when the client has closed. Reads bodies up to 64 MiB. */
  request(): Promise<{ code: number; status: number; body: Buffer } | null>
  /** Waits for that many bytes and takes them; null when the client has closed before. */
  take(bytes: number): Promise<Buffer | null>
  send(bytes: Buffer | string): void
  /** A FastDFS answer. */
  answer(status: number, body?: Buffer): void
  fin(): void
  rst(): void
  /** Resolves when the connection is closed, from whichever side. */
  readonly closed: Promise<void>
}

export interface ScriptedServer {
  readonly host: string
  readonly port: number
  /** Connections accepted so far. */
  readonly accepted: number
  /** Connections open now. */
  readonly open: number
  close(): Promise<void>
}

/** For `expect.poll`: the other side may need a while on a busy machine. */
export const PATIENCE = { timeout: 4000, interval: 10 } as const

/** Header of an answer, with any length, command and status. */
export function header(length: number | bigint, status = 0, code = 100): Buffer {
  const bytes = Buffer.alloc(10)
  bytes.writeBigInt64BE(BigInt(length))
  bytes[8] = code
  bytes[9] = status
  return bytes
}

/** A server on 127.0.0.1 that runs `script` for each connection. Errors of the script's sockets are expected and ignored. */
export async function scriptedServer(script: (peer: Peer) => unknown): Promise<ScriptedServer> {
  const sockets = new Set<Socket>()
  let accepted = 0
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    const peer = new ScriptedPeer(socket, accepted++)
    socket.on('close', () => sockets.delete(socket))
    void Promise.resolve(script(peer)).catch(() => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    host: '127.0.0.1',
    port,
    get accepted() {
      return accepted
    },
    get open() {
      return sockets.size
    },
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    }
  }
}

class ScriptedPeer implements Peer {
  readonly socket: Socket
  readonly index: number
  readonly closed: Promise<void>
  #data: Buffer[] = []
  #have = 0
  #gone = false
  #wake: () => void = () => {}

  constructor(socket: Socket, index: number) {
    this.socket = socket
    this.index = index
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      this.#data.push(chunk)
      this.#have += chunk.length
      this.#wake()
    })
    socket.on('end', () => this.#end())
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.#end()
        resolve()
      })
    })
  }

  async take(bytes: number): Promise<Buffer | null> {
    while (this.#have < bytes) {
      if (this.#gone) return null
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const all = Buffer.concat(this.#data)
    this.#data = [all.subarray(bytes)]
    this.#have -= bytes
    return all.subarray(0, bytes)
  }

  async request(): Promise<{ code: number; status: number; body: Buffer } | null> {
    const head = await this.take(10)
    if (head === null) return null
    const body = await this.take(Number(head.readBigInt64BE(0)))
    return body === null ? null : { code: head[8] ?? 0, status: head[9] ?? 0, body }
  }

  send(bytes: Buffer | string): void {
    this.socket.write(bytes)
  }

  answer(status: number, body = Buffer.alloc(0)): void {
    this.send(Buffer.concat([header(body.length, status), body]))
  }

  fin(): void {
    this.socket.end()
  }

  rst(): void {
    this.socket.resetAndDestroy()
  }

  #end(): void {
    this.#gone = true
    this.#wake()
  }
}
