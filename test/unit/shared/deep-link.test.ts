import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDeepLink } from '../../../src/shared/deep-link.ts'

const FILE_ID = 'group1/M00/00/00/wKgBaGRJ0gKAd2p2AAAABnMuJDY123.txt'

describe('links into the program', () => {
  it('open a file by its ID', () => {
    const expected = { tag: 'open', fileId: FILE_ID }
    for (const text of [
      `fastdfs-desktop://open?id=${FILE_ID}`,
      `fastdfs-desktop://open?id=${encodeURIComponent(FILE_ID)}`,
      `FASTDFS-DESKTOP://OPEN/?id=${FILE_ID}`
    ]) {
      expect(parseDeepLink(text), `${text}`).toEqual(expected)
    }
  })

  it('bring a connection, as the whole link, for the form to read', () => {
    const link = 'fastdfs-desktop://connect?trackers=10.0.0.1%3A22122&name=%E5%9B%BE%E5%BA%93'
    expect(parseDeepLink(link)).toEqual({ tag: 'connect', link })
  })

  it.each([
    ['nothing', ''],
    ['another scheme', `https://open?id=${FILE_ID}`],
    ['a scheme inside another', `javascript:fastdfs-desktop://open?id=${FILE_ID}`],
    ['a scheme of a similar name', `fastdfs-desktop-x://open?id=${FILE_ID}`],
    ['no slashes', `fastdfs-desktop:open?id=${FILE_ID}`],
    ['an unknown action', `fastdfs-desktop://upload?path=/etc/passwd`],
    ['a path', `fastdfs-desktop://open/../../x?id=${FILE_ID}`],
    ['a user', `fastdfs-desktop://me@open?id=${FILE_ID}`],
    ['a port', `fastdfs-desktop://open:1?id=${FILE_ID}`],
    ['a fragment', `fastdfs-desktop://open?id=${FILE_ID}#x`],
    ['no parameters', 'fastdfs-desktop://connect'],
    ['empty parameters', 'fastdfs-desktop://connect?'],
    ['something else beside the ID', `fastdfs-desktop://open?id=${FILE_ID}&command=delete`],
    ['two IDs', `fastdfs-desktop://open?id=${FILE_ID}&id=${FILE_ID}`],
    ['no ID', 'fastdfs-desktop://open?id=../../etc/passwd'],
    ['a space', `fastdfs-desktop://open?id=${FILE_ID} --data=/tmp`],
    ['a line break', `fastdfs-desktop://open?id=${FILE_ID}\n`],
    ['NUL', `fastdfs-desktop://open?id=${FILE_ID}\0`],
    ['an encoded line break', 'fastdfs-desktop://connect?trackers=a%0d%0ab'],
    ['an encoded NUL', 'fastdfs-desktop://connect?name=%00'],
    ['bytes that are no UTF-8', 'fastdfs-desktop://connect?name=%ff%fe'],
    ['letters that are not ASCII', 'fastdfs-desktop://connect?name=图'],
    ['more parameters than a connection has', `fastdfs-desktop://connect?${'a=1&'.repeat(101)}`],
    ['a megabyte', `fastdfs-desktop://connect?name=${'a'.repeat(1_048_576)}`]
  ])('are refused with %s', (_what, text) => {
    expect(parseDeepLink(text)).toBeNull()
  })

  it('never throw', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('', 'fastdfs-desktop://open?', 'fastdfs-desktop://open?id='),
        (text, start) => {
          expect(parseDeepLink(start + text)).toBeNull()
        }
      )
    )
  })
})
