import { execFile, spawnSync } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { promisify } from 'node:util'
import { afterEach, expect, test, vi } from 'vitest'
import { interruptedBy } from '../../../src/main/cli/interrupt.ts'
import { isPlain, Output, formatBytes, formatCrc, formatSeconds, printable } from '../../../src/main/cli/output.ts'
import { cluster as startedCluster } from '../../support/cluster-kit.ts'
import { CLI, type FdfsOptions, type RunningFdfs, fdfs, startFdfs } from '../../support/fdfs.ts'
import { tempDir } from '../../support/temp-dir.ts'

vi.setConfig({ testTimeout: 120_000 })

const DOWNLOAD = 14
const children: (() => void)[] = []
afterEach(() => {
  for (const kill of children.splice(0)) kill()
})

function started(args: readonly string[], options?: FdfsOptions): RunningFdfs {
  const running = startFdfs(args, options)
  children.push(() => running.child.kill('SIGKILL'))
  return running
}

/** Two files of which the second hangs in the middle of its answer. */
async function hanging() {
  const cluster = await startedCluster()
  const trackers = cluster.trackers.join(',')
  const dir = await tempDir()
  for (const name of ['first.txt', 'second.txt']) writeFileSync(join(dir, name), name)
  const up = await fdfs(['upload', join(dir, 'first.txt'), join(dir, 'second.txt'), '-t', trackers, '--json'])
  const ids = up.objects().map((line) => line['id'] as string)
  const target = join(dir, 'target')
  cluster.faults.add({ server: 'group1/0', command: DOWNLOAD, fault: { kind: 'stall', afterBytes: 3 }, skip: 1 })
  return { ids, target, heal: () => cluster.faults.clear(), args: ['download', ...ids, '-o', target, '-j', '1', '-t', trackers] }
}

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends cleanly: what is done stays, what is not is named, status 130', async (signal) => {
  const { args, target, ids, heal } = await hanging()
  const running = started([...args, '--json'])
  await running.says('"ok":true')
  running.child.kill(signal)
  const run = await running.ended
  expect(run).toMatchObject({ status: 130, signal: null })
  const [done, stopped, ...more] = run.objects()
  expect(more).toEqual([])
  expect(stopped).toMatchObject({ ok: false, id: ids.find((id) => id !== done!['id']), error: { code: 'ABORTED' } })
  expect(run.stderr).toContain('the same command goes on where this one stopped')
  // The same command again: what was done is told, not done again; the rest is done.
  heal()
  const again = await started([...args, '--json']).ended
  expect(again.status).toBe(0)
  expect(again.stderr).toContain('going on where the last run was interrupted')
  expect(
    again
      .objects()
      .map((line) => String(line['id']))
      .toSorted()
  ).toEqual(ids.toSorted())
  expect(readdirSync(target).toSorted()).toEqual(['first.txt', 'second.txt'])
})

test('Ctrl-C while it waits for IDs from standard input ends it', async () => {
  // Says when it would hear a signal; before that one ends it in the usual way.
  const tell = `process.on('newListener', (name) => name === 'SIGINT' && setImmediate(() => process.stderr.write('hears')))`
  const running = started(['decode', '-'], {
    input: null,
    env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(tell)}` }
  })
  await running.says('hears')
  running.child.kill('SIGINT')
  expect(await running.ended).toMatchObject({ status: 130, stdout: '' })
})

const UPLOAD = 11
test('Ctrl-C twice: the first lets finish what runs, the second waits for nothing, and the same command goes on later', async () => {
  const cluster = await startedCluster()
  const dir = await tempDir()
  for (const name of ['first.txt', 'second.txt']) writeFileSync(join(dir, name), name)
  cluster.faults.add({ server: 'group1/0', command: UPLOAD, fault: { kind: 'stall', afterBytes: 3 }, skip: 1 })
  const data = join(await tempDir(), 'data')
  const args = ['upload', dir, '--watch', '-j', '1', '-t', cluster.trackers[0]!, '--data', data, '--json']
  const running = started(args)
  await running.says('watching for new files')
  await running.says('"ok":true')
  running.child.kill('SIGINT')
  // It goes on with the file that hangs, and has said nothing of it yet.
  await new Promise((done) => setTimeout(done, 700))
  expect(running.child.exitCode).toBeNull()
  running.child.kill('SIGINT')
  const run = await running.ended
  expect(run).toMatchObject({ status: 130, signal: null })
  expect(run.objects()).toHaveLength(1)
  expect(readdirSync(join(data, 'commands')).filter((name) => name.endsWith('.jsonl'))).toHaveLength(1)

  cluster.faults.clear()
  const again = started(args)
  await again.says('going on where the last run was interrupted')
  await again.says('second.txt')
  again.child.kill('SIGINT')
  const rest = await again.ended
  expect(rest.status).toBe(0)
  expect(rest.objects().filter((line) => line['ok'] !== true)).toEqual([])
  // Each is on the server once: what was done before is told again, not sent again.
  const { stdout } = await fdfs(['ls', 'group1', '-t', cluster.trackers[0]!])
  expect(stdout.trim().split('\n')).toHaveLength(2)
  expect(readdirSync(join(data, 'commands'))).toEqual([])
})

test('the second signal does not wait for anything', () => {
  const source = new EventEmitter()
  const exits: number[] = []
  const signal = interruptedBy(source, (status) => exits.push(status))
  expect(signal.aborted).toBe(false)
  source.emit('SIGINT')
  expect(signal.aborted).toBe(true)
  expect(signal.reason).toMatchObject({ code: 'ABORTED' })
  expect(exits).toEqual([])
  source.emit('SIGINT')
  expect(exits).toEqual([130])
})

test('a reader of standard output that leaves early is no error', async () => {
  const ids = Array.from({ length: 5000 }, (_, i) => `group1/M00/00/00/fwAAA2sDCdWAQXzqAAAAFCxm7xU0${i}`.padEnd(58, '0'))
  const running = started(['decode', '-'], { input: ids.map((id) => `${id.slice(0, 58)}`).join('\n') })
  running.child.stdout.destroy()
  expect(await running.ended).toMatchObject({ status: 0, stderr: '' })
})

test('names with control characters are printed inert, in text and in JSON', async () => {
  const { trackers } = await startedCluster()
  const dir = await tempDir()
  const name = 'evil\u001b]0;owned\u0007\nline\u009b2J.txt'
  writeFileSync(join(dir, name), 'x')
  const of = ['-t', trackers[0]!]
  const up = await fdfs(['upload', join(dir, name), join(dir, `not${name}`), ...of])
  expect(up.status).toBe(1)
  // oxlint-disable-next-line no-control-regex
  const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/
  expect(up.stdout).toContain('evil\\x1b]0;owned\\x07\\x0aline\\x9b2J.txt')
  for (const text of [up.stdout, up.stderr]) {
    expect(text).not.toMatch(control)
    expect(text.trim().split('\n')).toHaveLength(1)
  }
  const json = await fdfs(['upload', join(dir, name), ...of, '--json'])
  expect(json.objects()[0]!['path']).toBe(join(dir, name))
  expect(json.stdout).not.toMatch(control)
  const id = json.objects()[0]!['id'] as string
  expect((await fdfs(['meta', 'get', id, ...of])).stdout).not.toMatch(control)
  const wrong = await fdfs(['info', 'a\u001b[2Jb', '--group\u001b[2J', ...of])
  expect(wrong.stderr).not.toMatch(control)
  expect((await fdfs(['fro\u001b[2J'])).stderr).not.toMatch(control)
})

// A terminal of its own, from the util-linux program `script`.
const canScript = spawnSync('script', ['--version'], { stdio: 'ignore' }).status === 0 && process.platform === 'linux'
test.skipIf(!canScript)('progress is drawn on a terminal, unless --quiet, and nowhere else', async () => {
  const { trackers } = await startedCluster()
  const paths = await Promise.all(['a.txt', 'b.txt'].map(async (name) => join(await tempDir(), name)))
  for (const path of paths) writeFileSync(path, path)
  const up = await fdfs(['upload', ...paths, '-t', trackers[0]!, '--json'])
  expect(up.stderr).toBe('')
  const ids = up.objects().map((line) => String(line['id']))
  const onTerminal = async (more: string, environment: Record<string, string> = {}): Promise<string> => {
    const command = `'${process.execPath}' '${CLI}' info ${ids.join(' ')} -j 1 -t ${trackers[0]} ${more}`
    const env = { ...process.env, CI: '', TERM: 'xterm', ...environment }
    return (await promisify(execFile)('script', ['-qec', command, '/dev/null'], { env })).stdout
  }
  expect(await onTerminal('')).toContain('\r\u001b[K')
  expect(await onTerminal('-q')).not.toContain('\u001b[K')
  // A CI service may pretend to be a terminal.
  expect(await onTerminal('', { CI: 'true' })).not.toContain('\u001b[K')
  expect(await onTerminal('', { TERM: 'dumb' })).not.toContain('\u001b[K')
  expect((await fdfs(['info', ...ids, '-t', trackers[0]!])).stderr).toBe('')
})

test('a progress line makes way for results and failures, and is not drawn twice', () => {
  const stdout = new PassThrough()
  const stderr = Object.assign(new PassThrough(), { isTTY: true })
  const output = new Output({ json: false, quiet: false, stdout, stderr, language: 'en' })
  output.progress('1 of 2')
  output.progress('1 of 2')
  output.file({ ok: true, id: 'x', path: null, size: 1, crc32: null }, 'done x')
  output.progress('2 of 2')
  output.note('failed: y')
  output.clearProgress()
  expect(String(stderr.read())).toBe('\r\u001b[K1 of 2\r\u001b[K\r\u001b[K2 of 2\r\u001b[Kfailed: y\n')
  expect(String(stdout.read())).toBe('done x\n')
})

test('where nothing can be drawn over, a line tells the progress every half minute, and a new one stands below it', () => {
  const stderr = Object.assign(new PassThrough(), { isTTY: true })
  let now = 0
  const output = new Output({ json: false, quiet: false, stdout: new PassThrough(), stderr, language: 'en', plain: true, now: () => now })
  for (; now < 95_000; now += 100) output.progress(`${now / 1000} s`, now / 100_000)
  output.clearProgress()
  expect(String(stderr.read())).toBe('30%  30 s\n60%  60 s\n90%  90 s\n')
  expect([{}, { CI: '' }, { CI: 'false' }, { CI: '1' }, { CI: 'true' }, { TERM: 'dumb' }].map(isPlain)).toEqual([
    false,
    false,
    false,
    true,
    true,
    true
  ])
})

test('a line of progress never wraps, also in Chinese, whose characters take two cells', () => {
  const stderr = Object.assign(new PassThrough(), { isTTY: true, columns: 12 })
  const output = new Output({ json: false, quiet: false, stdout: new PassThrough(), stderr, language: 'zh-CN' })
  output.progress('文件文件文件文件')
  output.progress('abcdefghijklmnop')
  expect(String(stderr.read())).toBe('\r\u001b[K文件文件文\r\u001b[Kabcdefghijk')
})

test('speaks the language of the terminal', async () => {
  const { trackers } = await startedCluster()
  const env = { LC_ALL: 'zh_CN.UTF-8' }
  const doctor = await fdfs(['doctor', '-t', trackers[0]!], { env })
  expect(doctor.stdout).toMatch(/^一切正常：1 个组（group1）。$/m)
  // Facts are facts: no English words but what the servers say and the marks that scripts look for.
  expect(doctor.stdout.replaceAll(/^(ok|FAIL) +\w+|active|Leader|group1|v?[\d.:]+|ms/gm, '')).not.toMatch(/[a-z]{3}/i)
  const failed = await fdfs(['info', 'nonsense', '-t', trackers[0]!], { env })
  expect(failed.stderr).toMatch(/^失败：nonsense：.*\p{Script=Han}/u)
})

test('numbers are written for people', () => {
  expect([0, 1023, 1024, 1536 * 1024, 10 * 1024 ** 3].map(formatBytes)).toEqual(['0 B', '1023 B', '1.00 KiB', '1.50 MiB', '10.0 GiB'])
  expect([0.4, 59.4, 61, 3600, 7322].map(formatSeconds)).toEqual(['0s', '59s', '1m01s', '1h00m', '2h02m'])
  expect([null, 0, 255, 0xffffffff].map(formatCrc)).toEqual([null, '00000000', '000000ff', 'ffffffff'])
  expect(printable('ok 图片\t')).toBe('ok 图片\\x09')
})
