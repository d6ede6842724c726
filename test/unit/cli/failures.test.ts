import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { pattern } from '../../support/client-kit.ts'
import { cluster as startedCluster } from '../../support/cluster-kit.ts'
import type { TestCluster } from '../../support/cluster.ts'
import { CLI, type FdfsOptions, type FdfsRun, fdfs as run } from '../../support/fdfs.ts'
import { tempDir } from '../../support/temp-dir.ts'

vi.setConfig({ testTimeout: 180_000 })

const NEVER = 'group1/M00/00/00/fwAAA2sDCdWAQXzqAAAAFCxm7xU024.txt'

interface Rig extends TestCluster {
  fdfs(args: readonly string[], options?: FdfsOptions): Promise<FdfsRun>
  put(name: string, bytes: Buffer): Promise<string>
}

async function rig(groups: Record<string, number> = { group1: 1 }): Promise<Rig> {
  const cluster = await startedCluster({ groups })
  const fdfs = (args: readonly string[], options?: FdfsOptions) => run([...args, '-t', cluster.trackers.join(',')], options)
  const put = async (name: string, bytes: Buffer): Promise<string> => {
    const path = join(await tempDir(), name)
    writeFileSync(path, bytes)
    const up = await fdfs(['upload', path, '--json'])
    expect(up.status).toBe(0)
    return up.objects()[0]!['id'] as string
  }
  return Object.assign(cluster, { fdfs, put })
}

/** Code by the ID or path it belongs to. */
function codes(result: FdfsRun): Record<string, string> {
  const failed = result.objects().filter((line) => !line['ok'])
  return Object.fromEntries(failed.map((line) => [String(line['path'] ?? line['id']), (line['error'] as { code: string }).code]))
}

test('what cannot be sent is named, and the other files go up', async () => {
  const { fdfs } = await rig()
  const dir = await tempDir()
  const good = join(dir, 'good.txt')
  writeFileSync(good, 'good')
  const missing = join(dir, 'missing.txt')
  const notFolder = join(good, 'below')
  const args = ['upload', missing, good, notFolder, '/dev/null']
  const up = await fdfs([...args, '--json'])
  expect(up.status).toBe(1)
  expect(codes(up)).toEqual({
    [missing]: 'LOCAL_NOT_FOUND',
    [notFolder]: expect.stringMatching(/^LOCAL_/),
    '/dev/null': 'LOCAL_NOT_A_FILE'
  })
  expect(up.objects().filter((line) => line['ok'])).toMatchObject([{ path: good, size: 4 }])
  const text = await fdfs(args)
  expect(text.stdout).toContain(good)
  for (const path of [missing, notFolder, '/dev/null']) expect(text.stderr).toContain(`failed: ${path}: `)
})

// Nobody is refused anything as root: there the command line runs as somebody else, where that one can read the sources.
const uid = process.getuid?.() === 0 ? 65_534 : undefined
const other = uid === undefined ? null : spawnSync(process.execPath, ['-e', `fs.readFileSync(${JSON.stringify(CLI)})`], { uid })
test.skipIf(process.platform === 'win32' || (other !== null && other.status !== 0))(
  'files, folders and targets that may not be read or written are named',
  async () => {
    const { fdfs, put } = await rig()
    const dir = await tempDir()
    chmodSync(dir, 0o755)
    for (const name of ['closed', 'open']) mkdirSync(join(dir, name))
    for (const name of ['secret.txt', 'open/fine.txt', 'closed/x.txt']) writeFileSync(join(dir, name), name)
    chmodSync(join(dir, 'secret.txt'), 0)
    chmodSync(join(dir, 'closed'), 0)
    try {
      const up = await fdfs(['upload', dir, '--json'], { uid })
      expect(up.status).toBe(1)
      expect(codes(up)).toEqual({ [join(dir, 'secret.txt')]: 'LOCAL_DENIED', [join(dir, 'closed')]: 'LOCAL_DENIED' })
      expect(up.objects().filter((line) => line['ok'])).toMatchObject([{ path: join(dir, 'open', 'fine.txt') }])
      const id = await put('down.txt', pattern(10))
      for (const args of [
        ['download', id, '-o', join(dir, 'closed')],
        ['download', id, '-o', join(dir, 'closed', 'new')],
        ['zip', id, '-o', join(dir, 'closed', 'x.zip')]
      ]) {
        const down = await fdfs([...args, '--json'], { uid })
        expect(down.status).toBe(1)
        expect(JSON.stringify(down.objects())).toContain('LOCAL_DENIED')
      }
    } finally {
      chmodSync(join(dir, 'closed'), 0o755)
    }
  }
)

test('malformed, deleted and never existing IDs are named, and the others are served', async () => {
  const { fdfs, put } = await rig()
  const good = await put('good.txt', pattern(10))
  const gone = await put('gone.txt', pattern(11))
  await fdfs(['delete', gone])
  const bad = 'group1/M00/00/00/short'
  const target = await tempDir()
  for (const args of [['info'], ['download', '-o', target], ['meta', 'get']]) {
    const asked = await fdfs([...args, bad, 'nonsense', good, gone, '--json'])
    expect(asked.status).toBe(1)
    expect(codes(asked)).toEqual({ [bad]: 'FILE_ID_INVALID', nonsense: 'FILE_ID_INVALID', [gone]: 'NOT_FOUND' })
    expect(asked.objects().filter((line) => line['ok'])).toMatchObject([{ id: good }])
  }
  expect(readdirSync(target)).toEqual(['good.txt'])
  const decoded = await run(['decode', bad, good, ''])
  expect(decoded).toMatchObject({ status: 1 })
  expect(decoded.stdout).toContain(good)
  expect(decoded.stderr).toContain(`failed: ${bad}: `)
  expect(codes(await fdfs(['delete', good, gone, '--json']))).toEqual({ [gone]: 'NOT_FOUND' })
})

test('an ID with a source that is no storage of its group is not there: said at once, not tried for long', async () => {
  const { fdfs } = await rig({ group1: 2 })
  const target = await tempDir()
  for (const args of [['info'], ['download', '-o', target], ['meta', 'get'], ['delete']]) {
    expect(codes(await fdfs([...args, NEVER, '--json']))).toEqual({ [NEVER]: 'NOT_FOUND' })
  }
})

test('an unknown group is named', async () => {
  const { fdfs, put } = await rig()
  const path = join(await tempDir(), 'a.txt')
  writeFileSync(path, 'a')
  expect(codes(await fdfs(['upload', path, '-g', 'nogroup', '--json']))).toEqual({ [path]: 'GROUP_UNKNOWN' })
  const foreign = (await put('b.txt', pattern(3))).replace('group1', 'group7')
  expect(codes(await fdfs(['info', foreign, '--json']))).toEqual({ [foreign]: 'GROUP_UNKNOWN' })
  const ls = await fdfs(['ls', 'nogroup', '--json'])
  expect(ls.status).toBe(1)
  expect(ls.objects()).toMatchObject([{ ok: false, id: null, path: null, error: { code: 'GROUP_UNKNOWN' } }])
  expect(codes(await fdfs(['upload', path, '-g', 'no group', '--json']))).toMatchObject({ null: 'GROUP_INVALID' })
})

test('metadata that FastDFS cannot hold is refused before anything is sent', async () => {
  const { fdfs, put } = await rig()
  const id = await put('a.txt', pattern(3))
  for (const [pair, code] of [
    [`k=${'é'.repeat(129)}`, 'METADATA_TOO_LONG'],
    [`${'k'.repeat(65)}=v`, 'METADATA_TOO_LONG'],
    ['k=a\u0001b', 'METADATA_INVALID']
  ]) {
    expect(codes(await fdfs(['meta', 'merge', id, pair!, '--json']))).toEqual({ [id]: code })
  }
  expect((await fdfs(['meta', 'get', id, '--json'])).objects()[0]!['metadata']).toEqual({ filename: 'a.txt' })
})

test('no tracker: every file is named, the exit status is 1 and it ends by itself', async () => {
  const path = join(await tempDir(), 'a.txt')
  writeFileSync(path, 'a')
  const down = { env: { FDFS_TRACKERS: '127.0.0.1:1,127.0.0.1:2' } }
  const target = await tempDir()
  const [up, get, info, groups] = await Promise.all([
    run(['upload', path, '--json'], down),
    run(['download', NEVER, '-o', target, '--json'], down),
    run(['info', NEVER, '--json'], down),
    run(['groups', '--json'], down)
  ])
  expect(codes(up)).toEqual({ [path]: 'TRACKER_UNREACHABLE' })
  expect(codes(get)).toEqual({ [NEVER]: 'TRACKER_UNREACHABLE' })
  expect(codes(info)).toEqual({ [NEVER]: 'TRACKER_UNREACHABLE' })
  expect(groups.objects()).toMatchObject([{ ok: false, id: null, path: null, error: { code: 'TRACKER_UNREACHABLE' } }])
  expect(readdirSync(target)).toEqual([])
  const wrong = await run(['groups', '--json', '-t', 'host:port'])
  expect(wrong.objects()).toMatchObject([{ error: { code: 'ADDRESS_INVALID' } }])
})

test('a storage that is away or full fails its files, not those of the other group', async () => {
  const { fdfs, put, faults } = await rig({ group1: 1, group2: 1 })
  const path = join(await tempDir(), 'a.txt')
  writeFileSync(path, 'a')
  const ids = [await put('x', pattern(3)), await put('y', pattern(4))].toSorted()
  expect(ids.map((id) => id.slice(0, 6))).toEqual(['group1', 'group2'])
  await faults.refuse('group1/0')
  const target = await tempDir()
  faults.diskFull('group2/0')
  const [down, up, full] = await Promise.all([
    fdfs(['download', ...ids, '-o', target, '--json']),
    fdfs(['upload', path, '-g', 'group1', '--json']),
    fdfs(['upload', path, '-g', 'group2', '--json'])
  ])
  expect(codes(down)).toEqual({ [ids[0]!]: 'STORAGE_UNREACHABLE' })
  expect(down.objects()).toHaveLength(2)
  expect(codes(up)).toEqual({ [path]: 'STORAGE_UNREACHABLE' })
  expect(codes(full)).toEqual({ [path]: 'NO_SPACE' })
})

test('a target that is no folder, or an archive in place of a folder, fails by name', async () => {
  const { fdfs, put } = await rig()
  const id = await put('a.txt', pattern(3))
  const dir = await tempDir()
  const file = join(dir, 'file')
  writeFileSync(file, 'keep me')
  for (const args of [
    ['download', id, '-o', file],
    ['download', id, '-o', join(file, 'below')],
    ['zip', id, '-o', dir],
    ['zip', id, '-o', join(file, 'x.zip')]
  ]) {
    const down = await fdfs([...args, '--json'])
    expect(down.status).toBe(1)
    expect(JSON.stringify(down.objects())).toMatch(/"code":"(LOCAL_|TARGET_EXISTS)/)
  }
  expect(readFileSync(file, 'utf8')).toBe('keep me')
  expect(readdirSync(dir)).toEqual(['file'])
})

// A file system of 200 kB in a namespace of its own: only where the kernel lets everybody make one.
const ownMount = spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs -o size=200k none /mnt'], { stdio: 'ignore' }).status === 0
test.skipIf(!ownMount)('a disk that gets full while downloading or zipping is named and leaves nothing that looks finished', async () => {
  const { fdfs, put } = await rig()
  const id = await put('big.bin', pattern(1_000_000))
  const dir = await tempDir()
  const script = 'mount -t tmpfs -o size=200k none "$0" && "$@"; status=$?; ls "$0" >&2; exit $status'
  const through = ['unshare', '-rm', 'sh', '-c', script, dir] as const
  for (const args of [
    ['download', id, '-o', dir],
    ['zip', id, '-o', join(dir, 'x.zip')]
  ]) {
    const down = await fdfs([...args, '--json'], { through })
    expect(down.status).toBe(1)
    expect(JSON.stringify(down.objects())).toContain('"code":"LOCAL_DISK_FULL"')
    expect(down.stderr).not.toMatch(/^(big\.bin|x\.zip)$/m)
  }
})
