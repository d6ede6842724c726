import { describe, expect, it } from 'vitest'
import type { SpoolFile, SpoolPort } from '../../../../src/renderer/api/spool.ts'
import { spoolFiles } from '../../../../src/renderer/api/spool.ts'
import { AppError } from '../../../../src/shared/errors.ts'

const file = (path: string, size = 3): SpoolFile => ({ path, file: new File(['x'.repeat(size)], path.split('/').at(-1) ?? '') })

function fakePort(fail: Record<string, AppError> = {}) {
  const stored: string[] = []
  const dropped: string[] = []
  const port: SpoolPort = {
    begin: () => Promise.resolve({ spoolId: 's1', path: '/spool/s1' }),
    put: async (_id, path, { size }, onSent, signal) => {
      onSent(Math.floor(size / 2))
      await Promise.resolve()
      if (signal.aborted) throw new AppError('ABORTED')
      const error = fail[path]
      if (error) throw error
      onSent(size)
      stored.push(path)
    },
    drop: (id) => {
      dropped.push(id)
      return Promise.resolve()
    }
  }
  return { port, stored, dropped }
}
const forever = new AbortController().signal

describe('the spool', () => {
  it('hands over one path per dropped file or folder, never the spool folder itself', async () => {
    const { port, stored } = fakePort()
    const result = await spoolFiles(
      [file('a.txt'), file('trip/b.jpg'), file('trip/sub/海.jpg'), file('empty', 0)],
      () => undefined,
      forever,
      port
    )
    expect(result).toEqual({ paths: ['/spool/s1/a.txt', '/spool/s1/trip', '/spool/s1/empty'], failures: [] })
    expect(stored).toContain('trip/sub/海.jpg')
  })

  it('keeps two files of the same name apart, with their names', async () => {
    const { port } = fakePort()
    const { paths } = await spoolFiles([file('a.txt'), file('a.txt')], () => undefined, forever, port)
    expect(paths).toEqual(['/spool/s1/a.txt', '/spool/s1/.again-1/a.txt'])
  })

  it('goes on after a file that could not be written and says which', async () => {
    const { port } = fakePort({ 'b.txt': new AppError('LOCAL_NAME_INVALID', { detail: { name: 'b.txt' } }) })
    const { paths, failures } = await spoolFiles([file('a.txt'), file('b.txt'), file('c.txt')], () => undefined, forever, port)
    expect(paths).toEqual(['/spool/s1/a.txt', '/spool/s1/c.txt'])
    expect(failures.map(({ path, error }) => [path, error.code])).toEqual([['b.txt', 'LOCAL_NAME_INVALID']])
  })

  it('stops at a full disk, since every further file would meet it too, and cleans up', async () => {
    const files = Array.from({ length: 50 }, (_, index) => file(`${index}.bin`))
    const { port, stored, dropped } = fakePort({ '3.bin': new AppError('LOCAL_DISK_FULL') })
    await expect(spoolFiles(files, () => undefined, forever, port)).rejects.toMatchObject({ code: 'LOCAL_DISK_FULL' })
    expect(stored.length).toBeLessThan(10)
    expect(dropped).toEqual(['s1'])
  })

  it('stops when it is cancelled', async () => {
    const { port, dropped } = fakePort()
    const abort = new AbortController()
    const files = Array.from({ length: 20 }, (_, index) => file(`${index}.bin`))
    const progress = (): void => abort.abort()
    await expect(spoolFiles(files, progress, abort.signal, port)).rejects.toMatchObject({ code: 'ABORTED' })
    expect(dropped).toEqual(['s1'])
  })

  it('counts the bytes of finished files once, and none of failed ones', async () => {
    const { port } = fakePort({ 'b.bin': new AppError('LOCAL_IO') })
    let last = { doneFiles: 0, doneBytes: 0 }
    await spoolFiles([file('a.bin', 10), file('b.bin', 20), file('c.bin', 30)], (progress) => (last = progress), forever, port)
    expect(last).toEqual({ doneFiles: 3, doneBytes: 40 })
  })
})
