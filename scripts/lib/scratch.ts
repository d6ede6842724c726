import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** One folder for everything temporary of a run of tests, so that nothing of it can stay behind. */
export interface Scratch {
  /** What programs that are started meanwhile need in their environment. */
  env: Readonly<Record<string, string>>
  /** Removes the folder. Returns the names of what was still in it: left behind by some test. */
  remove(): string[]
}

export function createScratch(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), 'fdfs-run-'))
  // Some tests run the program as somebody else, who must get to the folders below.
  chmodSync(folder, 0o755)
  return {
    env: { TMPDIR: folder, TEMP: folder, TMP: folder },
    remove() {
      const left = readdirSync(folder)
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
      return left
    }
  }
}
