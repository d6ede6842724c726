import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { parseTrackerAddress } from '../../../src/shared/address.ts'
import { listAllGroups } from '../../../src/main/protocol/tracker/list-groups.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { get } from '../../support/wire.ts'

// Machines under load are slow, and nothing here depends on how fast it is.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const CLI = new URL('../../../src/main/cli/cluster.ts', import.meta.url).pathname

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function run(args: string[]) {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const ended = once(child, 'close').then(([status]) => ({ status: status as number | null, out, err }))
  return { child, ended, line: () => out }
}

test.each(['SIGTERM', 'SIGINT'] as const)('prints one JSON line when it serves, and ends well on %s', async (signal) => {
  const port = await freePort()
  const { child, ended, line } = run(['--dir', await tempDir(), '--tracker', `127.0.0.1:${port}`, '--groups', 'media:2,docs:1'])
  await expect.poll(line, { timeout: 10_000 }).toMatch(/\n$/)
  const told = JSON.parse(line()) as { trackers: string[]; groups: Record<string, { host: string; port: number; dir: string }[]> }
  expect(told.trackers).toEqual([`127.0.0.1:${port}`])
  expect(Object.entries(told.groups).map(([name, storages]) => [name, storages.length])).toEqual([
    ['media', 2],
    ['docs', 1]
  ])
  const { groups } = await get(parseTrackerAddress(told.trackers[0]!), listAllGroups, undefined)
  expect(groups.map((g) => g.group)).toEqual(['media', 'docs'])
  child.kill(signal)
  expect(await ended).toEqual({ status: 0, out: line(), err: '' })
})

test.each([
  [['--tracker', '127.0.0.1:22199'], '--dir'],
  [['--dir', '/tmp/x', '--tracker', '127.0.0.1:notaport'], '--tracker'],
  [['--dir', '/tmp/x', '--groups', 'group1:0'], '--groups'],
  [['--dir', '/tmp/x', '--groups', 'a b'], '--groups'],
  [['--dir', '/tmp/x', '--groups', 'g:1,g:2'], 'twice'],
  [['--dir', '/tmp/x', '--sync-delay', '-5'], '--sync-delay'],
  [['--dir', '/tmp/x', '--behave-like', '5.0'], '--behave-like'],
  [['--dir', '/tmp/x', '--what'], '--what'],
  [['--dir', '/tmp/x', 'surplus'], 'surplus']
])('%j is wrong usage: one sentence, exit 2', async (args, named) => {
  const { status, out, err } = await run(args).ended
  expect({ status, out }).toEqual({ status: 2, out: '' })
  expect(err.split('\n')[0]).toContain(named)
})

test('a taken port is one sentence and exit 1', async () => {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  const { status, out, err } = await run(['--dir', await tempDir(), '--tracker', `127.0.0.1:${port}`]).ended
  server.close()
  expect({ status, out }).toEqual({ status: 1, out: '' })
  expect(err).toBe(`127.0.0.1:${port} is in use by another program: choose another port with --tracker, or stop that program.\n`)
})

test.runIf(existsSync('/proc/self'))('a folder where nothing can be made is one sentence and exit 1', async () => {
  const { status, err } = await run(['--dir', '/proc/fdfs/cluster', '--tracker', '127.0.0.1:0']).ended
  expect({ status, err }).toEqual({ status: 1, err: 'Cannot use the folder /proc/fdfs/cluster (ENOENT).\n' })
})

test('a folder that cannot be used is one sentence and exit 1', async () => {
  const file = join(await tempDir(), 'file')
  writeFileSync(file, '')
  const { status, err } = await run(['--dir', file, '--tracker', `127.0.0.1:${await freePort()}`]).ended
  expect(status).toBe(1)
  expect(err).toContain(`Cannot use the folder ${file}`)
})
