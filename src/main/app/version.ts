import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The version in the nearest package.json above this file: right in the sources, in `out/` and inside app.asar. */
export function appVersion(from = import.meta.dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    try {
      const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version)
    } catch {
      // Not in this folder.
    }
    if (dirname(folder) === folder) return '0.0.0'
  }
}
