import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ERRORS } from '../../../src/shared/errors.ts'
import { type TestCluster, startCluster } from '../../support/cluster.ts'
import { fdfs as run } from '../../support/fdfs.ts'
import { tempDir } from '../../support/temp-dir.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const page = readFileSync('docs/cli.md', 'utf8')

/** The cells of the table below a heading, without its head. */
function table(heading: string): string[][] {
  const section = page.split(/^##+ /m).find((part) => part.startsWith(`${heading}\n`)) ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('|'))
  return rows.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
  )
}
/** The names in backticks of a cell, up to where its explanation begins. */
const namesIn = (text: string): string[] => [...text.split(':')[0]!.matchAll(/`(\w+)`/g)].map(([, name = '']) => name)
const fieldsOf = (heading: string): string[] => table(heading).flatMap(([cell = '']) => namesIn(cell))

const always = fieldsOf('Every file').filter((name) => name !== 'error')
const more = new Map(table('More fields, by command').map(([command = '', fields = '']) => [namesIn(command)[0] ?? '', namesIn(fields)]))

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startCluster({ groups: { group1: 1 } })
})
afterAll(() => cluster.close())

const json = async (...args: string[]) => (await run([...args, '--json', '-t', cluster.trackers[0]!])).objects()
const keys = (value: unknown): string[] => Object.keys(value as object).toSorted()

test('the fields of every command are those that the page names, no more and no less', async () => {
  expect(always).toEqual(['ok', 'id', 'path', 'size', 'crc32'])
  const dir = await tempDir()
  const [path, target, data] = [join(dir, 'in', 'a.txt'), join(dir, 'out'), join(dir, 'data')]
  mkdirSync(join(dir, 'in'))
  writeFileSync(path, 'a')
  const results = new Map<string, Record<string, unknown>[]>()
  const [uploaded] = await json('upload', path)
  const id = String(uploaded!['id'])
  results.set('upload', [uploaded!])
  results.set('sync', [...(await json('sync', path, '--data', data)), ...(await json('sync', path, '--data', data))])
  results.set('download', [
    ...(await json('download', id, '-o', target)),
    ...(await json('download', id, '-o', target, '--conflict', 'skip'))
  ])
  const [member, archive] = await json('zip', id, '-o', join(dir, 'a.zip'))
  results.set('zip', [member!])
  expect(keys(archive)).toEqual([...always, 'kind'].toSorted())
  expect(archive).toMatchObject({ id: null, kind: 'archive' })
  results.set('info', await json('info', id))
  results.set('decode', await json('decode', id))
  results.set('meta', [...(await json('meta', 'get', id)), ...(await json('meta', 'merge', id, 'k=v'))])
  results.set('ls', await json('ls', 'group1'))
  results.set('delete', await json('delete', id))
  expect([...results.keys()].toSorted()).toEqual([...more.keys()].toSorted())
  for (const [command, objects] of results) {
    expect(objects.length, `${command}`).toBeGreaterThan(0)
    const seen = new Set(objects.flatMap(keys))
    expect([...seen].toSorted(), `${command}`).toEqual([...always, ...(more.get(command) ?? [])].toSorted())
    for (const object of objects) for (const field of always) expect(object, `${command}`).toHaveProperty(field)
  }
})

test('a failure has what the page names, and a code of the closed table', async () => {
  const [failed] = await json('upload', '/nowhere/at/all.png')
  expect(keys(failed)).toEqual([...always, 'error'].toSorted())
  const error = failed!['error'] as Record<string, unknown>
  expect(keys(error)).toEqual(namesIn(table('Every file').at(-1)![1]!.replace('only when `ok` is false:', '')).toSorted())
  expect(Object.keys(ERRORS)).toContain(error['code'])
})

test('groups and doctor print what the page names', async () => {
  const [group] = await json('groups')
  expect(keys(group)).toEqual(fieldsOf('`groups`: an object per group').toSorted())
  const [storage] = group!['storages'] as unknown[]
  expect(keys(storage)).toEqual(fieldsOf('`groups`: each of its `storages`').toSorted())

  const hops = await json('doctor')
  const verdict = hops.pop()
  expect(keys(verdict)).toEqual(['addressMap', 'groups', 'ok', 'target'])
  const [target = [], ...others] = table('`doctor`: an object per hop')
  const fields = fieldsOf('`doctor`: an object per hop').filter((name) => name !== 'error')
  for (const hop of hops) {
    expect(keys(hop)).toEqual(fields.toSorted())
    expect(target[1]).toContain(`\`${String(hop['target'])}\``)
  }
  expect(others.length).toBe(5)
})
