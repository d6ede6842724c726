import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { pattern } from '../../support/client-kit.ts'
import { type TestCluster, startCluster } from '../../support/cluster.ts'
import { type FdfsRun, fdfs as run } from '../../support/fdfs.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { readZip } from '../../support/read-zip.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startCluster({ groups: { group1: 1, group2: 1 } })
})
afterAll(() => cluster.close())

const fdfs = (args: readonly string[], input?: string): Promise<FdfsRun> => run([...args, '-t', cluster.trackers[0]!], { input })
const hex = (bytes: Buffer): string => crc32(bytes).toString(16).padStart(8, '0')

async function uploaded(name: string, bytes: Buffer, ...more: string[]): Promise<string> {
  const path = join(await tempDir(), name)
  writeFileSync(path, bytes)
  const { status, stdout, stderr } = await fdfs(['upload', path, '--json', ...more])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return (JSON.parse(stdout) as { id: string }).id
}

test('upload sends files and folders, prints ID and path of each, and the bytes come back under the original names', async () => {
  const dir = await tempDir()
  mkdirSync(join(dir, 'sub'))
  const files = { 'a.txt': pattern(20), empty: Buffer.alloc(0), '图片.jpg': pattern(300_000), 'sub/deep.bin': pattern(7) }
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(dir, name), bytes)
  const up = await fdfs(['upload', dir, '--group', 'group2', '--meta', 'project=spring'])
  expect(up).toMatchObject({ status: 0, stderr: '' })
  const lines = up.stdout.trim().split('\n')
  expect(lines).toHaveLength(4)
  const idOf = new Map(lines.map((line) => line.split('  ').toReversed() as [string, string]))
  expect([...idOf.keys()].toSorted()).toEqual(
    Object.keys(files)
      .map((name) => join(dir, name))
      .toSorted()
  )

  const target = join(await tempDir(), 'new', 'folder')
  const down = await fdfs(['download', ...idOf.values(), '-o', target, '--json'])
  expect(down).toMatchObject({ status: 0, stderr: '' })
  for (const [name, bytes] of Object.entries(files)) {
    const local = join(target, name.split('/').at(-1)!)
    expect(readFileSync(local).equals(bytes)).toBe(true)
    expect(down.objects()).toContainEqual({ ok: true, id: idOf.get(join(dir, name)), path: local, size: bytes.length, crc32: hex(bytes) })
  }
  expect(readdirSync(target)).toHaveLength(4)

  const info = await fdfs(['meta', 'get', idOf.get(join(dir, '图片.jpg'))!, '--json'])
  expect(info.objects()[0]).toMatchObject({ metadata: { filename: '图片.jpg', project: 'spring' } })
})

test('--json lines are exactly as documented', async () => {
  const path = join(await tempDir(), 'photo.jpg')
  writeFileSync(path, pattern(48))
  const up = await fdfs(['upload', path, '-g', 'group1', '--json'])
  const [line] = up.objects()
  const id = line!['id'] as string
  expect(id).toMatch(/^group1\/M00\/[0-9A-F]{2}\/[0-9A-F]{2}\/[\w-]{27}\d+\.jpg$/)
  expect(line).toEqual({ ok: true, id, path, size: 48, crc32: hex(pattern(48)) })

  const of = { ok: true, id, path: null, size: 48, crc32: hex(pattern(48)) }
  const host = cluster.storage('group1/0').host
  expect((await fdfs(['info', id, '--json'])).objects()).toEqual([
    { ...of, kind: 'normal', modified: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/), source: host }
  ])
  expect((await run(['decode', id, '--json'])).objects()).toEqual([
    { ...of, kind: 'normal', group: 'group1', created: expect.any(String), source: host, storePath: 0, ext: 'jpg', trunk: null }
  ])
  expect((await fdfs(['meta', 'get', id, '--json'])).objects()).toEqual([{ ...of, metadata: { filename: 'photo.jpg' } }])
  expect((await fdfs(['ls', 'group1', '--json'])).objects()).toContainEqual({
    ...of,
    kind: 'normal',
    listedAt: expect.any(Number),
    linkTo: null
  })
  expect((await fdfs(['delete', id, '--json'])).objects()).toEqual([of])
  const gone = await fdfs(['info', id, '--json'])
  expect(gone).toMatchObject({ status: 1, stderr: '' })
  expect(gone.objects()).toEqual([
    {
      ok: false,
      id,
      path: null,
      size: null,
      crc32: null,
      error: { code: 'NOT_FOUND', message: expect.stringContaining(id), advice: expect.any(String), detail: expect.any(Object) }
    }
  ])
})

test('metadata: merge adds and changes, set replaces, set without pairs deletes all', async () => {
  const id = await uploaded('a.txt', pattern(5), '--meta', 'a=1')
  const merged = await fdfs(['meta', 'merge', id, 'b=2=3', 'a=', '--json'])
  expect(merged.objects()[0]!['metadata']).toEqual({ a: '', b: '2=3', filename: 'a.txt' })
  expect((await fdfs(['meta', 'get', id])).stdout).toBe(`${id}\n  a=\n  b=2=3\n  filename=a.txt\n`)
  expect((await fdfs(['meta', 'set', id, 'only=one', '--json'])).objects()[0]!['metadata']).toEqual({ only: 'one' })
  expect(await fdfs(['meta', 'set', id])).toMatchObject({ status: 0, stdout: `${id}\n  (no metadata)\n` })
  expect((await fdfs(['meta', 'get', id, '--json'])).objects()[0]!['metadata']).toEqual({})
})

test('metadata goes to every ID of standard input', async () => {
  const ids = [await uploaded('a', pattern(1)), await uploaded('b', pattern(2))]
  const set = await fdfs(['meta', 'set', '-', 'k=v', '--json'], ids.join('\n'))
  expect(set.objects().map((line) => line['id'])).toEqual(expect.arrayContaining(ids))
  expect((await fdfs(['meta', 'get', ...ids, '--json'])).objects().map((line) => line['metadata'])).toEqual([{ k: 'v' }, { k: 'v' }])
})

test('- reads IDs from standard input: links, quotes, CSV, the JSON lines of fdfs itself; each file once', async () => {
  const first = await uploaded('first.txt', pattern(30))
  const second = await uploaded('second.txt', pattern(40))
  const input = `"${first}",\nhttp://files.example:8888/${first}?x=1\n${JSON.stringify({ ok: true, id: second, path: '/tmp/x' })}\n\n`
  const target = await tempDir()
  const down = await fdfs(['download', '-', '-o', target, '--json'], input)
  expect(down).toMatchObject({ status: 0, stderr: '' })
  expect(readdirSync(target).toSorted()).toEqual(['first.txt', 'second.txt'])
  expect(await fdfs(['info', '-'], '')).toMatchObject({ status: 0, stdout: '' })
})

test('a name that is taken is numbered, skipped or overwritten, as asked', async () => {
  const id = await uploaded('same.txt', pattern(9))
  const target = await tempDir()
  writeFileSync(join(target, 'same.txt'), 'old')
  const skipped = await fdfs(['download', id, '-o', target, '--conflict', 'skip', '--json'])
  expect(skipped).toMatchObject({ status: 0 })
  expect(skipped.objects()).toEqual([expect.objectContaining({ ok: true, id, path: null, size: 9, skipped: true })])
  expect(readFileSync(join(target, 'same.txt'), 'utf8')).toBe('old')
  const renamed = await fdfs(['download', id, '-o', target, '--json'])
  expect(renamed.objects()[0]).toMatchObject({ ok: true, path: join(target, 'same (2).txt') })
  await fdfs(['download', id, '-o', target, '--conflict', 'overwrite'])
  expect(readFileSync(join(target, 'same.txt')).equals(pattern(9))).toBe(true)
})

test('zip makes one archive with the original names; what is missing is named in it and ends with status 1', async () => {
  const ids = [await uploaded('a.txt', pattern(10)), await uploaded('a.txt', pattern(11)), await uploaded('b.bin', pattern(70_000))]
  const dir = await tempDir()
  const whole = join(dir, 'deep', 'whole.zip')
  const good = await fdfs(['zip', ...ids, '-o', whole])
  expect(good).toMatchObject({ status: 0, stderr: '' })
  expect(good.stdout.trim().split('\n').at(-1)).toBe(whole)
  const members = await readZip(whole)
  expect([...members.keys()].toSorted()).toEqual(['a (2).txt', 'a.txt', 'b.bin'])
  expect(members.get('b.bin')!.equals(pattern(70_000))).toBe(true)

  await fdfs(['delete', ids[2]!])
  const part = join(dir, 'part.zip')
  const partial = await fdfs(['zip', ...ids, '-o', part, '--json'])
  expect(partial.status).toBe(1)
  expect(partial.objects().filter((line) => !line['ok'])).toMatchObject([{ id: ids[2], error: { code: 'NOT_FOUND' } }])
  expect(partial.objects().at(-1)).toEqual({ ok: true, id: null, path: part, size: statSync(part).size, crc32: null, kind: 'archive' })
  const rest = await readZip(part)
  expect([...rest.keys()].toSorted()).toEqual(['_missing.txt', 'a (2).txt', 'a.txt'])
  expect(rest.get('_missing.txt')!.toString()).toContain(ids[2]!)

  const again = await fdfs(['zip', ids[0]!, '-o', part, '--json'])
  expect(again.objects().at(-1)).toMatchObject({ ok: true, path: join(dir, 'part (2).zip') })
  const none = await fdfs(['zip', ids[2]!, '-o', join(dir, 'none.zip'), '--json'])
  expect(none).toMatchObject({ status: 1 })
  expect(none.objects()).toMatchObject([{ ok: false, id: ids[2] }])
  expect(readdirSync(dir).toSorted()).toEqual(['deep', 'part (2).zip', 'part.zip'])
})

test('groups shows every storage, ls every file but no metadata files; delete removes them', async () => {
  const groups = await fdfs(['groups'])
  expect(groups).toMatchObject({ status: 0, stderr: '' })
  for (const name of ['group1/0', 'group2/0'])
    expect(groups.stdout).toContain(`${cluster.storage(name).host}:${cluster.storage(name).port}  active`)
  expect((await fdfs(['groups', '--json'])).objects().map((group) => group['name'])).toEqual(['group1', 'group2'])

  const ids = [await uploaded('x.txt', pattern(3), '-g', 'group2', '-m', 'k=v'), await uploaded('y', pattern(4), '-g', 'group2')]
  const listed = (await fdfs(['ls', 'group2'])).stdout.trim().split('\n')
  expect(listed).toEqual(expect.arrayContaining(ids))
  expect(listed.filter((line) => line.endsWith('-m'))).toEqual([])
  const deleted = await fdfs(['delete', '-'], listed.join('\n'))
  expect(deleted).toMatchObject({ status: 0, stderr: '' })
  expect(deleted.stdout.trim().split('\n')).toHaveLength(listed.length)
  expect(await fdfs(['ls', 'group2'])).toMatchObject({ status: 0, stdout: '', stderr: '' })
})

test('the cluster comes from FDFS_TRACKERS, or from a saved connection by name or id', async () => {
  const trackers = cluster.trackers.join(',')
  expect(await run(['groups'], { env: { FDFS_TRACKERS: trackers } })).toMatchObject({ status: 0 })
  const data = await tempDir()
  const profile = { trackers: cluster.trackers, id: 'p1', name: 'Studio', readOnly: true }
  writeFileSync(join(data, 'profiles.json'), JSON.stringify({ activeId: 'p1', profiles: [profile] }))
  const of = ['--data', data]
  expect((await run(['groups', '--profile', 'studio', ...of])).stdout).toContain('group1')
  expect((await run(['groups', '--profile', 'p1', ...of])).stdout).toContain('group1')
  const unknown = await run(['groups', '--profile', 'Nobody', ...of])
  expect(unknown).toMatchObject({ status: 2, stdout: '' })
  expect(unknown.stderr).toContain("'Studio'")
  expect((await run(['groups', '--profile', 'Built-in cluster', ...of])).stderr).toContain('--trackers')

  const path = join(data, 'x.txt')
  writeFileSync(path, 'x')
  const refused = await run(['upload', path, '--profile', 'Studio', '--json', ...of])
  expect(refused.status).toBe(1)
  expect(refused.objects()).toMatchObject([{ ok: false, id: null, path: null, error: { code: 'PROFILE_READ_ONLY' } }])
})

test('--read-only refuses everything that changes the server and nothing else', async () => {
  const id = await uploaded('keep.txt', pattern(6))
  const path = join(await tempDir(), 'x')
  writeFileSync(path, 'x')
  for (const args of [
    ['upload', path],
    ['sync', path],
    ['delete', id],
    ['meta', 'set', id, 'a=b'],
    ['meta', 'merge', id, 'a=b']
  ]) {
    const refused = await fdfs([...args, '--read-only'])
    expect(refused).toMatchObject({ status: 1, stdout: '' })
    expect(refused.stderr).toContain('read-only')
    expect(refused.stderr).not.toContain('--read-only')
  }
  expect((await fdfs(['meta', 'get', id, '--read-only', '--json'])).objects()[0]!['metadata']).toEqual({ filename: 'keep.txt' })
  const target = await tempDir()
  expect(await fdfs(['download', id, '-o', target, '--read-only'])).toMatchObject({ status: 0 })
  expect(existsSync(join(target, 'keep.txt'))).toBe(true)
})
