/**
 * npm run icons: draws every icon the packager needs from resources/icon.svg. PNGs are painted by Chromium; .ico and
 * .icns are containers of those PNGs. Run after changing the drawing; the results are kept in the repository.
 */
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { ROOT } from './lib/build.ts'

const FOLDER = join(ROOT, 'resources')
const SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024]
const ICO_SIZES = [16, 24, 32, 48, 64, 128, 256]
/** Types of an .icns entry that hold a PNG of this many pixels; the second is the same picture for a screen of double density. */
const ICNS_TYPES: readonly (readonly [string, number])[] = [
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024]
]

/** Of the icon beside the clock, in pixels by scale factor: Windows and Linux show 16, macOS 18 points. */
const TRAY_SIZES: readonly (readonly [number, number])[] = [
  [1, 16],
  [1.5, 24],
  [2, 32],
  [3, 48]
]
const TEMPLATE_SIZES: readonly (readonly [number, number])[] = [
  [1, 18],
  [2, 36]
]

const svg = await readFile(join(FOLDER, 'icon.svg'), 'utf8')
// macOS takes the shape only and paints it itself: the letter without plate and shade, filling its field.
const template = svg
  .replaceAll(/<rect x="10[03]"[^>]*>/g, '')
  .replaceAll(/<circle[^>]*>|filter="[^"]*"/g, '')
  .replaceAll(/<g fill="#3158da" fill-opacity="\.3">[^]*?<\/g>/g, '')
  .replace('fill="url(#unit)"', 'fill="#000"')
  .replace('viewBox="0 0 1024 1024"', 'viewBox="232 232 560 560"')
// Beside the clock there is no room for a margin, nor for what is on the three units.
const small = svg
  .replaceAll(/<g fill="#3158da"[^]*?<\/g>|<circle[^>]*fill="#37c978"[^>]*>/g, '')
  .replace('viewBox="0 0 1024 1024"', 'viewBox="96 96 832 832"')
/** On the icon in the taskbar of Windows, when something needs to be looked at. */
const dot =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="#d92d20" stroke="#fff" stroke-width="1.5" /></svg>'
const pngs = await paint(svg, SIZES)
const trays = await paint(
  small,
  TRAY_SIZES.map(([, size]) => size)
)
const dots = await paint(
  dot,
  TRAY_SIZES.map(([, size]) => size)
)
const templates = await paint(
  template,
  TEMPLATE_SIZES.map(([, size]) => size)
)
await mkdir(join(FOLDER, 'icons'), { recursive: true })
for (const size of SIZES.filter((wanted) => wanted <= 512)) await writeFile(join(FOLDER, 'icons', `${size}x${size}.png`), png(size))
await writeFile(join(FOLDER, 'icon.png'), png(1024))
await writeFile(join(FOLDER, 'icon.ico'), ico())
await writeFile(join(FOLDER, 'icon.icns'), icns())

await writeFile(join(ROOT, 'src/main/electron/tray-icons.ts'), trayIcons())

async function paint(drawing: string, sizes: readonly number[]): Promise<Map<number, Buffer>> {
  const executablePath = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
    (path) => path && existsSync(path)
  )
  const browser = await chromium.launch(executablePath === undefined ? {} : { executablePath })
  const page = await browser.newPage()
  const painted = new Map<number, Buffer>()
  for (const size of sizes) {
    await page.setViewportSize({ width: size, height: size })
    const source = `data:image/svg+xml;base64,${Buffer.from(drawing).toString('base64')}`
    await page.setContent(`<style>*{margin:0}img{display:block;width:${size}px;height:${size}px}</style><img src="${source}">`)
    painted.set(size, await page.screenshot({ omitBackground: true }))
  }
  await browser.close()
  return painted
}

/** In the code and not in files: the tray wants its picture before anything can be read out of the package. */
function trayIcons(): string {
  const list = (name: string, sizes: readonly (readonly [number, number])[], from: Map<number, Buffer>) => {
    const entries = sizes.map(([scale, size]) => `  [${scale}, '${png(size, from).toString('base64')}']`)
    return `export const ${name}: readonly (readonly [number, string])[] = [\n${entries.join(',\n')}\n]\n`
  }
  const about = '/** Made by `npm run icons`: PNG pictures in base64, by scale factor. */\n// oxfmt-ignore\n'
  const lists = [
    list('TRAY_PNG', TRAY_SIZES, trays),
    list('TRAY_TEMPLATE_PNG', TEMPLATE_SIZES, templates),
    list('OVERLAY_PNG', TRAY_SIZES, dots)
  ]
  return about + lists.join('\n// oxfmt-ignore\n')
}

function png(size: number, from = pngs): Buffer {
  const found = from.get(size)
  if (!found) throw new Error(`no picture of ${size} pixels`)
  return found
}

// header: reserved 2 | type 2 | count 2     entry: width 1 | height 1 | colours 1 | 0 | planes 2 | bits 2 | size 4 | offset 4
function ico(): Buffer {
  const header = Buffer.alloc(6 + 16 * ICO_SIZES.length)
  header.writeUInt16LE(1, 2)
  header.writeUInt16LE(ICO_SIZES.length, 4)
  let offset = header.length
  for (const [index, size] of ICO_SIZES.entries()) {
    const at = 6 + 16 * index
    // 256 is written as 0.
    header.writeUInt8(size % 256, at)
    header.writeUInt8(size % 256, at + 1)
    header.writeUInt16LE(1, at + 4)
    header.writeUInt16LE(32, at + 6)
    header.writeUInt32LE(png(size).length, at + 8)
    header.writeUInt32LE(offset, at + 12)
    offset += png(size).length
  }
  return Buffer.concat([header, ...ICO_SIZES.map((size) => png(size))])
}

// 'icns' | length 4, then entries: type 4 | length 4 (with these 8 bytes) | PNG
function icns(): Buffer {
  const entry = (type: string, content: Buffer) => {
    const head = Buffer.alloc(8)
    head.write(type, 0, 'latin1')
    head.writeUInt32BE(content.length + 8, 4)
    return Buffer.concat([head, content])
  }
  return entry('icns', Buffer.concat(ICNS_TYPES.map(([type, size]) => entry(type, png(size)))))
}
