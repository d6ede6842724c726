import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lockDataDir } from '../../../src/main/app/lock.ts'
import { tempDir } from '../../support/temp-dir.ts'

const locks = JSON.stringify(join(import.meta.dirname, '../../../src/main/app/lock.ts'))

/** Another process that takes the lock and says so, then stays. */
async function holder(path: string) {
  const program = `import(${locks}).then((m) => m.lockDataDir(${JSON.stringify(path)})).then(() => { console.log('held'); setInterval(() => {}, 1e6) }, (e) => { console.log(e.code); process.exit(3) })`
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, said: line.toString().trim() }
}

describe('the lock of the data folder', () => {
  it('refuses a second holder, names the first, and is free again after release', async () => {
    const path = join(await tempDir(), 'new', 'lock.json')
    const lock = await lockDataDir(path)
    await expect(lockDataDir(path)).rejects.toMatchObject({ code: 'LIBRARY_LOCKED', detail: { pid: process.pid } })
    await lock.release()
    await (await lockDataDir(path)).release()
    expect(await readdir(join(path, '..'))).toEqual([])
  })

  it('is held against another process, and taken over once that process was killed', async () => {
    const path = join(await tempDir(), 'lock.json')
    const first = await holder(path)
    expect(first.said).toBe('held')
    expect((await holder(path)).said).toBe('LIBRARY_LOCKED')
    await expect(lockDataDir(path)).rejects.toMatchObject({ detail: { pid: first.child.pid } })
    first.child.kill('SIGKILL')
    await once(first.child, 'exit')
    await (await lockDataDir(path)).release()
  })

  it.each([
    ['garbage', 'not json'],
    ['an empty file of a power cut', ''],
    ['a number that no process has', '{"pid": 999999999, "birth": null}'],
    ['a number that is another process now', JSON.stringify({ pid: process.pid, birth: 'another-boot:1' })]
  ])('replaces what a dead process left: %s', async (name, content) => {
    if (name.startsWith('a number that is another') && process.platform !== 'linux') return
    const path = join(await tempDir(), 'lock.json')
    await writeFile(path, content)
    await expect(lockDataDir(path)).resolves.toBeDefined()
  })

  it('lets only one of many win a stale lock', async () => {
    const path = join(await tempDir(), 'lock.json')
    await writeFile(path, '{"pid": 999999999, "birth": null}')
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => lockDataDir(path)))
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
  })
})
