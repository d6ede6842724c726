import { isIPv4, isIPv6 } from '../../shared/address.ts'
import { AppError } from '../../shared/errors.ts'
import type { ErrorCode } from '../../shared/errors.ts'
import { invalid } from './reader.ts'
import type { ByteReader } from './reader.ts'
import type { ByteWriter } from './writer.ts'

/** A file as the protocol names it: `group1` and `M00/00/00/…` (no group, no leading slash). */
export interface FileRef {
  group: string
  remoteName: string
}

/** Address of a storage as a tracker tells it. `host` is an IP address without brackets. */
export interface ServerAddress {
  host: string
  port: number
}

export const GROUP_BYTES = 16
export const MAX_NAME_BYTES = 127
/** A storage closes on a body without content above this (header and body stay below 256 KiB). */
export const MAX_STORAGE_BODY = 262_133

const GROUP = /^[A-Za-z0-9]{1,16}$/
const EXT = /^[A-Za-z0-9._-]{0,6}$/
const PREFIX = /^[A-Za-z0-9._-]{1,16}$/
/** A colon may stand among the random digits behind the coded part (see shared/file-id.ts). */
const REMOTE_NAME = /^(?:M[0-9A-F]{2}\/)?[0-9A-F]{2}\/[0-9A-F]{2}\/(?:[A-Za-z0-9_-]{27,49}:[0-9:]{0,6})?[A-Za-z0-9._-]*$/

export function isGroup(text: string): boolean {
  return GROUP.test(text)
}

/**
 * `[Mxx/]HH/HH/name`, 11 to 127 characters, nothing that could leave its directory. A name that passes is safe to be
 * joined to a store path.
 */
export function isRemoteName(text: string): boolean {
  return text.length > 10 && text.length <= MAX_NAME_BYTES && REMOTE_NAME.test(text) && !/\/\.{0,2}$/.test(text)
}

export function isExt(text: string): boolean {
  return EXT.test(text)
}

/** Prefix of a slave file. `-m` without an extension is refused by storages: it would be the metadata file. */
export function isSlavePrefix(text: string): boolean {
  return PREFIX.test(text)
}

// ── Request side: what we are asked to send ──────────────────────────────────────────────────────────────────

export function writeGroup(w: ByteWriter, group: string): void {
  if (!isGroup(group)) throw new AppError('GROUP_INVALID', { detail: { group } })
  w.text(group, GROUP_BYTES)
}

/** The group of a request on the server's side: 16 bytes, PROTOCOL_INVALID unless it can be a group at all. */
export function readGroup(r: ByteReader): string {
  return checkGroup(r.text(GROUP_BYTES))
}

export function checkGroup(group: string): string {
  if (!isGroup(group)) throw invalid('bad-group')
  return group
}

/** Throws FILE_ID_INVALID unless the name can be sent. `minBytes`: 44 for the commands that want a full name. */
export function checkNameToSend(remoteName: string, minBytes = 11): string {
  if (!isRemoteName(remoteName) || remoteName.length < minBytes) {
    throw new AppError('FILE_ID_INVALID', { detail: { remoteName: remoteName.slice(0, 200) } })
  }
  return remoteName
}

/** A remote name that arrived: PROTOCOL_INVALID unless it is harmless and long enough. */
export function checkNameReceived(remoteName: string, minBytes = 11): string {
  if (!isRemoteName(remoteName) || remoteName.length < minBytes) throw invalid('bad-file-name')
  return remoteName
}

/** A length field that must lie in `min`…127 and in what is left of the body. */
export function readNameLength(r: ByteReader, min: number): number {
  const length = r.size()
  if (length < min || length > MAX_NAME_BYTES) throw invalid('bad-name-length', r.offset - 8)
  return length
}

export function writeExt(w: ByteWriter, ext: string): void {
  if (!isExt(ext)) throw input('ext', ext)
  w.text(ext, 6)
}

export function readExt(r: ByteReader): string {
  const ext = r.text(6)
  if (!isExt(ext)) throw invalid('bad-extension')
  return ext
}

export function writeSize(w: ByteWriter, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) throw input('size', value)
  w.i64(value)
}

// ── Response side: what a peer tells ─────────────────────────────────────────────────────────────────────────

export function checkPort(port: bigint | number): number {
  const value = Number(port)
  if (!Number.isInteger(value) || value < 1 || value > 65_535) throw invalid('bad-port')
  return value
}

/** Text that must be an IPv4 or IPv6 address. */
export function checkIp(text: string): string {
  if (!isIPv4(text) && !isIPv6(text)) throw invalid('bad-address')
  return text
}

export function input(field: string, value: string | number, code: ErrorCode = 'INPUT_INVALID'): AppError {
  return new AppError(code, { detail: { field, value } })
}
