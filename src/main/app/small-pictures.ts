/**
 * Small pictures of files: kept on this computer's disk, found beside the file on the server (a slave such as `_150x150`), or made
 * by a window, which has what it takes to read pictures. Windows also make those that are to be stored as slaves: what is to be made
 * stands in the library, so that it goes on after a restart, and several windows share it.
 */
import { AppError, toAppError } from '../../shared/errors.ts'
import { slaveFileId } from '../../shared/file-id.ts'
import type { FileRow, FileSelection } from '../../shared/model.ts'
import { THUMBNAIL_SIZE, hasSmallPicture, previewKind, smallPictureExt } from '../../shared/preview.ts'
import { bufferSource } from '../client/file-source.ts'
import type { StoreClient } from '../cluster/types.ts'
import type { FileCatalogue } from '../library/types.ts'
import type { Thumbnails } from '../library/thumbnails.ts'
import type { PictureCache } from './picture-cache.ts'

export interface SmallPictures {
  /** null: a window has to make it. */
  get(profileId: string, row: FileRow, signal: AbortSignal): Promise<Buffer | null>
  /** Keeps what a window has made. */
  keep(profileId: string, row: FileRow, picture: Buffer): Promise<void>
  /** These are to be stored beside the pictures of a selection. Returns how many are new. */
  want(profileId: string, selection: FileSelection, sizes: readonly string[]): Promise<{ count: number }>
  /** Work for a window; nobody else gets it for a while. */
  take(profileId: string, limit: number): PictureTask[]
  /** Stores one as a slave. That it is there already is what was wanted. */
  store(profileId: string, row: FileRow, size: string, picture: Buffer): Promise<void>
  failed(profileId: string, fileId: string, size: string, code: string): void
}

export interface PictureTask {
  row: FileRow
  sizes: string[]
}

export interface SmallPictureOptions {
  cache: PictureCache
  thumbnails: Thumbnails
  files: Pick<FileCatalogue, 'select' | 'byFileId'>
  client(profileId: string): Promise<StoreClient>
  sizes(): readonly string[]
  now(): number
  changed(profileId: string): void
}

/** Up to this size the picture itself is fetched as quickly as it is asked whether there is a small one. */
const SMALL_ENOUGH = 64 * 1024
const MAX_SLAVE_BYTES = 2 * 1_048_576
const LEASE_MS = 60_000
/** Files without a small picture that are remembered, so that they are not asked about at every look. */
const REMEMBERED = 20_000
const CHUNK = 1_000

export function createSmallPictures(options: SmallPictureOptions): SmallPictures {
  const { cache, thumbnails, files, client, now, changed } = options
  const without = new Set<string>()
  const leased = new Map<string, number>()

  const keyOf = (profileId: string, fileId: string): string => `${profileId}\n${fileId}`

  /** The largest that is there, of the sizes that are in use here. */
  async function slaveOf(profileId: string, row: FileRow, signal: AbortSignal): Promise<Buffer | null> {
    const worth = row.sizeBytes === null || row.sizeBytes > SMALL_ENOUGH || previewKind(row.ext) !== 'image'
    const key = keyOf(profileId, row.fileId)
    if (row.kind !== 'normal' || !hasSmallPicture(row.ext) || !worth || without.has(key)) return null
    const store = await client(profileId)
    const sizes = [...options.sizes()].sort((a, b) => areaOf(b) - areaOf(a))
    for (const size of sizes) {
      for (const ext of new Set([smallPictureExt(row.ext), 'jpg'])) {
        const picture = await fetchSmall(store, slaveFileId(row.fileId, `_${size}`, ext), signal)
        if (picture !== null) return picture
      }
    }
    without.add(key)
    for (const first of without) {
      if (without.size <= REMEMBERED) break
      without.delete(first)
    }
    return null
  }

  return {
    async get(profileId, row, signal) {
      const key = keyOf(profileId, row.fileId)
      const kept = row.kind === 'appender' ? null : await cache.get(key)
      if (kept !== null) return kept
      const found = await slaveOf(profileId, row, signal)
      if (found !== null) await cache.put(key, found)
      return found
    },
    async keep(profileId, row, picture) {
      // The content of an appender may change under its ID.
      if (row.kind === 'appender' || pictureType(picture) === null) return
      await cache.put(keyOf(profileId, row.fileId), picture)
    },
    async want(profileId, selection, sizes) {
      let count = 0
      for (const rows of files.select(profileId, selection, CHUNK)) {
        const pictures = rows.filter((row) => row.kind === 'normal' && hasSmallPicture(row.ext))
        count += thumbnails.want(
          profileId,
          pictures.map((row) => row.fileId),
          sizes,
          true
        )
        await new Promise((resolve) => setImmediate(resolve))
      }
      if (count > 0) changed(profileId)
      return { count }
    },
    take(profileId, limit) {
      for (const [key, until] of leased) if (until <= now()) leased.delete(key)
      const tasks: PictureTask[] = []
      for (const { fileId, sizes } of thumbnails.next(profileId, limit + leased.size)) {
        const key = keyOf(profileId, fileId)
        if (leased.has(key)) continue
        const row = files.byFileId(profileId, fileId)
        if (row === null) {
          thumbnails.forget(profileId, [fileId])
          continue
        }
        leased.set(key, now() + LEASE_MS)
        tasks.push({ row, sizes })
        if (tasks.length === limit) break
      }
      return tasks
    },
    async store(profileId, row, size, picture) {
      const type = pictureType(picture)
      if (type === null) throw new AppError('INPUT_INVALID', { detail: { field: 'picture' } })
      const prefix = `_${size}`
      const ext = smallPictureExt(row.ext)
      const slaveId = slaveFileId(row.fileId, prefix, ext)
      const store = await client(profileId)
      try {
        await store.uploadSlave(row.fileId, { prefix, ext }, bufferSource(picture))
      } catch (error) {
        if (toAppError(error).code !== 'EXISTS') throw error
      }
      thumbnails.made(profileId, row.fileId, size, slaveId)
      without.delete(keyOf(profileId, row.fileId))
      changed(profileId)
    },
    failed(profileId, fileId, size, code) {
      thumbnails.failed(profileId, fileId, size, code)
      changed(profileId)
    }
  }
}

/** null: there is none, or nothing that could be one. */
async function fetchSmall(store: StoreClient, slaveId: string, signal: AbortSignal): Promise<Buffer | null> {
  const parts: Buffer[] = []
  let bytes = 0
  const sink = {
    write(chunk: Buffer) {
      bytes += chunk.length
      if (bytes > MAX_SLAVE_BYTES) throw new AppError('SIZE_MISMATCH', { detail: { fileId: slaveId } })
      parts.push(Buffer.from(chunk))
      return Promise.resolve()
    }
  }
  try {
    await store.download(slaveId, {}, sink, { signal })
  } catch (error) {
    const { code } = toAppError(error)
    if (code === 'NOT_FOUND' || code === 'SIZE_MISMATCH') return null
    throw error
  }
  const picture = Buffer.concat(parts)
  return pictureType(picture) === null ? null : picture
}

function areaOf(size: string): number {
  const [, width = 0, height = 0] = THUMBNAIL_SIZE.exec(size) ?? []
  return Number(width) * Number(height)
}

/** By its first bytes: nothing else is ever sent to a page as a small picture. */
export function pictureType(bytes: Buffer): string | null {
  if (bytes.length < 12) return null
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'image/jpeg'
  if (bytes.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))) return 'image/png'
  const riff = bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP'
  return riff ? 'image/webp' : null
}
