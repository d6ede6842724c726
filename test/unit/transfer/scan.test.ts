import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { expect, test } from 'vitest'
import { scanPaths } from '../../../src/main/transfer/scan.ts'
import type { ScanEntry } from '../../../src/main/transfer/scan.ts'
import { tempDir } from '../../support/temp-dir.ts'

const windows = process.platform === 'win32'

async function scan(paths: string[]): Promise<ScanEntry[]> {
  const entries: ScanEntry[] = []
  for await (const chunk of scanPaths(paths)) entries.push(...chunk)
  return entries
}

const line = (entry: ScanEntry): string =>
  `${entry.folder}|${entry.name}|${entry.sizeBytes}|${entry.problem?.code ?? ''}|${String(entry.problem?.detail?.['reason'] ?? '')}`

test('keeps the structure below what was dropped, in a stable order, empty files included', async () => {
  const dir = await tempDir()
  mkdirSync(join(dir, '照片/2026/empty'), { recursive: true })
  writeFileSync(join(dir, '照片/2026/b.jpg'), 'bb')
  writeFileSync(join(dir, '照片/2026/a.jpg'), '')
  writeFileSync(join(dir, '照片/z.txt'), 'z')
  writeFileSync(join(dir, 'single.txt'), 'one')
  expect((await scan([join(dir, 'single.txt'), join(dir, '照片')])).map(line)).toEqual([
    '|single.txt|3||',
    '照片/2026|a.jpg|0||',
    '照片/2026|b.jpg|2||',
    '照片|z.txt|1||'
  ])
})

test.skipIf(windows)('a link to a folder above ends; one to a file or another folder is followed', async () => {
  const dir = await tempDir()
  mkdirSync(join(dir, 'top/in'), { recursive: true })
  mkdirSync(join(dir, 'elsewhere'))
  writeFileSync(join(dir, 'elsewhere/e.txt'), 'e')
  writeFileSync(join(dir, 'top/real.txt'), 'real')
  symlinkSync(join(dir, 'top'), join(dir, 'top/in/loop'))
  symlinkSync(join(dir, 'elsewhere'), join(dir, 'top/linked'))
  symlinkSync('real.txt', join(dir, 'top/soft.txt'))
  symlinkSync('nowhere', join(dir, 'top/broken'))
  symlinkSync('self', join(dir, 'top/self'))
  expect((await scan([join(dir, 'top')])).map(line)).toEqual([
    'top|broken|0|LOCAL_NOT_FOUND|broken-link',
    'top/in|loop|0|LOCAL_NOT_A_FILE|link-loop',
    'top/linked|e.txt|1||',
    'top|real.txt|4||',
    expect.stringMatching(/^top\|self\|0\|LOCAL_.*\|link-loop$/),
    'top|soft.txt|4||'
  ])
})

test.skipIf(windows)('a pipe is reported, not waited for', async () => {
  const dir = await tempDir()
  execFileSync('mkfifo', [join(dir, 'pipe')])
  expect((await scan([dir]))[0]).toMatchObject({ name: 'pipe', problem: { code: 'LOCAL_NOT_A_FILE', detail: { reason: 'pipe' } } })
})

test.skipIf(windows || process.getuid?.() === 0)('a folder that may not be read is reported and the rest goes on', async () => {
  const dir = await tempDir()
  mkdirSync(join(dir, 'locked'))
  writeFileSync(join(dir, 'ok.txt'), 'ok')
  chmodSync(join(dir, 'locked'), 0)
  const entries = await scan([dir])
  chmodSync(join(dir, 'locked'), 0o700)
  expect(entries.map((entry) => entry.problem?.code ?? 'file')).toEqual(['LOCAL_DENIED', 'file'])
})

test('what has vanished since it was dropped is reported by name', async () => {
  const dir = await tempDir()
  const [entry] = await scan([join(dir, 'gone.txt')])
  expect(entry).toMatchObject({ name: 'gone.txt', problem: { code: 'LOCAL_NOT_FOUND' } })
})

test.skipIf(process.platform !== 'linux')('names that are not UTF-8 are found, told apart and kept as bytes', async () => {
  const dir = await tempDir()
  const parent = Buffer.from(dir + sep)
  for (const byte of [0xe9, 0xea]) writeFileSync(Buffer.concat([parent, Buffer.from([0x61, byte]), Buffer.from('.txt')]), 'x')
  const folder = Buffer.concat([parent, Buffer.from([0xff])])
  mkdirSync(folder)
  writeFileSync(Buffer.concat([folder, Buffer.from('/设.txt')]), 'inner')
  const entries = await scan([dir])
  expect(entries.map((entry) => entry.name)).toEqual(['a%E9.txt', 'a%EA.txt', '设.txt'])
  expect(entries[2]!.folder.endsWith('/%FF')).toBe(true)
  expect(entries.every((entry) => entry.rawPath !== null && entry.problem === null)).toBe(true)
  expect(entries[2]!.sizeBytes).toBe(5)
})

test('the same path twice is one', async () => {
  const dir = await tempDir()
  writeFileSync(join(dir, 'a'), 'a')
  expect((await scan([join(dir, 'a'), join(dir, 'a'), join(dir, '.', 'a')])).length).toBe(1)
})

test('thousands of files come in chunks; stopping ends the walk', async () => {
  const dir = await tempDir()
  for (let i = 0; i < 1_200; i++) writeFileSync(join(dir, `${i}`), '')
  const sizes: number[] = []
  for await (const chunk of scanPaths([dir])) sizes.push(chunk.length)
  expect(sizes).toEqual([500, 500, 200])
  const controller = new AbortController()
  let seen = 0
  for await (const chunk of scanPaths([dir], controller.signal)) {
    seen += chunk.length
    controller.abort()
  }
  expect(seen).toBeLessThan(1_200)
  rmSync(dir, { recursive: true, force: true })
})
