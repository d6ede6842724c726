import type { Socket } from 'node:net'
import { HEADER_BYTES, encodeResponseHeader } from '../protocol/header.ts'
import type { Fault } from './faults.ts'
import type { BodySource, Reply, StreamReply } from './service.ts'

/** How an answer ended: sent, to be followed by closing the connection, or to be followed by nothing (a fault). */
export type Outcome = 'sent' | 'close' | 'stall'

/** Unsent bytes above which the next request waits: a peer that asks but does not read must not fill the memory. */
const HIGH_WATER = 256 * 1024
/** Pieces of a stream handed to the socket and not yet taken by the system. */
const PARALLEL = 2

const STATUS_PACKETS = Array.from({ length: 256 }, (_, status) => encodeResponseHeader(status, 0))

/** Sends answers on one socket, streams with back-pressure, and applies the faults that concern what is sent. */
export class ReplyWriter {
  private readonly socket: Socket
  private body: BodySource | null = null

  constructor(socket: Socket) {
    this.socket = socket
  }

  get sending(): boolean {
    return this.body !== null || this.socket.writableLength > 0
  }

  send(reply: Reply, fault: Fault | null, done: (outcome: Outcome) => void, closeAfter: boolean): void {
    if (typeof reply === 'object' && !Buffer.isBuffer(reply)) return this.stream(reply, fault, done)
    const packet = typeof reply === 'number' ? STATUS_PACKETS[reply]! : reply
    const limit = limitOf(fault)
    if (limit !== null) {
      if (limit > 0) this.socket.write(packet.subarray(0, HEADER_BYTES + limit))
      return this.endEarly(fault!, done)
    }
    this.socket.write(fault?.kind === 'corrupt' ? corrupted(packet, HEADER_BYTES + fault.atByte) : packet)
    if (closeAfter) done('close')
    else if (this.socket.writableLength > HIGH_WATER) this.socket.once('drain', () => done('sent'))
    else done('sent')
  }

  /** The connection is gone. */
  close(): void {
    this.body?.close()
    this.body = null
  }

  private stream(reply: StreamReply, fault: Fault | null, done: (outcome: Outcome) => void): void {
    const { body } = reply
    let sent = 0
    let underWay = 0
    let pulling = false
    let ended = false
    this.body = body
    const limit = limitOf(fault)
    if (limit !== 0) this.socket.write(reply.header)

    const finish = (outcome: Outcome) => {
      if (this.body !== body) return // closed meanwhile
      this.close()
      if (outcome === 'stall') this.endEarly(fault!, done)
      else done(outcome)
    }
    const pump = () => {
      if (this.body !== body || pulling || ended || underWay >= PARALLEL) return
      if (limit !== null && sent >= limit) {
        ended = true
        return finish('stall')
      }
      pulling = true
      body.pull(onPiece)
    }
    const onPiece = (error: unknown, piece: Buffer | null) => {
      pulling = false
      if (this.body !== body) {
        if (piece !== null) body.release(piece)
        return
      }
      if (error !== null) return void this.socket.destroy()
      if (piece === null) {
        ended = true
        if (underWay === 0) finish(reply.closeAfter ? 'close' : 'sent')
        return
      }
      let part = limit === null ? piece : piece.subarray(0, limit - sent)
      if (fault?.kind === 'corrupt') part = corrupted(part, fault.atByte - sent)
      sent += part.length
      underWay += 1
      this.socket.write(part, () => {
        body.release(piece)
        underWay -= 1
        if (ended && underWay === 0) finish(reply.closeAfter ? 'close' : 'sent')
        else pump()
      })
      pump()
    }
    pump()
  }

  /** The place of a 'cut' or 'stall' is reached. */
  private endEarly(fault: Fault, done: (outcome: Outcome) => void): void {
    if (fault.kind === 'cut' && fault.reset === true) {
      // What was written must leave before the reset throws it away.
      this.socket.write('', () => this.socket.resetAndDestroy())
    } else done(fault.kind === 'cut' ? 'close' : 'stall')
  }
}

/** Bytes of the body after which the answer ends, null = none. */
function limitOf(fault: Fault | null): number | null {
  return fault?.kind === 'cut' || fault?.kind === 'stall' ? (fault.afterBytes ?? 0) : null
}

/** A copy with one byte inverted, or the same bytes when the place is not among them. */
function corrupted(bytes: Buffer, at: number): Buffer {
  if (at < 0 || at >= bytes.length) return bytes
  const copy = Buffer.from(bytes)
  copy[at] = copy[at]! ^ 0xff
  return copy
}

/** Gives back what an answer holds that will not be sent. */
export function releaseReply(reply: Reply): void {
  if (typeof reply === 'object' && !Buffer.isBuffer(reply)) reply.body.close()
}
