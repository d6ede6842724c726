import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { pattern } from '../../support/client-kit.ts'
import { cluster } from '../../support/cluster-kit.ts'
import { fdfs } from '../../support/fdfs.ts'
import { readZip } from '../../support/read-zip.ts'
import { tempDir } from '../../support/temp-dir.ts'

vi.setConfig({ testTimeout: 120_000 })

/** What Node 24 has and Node 20 has not: the command line must do without. */
const FORGET = `
  delete Promise.withResolvers; delete Promise.try; delete Object.groupBy; delete Map.groupBy; delete Array.fromAsync
  delete globalThis.Iterator; delete RegExp.escape; delete Error.isError
  for (const name of ['union', 'intersection', 'difference', 'symmetricDifference', 'isSubsetOf', 'isSupersetOf', 'isDisjointFrom'])
    delete Set.prototype[name]
  const helpers = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()))
  for (const name of ['map', 'filter', 'take', 'drop', 'flatMap', 'reduce', 'toArray', 'forEach', 'some', 'every', 'find']) delete helpers[name]`

test('the command line needs neither node:sqlite nor anything else that Node 20 lacks', async () => {
  const { trackers } = await cluster()
  const dir = await tempDir()
  const forget = join(dir, 'forget.mjs')
  writeFileSync(forget, FORGET)
  const env = { NODE_OPTIONS: `--no-experimental-sqlite --import=${forget}` }
  const run = (...args: string[]) => fdfs([...args, '-t', trackers[0]!, '--json'], { env })
  for (const [name, size] of Object.entries({ 'small.txt': 10, 'large.bin': 9_000_000 })) writeFileSync(join(dir, name), pattern(size))
  const up = await run('upload', join(dir, 'small.txt'), join(dir, 'large.bin'))
  expect(up).toMatchObject({ status: 0, stderr: '' })
  const ids = up.objects().map((line) => line['id'] as string)
  for (const args of [['info'], ['meta', 'get'], ['decode']]) expect(await run(...args, ...ids)).toMatchObject({ status: 0, stderr: '' })
  const target = join(dir, 'target')
  expect(await run('download', ...ids, '-o', target)).toMatchObject({ status: 0, stderr: '' })
  expect(readFileSync(join(target, 'large.bin')).equals(pattern(9_000_000))).toBe(true)
  const archive = join(dir, 'x.zip')
  expect(await run('zip', ...ids, '-o', archive)).toMatchObject({ status: 0, stderr: '' })
  expect([...(await readZip(archive)).keys()].toSorted()).toEqual(['large.bin', 'small.txt'])
  for (const args of [['ls', 'group1'], ['groups'], ['delete', ...ids]]) expect(await run(...args)).toMatchObject({ status: 0, stderr: '' })
})
