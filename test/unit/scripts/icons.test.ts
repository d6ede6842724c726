import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { imageSize } from 'image-size'
import { describe, expect, it } from 'vitest'
import { TRAY_PNG, TRAY_TEMPLATE_PNG } from '../../../src/main/electron/tray-icons.ts'

const FOLDER = 'resources'
const read = (name: string) => readFileSync(join(FOLDER, name))
const square = (picture: Uint8Array) => {
  const { width, height, type } = imageSize(picture)
  expect([width, type]).toEqual([height, 'png'])
  return width
}

describe('the icons', () => {
  it('for Linux have the size that their name says', () => {
    const names = readdirSync(join(FOLDER, 'icons'))
    expect(names.length).toBeGreaterThan(6)
    for (const name of names) expect(`${square(read(join('icons', name)))}`).toBe(name.split('x')[0])
    expect(square(read('icon.png'))).toBe(1024)
  })

  it('for Windows hold every size from the task bar to the desktop, each where the list says', () => {
    const ico = read('icon.ico')
    const sizes = Array.from({ length: ico.readUInt16LE(4) }, (_none, index) => {
      const at = 6 + 16 * index
      const picture = ico.subarray(ico.readUInt32LE(at + 12), ico.readUInt32LE(at + 12) + ico.readUInt32LE(at + 8))
      expect(square(picture)).toBe(ico.readUInt8(at) || 256)
      return square(picture)
    })
    expect(sizes).toEqual([16, 24, 32, 48, 64, 128, 256])
  })

  it('for macOS hold every size in both densities, in a container without gaps', () => {
    const icns = read('icon.icns')
    expect([icns.toString('latin1', 0, 4), icns.readUInt32BE(4)]).toEqual(['icns', icns.length])
    const sizes: Record<string, number> = {}
    for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
      sizes[icns.toString('latin1', at, at + 4)] = square(icns.subarray(at + 8, at + icns.readUInt32BE(at + 4)))
    }
    expect(sizes).toEqual({ ic11: 32, ic12: 64, ic07: 128, ic13: 256, ic08: 256, ic14: 512, ic09: 512, ic10: 1024 })
  })

  it('for the tray are as large as their scale says', () => {
    for (const [scale, picture] of TRAY_PNG) expect(square(Buffer.from(picture, 'base64'))).toBe(16 * scale)
    for (const [scale, picture] of TRAY_TEMPLATE_PNG) expect(square(Buffer.from(picture, 'base64'))).toBe(18 * scale)
  })
})
