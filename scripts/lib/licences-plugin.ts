import type { Plugin } from 'vite'
import { bundledPackages } from './packages.ts'

const FILE = 'licences.json'

/** What the page shows under "Third-party licences". */
function collected(root: string): string {
  return JSON.stringify(bundledPackages(root).map(({ name, version, licence, text }) => ({ name, version, licence, text })))
}

/** Puts the licences of everything in the program beside the page, at every build. `root`: the folder of the project, since a configuration is bundled and knows its own no more. */
export function licencesPlugin(root: string): Plugin {
  return {
    name: 'third-party-licences',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: FILE, source: collected(root) })
    },
    configureServer(server) {
      server.middlewares.use(`/${FILE}`, (_request, response) => {
        response.setHeader('content-type', 'application/json')
        response.end(collected(root))
      })
    }
  }
}
