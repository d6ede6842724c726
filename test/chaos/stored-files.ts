import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const HEX = /^[0-9A-F]{2}$/

/** Everything a storage has stored below its data directory: 'HH/HH/name' → size. null: its disk cannot be looked at. */
export function storedFiles(dataDir: string | null): Map<string, number> {
  const found = new Map<string, number>()
  if (dataDir === null) return found
  for (const first of readdirSync(dataDir)) {
    if (!HEX.test(first)) continue
    for (const second of readdirSync(join(dataDir, first))) {
      for (const name of readdirSync(join(dataDir, first, second))) {
        const path = `${first}/${second}/${name}`
        const facts = statSync(join(dataDir, path), { throwIfNoEntry: false })
        if (facts?.isFile()) found.set(path, facts.size)
      }
    }
  }
  return found
}
