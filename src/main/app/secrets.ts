import { z } from 'zod'
import type { SecretSeal } from './host.ts'
import { readJsonFile, writeJsonFile } from './json-file.ts'
import { createSerial } from './serial.ts'
import type { CorruptFile } from './settings.ts'

/**
 * The token secrets of the connections. Where the host can seal (a key of the operating system), they are kept sealed in a file
 * of their own; elsewhere only in memory until the program ends. They never leave this process and stand in no log or error.
 */
export interface TokenSecrets {
  /** Whether a secret outlives the program. */
  readonly lasting: boolean
  has(profileId: string): boolean
  get(profileId: string): string | null
  /** Every secret that is open now: what no log may hold. */
  all(): string[]
  /** null removes it. Resolves once that is on disk. */
  set(profileId: string, secret: string | null): Promise<void>
}

const StoredFile = z.looseObject({ tokens: z.record(z.string(), z.string()).default({}) })

/** Opens the file; an unusable one is set aside and reported. A secret that cannot be unsealed any more counts as absent. */
export async function openSecrets(
  path: string,
  seal: SecretSeal | null,
  now: () => number,
  onCorrupt: (file: CorruptFile) => void
): Promise<TokenSecrets> {
  const opened = new Map<string, string>()
  let sealed: Record<string, string> = {}
  if (seal) {
    const read = await readJsonFile(path, (value) => StoredFile.parse(value), now)
    if (read.tag === 'corrupt') onCorrupt({ path, setAside: read.setAside, reason: read.reason })
    if (read.tag === 'read') sealed = read.value.tokens
    for (const [profileId, text] of Object.entries(sealed)) {
      try {
        opened.set(profileId, seal.open(text))
      } catch {
        // Sealed by another user or machine: it stays in the file until a new one takes its place.
      }
    }
  }
  const inOrder = createSerial()
  return {
    lasting: seal !== null,
    has: (profileId) => opened.has(profileId),
    get: (profileId) => opened.get(profileId) ?? null,
    all: () => [...opened.values()],
    set: (profileId, secret) =>
      inOrder(async () => {
        if (seal) {
          const { [profileId]: _, ...others } = sealed
          const next = secret === null ? others : { ...others, [profileId]: seal.close(secret) }
          await writeJsonFile(path, { tokens: next })
          sealed = next
        }
        if (secret === null) opened.delete(profileId)
        else opened.set(profileId, secret)
      })
  }
}
