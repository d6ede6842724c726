import { createHash } from 'node:crypto'
import { mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Small pictures on this computer's disk, up to a limit: what was not looked at for longest goes first. */
export interface PictureCache {
  get(key: string): Promise<Buffer | null>
  /** Never rejects: a full disk costs the picture another making. */
  put(key: string, picture: Buffer): Promise<void>
  clear(): Promise<void>
  size(): Promise<{ files: number; bytes: number }>
}

interface Entry {
  bytes: number
  usedAt: number
}

/** The order of use needs no better time, and each look need not write. */
const TOUCH_MS = 86_400_000
/** What is removed at once when the limit is met, as a part of it: making room costs little that way. */
const ROOM = 0.1

export function createPictureCache(options: { folder: string; limitBytes(): number; now(): number }): PictureCache {
  const { folder, now } = options
  let index: Promise<Map<string, Entry>> | null = null
  let total = 0

  const pathOf = (name: string): string => join(folder, name.slice(0, 2), name)
  const nameOf = (key: string): string => createHash('sha1').update(key).digest('hex')

  async function read(): Promise<Map<string, Entry>> {
    const found: [string, Entry][] = []
    const parts = await readdir(folder).catch(() => [])
    for (const part of parts) {
      const names = await readdir(join(folder, part)).catch(() => [])
      for (const name of names) {
        const facts = await stat(join(folder, part, name)).catch(() => null)
        if (facts?.isFile() !== true) continue
        // Half a picture, left by a crash.
        if (!/^[0-9a-f]{40}$/.test(name)) await rm(join(folder, part, name), { force: true })
        else found.push([name, { bytes: facts.size, usedAt: facts.mtimeMs }])
      }
    }
    total = found.reduce((sum, [, { bytes }]) => sum + bytes, 0)
    return new Map(found.sort((a, b) => a[1].usedAt - b[1].usedAt))
  }
  const entries = (): Promise<Map<string, Entry>> => (index ??= read())

  async function makeRoom(known: Map<string, Entry>): Promise<void> {
    const limit = options.limitBytes()
    if (total <= limit) return
    for (const [name, { bytes }] of known) {
      if (total <= limit * (1 - ROOM)) break
      known.delete(name)
      total -= bytes
      await rm(pathOf(name), { force: true }).catch(() => undefined)
    }
  }

  return {
    async get(key) {
      const known = await entries()
      const name = nameOf(key)
      const entry = known.get(name)
      if (entry === undefined) return null
      try {
        const picture = await readFile(pathOf(name))
        known.delete(name)
        known.set(name, entry)
        if (now() - entry.usedAt > TOUCH_MS) {
          entry.usedAt = now()
          await utimes(pathOf(name), now() / 1000, now() / 1000)
        }
        return picture
      } catch {
        // Somebody tidied up.
        if (known.delete(name)) total -= entry.bytes
        return null
      }
    },
    async put(key, picture) {
      try {
        const known = await entries()
        const name = nameOf(key)
        const path = pathOf(name)
        await mkdir(join(folder, name.slice(0, 2)), { recursive: true })
        await writeFile(`${path}.part`, picture)
        await rename(`${path}.part`, path)
        total += picture.length - (known.get(name)?.bytes ?? 0)
        known.delete(name)
        known.set(name, { bytes: picture.length, usedAt: now() })
        await makeRoom(known)
      } catch {
        // See above.
      }
    },
    async clear() {
      index = Promise.resolve(new Map())
      total = 0
      await rm(folder, { recursive: true, force: true })
    },
    async size() {
      const known = await entries()
      return { files: known.size, bytes: total }
    }
  }
}
