import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Host } from '../../../src/main/app/host.ts'
import type { RunningApp } from '../../support/running-app.ts'
import { startApp, testHost } from '../../support/running-app.ts'

let dir = ''
let apps: RunningApp[] = []
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fdfs-profiles-'))
})
afterEach(async () => {
  for (const { app } of apps.splice(0)) await app.close()
  await rm(dir, { recursive: true, force: true })
})

async function start(host: Partial<Host> = {}): Promise<RunningApp['call']> {
  const folder = join(dir, String(apps.length))
  const running = await startApp(folder, { host: { ...testHost(dir), ...host } })
  apps = [...apps, running]
  return running.call
}

describe('connections as a file', () => {
  it('come back as they were, without secrets and without the built-in one', async () => {
    const call = await start()
    const profile = {
      name: '生产',
      trackers: ['10.0.0.1:22122'],
      readOnly: true,
      httpBase: { '': 'http://files' },
      addressMap: { '172.17.0.3:23000': '10.0.0.1:23000' },
      storageIds: { '100001': ['172.17.0.3', '10.0.0.1:23000'] },
      color: 'red' as const,
      environment: 'production' as const,
      tokenTtlSeconds: 900
    }
    const [saved] = (await call('profiles.save', profile)).slice(-1)
    await call('profiles.setToken', { id: saved?.id ?? '', secret: 's3cret-key' })
    const file = await call('profiles.export', {})
    if (file.tag !== 'text') throw new Error(file.tag)
    expect(file.text).not.toContain('s3cret-key')
    expect(file.text).not.toContain(saved?.id)

    const other = await start()
    expect(await other('profiles.import', { text: `\ufeff${file.text}` })).toEqual({ added: 1, known: 0 })
    const { profiles } = await other('app.info', {})
    expect(profiles).toHaveLength(2)
    expect(profiles[1]).toMatchObject(profile)
    // The same file again brings nothing; one that says something else does.
    expect(await other('profiles.import', { text: file.text })).toEqual({ added: 0, known: 1 })
    expect(await other('profiles.import', { text: file.text.replace('900', '901') })).toEqual({ added: 1, known: 0 })
  })

  it('are saved by the dialog of the host where it has one', async () => {
    const path = join(dir, 'out.json')
    const can = { ...testHost(dir).can, pickFiles: true }
    const call = await start({ can, pickSave: () => Promise.resolve(path) })
    expect(await call('profiles.export', {})).toEqual({ tag: 'saved', path })
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ format: 'fastdfs-desktop/connections', connections: [] })
    const cancelled = await start({ can, pickSave: () => Promise.resolve(null) })
    expect(await cancelled('profiles.export', {})).toEqual({ tag: 'cancelled' })
    const nowhere = await start({ can, pickSave: () => Promise.resolve(join(dir, 'none', 'x.json')) })
    await expect(nowhere('profiles.export', {})).rejects.toMatchObject({ code: 'LOCAL_NOT_FOUND' })
  })

  it.each([
    ['no JSON', '{', 'INPUT_INVALID'],
    ['another format', '{"format":"x","connections":[]}', 'INPUT_INVALID'],
    ['one without a name', '{"format":"fastdfs-desktop/connections","connections":[{"trackers":["a"]}]}', 'INPUT_INVALID'],
    [
      'one good and one bad address',
      '{"format":"fastdfs-desktop/connections","connections":[{"name":"a","trackers":["a"]},{"name":"b","trackers":["b:0"]}]}',
      'ADDRESS_INVALID'
    ]
  ])('that hold %s are refused as a whole', async (_what, text, code) => {
    const call = await start()
    await expect(call('profiles.import', { text })).rejects.toMatchObject({ code })
    expect((await call('app.info', {})).profiles).toHaveLength(1)
  })
})
