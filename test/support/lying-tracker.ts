import { type AddressInfo, type Socket, connect, createServer } from 'node:net'
import type { Endpoint } from '../../src/main/client/types.ts'

export interface LyingTracker extends Endpoint {
  close(): Promise<void>
}

/**
 * A door (on 127.0.0.1, or `listenAt`) to a tracker on 127.0.0.1 that names every storage by an address at which nobody listens, as the tracker of a cluster
 * in containers does for those outside. Ports stay as they are: published ports of the same number.
 */
export async function lyingTracker(target: Endpoint, names = '127.9.9.9', listenAt = '127.0.0.1'): Promise<LyingTracker> {
  if (names.length !== '127.0.0.1'.length) throw new Error('the bytes of an answer must keep their places')
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    const behind = connect({ host: target.host, port: target.port, noDelay: true })
    for (const each of [socket, behind]) {
      sockets.add(each)
      each.on('error', () => {})
      each.on('close', () => {
        sockets.delete(each)
        socket.destroy()
        behind.destroy()
      })
    }
    socket.pipe(behind)
    behind.on('data', (bytes) => socket.write(Buffer.from(bytes.toString('latin1').replaceAll('127.0.0.1', names), 'latin1')))
  })
  await new Promise<void>((resolve) => server.listen(0, listenAt, resolve))
  return {
    host: listenAt,
    port: (server.address() as AddressInfo).port,
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    }
  }
}
