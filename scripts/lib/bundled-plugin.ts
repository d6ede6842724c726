import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/** Where each build says which packages are really in what it wrote; not part of the program. */
export const BUNDLED = join('out', 'bundled')

/** Notes the packages of which something is left in the built files. `part`: which of the builds this is. */
export function bundledPlugin(root: string, part: string): Plugin {
  return {
    name: 'bundled-packages',
    apply: 'build',
    writeBundle(_options, bundle) {
      const names = new Set<string>()
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue
        for (const id of file.moduleIds) {
          const name = /^.*[/\\]node_modules[/\\]((?:@[^/\\]+[/\\])?[^/\\]+)[/\\]/.exec(id)?.[1]
          if (name !== undefined) names.add(name.replace('\\', '/'))
        }
      }
      mkdirSync(join(root, BUNDLED), { recursive: true })
      writeFileSync(join(root, BUNDLED, `${part}.json`), JSON.stringify([...names].sort()))
    }
  }
}
