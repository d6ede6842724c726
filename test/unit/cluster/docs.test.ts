import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import * as library from '../../../src/main/cluster/index.ts'
import { cluster } from '../../support/cluster-kit.ts'
import { tempDir } from '../../support/temp-dir.ts'

const INDEX = '../src/main/cluster/index.ts'
const text = readFileSync('docs/client.md', 'utf8')
/** Each example with what it prints; '…' in that stands for anything. */
const examples = [...text.matchAll(/```ts\n(.*?)```\n(?:\n```text\n(.*?)```)?/gs)].map(([, code = '', prints], index) => ({
  name: `example ${index + 1}`,
  code,
  prints
}))

test('the page has examples, and says what each of them prints', () => {
  expect(examples.length).toBeGreaterThan(5)
  expect(examples.filter((example) => example.prints === undefined)).toEqual([])
})

test('examples use nothing but the documented surface', () => {
  const used = examples.flatMap(({ code }) =>
    [...code.matchAll(/import \{([^}]*)\} from '\.\.([^']*)'/g)].flatMap(([, names = '', path]) => {
      expect(`..${path}`).toBe(INDEX)
      return names.split(',').map((name) => name.trim())
    })
  )
  expect(used.filter((name) => !(name in library))).toEqual([])
})

test.each(examples)('$name of the page works as it says', { timeout: 60_000 }, async ({ code, prints }) => {
  const { trackers } = await cluster()
  const dir = await tempDir()
  const file = join(dir, 'example.ts')
  writeFileSync(
    file,
    code.replaceAll(INDEX, pathToFileURL(resolve('src/main/cluster/index.ts')).href).replaceAll('127.0.0.1:22122', trackers[0] ?? '')
  )
  // What it writes to the folder for temporary files is gone with the test.
  const env = { ...process.env, TMPDIR: dir, TEMP: dir, TMP: dir }
  const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout: 60_000, env })
  const expected = (prints ?? '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '.*')
  expect(stdout).toMatch(new RegExp(`^${expected}$`))
})
