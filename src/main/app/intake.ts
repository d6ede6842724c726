/** What is known of files before they are sent: how many there are, how large, and which of them the library has already. */
import { createReadStream } from 'node:fs'
import { crc32 } from 'node:zlib'
import type { IntakeLook } from '../../shared/contract.ts'
import type { FileCatalogue } from '../library/types.ts'
import { sanitiseExt } from '../../shared/file-id.ts'
import { hasSmallPicture } from '../../shared/preview.ts'
import { scanPaths } from '../transfer/scan.ts'

/** Beyond these the sheet says "at least": the upload itself looks at everything. */
const MAX_FILES = 200_000
const MAX_READ_BYTES = 512 * 1_048_576
const MAX_NAMES = 5
/** Nobody waits longer for a sheet that is open already (a folder with a million files, a network drive). */
const PATIENCE_MS = 8_000

type Files = Pick<FileCatalogue, 'sizes' | 'sameContent'>

/** Whether the library has a file of this size (crc32 null), or of this content, as far as it knows. */
export function knownContent(files: Files, profileId: string, wanted: readonly { sizeBytes: number; crc32: number | null }[]): boolean[] {
  const sizes = files.sizes(
    profileId,
    wanted.map(({ sizeBytes }) => sizeBytes)
  )
  return wanted.map((file) => {
    if (!sizes.has(file.sizeBytes) || file.crc32 === null) return sizes.has(file.sizeBytes)
    return files.sameContent(profileId, file.sizeBytes, file.crc32).some(({ state }) => state === 'present' || state === 'syncing')
  })
}

/** Enumerates paths of this computer, and reads those files that may be in the library already; `complete` is false when that is cut short. */
export async function lookAt(
  files: Files,
  profileId: string,
  paths: readonly string[],
  signal: AbortSignal,
  patienceMs = PATIENCE_MS
): Promise<IntakeLook> {
  const until = performance.now() + patienceMs
  const look: IntakeLook = { files: 0, bytes: 0, unread: 0, pictures: 0, duplicates: 0, duplicateNames: [], complete: true }
  let budget = MAX_READ_BYTES
  for await (const entries of scanPaths(paths, signal)) {
    const sound = entries.filter(({ problem }) => problem === null)
    look.files += sound.length
    look.unread += entries.length - sound.length
    look.bytes += sound.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
    const same = knownContent(
      files,
      profileId,
      sound.map(({ sizeBytes }) => ({ sizeBytes, crc32: null }))
    )
    for (const [index, entry] of sound.entries()) {
      if (same[index] !== true) continue
      if (entry.sizeBytes > budget || performance.now() > until) {
        look.complete = false
        continue
      }
      budget -= entry.sizeBytes
      const crc = await crcOf(entry.rawPath ?? entry.path, signal)
      if (crc === null || knownContent(files, profileId, [{ sizeBytes: entry.sizeBytes, crc32: crc }])[0] !== true) continue
      look.duplicates += 1
      if (look.duplicateNames.length < MAX_NAMES) look.duplicateNames.push(entry.name)
    }
    look.pictures += sound.filter(({ name }) => hasSmallPicture(sanitiseExt(name))).length
    if (look.files < MAX_FILES && performance.now() <= until) continue
    look.complete = false
    break
  }
  return look
}

/** null: it cannot be read, which the upload will tell. */
async function crcOf(path: string | Buffer, signal: AbortSignal): Promise<number | null> {
  try {
    let crc = 0
    for await (const chunk of createReadStream(path, { signal, highWaterMark: 1_048_576 })) crc = crc32(chunk as Buffer, crc)
    return crc
  } catch {
    return null
  }
}
