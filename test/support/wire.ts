import net from 'node:net'
import { decodeBody, encodeRequest } from '../../src/main/protocol/packet.ts'
import type { Command } from '../../src/main/protocol/types.ts'

export interface Address {
  host: string
  port: number
}

/** One answer as it came: nothing decoded, nothing checked but that it is one. */
export interface Answer {
  status: number
  body: Buffer
}

const PATIENCE_MS = 10_000

/** A plain socket that speaks packets: what a client written by somebody else would do. */
export class Wire {
  readonly socket: net.Socket
  private readonly chunks: Buffer[] = []
  private available = 0
  private ended = false
  private wake: (() => void) | null = null

  private constructor(socket: net.Socket) {
    this.socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => {
      this.chunks.push(chunk)
      this.available += chunk.length
      this.wake?.()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      this.ended = true
      this.wake?.()
    })
    socket.on('end', () => {
      this.ended = true
      this.wake?.()
    })
  }

  static open(address: Address): Promise<Wire> {
    return new Promise((resolve, reject) => {
      const socket = net.connect({ ...address, allowHalfOpen: true })
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.off('error', reject)
        resolve(new Wire(socket))
      })
    })
  }

  send(bytes: Buffer | string): void {
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes.replaceAll(' ', ''), 'hex') : bytes)
  }

  /** The next answer; null when the server closed instead. Bytes beyond it stay for the next one. */
  async answer(): Promise<Answer | null> {
    const header = await this.bytes(10)
    if (header === null) return null
    const length = Number(header.readBigInt64BE(0))
    if (header[8] !== 100 || length < 0) throw new Error(`not an answer: ${header.toString('hex')}`)
    const body = await this.bytes(length)
    return body === null ? null : { status: header[9]!, body }
  }

  /** Exactly `count` bytes, or null when the server closes before. */
  async bytes(count: number): Promise<Buffer | null> {
    await this.until(() => this.available >= count)
    return this.available < count ? null : this.take(count)
  }

  /** Everything up to the end of the stream. */
  async toEnd(): Promise<Buffer> {
    await this.until(() => false)
    return this.take(this.available)
  }

  /** True when the server closes; false when it still answers an ACTIVE_TEST. */
  async isClosed(): Promise<boolean> {
    this.send('0000000000000000 6f 00')
    return (await this.answer()) === null
  }

  close(): void {
    this.socket.destroy()
  }

  private take(count: number): Buffer {
    const all = Buffer.concat(this.chunks.splice(0))
    this.chunks.push(all.subarray(count))
    this.available -= count
    return all.subarray(0, count)
  }

  private async until(enough: () => boolean): Promise<void> {
    const end = Date.now() + PATIENCE_MS
    while (!enough() && !this.ended) {
      const left = end - Date.now()
      if (left <= 0) throw new Error(`the server is silent (${this.available} bytes so far)`)
      let timer: NodeJS.Timeout | undefined
      await new Promise<void>((resolve) => {
        this.wake = resolve
        timer = setTimeout(resolve, left)
      })
      clearTimeout(timer)
    }
  }
}

/** One request on a connection of its own. `content` follows the fixed part. */
export async function ask<Req, Res>(
  address: Address,
  command: Command<Req, Res>,
  request: Req,
  content?: Buffer
): Promise<Answer & { closed: boolean }> {
  const wire = await Wire.open(address)
  try {
    const packet = encodeRequest(command, request)
    wire.send(content === undefined ? packet : Buffer.concat([packet, content]))
    return await answerAndEnd(wire)
  } finally {
    wire.close()
  }
}

/** Bytes of our own making: what no codec would build. */
export async function askRaw(address: Address, code: number, body: Buffer, flags = 0): Promise<Answer & { closed: boolean }> {
  const wire = await Wire.open(address)
  try {
    wire.send(packet(code, body, flags))
    return await answerAndEnd(wire)
  } finally {
    wire.close()
  }
}

export function packet(code: number, body: Buffer, flags = 0, announced = body.length): Buffer {
  const header = Buffer.alloc(10)
  header.writeBigInt64BE(BigInt(announced), 0)
  header[8] = code
  header[9] = flags
  return Buffer.concat([header, body])
}

/** The decoded answer of a request that must succeed. */
export async function get<Req, Res>(address: Address, command: Command<Req, Res>, request: Req, content?: Buffer): Promise<Res> {
  const answer = await ask(address, command, request, content)
  if (answer.status !== 0) throw new Error(`${command.name}: status ${answer.status}`)
  return decodeBody(command.response, answer.body)
}

export function i64(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(value))
  return bytes
}

export function text(value: string, width = value.length): Buffer {
  const bytes = Buffer.alloc(width)
  bytes.write(value, 'latin1')
  return bytes
}

async function answerAndEnd(wire: Wire): Promise<Answer & { closed: boolean }> {
  const answer = await wire.answer()
  if (answer === null) throw new Error('the server closed without an answer')
  return { ...answer, closed: await wire.isClosed() }
}
