import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startApp } from '../../support/running-app.ts'

it('a connect link is shown by one page, and stores nothing by itself', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'fdfs-connect-'))
  const { app, call, next } = await startApp(dir)
  try {
    expect(await call('connect.take', {})).toBeNull()
    const asked = next('connect.asked')
    app.openConnectLink('fastdfs-desktop://connect?tracker=10.0.0.1&name=Photos')
    await asked
    expect(await call('connect.take', {})).toMatchObject({ tag: 'proposal', proposal: { name: 'Photos', trackers: ['10.0.0.1:22122'] } })
    expect(await call('connect.take', {})).toBeNull()
    expect((await call('app.info', {})).profiles).toHaveLength(1)
    await expect(readFile(join(dir, 'profiles.json'))).rejects.toMatchObject({ code: 'ENOENT' })
  } finally {
    await app.close()
    await rm(dir, { recursive: true, force: true })
  }
})

it('of several links the last one counts, and a bad one says why', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'fdfs-connect-'))
  const { app, call } = await startApp(dir)
  try {
    app.openConnectLink('fastdfs-desktop://connect?tracker=10.0.0.1')
    app.openConnectLink('fastdfs-desktop://connect?tracker=10.0.0.1&secret=x')
    expect(await call('connect.take', {})).toMatchObject({
      tag: 'invalid',
      error: { code: 'CONNECT_LINK_INVALID', detail: { reason: 'secret' } }
    })
  } finally {
    await app.close()
    await rm(dir, { recursive: true, force: true })
  }
})
