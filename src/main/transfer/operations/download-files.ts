import { closeSync, existsSync, fsync, linkSync, openSync, renameSync, statSync, unlinkSync, writeSync } from 'node:fs'
import { open, rm, stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { crc32 } from 'node:zlib'
import { AppError } from '../../../shared/errors.ts'
import { onDisk, onDiskSync } from '../on-disk.ts'
import { PART } from '../targets.ts'
import type { Target } from '../targets.ts'

const flush = promisify(fsync)
const READ_BYTES = 1024 * 1024
/** File systems note times less exactly than the clock tells them; FAT in steps of two seconds. */
const CLOCK_GRACE_MS = 2_000

/** A small file in one go: created, written, flushed, closed. */
export async function writeSmall(path: string, bytes: Buffer): Promise<void> {
  const fd = onDiskSync(path, () => openSync(path, 'w'))
  try {
    onDiskSync(path, () => {
      for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at)
    })
    await onDisk(path, () => flush(fd))
  } catch (error) {
    onDiskSync(path, () => closeSync(fd))
    await removeQuietly(path)
    throw error
  }
  onDiskSync(path, () => closeSync(fd))
}

/**
 * Gives the finished file its name. Unless it may overwrite, it never replaces a file that appeared meanwhile: with `rename` it
 * asks `again` for another name, with `skip` it throws TARGET_EXISTS. Returns the path.
 */
export function moveIntoPlace(target: Target, conflict: 'rename' | 'overwrite' | 'skip', again: () => string): string {
  const { partPath } = target
  if (!existsSync(partPath)) return target.finalPath
  if (conflict === 'overwrite') {
    onDiskSync(target.finalPath, () => renameSync(partPath, target.finalPath))
    return target.finalPath
  }
  for (let finalPath = target.finalPath; ; finalPath = again()) {
    if (moveUnlessTaken(partPath, finalPath)) return finalPath
    if (conflict === 'skip') throw new AppError('TARGET_EXISTS', { detail: { path: finalPath } })
  }
}

/** A second name for the same file fails where the name is taken; renaming would replace what is there. */
function moveUnlessTaken(partPath: string, finalPath: string): boolean {
  try {
    linkSync(partPath, finalPath)
  } catch {
    if (existsSync(finalPath)) {
      if (!isSameFile(partPath, finalPath)) return false
      // The program ended between the two steps.
      onDiskSync(partPath, () => unlinkSync(partPath))
      return true
    }
    // A file system without such links: nothing is there, so renaming replaces nothing.
    onDiskSync(finalPath, () => renameSync(partPath, finalPath))
    return true
  }
  onDiskSync(partPath, () => unlinkSync(partPath))
  return true
}

/** Two names of one file. */
function isSameFile(a: string, b: string): boolean {
  const [first, second] = [a, b].map((path) => statSync(path, { bigint: true, throwIfNoEntry: false }))
  return first !== undefined && second !== undefined && first.ino === second.ino && first.dev === second.dev
}

/**
 * The `.part` of a small file is not journalled; when the program ended in the middle, it is known by what is in it. One that is
 * older than the batch, too long, or whole with another content belongs to somebody else.
 */
export async function removeOwnPart(
  finalPath: string,
  wanted: { sizeBytes: number; crc32: number },
  notBefore: number,
  signal: AbortSignal
): Promise<void> {
  const partPath = finalPath + PART
  const facts = statSync(partPath, { throwIfNoEntry: false })
  if (facts === undefined || !facts.isFile()) return
  if (!isSameFile(partPath, finalPath)) {
    if (facts.size > wanted.sizeBytes || facts.mtimeMs < notBefore - CLOCK_GRACE_MS) return
    if (facts.size === wanted.sizeBytes && (await crcOfFile(partPath, facts.size, '', signal)) !== wanted.crc32) return
  }
  await removeQuietly(partPath)
}

/** CRC-32 of a file of exactly this size, when it is there and no `.part` is; null otherwise. */
export async function crcOfFile(path: string, sizeBytes: number, partPath: string, signal: AbortSignal): Promise<number | null> {
  if (existsSync(partPath) || !existsSync(path)) return null
  return onDisk(path, async () => {
    if ((await stat(path)).size !== sizeBytes) return null
    const handle = await open(path, 'r')
    try {
      return await crcOfRange(handle, 0, sizeBytes, signal)
    } finally {
      await handle.close()
    }
  })
}

/** CRC-32 of [offset, offset + length) of an open file; null when it ends before. */
export async function crcOfRange(
  handle: { read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ bytesRead: number }> },
  offset: number,
  length: number,
  signal: AbortSignal
): Promise<number | null> {
  const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, Math.max(1, length)))
  let crc = 0
  for (let at = 0; at < length;) {
    signal.throwIfAborted()
    const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, length - at), offset + at)
    if (bytesRead === 0) return null
    crc = crc32(buffer.subarray(0, bytesRead), crc)
    at += bytesRead
  }
  return crc
}

export async function removeQuietly(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined)
}
