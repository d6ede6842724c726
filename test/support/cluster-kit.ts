import { createStoreClient } from '../../src/main/cluster/store-client.ts'
import type { StoreClient, StoreClientOptions } from '../../src/main/cluster/types.ts'
import type { Endpoint } from '../../src/main/client/types.ts'
import type { EmbeddedClusterOptions } from '../../src/main/embedded/index.ts'
import { type Command, encodeResponse, encodeResponseHeader } from '../../src/main/protocol/index.ts'
import { parseTrackerAddress } from '../../src/shared/address.ts'
import { afterwards, serve } from './client-kit.ts'
import { type TestCluster, startCluster } from './cluster.ts'
import type { ScriptedServer } from './scripted-server.ts'

/** A client that is closed after the test. */
export function storeClient(trackers: readonly (string | Endpoint)[], options: Partial<StoreClientOptions> = {}): StoreClient {
  const endpoints = trackers.map((tracker) => (typeof tracker === 'string' ? parseTrackerAddress(tracker) : tracker))
  const client = createStoreClient({ trackers: endpoints, ...options })
  afterwards(() => client.close())
  return client
}

/** An embedded cluster that is closed after the test. */
export async function cluster(options: Partial<EmbeddedClusterOptions> = {}): Promise<TestCluster> {
  const started = await startCluster(options)
  afterwards(() => started.close())
  return started
}

/** A tracker or storage that answers by a table: command number → answer. What is not in it is EINVAL. */
export interface TableServer extends ScriptedServer {
  /** Command numbers in the order they came. */
  readonly asked: number[]
}

export type Answer = Buffer | number | ((body: Buffer) => Buffer | number)

export async function tableServer(answers: Record<number, Answer>): Promise<TableServer> {
  const asked: number[] = []
  const server = await serve(async (peer) => {
    for (let request = await peer.request(); request; request = await peer.request()) {
      asked.push(request.code)
      const entry = request.code === 111 ? Buffer.from('00000000000000006400', 'hex') : (answers[request.code] ?? 22)
      const answer = typeof entry === 'function' ? entry(request.body) : entry
      peer.send(typeof answer === 'number' ? encodeResponseHeader(answer, 0) : answer)
    }
  })
  return Object.defineProperty(server as TableServer, 'asked', { value: asked })
}

/** A successful answer of a command. */
export function answer<Req, Res>(command: Command<Req, Res>, response: Res): Buffer {
  return encodeResponse(command, response)
}
