import { AppError } from '../../shared/errors.ts'
import type { Metadata } from '../../shared/model.ts'

export const MAX_METADATA_NAME_BYTES = 64
export const MAX_METADATA_VALUE_BYTES = 256

const RECORD_END = 0x01
const NAME_END = 0x02

// A byte order mark is content, and bytes of other programs need not be UTF-8: neither may be lost by an exception.
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * name 0x02 value, records separated by 0x01, nothing at the end. Servers cut what is too long in silence and damage
 * what contains a separator, so both are refused here: METADATA_TOO_LONG (a name above 64 or a value above 256 bytes of
 * UTF-8), METADATA_INVALID (0x00–0x02, an empty name, half a surrogate pair). The details name the key.
 * `by-name`: in the order of bytes, as servers answer; the order of a Record's keys is not always the caller's to choose.
 */
export function encodeMetadata(metadata: Metadata, order: 'given' | 'by-name' = 'given'): Buffer {
  const records = Object.entries(metadata).map(([name, value]) => {
    if (name === '') throw new AppError('METADATA_INVALID', { detail: { reason: 'empty-name', name } })
    return { name: field(name, name, 'name', MAX_METADATA_NAME_BYTES), value: field(value, name, 'value', MAX_METADATA_VALUE_BYTES) }
  })
  if (order === 'by-name') records.sort((a, b) => Buffer.compare(a.name, b.name))
  return Buffer.concat(
    records.flatMap((record, i) => [Buffer.from(i > 0 ? [RECORD_END] : []), record.name, Buffer.of(NAME_END), record.value])
  )
}

/**
 * Reads what a server stored, by whatever program: each record is cut at its first 0x02; a record without one, or empty,
 * or without a name is skipped; of equal names the last counts. Names and values end at a NUL: what stands behind it is
 * left over from the server's cutting of long ones. Bytes that are not UTF-8 become U+FFFD.
 */
export function decodeMetadata(bytes: Uint8Array): Metadata {
  const entries: [string, string][] = []
  let start = 0
  while (start < bytes.length) {
    const found = bytes.indexOf(RECORD_END, start)
    const end = found === -1 ? bytes.length : found
    const record = bytes.subarray(start, end)
    const cut = record.indexOf(NAME_END)
    const name = cut === -1 ? '' : textOf(record.subarray(0, cut))
    if (name !== '') entries.push([name, textOf(record.subarray(cut + 1))])
    start = end + 1
  }
  // fromEntries makes own properties of every name, `__proto__` included.
  return Object.fromEntries(entries)
}

function textOf(bytes: Uint8Array): string {
  const nul = bytes.indexOf(0)
  return utf8.decode(nul === -1 ? bytes : bytes.subarray(0, nul))
}

function field(text: string, name: string, part: 'name' | 'value', maxBytes: number): Buffer {
  if (!text.isWellFormed()) throw new AppError('METADATA_INVALID', { detail: { reason: 'broken-character', name, part } })
  const bytes = Buffer.from(text, 'utf8')
  if (bytes.length > maxBytes) throw new AppError('METADATA_TOO_LONG', { detail: { name, part, bytes: bytes.length, maxBytes } })
  if (bytes.some((b) => b <= NAME_END)) throw new AppError('METADATA_INVALID', { detail: { reason: 'separator', name, part } })
  return bytes
}
