import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { expect, test, vi } from 'vitest'
import { tryParseFileId } from '../../../src/shared/file-id.ts'
import { readBinlog } from '../../../src/main/embedded/binlog.ts'
import { encodeRequest } from '../../../src/main/protocol/packet.ts'
import { appendFile } from '../../../src/main/protocol/storage/change-appender.ts'
import { deleteFile } from '../../../src/main/protocol/storage/delete-file.ts'
import { queryFileInfo } from '../../../src/main/protocol/storage/query-file-info.ts'
import { setMetadata } from '../../../src/main/protocol/storage/set-metadata.ts'
import { uploadAppender, uploadFile } from '../../../src/main/protocol/storage/upload-file.ts'
import { startCluster } from '../../support/cluster.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { Wire, get } from '../../support/wire.ts'

// Machines under load are slow, and nothing here depends on how fast it is.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const CLI = new URL('../../../src/main/cli/cluster.ts', import.meta.url).pathname

interface Served {
  child: ChildProcess
  closed: Promise<unknown>
  storages: { host: string; port: number; dir: string }[]
}

async function serve(dir: string): Promise<Served> {
  const args = [CLI, '--dir', dir, '--tracker', '127.0.0.1:0', '--groups', 'group1:2', '--reserve', '0']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  const line = await Promise.race([
    once(child.stdout!, 'data').then(([chunk]) => (chunk as Buffer).toString()),
    closed.then(() => {
      throw new Error('the cluster did not start')
    })
  ])
  const { groups } = JSON.parse(line) as { groups: Record<string, Served['storages']> }
  return { child, closed, storages: groups['group1']! }
}

/** Works on one storage until its connection breaks; tells what was acknowledged. */
async function hammer(
  storage: { host: string; port: number },
  seed: number,
  onStored: () => void
): Promise<{ kept: Map<string, number>; deleted: Set<string> }> {
  const kept = new Map<string, number>()
  const deleted = new Set<string>()
  try {
    const wire = await Wire.open(storage)
    const exchange = async (bytes: Buffer) => {
      wire.send(bytes)
      const answer = await wire.answer()
      if (answer === null) throw new Error('gone')
      return answer
    }
    for (let i = 0; ; i++) {
      const size = [10, 4096, 300_000, 1_500_000][(seed + i) % 4]!
      const content = Buffer.alloc(size, `${seed} ${i} `)
      const appender = i % 5 === 4
      const answer = await exchange(
        Buffer.concat([encodeRequest(appender ? uploadAppender : uploadFile, { storePathIndex: 0, sizeBytes: size, ext: 'bin' }), content])
      )
      const file = { group: 'group1', remoteName: answer.body.toString('latin1', 16) }
      kept.set(file.remoteName, size)
      onStored()
      if (appender) {
        kept.set(file.remoteName, -size) // may be longer by the append that was not answered
        const more = Buffer.alloc(700_000, 'a')
        await exchange(Buffer.concat([encodeRequest(appendFile, { remoteName: file.remoteName, sizeBytes: more.length }), more]))
        kept.set(file.remoteName, size + more.length)
      } else if (i % 3 === 0) {
        await exchange(encodeRequest(setMetadata, { ...file, mode: 'overwrite', metadata: { i: String(i) } }))
      } else if (i % 3 === 1) {
        kept.delete(file.remoteName)
        await exchange(encodeRequest(deleteFile, file))
        deleted.add(file.remoteName)
      }
    }
  } catch {
    return { kept, deleted }
  }
}

/** Every file and metadata file on disk, as remote names with their paths. */
function filesOnDisk(dir: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const high of readdirSync(join(dir, 'data')).filter((d) => /^[0-9A-F]{2}$/.test(d))) {
    for (const low of readdirSync(join(dir, 'data', high))) {
      for (const name of readdirSync(join(dir, 'data', high, low)))
        found.set(`M00/${high}/${low}/${name}`, join(dir, 'data', high, low, name))
    }
  }
  return found
}

function sizeOf(path: string | undefined): number {
  return path === undefined ? -1 : statSync(path).size
}

/** Names that a replay of the binlog leaves. */
function replay(dir: string): Set<string> {
  const names = new Set<string>()
  for (let at = { index: 0, offset: 0 }; ;) {
    const { records, next } = readBinlog(join(dir, 'data/sync'), at)
    for (const { record } of records) {
      if ('Cc'.includes(record.op)) names.add(record.name)
      if ('Dd'.includes(record.op)) names.delete(record.name)
    }
    if (next.index === at.index && next.offset === at.offset) return names
    at = next
  }
}

test(
  'after kill -9 in the middle of work, binlog and directories agree, no part of a file is visible, nothing acknowledged is lost',
  { timeout: 90_000 },
  async () => {
    const dir = await tempDir()
    const kept = new Map<string, number>()
    const deleted = new Set<string>()
    for (let round = 0; round < 3; round++) {
      const { child, closed, storages } = await serve(dir)
      let stored = 0
      const work = Promise.all([0, 1, 2, 3].map((worker) => hammer(storages[worker % 2]!, round * 4 + worker, () => stored++)))
      await expect.poll(() => stored, { timeout: 20_000, interval: 3 }).toBeGreaterThan(20 + 7 * round)
      child.kill('SIGKILL')
      for (const result of await work) {
        for (const [name, size] of result.kept) kept.set(name, size)
        for (const name of result.deleted) deleted.add(name)
      }
      await closed
    }
    expect(kept.size).toBeGreaterThan(10)

    const cluster = await startCluster({ dir, groups: { group1: 2 } })
    try {
      await cluster.synced()
      for (const storage of cluster.groups['group1']!) {
        const onDisk = filesOnDisk(storage.dir)
        expect([...replay(storage.dir)].sort()).toEqual([...onDisk.keys()].sort())
        expect(readdirSync(join(storage.dir, 'data/.tmp'))).toEqual([])
        for (const [name, path] of onDisk) {
          const facts = tryParseFileId(`group1/${name}`)
          if (facts?.kind !== 'normal' || name.endsWith('-m')) continue
          const bytes = readFileSync(path)
          expect({ name, size: bytes.length, crc: crc32(bytes) }).toEqual({ name, size: facts.sizeBytes, crc: facts.crc32 })
        }
        for (const [name, size] of kept) {
          const legal = size < 0 ? [-size, -size + 700_000] : [size]
          expect({ name, legal }).toEqual({ name, legal: expect.arrayContaining([sizeOf(onDisk.get(name))]) })
        }
        for (const name of deleted) expect(onDisk.has(name)).toBe(false)
      }
      const [name] = [...kept.keys()]
      await get(cluster.storage('group1/0'), queryFileInfo, { group: 'group1', remoteName: name! })
    } finally {
      await cluster.close()
    }
  }
)
