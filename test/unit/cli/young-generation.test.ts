import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, test, vi } from 'vitest'

vi.setConfig({ testTimeout: 60_000 })

const MODULE = pathToFileURL(resolve('src/main/cli/young-generation.ts')).href

/** MB of the young generation of a program whose short-lived objects live a little too long, over many turns of the event loop. */
async function grown(call: string): Promise<number> {
  const script = `
    import v8 from 'node:v8'
    const { keepYoungGenerationSmall } = await import('${MODULE}')
    ${call}
    const ring = []
    for (let turn = 0; turn < 300; turn++) {
      for (let i = 0; i < 20000; i++) ring[(turn * 20000 + i) % 60000] = { turn, i, text: [i, turn] }
      await new Promise((done) => setImmediate(done))
    }
    console.log(v8.getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size / 1048576)`
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', '--input-type=module', '-e', script])
  return Number(stdout)
}

test('the young generation stops growing at the limit, far below where it would go', async () => {
  const [free, limited] = await Promise.all([grown(''), grown('keepYoungGenerationSmall()')])
  expect(limited).toBeLessThanOrEqual(8)
  expect(free).toBeGreaterThan(16)
})
