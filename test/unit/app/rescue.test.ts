import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { App } from '../../../src/main/app/create-app.ts'
import { createAppWithRescue } from '../../../src/main/app/rescue.ts'
import type { CallInput, CallName, CallOutput, EventEnvelope } from '../../../src/shared/contract.ts'
import { fromErrorData } from '../../../src/shared/errors.ts'
import { testHost } from '../../support/running-app.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { fileId, libraryKit } from '../library/kit.ts'

vi.setConfig({ testTimeout: 60_000 })

const apps: App[] = []
const kit = libraryKit()
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close()
  await kit.closeAll()
})

async function start(dataDir: string) {
  const app = await createAppWithRescue({ dataDir, host: testHost(dataDir), report: () => {} })
  apps.push(app)
  const events: EventEnvelope[] = []
  app.subscribe((event) => events.push(event))
  let id = 0
  const call = async <N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> => {
    const reply = await app.dispatch(structuredClone({ id: ++id, name, input }))
    if ('error' in reply) throw fromErrorData(reply.error)
    return reply.ok as CallOutput<N>
  }
  const stop = async () => {
    apps.splice(apps.indexOf(app), 1)
    await app.close()
  }
  return { app, call, events, stop }
}

/** A data folder with some files in its library, and perhaps a copy of it. */
async function used(copied: boolean): Promise<{ dir: string; path: string }> {
  const dir = await tempDir()
  const { call, stop } = await start(dir)
  await call('files.add', { fileIds: Array.from({ length: 2_000 }, (_, n) => fileId(n + 1)) })
  if (copied) await call('library.backup', {})
  await stop()
  return { dir, path: join(dir, 'library.db') }
}

function damage(path: string, at: number, bytes: number): void {
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(bytes, 0xa5), 0, bytes, at)
  closeSync(file)
}
const total = async (call: Awaited<ReturnType<typeof start>>['call']) =>
  (await call('files.open', { query: {}, sort: { key: 'name', descending: false } })).total
const kept = async (dir: string) => (await readdir(dir)).filter((name) => name.includes('.damaged-') && name.endsWith('.db'))

describe('a library that cannot be used', () => {
  it('does not keep the window from opening: it says what is wrong and what there is to go back to', async () => {
    const { dir, path } = await used(true)
    damage(path, 4096 * 20, 4096 * 3)
    const { call } = await start(dir)
    expect(await call('app.info', {})).toMatchObject({ rescue: true })
    expect(await call('rescue.state', {})).toMatchObject({
      error: { code: 'LIBRARY_CORRUPT' },
      path,
      backups: [{ sizeBytes: expect.any(Number) as number }]
    })
    await expect(call('files.groups', {})).rejects.toMatchObject({ code: 'LIBRARY_CORRUPT' })
    expect(await call('settings.set', { theme: 'dark' })).toMatchObject({ theme: 'dark' })
    await expect(call('rescue.run', { action: 'retry' })).rejects.toMatchObject({ code: 'LIBRARY_CORRUPT' })
    expect(await kept(dir)).toEqual([])
  })

  it('goes back to a copy; the damaged file is kept', async () => {
    const { dir, path } = await used(true)
    const { size } = await stat(path)
    damage(path, 4096 * 20, 4096 * 3)
    const { call, events } = await start(dir)
    const [backup] = (await call('rescue.state', {}))!.backups
    const done = await call('rescue.run', { action: 'restore', backup: backup!.name })
    expect(await kept(dir)).toEqual([done.keptAs?.slice(dir.length + 1)])
    expect((await stat(done.keptAs!)).size).toBe(size)
    expect(await call('rescue.state', {})).toBeNull()
    expect((await call('app.info', {})).rescue).toBeUndefined()
    expect(await total(call)).toBe(2_000)
    // Whoever listened before hears the application that took over.
    await call('files.add', { fileIds: [fileId(5_000)] })
    await vi.waitFor(() => expect(events.map(({ event }) => event)).toContain('library.changed'))
  })

  it('saves what can be read', async () => {
    const { dir, path } = await used(false)
    damage(path, 4096 * 20, 4096 * 3)
    const { call } = await start(dir)
    const { report } = await call('rescue.run', { action: 'repair' })
    expect(report!.files).toBeGreaterThan(500)
    expect(await total(call)).toBe(report!.files)
    expect(await kept(dir)).toHaveLength(1)
  })

  it('begins anew when nothing can be read', async () => {
    const { dir, path } = await used(false)
    damage(path, 0, 8_192)
    const { call } = await start(dir)
    await expect(call('rescue.run', { action: 'repair' })).rejects.toMatchObject({ code: 'LIBRARY_CORRUPT' })
    expect(await kept(dir)).toEqual([])
    expect(await call('rescue.state', {})).not.toBeNull()
    await call('rescue.run', { action: 'fresh' })
    expect(await total(call)).toBe(0)
    expect(await kept(dir)).toHaveLength(1)
  })

  it('a copy that is damaged itself is refused, and nothing moves', async () => {
    const { dir, path } = await used(true)
    damage(path, 4096 * 20, 4096 * 3)
    const { call } = await start(dir)
    const { name } = (await call('rescue.state', {}))!.backups[0]!
    damage(join(dir, 'backups', name), 4096 * 20, 4096 * 3)
    await expect(call('rescue.run', { action: 'restore', backup: name })).rejects.toMatchObject({ code: 'LIBRARY_CORRUPT' })
    await expect(call('rescue.run', { action: 'restore', backup: '../library.db' })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    expect(await kept(dir)).toEqual([])
    expect(await call('rescue.state', {})).not.toBeNull()
  })

  it('a sound library goes back to an earlier copy, too', async () => {
    const { dir } = await used(true)
    const { call } = await start(dir)
    await call('files.add', { fileIds: [fileId(5_000)] })
    const { backups } = await call('library.backups', {})
    await call('rescue.run', { action: 'restore', backup: backups[0]!.name })
    expect(await total(call)).toBe(2_000)
    expect(await kept(dir)).toHaveLength(1)
  })

  it('is opened once the reason is gone: a file of a newer version, put back by the user', async () => {
    const { dir, path } = await used(false)
    const connection = await kit.connection(path)
    const version = connection.number('PRAGMA user_version')
    connection.exec('PRAGMA user_version = 999')
    connection.close()
    const { call } = await start(dir)
    expect((await call('rescue.state', {}))?.error).toMatchObject({ code: 'LIBRARY_FAILED', detail: { reason: 'newer' } })
    const again = await kit.connection(path)
    again.exec(`PRAGMA user_version = ${version}`)
    again.close()
    await call('rescue.run', { action: 'retry' })
    expect(await total(call)).toBe(2_000)
  })

  it('is opened once another program has let go of it', async () => {
    const { dir, path } = await used(false)
    const other = await kit.connection(path)
    other.exec('PRAGMA locking_mode = EXCLUSIVE')
    other.exec('BEGIN EXCLUSIVE')
    other.exec('CREATE TABLE held (a)')
    const { call } = await start(dir)
    expect((await call('rescue.state', {}))?.error.code).toBe('LIBRARY_LOCKED')
    other.exec('ROLLBACK')
    other.close()
    await call('rescue.run', { action: 'retry' })
    expect(await total(call)).toBe(2_000)
  })

  it.skipIf(process.getuid?.() === 0)('a read-only file is told as such', async () => {
    const { dir, path } = await used(false)
    await chmod(path, 0o400)
    const { call } = await start(dir)
    expect((await call('rescue.state', {}))?.error.code).toMatch(/LOCAL_(?:READ_ONLY|DENIED)/)
    await chmod(path, 0o600)
  })

  it('what is not about the library ends the start as before', async () => {
    const { dir } = await used(false)
    await start(dir)
    await expect(createAppWithRescue({ dataDir: dir, host: testHost(dir) })).rejects.toMatchObject({ code: 'LIBRARY_LOCKED' })
  })
})

describe('exports and merges in the application', () => {
  it('puts copies into the cluster, if the user wishes', async () => {
    const dir = await tempDir()
    const { call } = await start(dir)
    await call('settings.set', { backupToCluster: true, backupsKept: 2 })
    for (let copy = 0; copy < 3; copy += 1) await call('library.backup', {})
    expect((await call('library.backups', {})).backups).toHaveLength(2)
    await vi.waitFor(
      async () => {
        const { rows } = await call('files.open', { query: { folder: 'FastDFS Desktop' }, sort: { key: 'name', descending: false } })
        expect(rows.map(({ name }) => name)).toEqual([1, 2, 3].map(() => expect.stringMatching(/^library-.*\.db$/) as string))
      },
      { timeout: 30_000 }
    )
  })

  it('writes everything beside the downloads, and takes in another library', async () => {
    const { dir, path } = await used(false)
    const other = join(await tempDir(), 'x')
    await mkdir(other)
    const colleague = await start(other)
    await colleague.call('files.add', { fileIds: [fileId(1), fileId(6_000)] })
    const theirs = (await colleague.call('files.open', { query: {}, sort: { key: 'fileId', descending: false } })).rows.map((row) => row.id)
    await colleague.call('order.favourite', { selection: { ids: theirs }, favourite: true })
    await colleague.call('order.saveTag', { name: 'hero', color: 'red' })
    await colleague.call('order.addFolder', { path: '2026/空' })
    await colleague.call('order.saveSearch', { name: 'Posters', query: { text: '海报' }, sort: null })
    await colleague.stop()

    const { call } = await start(dir)
    const exported = await call('library.export', { format: 'jsonl' })
    expect(exported?.rows).toBe(2_000)
    const { preview, map } = await call('library.compare', { path: join(other, 'library.db') })
    expect(preview).toMatchObject({ added: 1, completed: 1, same: 0, conflictCount: 0 })
    // Twice: nothing doubles.
    for (const files of [2, 0]) {
      expect(await call('library.merge', { path: join(other, 'library.db'), map, prefer: 'mine' })).toEqual({ files })
      expect(await total(call)).toBe(2_001)
      expect((await call('files.open', { query: { text: 'is:favourite' }, sort: { key: 'name', descending: false } })).total).toBe(2)
      expect(await call('order.tags', {})).toContainEqual(expect.objectContaining({ name: 'hero', color: 'red' }))
      expect(await call('files.folders', {})).toContainEqual({ path: '2026/空', fileCount: 0 })
      expect((await call('order.searches', {})).map(({ name }) => name)).toEqual(['Posters'])
    }
    await writeFile(join(dir, 'no.db'), 'text')
    await expect(call('library.compare', { path: join(dir, 'no.db') })).rejects.toMatchObject({ code: 'LIBRARY_CORRUPT' })
    await expect(call('library.compare', { path: join(dir, 'gone.db') })).rejects.toMatchObject({ code: 'LOCAL_NOT_FOUND' })
    expect(path).toContain(dir)
  })
})
