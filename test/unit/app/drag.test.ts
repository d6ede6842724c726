import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { startApp, testHost } from '../../support/running-app.ts'
import { tempDir } from '../../support/temp-dir.ts'

vi.setConfig({ testTimeout: 60_000 })

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

describe('files on their way out of the window', () => {
  it('are fetched first, handed to the desktop as they are called, and gone at the next start', async () => {
    const dir = await tempDir()
    const dragged: string[][] = []
    const host = { ...testHost(dir), startDrag: async (paths: readonly string[]) => void dragged.push([...paths]) }
    const { app, call, idle } = await startApp(join(dir, 'data'), { host })
    let close: (() => Promise<void>) | null = () => app.close()
    ends.push(async () => close?.())
    await mkdir(join(dir, 'files'))
    for (const name of ['海报.psd', 'b.txt']) await writeFile(join(dir, 'files', name), name)
    await call('transfers.upload', { paths: [join(dir, 'files')] })
    await idle()
    const { drag } = await call('drag.prepare', { selection: { query: {}, exceptIds: [] } })
    await idle()
    await call('drag.start', { drag })
    const [paths = []] = dragged
    expect(paths.map((path) => basename(path)).sort()).toEqual(['b.txt', '海报.psd'])
    expect(
      await readFile(
        paths.find((path) => path.endsWith('.psd'))!,
        'utf8'
      )
    ).toBe('海报.psd')
    await expect(call('drag.start', { drag: '0123456789abcdef' })).rejects.toMatchObject({ code: 'LOCAL_NOT_FOUND' })
    await expect(call('drag.start', { drag: '../../../../etc' })).rejects.toMatchObject({ code: 'CALL_INVALID' })
    await app.close()
    close = null
    const again = await startApp(join(dir, 'data'), { host })
    ends.push(() => again.app.close())
    await expect(stat(paths[0]!)).rejects.toThrow('ENOENT')
  })

  it('stay where the host cannot drag', async () => {
    const dir = await tempDir()
    const { app, call } = await startApp(join(dir, 'data'))
    ends.push(() => app.close())
    await expect(call('drag.prepare', { selection: { ids: [] } })).rejects.toMatchObject({ code: 'HOST_CANNOT' })
  })
})
