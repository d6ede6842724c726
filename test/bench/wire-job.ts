/**
 * One measured job in a process of its own, so that its peak memory counts. Started by wire.ts; prints one line of JSON.
 * The time runs from the creation of the client to the last answer.
 */
import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { compileLightly, keepYoungGenerationSmall } from '../../src/main/app/heap.ts'
import { fileSink } from '../../src/main/client/file-sink.ts'
import { bufferSource, fileSource, openFileSource } from '../../src/main/client/file-source.ts'
import { createStoreClient } from '../../src/main/cluster/store-client.ts'
import { parseTrackerAddress } from '../../src/shared/address.ts'
import { parseFileId } from '../../src/shared/file-id.ts'
import { plainExchanges, plainFetch, plainStore, smallName } from './wire-plain.ts'

const CHUNK_BYTES = 8 * 1024 * 1024
/** What creates the appender. */
const FIRST_BYTES = 64 * 1024

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    trackers: { type: 'string', default: '' },
    group: { type: 'string' },
    /** A big file, a folder of small ones, or a file with one ID per line. */
    from: { type: 'string', default: '' },
    /** A file or folder to write to. */
    to: { type: 'string', default: '' },
    id: { type: 'string', default: '' },
    count: { type: 'string', default: '0' },
    connections: { type: 'string', default: '16' },
    /** Port of the plain reference server. */
    plain: { type: 'string', default: '0' },
    'ask-each-time': { type: 'boolean', default: false },
    /** download: on disk before it counts as done. */
    fsync: { type: 'boolean', default: false }
  }
})
const job = positionals[0] ?? ''
const { group, from, to, id } = values
const connections = Number(values.connections)
const plainPort = Number(values.plain)

// As the command line does.
keepYoungGenerationSmall()
compileLightly()

const client = createStoreClient({
  trackers: values.trackers === '' ? [] : values.trackers.split(',').map((text) => parseTrackerAddress(text)),
  maxConnectionsPerEndpoint: connections,
  ...(values['ask-each-time'] ? { answerCacheMs: 0 } : {})
})

async function inParallel(count: number, work: (index: number) => Promise<void>): Promise<number> {
  let next = 0
  const lane = async (): Promise<void> => {
    for (let i = next++; i < count; i = next++) await work(i)
  }
  await Promise.all(Array.from({ length: connections }, lane))
  return count
}

function readIds(): string[] {
  return readFileSync(from, 'latin1').split('\n').filter(Boolean)
}

function checkSum(fileId: string, crc32: number): void {
  const { crc32: expected } = parseFileId(fileId)
  if (expected !== null && expected !== crc32) throw new Error(`${fileId}: CRC-32 ${crc32} instead of ${expected}`)
}

let ids: string[] = []
const jobs: Record<string, () => Promise<number>> = {
  async upload() {
    const source = openFileSource(from)
    const { fileId, crc32 } = await client.upload({ group, ext: 'bin' }, source)
    await source.close()
    checkSum(fileId, crc32)
    ids = [fileId]
    return 1
  },
  async appender() {
    const fd = openSync(from, 'r')
    const size = fstatSync(fd).size
    const { fileId, endpoint } = await client.upload({ group, ext: 'bin', appender: true }, bufferSource(Buffer.alloc(0)))
    for (let offset = 0; offset < size; offset += CHUNK_BYTES) {
      const length = Math.min(CHUNK_BYTES, size - offset)
      await client.modify(endpoint, fileId, offset, fileSource(fd, { offset, length }))
    }
    closeSync(fd)
    ids = [fileId]
    return 1
  },
  /** As the engine does it: an appender in chunks, verified and finished. */
  async resumable() {
    const fd = openSync(from, 'r')
    const size = fstatSync(fd).size
    const first = Math.min(FIRST_BYTES, size)
    const { fileId, endpoint } = await client.upload({ group, ext: 'bin', appender: true }, fileSource(fd, { offset: 0, length: first }))
    for (let offset = first; offset < size;) {
      const length = Math.min(CHUNK_BYTES - (offset % CHUNK_BYTES), size - offset)
      await client.modify(endpoint, fileId, offset, fileSource(fd, { offset, length }))
      offset += length
    }
    closeSync(fd)
    await client.info(fileId, { endpoint, expectBytes: size })
    ids = [await client.regenerate(endpoint, fileId, size)]
    return 1
  },
  async download() {
    const fd = openSync(to, 'w')
    const { crc32 } = await client.download(id, {}, fileSink(fd))
    if (values.fsync) fsyncSync(fd)
    closeSync(fd)
    checkSum(id, crc32)
    return 1
  },
  'small-upload': async () => {
    ids = Array.from({ length: Number(values.count) }, () => '')
    return inParallel(ids.length, async (i) => {
      const source = openFileSource(join(from, smallName(i)))
      const { fileId } = await client.upload({ group, ext: 'bin' }, source)
      await source.close()
      ids[i] = fileId
    })
  },
  'small-download': async () => {
    mkdirSync(to, { recursive: true })
    const wanted = readIds()
    return inParallel(wanted.length, async (i) => {
      const fileId = wanted[i] ?? ''
      const fd = openSync(join(to, `d${i}.bin`), 'w')
      const { crc32 } = await client.download(fileId, {}, fileSink(fd))
      closeSync(fd)
      checkSum(fileId, crc32)
    })
  },
  'set-meta': async () => {
    const wanted = readIds()
    return inParallel(wanted.length, (i) =>
      client.setMetadata(wanted[i] ?? '', { width: '1024', height: '768', index: String(i) }, 'overwrite')
    )
  },
  'get-meta': async () => {
    const wanted = readIds()
    return inParallel(wanted.length, async (i) => {
      const { index } = await client.getMetadata(wanted[i] ?? '')
      if (index !== String(i)) throw new Error(`wrong metadata: ${index} instead of ${i}`)
    })
  },
  async delete() {
    const wanted = readIds()
    return inParallel(wanted.length, (i) => client.remove(wanted[i] ?? ''))
  },
  'plain-upload': async () => (await plainStore(plainPort, from), 1),
  'plain-download': async () => (await plainFetch(plainPort, to), 1),
  'plain-small-upload': () => plain('S', from),
  'plain-small-download': () => plain('G', to),
  'plain-ask': () => plain('X', '')
}

async function plain(kind: 'S' | 'G' | 'X', dir: string): Promise<number> {
  const count = Number(values.count)
  if (kind === 'G') mkdirSync(dir, { recursive: true })
  await plainExchanges(plainPort, kind, { count, connections, dir })
  return count
}

const run = jobs[job]
if (!run) throw new Error(`no job ${job}; there are ${Object.keys(jobs).join(', ')}`)
const started = performance.now()
const count = await run()
const seconds = (performance.now() - started) / 1000
const cpu = process.cpuUsage()
await client.close()
if (ids.length > 0 && to !== '') writeFileSync(to, ids.map((fileId) => `${fileId}\n`).join(''))
console.log(JSON.stringify({ seconds, count, cpuSeconds: (cpu.user + cpu.system) / 1e6, peakBytes: peakBytes() }))

/** Linux counts the memory that the parent had before `exec` into `maxRSS`; VmHWM is that of this program alone. */
function peakBytes(): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))?.[1]) * 1024
  } catch {
    return process.resourceUsage().maxRSS * 1024
  }
}
