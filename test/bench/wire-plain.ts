import { createReadStream, createWriteStream, openSync, closeSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { type AddressInfo, type Socket, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/**
 * The reference without FastDFS: plain loopback sockets that move the same bytes between files, unchecked and unnamed.
 * The first byte of a connection tells its kind; then
 * `store` (U): everything up to the end goes into one file, one byte is answered; `fetch` (D): the file is sent;
 * `storeSmall` (S): every 4 KiB go into a file of their own and are answered by 16 bytes; `fetchSmall` (G): every 16 bytes
 * are answered by 4 KiB; `ask` (X): every 16 bytes are answered by 16.
 */
export type PlainKind = 'U' | 'D' | 'S' | 'G' | 'X'

const SMALL_BYTES = 4096
const TOKEN_BYTES = 16
const PIPE_BYTES = 1 << 20

export interface PlainServer {
  readonly port: number
  close(): Promise<void>
}

/** Serves from and into `dir`; `fetch` sends the file that the last `store` made. */
export async function servePlain(dir: string): Promise<PlainServer> {
  const big = join(dir, 'plain-big')
  let files = 0
  const store = async (socket: Socket): Promise<void> => {
    await pipeline(socket, createWriteStream(big, { highWaterMark: PIPE_BYTES }), { end: true })
  }
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    socket.on('error', () => {})
    socket.once('readable', () => {
      const kind = String(socket.read(1)) as PlainKind
      if (kind === 'U') void store(socket).then(() => socket.end('.'))
      else if (kind === 'D') void pipeline(createReadStream(big, { highWaterMark: PIPE_BYTES }), socket)
      else if (kind === 'S') {
        inFrames(socket, SMALL_BYTES, (frame) => {
          writeFileSync(join(dir, `plain-${files++}`), frame)
          socket.write(Buffer.alloc(TOKEN_BYTES))
        })
      } else {
        const answer = Buffer.alloc(kind === 'G' ? SMALL_BYTES : TOKEN_BYTES)
        inFrames(socket, TOKEN_BYTES, () => void socket.write(answer))
      }
      socket.once('end', () => kind !== 'U' && socket.end())
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((done) => server.close(() => done()))
  }
}

/** One big file to the server; resolves when the server has it. */
export async function plainStore(port: number, from: string): Promise<void> {
  const socket = await open(port, 'U')
  const answered = new Promise((done) => socket.once('data', done))
  await pipeline(createReadStream(from, { highWaterMark: PIPE_BYTES }), socket)
  await answered
  socket.destroy()
}

export async function plainFetch(port: number, to: string): Promise<void> {
  await pipeline(await open(port, 'D'), createWriteStream(to, { highWaterMark: PIPE_BYTES }))
}

/** One exchange after the other on each of `connections` sockets until `count` are done; small files come from or go to `dir`. */
export async function plainExchanges(
  port: number,
  kind: 'S' | 'G' | 'X',
  options: { count: number; connections: number; dir: string }
): Promise<void> {
  let next = 0
  const work = async (): Promise<void> => {
    const socket = await open(port, kind)
    let arrived: (bytes: Buffer) => void = () => {}
    inFrames(socket, kind === 'G' ? SMALL_BYTES : TOKEN_BYTES, (frame) => arrived(frame))
    const token = Buffer.alloc(TOKEN_BYTES)
    for (let i = next++; i < options.count; i = next++) {
      const answer = new Promise<Buffer>((done) => (arrived = done))
      socket.write(kind === 'S' ? readFileSync(join(options.dir, smallName(i))) : token)
      const bytes = await answer
      if (kind !== 'G') continue
      const fd = openSync(join(options.dir, `d${i}`), 'w')
      writeSync(fd, bytes)
      closeSync(fd)
    }
    socket.destroy()
  }
  await Promise.all(Array.from({ length: options.connections }, work))
}

/** Name of the i-th small file to upload. */
export function smallName(index: number): string {
  return `f${String(index).padStart(7, '0')}.bin`
}

async function open(port: number, kind: PlainKind): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await new Promise<void>((done, fail) => socket.once('connect', done).once('error', fail))
  socket.write(kind)
  return socket
}

/** Cuts what comes into pieces of `size`; a piece is valid during the call only. */
function inFrames(socket: Socket, size: number, onFrame: (frame: Buffer) => void): void {
  let have: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    have = have.length === 0 ? chunk : Buffer.concat([have, chunk])
    while (have.length >= size) {
      const frame = have.subarray(0, size)
      have = have.subarray(size)
      onFrame(frame)
    }
  })
}
