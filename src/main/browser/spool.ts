import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { access, mkdir, rm } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { localError } from '../app/local-errors.ts'
import { AppError } from '../../shared/errors.ts'

/**
 * Files chosen in a page have no path that the program could read, so the page streams them here, and hands the resulting paths
 * to `transfers.upload`. One spool folder per drop; names and folders below it are those of the user's files, since they become
 * names in the library.
 */
export interface Spool {
  begin(): Promise<{ spoolId: string; path: string }>
  /** Streams a body into one file of a spool folder; rejects, and leaves nothing, when the body breaks off or the disk is full. */
  write(spoolId: string, relativePath: string, body: Readable): Promise<{ path: string; sizeBytes: number }>
  /** Removes a spool folder with what is in it: the user cancelled. One that is gone already is fine. */
  drop(spoolId: string): Promise<void>
}

export function createSpool(root: string): Spool {
  return {
    async begin() {
      const spoolId = randomBytes(12).toString('hex')
      const path = join(root, spoolId)
      try {
        await mkdir(path, { recursive: true, mode: 0o700 })
      } catch (error) {
        throw localError(error, path)
      }
      return { spoolId, path }
    },
    async write(spoolId, relativePath, body) {
      const folder = spoolFolder(root, spoolId)
      const path = join(folder, ...safeParts(relativePath))
      try {
        await access(folder)
        await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      } catch (error) {
        throw localError(error, path)
      }
      // Exclusive: a second file of the same name in one drop must not replace the first.
      const file = createWriteStream(path, { flags: 'wx', mode: 0o600, highWaterMark: 1_048_576 })
      try {
        await pipeline(body, file)
      } catch (error) {
        const known = asSpoolError(error, path)
        if (known.code !== 'TARGET_EXISTS') await rm(path, { force: true })
        throw known
      }
      return { path, sizeBytes: file.bytesWritten }
    },
    async drop(spoolId) {
      const folder = spoolFolder(root, spoolId)
      try {
        // Bodies of the same drop may still be breaking off: the folder can gain a file while it is being removed.
        await rm(folder, { recursive: true, force: true, maxRetries: 3 })
      } catch (error) {
        throw localError(error, folder)
      }
    }
  }
}

/** Only a name that `begin` may have given: nothing else can be meant by it. */
function spoolFolder(root: string, spoolId: string): string {
  if (!/^[0-9a-f]{24}$/.test(spoolId)) throw new AppError('INPUT_INVALID', { detail: { field: 'spoolId' } })
  return join(root, spoolId)
}

const MAX_PARTS = 128
const MAX_PART_BYTES = 255

/** The components of a name relative to the spool folder; nothing that could lead out of it. */
function safeParts(relativePath: string): string[] {
  const parts = relativePath.split(sep === '\\' ? /[\\/]/ : '/')
  const bad = parts.find(
    (part) => part === '' || part === '.' || part === '..' || part.includes('\0') || Buffer.byteLength(part) > MAX_PART_BYTES
  )
  if (bad !== undefined || parts.length > MAX_PARTS || (sep === '\\' && /[:*?"<>|]/.test(relativePath))) {
    throw new AppError('LOCAL_NAME_INVALID', { detail: { name: relativePath.slice(0, 200) } })
  }
  return parts
}

function asSpoolError(error: unknown, path: string): AppError {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
  // The page went away or cancelled in the middle of the body.
  if (code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET' || code === 'ABORT_ERR')
    return new AppError('ABORTED', { cause: error })
  return localError(error, path)
}
