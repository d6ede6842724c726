import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { startApp } from '../../support/running-app.ts'
import type { RunningApp } from '../../support/running-app.ts'
import { tempDir } from '../../support/temp-dir.ts'

vi.setConfig({ testTimeout: 60_000 })

const running: RunningApp[] = []
afterEach(async () => {
  for (const { app } of running.splice(0)) await app.close()
})

const BY_NAME = { key: 'name', descending: false } as const

describe('the sample files', () => {
  it('fill the built-in cluster with pictures, film, sound and documents in their folders, once', async () => {
    const dir = await tempDir()
    const started = await startApp(dir)
    running.push(started)
    const { call, idle } = started
    await call('samples.add', {})
    await idle()
    const { rows, total } = await call('files.open', { query: {}, sort: BY_NAME })
    expect(new Set(rows.map((row) => row.ext))).toEqual(new Set(['jpg', 'png', 'webp', 'svg', 'pdf', 'md', 'txt', 'csv', 'webm', 'wav']))
    expect(new Set(rows.map((row) => row.folder))).toEqual(new Set(['Documents', 'Film and sound', 'Landscapes', '品牌 Brand']))

    await call('samples.add', {})
    await idle()
    expect((await call('files.open', { query: {}, sort: BY_NAME })).total).toBe(total)
    // Nothing of them stays behind on the way.
    await started.app.close()
    running.length = 0
    running.push(await startApp(dir))
    expect(await readdir(join(dir, 'spool')).catch(() => [])).toEqual([])
  })

  it('are refused on any other cluster', async () => {
    const started = await startApp(await tempDir())
    running.push(started)
    const [, other] = await started.call('profiles.save', { name: 'Elsewhere', trackers: ['127.0.0.1:1'] })
    await started.call('profiles.activate', { id: other?.id ?? '' })
    await expect(started.call('samples.add', {})).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })
})
