/**
 * node test/pack/fpm.ts …: in place of fpm, which makes deb packages for electron-builder and would be downloaded. Understands the
 * words that electron-builder gives, and makes a real package of them with dpkg-deb.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'

const text = { type: 'string' } as const
const { values, positionals } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: {
    ...Object.fromEntries(
      ['name', 'version', 'architecture', 'maintainer', 'description', 'package', 'after-install'].map((each) => [each, text])
    ),
    ...Object.fromEntries(
      ['after-remove', 'vendor', 'url', 'license', 'deb-priority', 'deb-recommends', 'deb-compression'].map((each) => [each, text])
    ),
    source: { ...text, short: 's' },
    target: { ...text, short: 't' },
    depends: { ...text, short: 'd', multiple: true },
    force: { type: 'boolean' }
  }
})
const stage = mkdtempSync(join(tmpdir(), 'fdfs-deb-'))
for (const word of positionals) {
  const [from = '', to = ''] = word.split(/=(?=[^=]*$)/)
  const target = join(stage, to)
  mkdirSync(dirname(target), { recursive: true })
  cpSync(from, target, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })
}
const control = [
  ...['Name', 'Version', 'Architecture', 'Maintainer'].map(
    (key) => `${key === 'Name' ? 'Package' : key}: ${String(values[key.toLowerCase()])}`
  ),
  `Depends: ${(values['depends'] as string[]).join(', ')}`,
  `Description: ${String(values['description']).trim()}`
]
mkdirSync(join(stage, 'DEBIAN'))
writeFileSync(join(stage, 'DEBIAN/control'), `${control.join('\n')}\n`)
cpSync(String(values['after-install']), join(stage, 'DEBIAN/postinst'))
const { status } = spawnSync(
  'sh',
  ['-c', 'chmod 755 "$0" "$0/DEBIAN/postinst" && dpkg-deb --root-owner-group -Znone -b "$0" "$1"', stage, String(values['package'])],
  {
    stdio: 'inherit'
  }
)
rmSync(stage, { recursive: true, force: true })
process.exit(status ?? 1)
