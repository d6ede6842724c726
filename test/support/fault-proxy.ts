import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net'

/** What happens to the bytes of one direction. Counts start when the fault is injected (or the connection is made, if later). */
export interface DirectionFault {
  /** So many bytes pass, then both sides are cut. 0 = as soon as the first byte comes: it is not delivered. */
  cutAfter?: number
  /** So many bytes pass, then nothing moves in this direction any more; the connection stays open. */
  stallAfter?: number
  /** The byte with this number (from 0) is inverted. */
  corruptAt?: number
  /** Each piece is held back for so long. */
  delayMs?: number
}

export interface Fault {
  /** Client to server. */
  up?: DirectionFault
  /** Server to client. */
  down?: DirectionFault
  /** How `cutAfter` closes towards the client. The server always sees a reset. Default rst. */
  how?: 'fin' | 'rst'
  /** New connections are accepted and reset at once. */
  refuse?: boolean
  /** After so many cuts, stalls, corruptions or refusals the fault is over. Default: for ever. */
  times?: number
}

/** The request arrives and is carried out, but its answer never does: the connection is cut instead. */
export const DROP_ANSWER: Fault = { down: { cutAfter: 0 } }

export interface FaultProxy {
  readonly host: string
  readonly port: number
  /** Connections made so far. */
  readonly accepted: number
  readonly open: number
  /** Faults that have happened so far. */
  readonly fired: number
  /** Bytes that came from clients, and from the server. */
  readonly bytes: { up: number; down: number }
  /** Replaces the fault for connections that are open and for those to come. null = pass everything. */
  inject(fault: Fault | null): void
  /** Resolves when `fired` has reached that number. */
  untilFired(count: number): Promise<void>
  /** Resets every open connection now. */
  cutAll(): void
  /** Sends to another server from now on (a storage that was restarted on another port). */
  retarget(port: number): void
  close(): Promise<void>
}

/** A TCP proxy on 127.0.0.1 in front of one server, which disturbs what passes as told. */
export async function faultProxy(target: { host: string; port: number }): Promise<FaultProxy> {
  const proxy = new Proxy(target)
  await proxy.listen()
  return proxy
}

interface Pair {
  client: Socket
  server: Socket
  up: Lane
  down: Lane
}

/** One direction of one connection. */
interface Lane {
  passed: number
  stalled: boolean
}

class Proxy implements FaultProxy {
  readonly host = '127.0.0.1'
  port = 0
  accepted = 0
  fired = 0
  readonly bytes = { up: 0, down: 0 }
  #target: { host: string; port: number }
  #fault: Fault | null = null
  #firedBefore = 0
  #waiting: { count: number; resolve: () => void }[] = []
  readonly #pairs = new Set<Pair>()
  readonly #server: Server

  constructor(target: { host: string; port: number }) {
    this.#target = target
    this.#server = createServer((client) => this.#accept(client))
  }

  get open(): number {
    return this.#pairs.size
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, this.host, resolve))
    this.port = (this.#server.address() as AddressInfo).port
  }

  inject(fault: Fault | null): void {
    this.#fault = fault
    this.#firedBefore = this.fired
    for (const { up, down } of this.#pairs) {
      up.passed = 0
      down.passed = 0
    }
  }

  untilFired(count: number): Promise<void> {
    if (this.fired >= count) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push({ count, resolve }))
  }

  cutAll(): void {
    for (const pair of this.#pairs) this.#cut(pair, 'rst')
  }

  retarget(port: number): void {
    this.#target = { ...this.#target, port }
  }

  close(): Promise<void> {
    for (const pair of this.#pairs) this.#cut(pair, 'rst')
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }

  get #active(): Fault | null {
    const fault = this.#fault
    if (fault?.times !== undefined && this.fired - this.#firedBefore >= fault.times) return null
    return fault
  }

  #fire(): void {
    this.fired++
    this.#waiting = this.#waiting.filter(({ count, resolve }) => {
      if (count > this.fired) return true
      resolve()
      return false
    })
  }

  #accept(client: Socket): void {
    this.accepted++
    if (this.#active?.refuse) {
      this.#fire()
      client.on('error', () => {})
      client.resetAndDestroy()
      return
    }
    const server = connect({ ...this.#target, noDelay: true })
    client.setNoDelay(true)
    const pair: Pair = { client, server, up: { passed: 0, stalled: false }, down: { passed: 0, stalled: false } }
    this.#pairs.add(pair)
    this.#pump(pair, client, server, 'up')
    this.#pump(pair, server, client, 'down')
  }

  #pump(pair: Pair, from: Socket, to: Socket, direction: 'up' | 'down'): void {
    const lane = pair[direction]
    let last = Promise.resolve()
    const inOrder = (work: () => void): void => {
      const delayMs = this.#active?.[direction]?.delayMs ?? 0
      if (delayMs > 0) from.pause()
      last = last.then(async () => {
        if (delayMs > 0) {
          await new Promise((resolve) => setTimeout(resolve, delayMs))
          if (!from.destroyed) from.resume()
        }
        work()
      })
    }
    from.on('data', (chunk) => {
      this.bytes[direction] += chunk.length
      inOrder(() => this.#pass(pair, lane, chunk, from, to, direction))
    })
    from.on('end', () => inOrder(() => lane.stalled || to.end()))
    from.on('error', () => {})
    from.on('close', () => {
      // A server that is not there looks to the client like one that resets.
      inOrder(() => (from.errored ? this.#cut(pair, 'rst') : to.end()))
      if (pair.client.destroyed && pair.server.destroyed) this.#pairs.delete(pair)
    })
  }

  #pass(pair: Pair, lane: Lane, chunk: Buffer, from: Socket, to: Socket, direction: 'up' | 'down'): void {
    if (lane.stalled || to.destroyed) return
    const fault = this.#active?.[direction]
    const start = lane.passed
    lane.passed += chunk.length
    let bytes = chunk
    const limit = fault?.cutAfter ?? fault?.stallAfter
    if (limit !== undefined && lane.passed > limit) bytes = chunk.subarray(0, Math.max(0, limit - start))
    const corruptAt = fault?.corruptAt
    if (corruptAt !== undefined && corruptAt >= start && corruptAt < start + bytes.length) {
      bytes = Buffer.from(bytes)
      bytes[corruptAt - start] = (bytes[corruptAt - start] ?? 0) ^ 0xff
      this.#fire()
    }
    if (limit === undefined || lane.passed <= limit) {
      if (!to.write(bytes)) {
        from.pause()
        to.once('drain', () => from.resume())
      }
      return
    }
    const how = this.#fault?.how ?? 'rst'
    const cut = fault?.cutAfter !== undefined
    if (!cut) lane.stalled = true
    this.#fire()
    // The bytes before the cut must have left before it.
    to.write(bytes, () => cut && this.#cut(pair, how))
  }

  #cut(pair: Pair, how: 'fin' | 'rst'): void {
    this.#pairs.delete(pair)
    if (!pair.server.destroyed) pair.server.resetAndDestroy()
    if (pair.client.destroyed) return
    if (how === 'rst') pair.client.resetAndDestroy()
    else pair.client.destroy()
  }
}
