import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Where the library worker is. Sources run it as TypeScript beside this file; a bundle has it as `library-worker.js` beside its
 * entry, one folder up when this module went to a chunk.
 */
export function libraryWorkerUrl(moduleUrl: string = import.meta.url): URL {
  const candidates = moduleUrl.endsWith('.ts')
    ? ['./worker.ts']
    : ['./library-worker.js', '../library-worker.js', '../../library-worker.js']
  const urls = candidates.map((relative) => new URL(relative, moduleUrl))
  return urls.find((url) => existsSync(fileURLToPath(url))) ?? urls[0]!
}
