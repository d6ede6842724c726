/**
 * node test/pack/release.ts: looks at what `npm run dist` has just made with the real runtime, before it is offered to anybody: the
 * fuses in the program itself, and the hash of the archive where the runtime compares it (Windows and macOS).
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readFileSync, readSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../scripts/lib/build.ts'
import { assertFuses } from './fuses.ts'

interface Place {
  /** Where the wire is. */
  program: string
  asar: string
  /** What holds the hash of the archive; null: nothing on this platform does. */
  integrity: string | null
}

const NAME = 'FastDFS Desktop'

function placeOf(folder: string): Place | null {
  const at = (...parts: string[]) => join(ROOT, 'dist', folder, ...parts)
  if (/^linux.*unpacked$/.test(folder)) return { program: at('fastdfs-desktop'), asar: at('resources/app.asar'), integrity: null }
  if (/^win.*unpacked$/.test(folder)) {
    return { program: at(`${NAME}.exe`), asar: at('resources/app.asar'), integrity: at(`${NAME}.exe`) }
  }
  if (!folder.startsWith('mac')) return null
  const contents = at(`${NAME}.app`, 'Contents')
  return {
    program: join(contents, 'Frameworks/Electron Framework.framework/Versions/A/Electron Framework'),
    asar: join(contents, 'Resources/app.asar'),
    integrity: join(contents, 'Info.plist')
  }
}

/** The hash that the runtime compares: of the archive's header, which holds the hashes of all files. */
function headerHash(asar: string): string {
  const file = openSync(asar, 'r')
  const sizes = Buffer.alloc(16)
  readSync(file, sizes, 0, 16, 0)
  const header = Buffer.alloc(sizes.readUInt32LE(12))
  readSync(file, header, 0, header.length, 16)
  closeSync(file)
  return createHash('sha256').update(header).digest('hex')
}

const places = readdirSync(join(ROOT, 'dist'))
  .flatMap((folder) => placeOf(folder) ?? [])
  .filter(({ asar }) => existsSync(asar))
assert.ok(places.length > 0, 'there is nothing in dist')
for (const { program, asar, integrity } of places) {
  assertFuses(program)
  if (integrity !== null) assert.ok(readFileSync(integrity).includes(headerHash(asar)), `${integrity} does not hold the hash of ${asar}`)
  process.stdout.write(`ok ${program}${integrity === null ? '' : ', with the hash of its archive'}\n`)
}
