import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createStoreClient } from '../../src/main/cluster/index.ts'
import { formatAddress } from '../../src/shared/address.ts'
import { faultProxy } from '../support/fault-proxy.ts'
import type { HurtableCluster } from './cluster.ts'
import { HostProcess } from './host-process.ts'
import type { WorkRequest } from './host-process.ts'

const CHUNK_BYTES = 8 * 1024 * 1024
const UNITS: Record<string, number> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 }

/** '5G' → bytes. */
export function sizeOf(text: string): number {
  const match = /^(\d+)([KMG]?)$/.exec(text)
  if (match === null) throw new Error(`no size: ${text}`)
  return Number(match[1]) * UNITS[match[2]!]!
}

export interface BigReport {
  sizeBytes: number
  chunkBytes: number
  fileId: string
  /** On the wire beyond the size of the file, headers of requests included. */
  sentTwiceBytes: number
  receivedTwiceBytes: number
  /** From the restart of the host until bytes moved again. */
  uploadResumedMs: number
  downloadResumedMs: number
  uploadMs: number
  downloadMs: number
  replicated: boolean
}

/** One large file up and down again, the host killed in the middle of each. Throws unless every byte is right in the end. */
export async function playBig(cluster: HurtableCluster, sizeBytes: number, say: (line: string) => void): Promise<BigReport> {
  const dir = mkdtempSync(join(tmpdir(), 'fdfs-big-'))
  const proxies = await Promise.all(cluster.storages.map(({ endpoint }) => faultProxy(endpoint)))
  const direct = createStoreClient({ trackers: [cluster.tracker] })
  const host = new HostProcess({
    dataDir: dir,
    trackers: [cluster.tracker],
    addresses: Object.fromEntries(
      cluster.storages.map(({ endpoint }, i) => [formatAddress(endpoint), { host: proxies[i]!.host, port: proxies[i]!.port }])
    ),
    networkTimeoutMs: 30_000,
    settings: { chunkBytes: CHUNK_BYTES }
  })
  const passed = (way: 'up' | 'down'): number => proxies.reduce((sum, { bytes }) => sum + bytes[way], 0)

  /** Runs a batch to its end, killing the host once at half its way. */
  async function killedHalfway(
    request: WorkRequest,
    way: 'up' | 'down'
  ): Promise<{ ms: number; resumedMs: number; extra: number; batchId: number }> {
    const before = passed(way)
    const began = performance.now()
    const batchId = await host.begin(request)
    while (passed(way) - before < sizeBytes / 2) await new Promise((resolve) => setTimeout(resolve, 5))
    const killed = performance.now()
    await host.kill()
    const atKill = passed(way)
    let resumedMs = 0
    const watch = setInterval(() => {
      if (resumedMs === 0 && passed(way) > atKill + 1_000) resumedMs = Math.round(performance.now() - killed)
    }, 5)
    const view = await host.ask('settled', batchId)
    clearInterval(watch)
    if (view.counts.done !== 1) throw new Error(`${request.title}: ${JSON.stringify(view.counts)} ${JSON.stringify(view.error)}`)
    return { ms: Math.round(performance.now() - began), resumedMs, extra: passed(way) - before - sizeBytes, batchId }
  }

  try {
    const path = join(dir, 'big.bin')
    say(`writing ${sizeBytes} bytes`)
    const wanted = await writeBig(path, sizeBytes)
    const up = await killedHalfway({ kind: 'upload', title: 'big up', paths: [path], group: cluster.group }, 'up')
    const fileId = (await host.ask('rows', up.batchId))[0]!.fileId!
    say(`uploaded as ${fileId} in ${up.ms} ms, ${up.extra} bytes twice`)
    rmSync(path)
    const down = await killedHalfway({ kind: 'download', title: 'big down', fileIds: [fileId], target: join(dir, 'out') }, 'down')
    say(`downloaded in ${down.ms} ms, ${down.extra} bytes twice`)
    const hash = createHash('sha256')
    await pipeline(createReadStream(join(dir, 'out', 'big.bin'), { highWaterMark: 2 ** 20 }), hash)
    if (hash.digest('hex') !== wanted) throw new Error('the downloaded file is not the one that was uploaded')
    rmSync(join(dir, 'out'), { recursive: true })
    let replicated = false
    for (let tries = 0; tries < 240 && !replicated; tries++) {
      replicated = !(await host.ask('syncing')).includes(fileId)
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
    await direct.remove(fileId)
    return {
      sizeBytes,
      chunkBytes: CHUNK_BYTES,
      fileId,
      sentTwiceBytes: up.extra,
      receivedTwiceBytes: down.extra,
      uploadResumedMs: up.resumedMs,
      downloadResumedMs: down.resumedMs,
      uploadMs: up.ms,
      downloadMs: down.ms,
      replicated
    }
  } finally {
    await host.abandon()
    await direct.close()
    await Promise.all(proxies.map((proxy) => proxy.close()))
    rmSync(dir, { recursive: true, force: true })
  }
}

/** A file in which no megabyte is like another; returns its SHA-256. */
async function writeBig(path: string, sizeBytes: number): Promise<string> {
  const block = randomBytes(2 ** 20)
  const hash = createHash('sha256')
  const handle = await open(path, 'w')
  for (let at = 0; at < sizeBytes; at += block.length) {
    block.writeDoubleBE(at, (at / block.length) % 1_000)
    const piece = block.subarray(0, Math.min(block.length, sizeBytes - at))
    hash.update(piece)
    await handle.write(piece)
  }
  await handle.close()
  return hash.digest('hex')
}
