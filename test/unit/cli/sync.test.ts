import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type TestCluster, startCluster } from '../../support/cluster.ts'
import { fdfs, startFdfs } from '../../support/fdfs.ts'
import { tempDir } from '../../support/temp-dir.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startCluster({ groups: { group1: 1 } })
})
afterAll(() => cluster.close())

/** A folder of files, and the arguments that name the cluster and a data folder of the test. */
async function place(): Promise<{ dir: string; to: string[]; data: string }> {
  const root = await tempDir()
  const dir = join(root, 'assets')
  mkdirSync(join(dir, 'sub'), { recursive: true })
  for (const name of ['a.txt', 'b.txt', 'sub/图.txt']) writeFileSync(join(dir, name), name)
  const data = join(root, 'data')
  return { dir, data, to: ['-t', cluster.trackers[0]!, '--data', data, '--json'] }
}

const sent = (lines: Record<string, unknown>[]): string[] =>
  lines
    .filter((line) => line['ok'] === true && line['skipped'] === undefined)
    .map((line) => String(line['path']).split('/').at(-1)!)
    .toSorted()

describe('fdfs sync', () => {
  it('sends only what is new or changed, by the library', async () => {
    const { dir, to } = await place()
    const first = await fdfs(['sync', dir, ...to])
    expect(first).toMatchObject({ status: 0 })
    expect(sent(first.objects())).toEqual(['a.txt', 'b.txt', '图.txt'])

    const second = await fdfs(['sync', dir, ...to])
    expect(sent(second.objects())).toEqual([])
    expect(second.stderr).toContain('3 unchanged')

    writeFileSync(join(dir, 'a.txt'), 'other')
    // The same content elsewhere is a file of its own here.
    writeFileSync(join(dir, 'sub', 'b.txt'), 'b.txt')
    const third = await fdfs(['sync', dir, ...to])
    expect(sent(third.objects())).toEqual(['a.txt', 'b.txt'])
    expect(third.stderr).toContain('2 unchanged')
  })

  it('does not touch the library while another process has it', async () => {
    const { dir, to } = await place()
    const watching = startFdfs(['sync', dir, '--watch', ...to])
    await watching.says('watching for new files')
    const second = await fdfs(['sync', dir, ...to])
    expect(second.status).toBe(1)
    expect(second.objects()[0]).toMatchObject({ ok: false, error: { code: 'LIBRARY_LOCKED' } })
    watching.child.kill('SIGINT')
    expect(await watching.ended).toMatchObject({ status: 0 })
  })
})

describe('fdfs upload --watch', () => {
  it('sends what is there, then what appears or changes, each once, until Ctrl-C', async () => {
    const { dir, to, data } = await place()
    const running = startFdfs(['upload', dir, '--watch', ...to])
    await running.says('watching for new files')
    await running.says('b.txt')
    writeFileSync(join(dir, 'sub', 'new.txt'), 'new')
    writeFileSync(join(dir, 'half.part'), 'not yet')
    await running.says('new.txt')
    writeFileSync(join(dir, 'a.txt'), 'changed')
    await running.says('"size":7')
    running.child.kill('SIGINT')
    const run = await running.ended
    expect(run).toMatchObject({ status: 0, signal: null })
    expect(sent(run.objects())).toEqual(['a.txt', 'a.txt', 'b.txt', 'new.txt', '图.txt'])
    // It ended by itself: nothing is left to go on with.
    expect(readdirSync(join(data, 'commands'))).toEqual([])
  })
})

describe('an interrupted upload', () => {
  const UPLOAD = 11
  async function interrupted(): Promise<{ args: string[]; data: string }> {
    const { dir, to, data } = await place()
    cluster.faults.add({ server: 'group1/0', command: UPLOAD, fault: { kind: 'stall', afterBytes: 3 }, skip: 1 })
    const args = ['upload', dir, '-j', '1', ...to]
    const running = startFdfs(args)
    await running.says('"ok":true')
    running.child.kill('SIGKILL')
    await running.ended
    cluster.faults.clear()
    return { args, data }
  }

  it('that was killed goes on when the command is repeated: nothing is sent twice', async () => {
    const { args, data } = await interrupted()
    const before = await listed()
    const again = await fdfs(args)
    expect(again).toMatchObject({ status: 0 })
    expect(sent(again.objects())).toEqual(['a.txt', 'b.txt', '图.txt'])
    // One was there already.
    expect((await listed()) - before).toBe(2)
    expect(readdirSync(join(data, 'commands'))).toEqual([])
  })

  it('starts anew with --fresh', async () => {
    const { args } = await interrupted()
    const before = await listed()
    const again = await fdfs([...args, '--fresh'])
    expect(again.status).toBe(0)
    expect(sent(again.objects())).toEqual(['a.txt', 'b.txt', '图.txt'])
    expect((await listed()) - before).toBe(3)
  })

  async function listed(): Promise<number> {
    const { stdout } = await fdfs(['ls', 'group1', '-t', cluster.trackers[0]!])
    return stdout.split('\n').filter((line) => line !== '').length
  }
})
