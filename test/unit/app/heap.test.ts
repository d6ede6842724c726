import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, test, vi } from 'vitest'

vi.setConfig({ testTimeout: 60_000 })

const MODULE = pathToFileURL(resolve('src/main/app/heap.ts')).href

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

/** MB of the heap of a program through which many things pass that live for a while, as files on their way into the queue. */
async function passed(call: string): Promise<number> {
  const script = `
    const { keepHeapSmall } = await import('${MODULE}')
    ${call}
    let most = 0
    for (let batch = 0; batch < 12; batch++) {
      let rows = []
      for (let turn = 0; turn < 40; turn++) {
        for (let i = 0; i < 2000; i++) rows.push({ i, path: 'folder/' + turn + '/' + i })
        await new Promise((done) => setImmediate(done))
      }
      rows = []
      most = Math.max(most, process.memoryUsage().heapUsed)
    }
    console.log(most / 1048576)`
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', '--input-type=module', '-e', script])
  return Number(stdout)
}

test('garbage of the old generation is not left lying by the hundred megabytes', async () => {
  const [free, kept] = await Promise.all([passed(''), passed('keepHeapSmall()')])
  expect(kept).toBeLessThan(free)
})

/** How often the last tier of the compiler was used for a function that is called a lot. */
async function lastTier(call: string): Promise<number> {
  const script = `
    const { compileLightly } = await import('${MODULE}')
    ${call}
    function busy(n) { let sum = 0; for (let i = 0; i < n; i++) sum += i % 7; return sum }
    for (let turn = 0; turn < 200; turn++) {
      for (let i = 0; i < 5000; i++) busy(i % 50)
      await new Promise((done) => setImmediate(done))
    }`
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', '--trace-opt', '--input-type=module', '-e', script], {
    maxBuffer: 64 * 1024 * 1024
  })
  return stdout.split('\n').filter((line) => line.startsWith('[completed optimizing') && line.includes('TURBOFAN')).length
}

test('a command leaves out the last tier of the compiler', async () => {
  const [free, light] = await Promise.all([lastTier(''), lastTier('compileLightly()')])
  expect(free).toBeGreaterThan(0)
  expect(light).toBe(0)
})
