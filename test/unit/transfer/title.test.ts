import { expect, test } from 'vitest'
import { TitleOf } from '../../../src/main/transfer/title.ts'

const row = (folder: string, name: string) => ({ name, folder, localPath: null, fileId: null, sizeBytes: 1 })

test('one file gives its name', () => {
  const title = new TitleOf()
  title.add([row('2026/summer', 'poster.psd')])
  expect(title.value).toEqual({ title: 'poster.psd', more: 0 })
})

test('many files of one folder, or of folders below it, give that folder', () => {
  const title = new TitleOf()
  title.add([row('2026/summer/posters', 'a.psd'), row('2026/summer/banners', 'b.psd')])
  title.add([row('2026/summer', 'c.psd')])
  expect(title.value).toEqual({ title: 'summer', more: 0 })
})

test('files of nowhere in common give the first name and how many more', () => {
  const title = new TitleOf()
  title.add([row('a', '1.jpg'), row('b', '2.jpg'), row('', '3.jpg')])
  expect(title.value).toEqual({ title: '1.jpg', more: 2 })
})

test('nothing gives nothing', () => {
  expect(new TitleOf().value).toEqual({ title: '', more: 0 })
})
