import { describe, expect, it } from 'vitest'
import { decodeText } from '../../../../../src/renderer/features/files/preview/decode-text.ts'
import { hexLines } from '../../../../../src/renderer/features/files/preview/hex-lines.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const utf16le = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le'))
const utf16be = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le').swap16())

describe('the text of a preview', () => {
  it.each([
    ['UTF-8', utf8('plain')],
    ['UTF-8', utf8('春季素材 – naïve')],
    ['UTF-8', utf8('\ufeffwith a mark')],
    ['UTF-16 LE', utf16le('\ufeff文案 and more')],
    ['UTF-16 BE', utf16be('\ufeff文案 and more')],
    ['UTF-16 LE', utf16le('Latin text without a mark')],
    ['UTF-16 BE', utf16be('Latin text without a mark')],
    // '商品,价格' as Excel on a Chinese Windows writes it.
    ['GB 18030', new Uint8Array([0xc9, 0xcc, 0xc6, 0xb7, 0x2c, 0xbc, 0xdb, 0xb8, 0xf1])],
    ['Windows-1252', new Uint8Array([0x63, 0x61, 0x66, 0xe9])]
  ])('is found to be %s', (encoding, bytes) => {
    expect(decodeText(bytes, false)?.encoding).toBe(encoding)
  })

  it('is read right, without the mark of its encoding', () => {
    expect(decodeText(utf8('\ufeff标题'), false)?.text).toBe('标题')
    expect(decodeText(utf16le('\ufeff标题'), false)?.text).toBe('标题')
    expect(decodeText(new Uint8Array([0xc9, 0xcc, 0xc6, 0xb7]), false)?.text).toBe('商品')
  })

  it('stays UTF-8 wherever a long file is cut', () => {
    const bytes = utf8('文案已校对')
    for (let end = 3; end <= bytes.length; end += 1) {
      expect(decodeText(bytes.subarray(0, end), true)).toEqual({ text: '文案已校对'.slice(0, Math.floor(end / 3)), encoding: 'UTF-8' })
    }
  })

  it('is none where the bytes are no text', () => {
    expect(decodeText(new Uint8Array([0x38, 0x42, 0x50, 0x53, 0, 1, 0, 0, 0, 0, 9, 9]), false)).toBeNull()
  })
})

describe('bytes as lines', () => {
  it('show offset, hexadecimal and characters, the last line as wide as the others', () => {
    const bytes = new Uint8Array([...utf8('Hello, bytes 123'), 0x00, 0x41])
    expect(hexLines(bytes).split('\n')).toEqual([
      '00000000  48 65 6c 6c 6f 2c 20 62  79 74 65 73 20 31 32 33  Hello, bytes 123',
      `00000010  00 41  ${' '.repeat(41)}  ·A`
    ])
    expect(hexLines(new Uint8Array())).toBe('')
  })
})
