import { describe, expect, it } from 'vitest'
import { fromList, readDrop } from '../../../../src/renderer/api/dropped-files.ts'

type Entry = { isFile: boolean; fullPath: string; file?: unknown; createReader?: unknown }

const fileEntry = (fullPath: string): Entry => ({
  isFile: true,
  fullPath,
  file: (resolve: (file: File) => void) => resolve(new File(['x'], fullPath.split('/').at(-1) ?? ''))
})
const brokenEntry = (fullPath: string): Entry => ({
  isFile: true,
  fullPath,
  file: (_resolve: unknown, reject: (error: Error) => void) => reject(new Error('NotReadable'))
})
/** Hands its children over in portions, as browsers do. */
const folderEntry = (fullPath: string, children: Entry[], portion = 100): Entry => ({
  isFile: false,
  fullPath,
  createReader: () => {
    let at = 0
    return {
      readEntries: (resolve: (entries: Entry[]) => void) => {
        resolve(children.slice(at, at + portion))
        at += portion
      }
    }
  }
})
const drop = (entries: (Entry | null)[], files: File[] = []): DataTransfer =>
  ({ items: entries.map((entry) => ({ kind: 'file', webkitGetAsEntry: () => entry })), files }) as unknown as DataTransfer

describe('what was dropped', () => {
  it('is read through all folders, with more children than one portion holds', async () => {
    const many = Array.from({ length: 250 }, (_, index) => fileEntry(`/trip/${index}.jpg`))
    const read = await readDrop(
      drop([folderEntry('/trip', [...many, folderEntry('/trip/深', [fileEntry('/trip/深/a.psd')])]), fileEntry('/b.txt')]),
      null
    )
    expect(read.kind === 'files' && read.files.map((each) => each.path)).toHaveLength(252)
    expect(read.kind === 'files' && read.files.map((each) => each.path)).toEqual(
      expect.arrayContaining(['trip/249.jpg', 'trip/深/a.psd', 'b.txt'])
    )
  })

  it('names what could not be opened and reads the rest', async () => {
    const read = await readDrop(drop([folderEntry('/trip', [brokenEntry('/trip/locked.bin'), fileEntry('/trip/a.jpg')])]), null)
    expect(read).toMatchObject({ kind: 'files', unread: ['trip/locked.bin'], files: [{ path: 'trip/a.jpg' }] })
  })

  it('is a list of paths where the host knows them', async () => {
    const files = [new File([], 'a'), new File([], 'b')]
    await expect(readDrop(drop([], files), (file) => `/home/${file.name}`)).resolves.toEqual({
      kind: 'paths',
      paths: ['/home/a', '/home/b']
    })
  })

  it('says so when a file has no place on the disk', async () => {
    await expect(readDrop(drop([], [new File([], 'image.png')]), () => '')).rejects.toMatchObject({
      code: 'LOCAL_NOT_A_FILE',
      detail: { name: 'image.png' }
    })
  })

  it('keeps the folder of a picked folder', () => {
    const file = new File([], 'a.jpg')
    Object.defineProperty(file, 'webkitRelativePath', { value: 'trip/a.jpg' })
    expect(fromList([file]).map((each) => each.path)).toEqual(['trip/a.jpg'])
  })
})
