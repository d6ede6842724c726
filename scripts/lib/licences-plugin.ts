import type { Plugin } from 'vite'
import { bundledPackages } from './packages.ts'

const FILE = 'licences.json'

/** What the page shows under "Third-party licences". */
function collected(): string {
  return JSON.stringify(bundledPackages().map(({ name, version, licence, text }) => ({ name, version, licence, text })))
}

/** Puts the licences of everything in the program beside the page, at every build. */
export function licencesPlugin(): Plugin {
  return {
    name: 'third-party-licences',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: FILE, source: collected() })
    },
    configureServer(server) {
      server.middlewares.use(`/${FILE}`, (_request, response) => {
        response.setHeader('content-type', 'application/json')
        response.end(collected())
      })
    }
  }
}
