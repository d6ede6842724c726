import { createReadStream, createWriteStream } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { pipeline } from 'node:stream/promises'

/** The reference: a file through one plain loopback socket into another file, without protocol or checks. Seconds. */
export async function plainCopySeconds(from: string, to: string): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const received = new Promise<void>((done, fail) => {
    server.once('connection', (socket) => {
      pipeline(socket, createWriteStream(to, { highWaterMark: 1 << 20 })).then(done, fail)
    })
  })
  const started = performance.now()
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  await pipeline(createReadStream(from, { highWaterMark: 1 << 20 }), socket)
  await received
  const seconds = (performance.now() - started) / 1000
  await new Promise((done) => server.close(done))
  return seconds
}
