import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { commandLineIn, linkWish, ownArguments, readArguments, readHandOver } from '../../../src/main/electron/arguments.ts'
import { createWishes } from '../../../src/main/electron/wishes.ts'
import { tempDir } from '../../support/temp-dir.ts'

const FILE_ID = 'group1/M00/00/00/wKgBaGRJ0gKAd2p2AAAABnMuJDY123.txt'

describe('the words of a start', () => {
  it('are those after the program, and after its folder where that has to be named', () => {
    expect(ownArguments(['/opt/fastdfs-desktop', '--x', 'a.txt'], true)).toEqual(['--x', 'a.txt'])
    expect(ownArguments(['/electron', '.', 'a.txt'], false)).toEqual(['a.txt'])
    expect(ownArguments(['/electron', '--inspect=0', '/repository', '--data', '/d'], false)).toEqual(['--data', '/d'])
  })

  it('name the data folder, a window and a command', () => {
    expect(readArguments(['--data', '/d', '--new-window', '--command=go-transfers'], '/')).toEqual({
      dataDir: '/d',
      newWindow: true,
      wishes: [{ tag: 'command', command: 'go-transfers' }]
    })
    expect(readArguments(['--data=/e'], '/').dataDir).toBe('/e')
    expect(readArguments(['--data'], '/').dataDir).toBeNull()
  })

  it('hand over files and folders as paths, relative ones and file: URLs too, and only those that exist', async () => {
    const dir = await tempDir()
    const [a, b, folder] = [join(dir, 'a b.txt'), join(dir, '-图.txt'), join(dir, 'sub')]
    await writeFile(a, '')
    await writeFile(b, '')
    await mkdir(folder)
    const words = ['a b.txt', '--inspect=9229', pathToFileURL(folder).href, 'missing.txt', 'bad\0name', '', '--', '-图.txt']
    expect(readArguments(words, dir).wishes).toEqual([{ tag: 'upload', paths: [a, folder, b] }])
    expect(readArguments(['file://server/share/x', 'file:///a%2Fb'], dir).wishes).toEqual([])
  })

  it('take links that are trusted and no others, wherever they stand', () => {
    expect(readArguments(['--', `fastdfs-desktop://open?id=${FILE_ID}`], '/').wishes).toEqual([{ tag: 'file', fileId: FILE_ID }])
    const link = 'fastdfs-desktop://connect?trackers=10.0.0.1'
    expect(linkWish(link)).toEqual({ tag: 'connect', link })
    for (const word of ['fastdfs-desktop://delete?all=1', 'fastdfs-desktop:/etc/passwd', '--command=quit', '--command=__proto__']) {
      expect(readArguments([word], '/').wishes, `${word}`).toEqual([])
    }
  })

  it('are a command line behind --fdfs, unless a link or a file manager put it there', () => {
    expect(commandLineIn(['/opt/fastdfs-desktop', '--ozone-platform=headless', '--fdfs', 'delete', '-', '--json'])).toEqual([
      'delete',
      '-',
      '--json'
    ])
    expect(commandLineIn(['/opt/fastdfs-desktop', '--fdfs', 'ls', '--', 'x'])).toEqual(['ls', '--', 'x'])
    expect(commandLineIn(['/opt/fastdfs-desktop'])).toBeNull()
    // As Windows starts the program for a link that breaks out of its quotation marks.
    const broken = ['C:\\FastDFS Desktop.exe', '--', 'fastdfs-desktop://open?id=x', '--fdfs', 'delete', FILE_ID]
    expect(commandLineIn(broken)).toBeNull()
    expect(readArguments(ownArguments(broken, true), '/').wishes).toEqual([])
  })

  it('of a second start are checked before they are believed', () => {
    expect(readHandOver({ words: ['a'], cwd: '/' })).toEqual({ words: ['a'], cwd: '/' })
    for (const data of [
      null,
      undefined,
      'x',
      {},
      { words: 'a', cwd: '/' },
      { words: [1], cwd: '/' },
      { words: ['x'.repeat(40_000)], cwd: '/' }
    ]) {
      expect(readHandOver(data)).toBeNull()
    }
  })
})

describe('what the desktop wants of a window', () => {
  it('waits until a window takes it, once, and files that come one by one come together', () => {
    let told = 0
    const wishes = createWishes(() => (told += 1))
    wishes.add({ tag: 'upload', paths: ['/a'] })
    wishes.add({ tag: 'upload', paths: ['/b', '/a'] })
    wishes.add({ tag: 'file', fileId: FILE_ID })
    expect(told).toBe(3)
    expect(wishes.take()).toEqual([
      { tag: 'upload', paths: ['/a', '/b'] },
      { tag: 'file', fileId: FILE_ID }
    ])
    expect(wishes.take()).toEqual([])
  })

  it('does not pile up without end', () => {
    const wishes = createWishes(() => undefined)
    for (let index = 0; index < 1_000; index += 1) wishes.add({ tag: 'batch', batchId: index })
    const taken = wishes.take()
    expect([taken.length, taken.at(-1)]).toEqual([100, { tag: 'batch', batchId: 999 }])
  })
})
