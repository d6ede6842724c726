import { z } from 'zod'
import { SettingsSchema } from '../../shared/contract.ts'
import type { Settings } from '../../shared/contract.ts'
import { readJsonFile, writeJsonFile } from './json-file.ts'
import { createSerial } from './serial.ts'

/** The user's settings: one JSON file, checked when read. */
export interface SettingsStore {
  get(): Readonly<Settings>
  /** Stores and returns the whole; resolves once it is on disk. */
  set(patch: Partial<Settings>): Promise<Settings>
  onChange(listener: (settings: Settings) => void): void
}

/** A file that could not be used and was moved away; defaults are used instead. */
export interface CorruptFile {
  path: string
  setAside: string
  reason: string
}

/** Keys of a newer version are kept in the file. */
const FileSchema = z.looseObject(SettingsSchema.shape)

/** Opens the file; an unusable one is set aside and reported, and the defaults are used. */
export async function openSettings(path: string, now: () => number, onCorrupt: (file: CorruptFile) => void): Promise<SettingsStore> {
  const read = await readJsonFile(path, (value) => FileSchema.parse(value), now)
  if (read.tag === 'corrupt') onCorrupt({ path, setAside: read.setAside, reason: read.reason })
  let stored = read.tag === 'read' ? read.value : FileSchema.parse({})
  // Asked for with every file that is transferred.
  let current: Readonly<Settings> = SettingsSchema.parse(stored)
  const inOrder = createSerial()
  const listeners = new Set<(settings: Settings) => void>()
  return {
    get: () => current,
    set: (patch) =>
      inOrder(async () => {
        const given = Object.entries(patch).filter(([, value]) => value !== undefined)
        const next = FileSchema.parse({ ...stored, ...Object.fromEntries(given) })
        // Memory follows the disk: a failed write changes neither.
        await writeJsonFile(path, next)
        stored = next
        current = SettingsSchema.parse(stored)
        for (const listener of listeners) listener(current)
        return current
      }),
    onChange(listener) {
      listeners.add(listener)
    }
  }
}
