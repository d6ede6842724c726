import { afterEach } from 'vitest'
import { BufferPool } from '../../src/main/client/buffers.ts'
import { type ConnectOptions, Connection } from '../../src/main/client/connection.ts'
import type { ByteSink, Endpoint } from '../../src/main/client/types.ts'
import { type Peer, type ScriptedServer, scriptedServer } from './scripted-server.ts'

/** A well-formed name of a normal file of 20 bytes. */
export const REMOTE_NAME = 'M00/00/00/fwAAA2sDCdWAQXzqAAAAFCxm7xU024.txt'
export const FILE_ID = `group1/${REMOTE_NAME}`

const toClose: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close()
})

/** Runs after the test, last registered first. */
export function afterwards(close: () => Promise<unknown>): void {
  toClose.push(close)
}

/** A scripted server that is closed after the test. */
export async function serve(script: (peer: Peer) => unknown): Promise<ScriptedServer> {
  const server = await scriptedServer(script)
  afterwards(() => server.close())
  return server
}

/** A connection that is closed after the test. Time limits are long unless the test is about them. */
export async function connectTo(endpoint: Endpoint, options: Partial<ConnectOptions> = {}): Promise<Connection> {
  const connection = await Connection.open(endpoint, {
    connectTimeoutMs: 20_000,
    networkTimeoutMs: 20_000,
    buffers: new BufferPool(),
    ...options
  })
  afterwards(() => connection.close())
  return connection
}

/** Body of the answer to an upload. */
export function storedAs(group: string, remoteName: string): Buffer {
  return Buffer.concat([Buffer.from(group.padEnd(16, '\0')), Buffer.from(remoteName)])
}

/** A sink that keeps everything. */
export function collector(): ByteSink & { bytes(): Buffer } {
  const parts: Buffer[] = []
  return {
    write(chunk) {
      parts.push(Buffer.from(chunk))
    },
    bytes: () => Buffer.concat(parts)
  }
}

/** Bytes that look different everywhere. */
export function pattern(bytes: number, seed = 1): Buffer {
  const out = Buffer.allocUnsafe(bytes)
  let state = seed | 1
  for (let i = 0; i < bytes; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    out[i] = state >>> 16
  }
  return out
}
