/**
 * Reads `storage_ids.conf` of FastDFS (protocol page, section 10.1): which addresses belong to one storage server. Pure and total: a
 * text of any content gives a result, and what was not understood is told in `notes`.
 */
import { formatAddress, isIPv6, normalPlace, parseTrackerAddress } from './address.ts'
import { isGroupName } from './file-id.ts'

export interface StorageIds {
  /** ID → its addresses ('host', or 'host:port' where the file names a port), at most two each. */
  storages: Record<string, string[]>
  /** Lines that were not understood, and IDs that came twice. */
  notes: string[]
}

const MAX_CHARACTERS = 1_000_000
const MAX_STORAGE_IDS = 10_000
const MAX_ADDRESSES = 2
const MAX_NOTES = 20
const MAX_ID = 16_777_215
const NO_PORT = 65_535

/** Whether a text is the number of a storage server, as file IDs and `storage_ids.conf` use it. */
export function isStorageId(text: string): boolean {
  return /^[1-9]\d{0,7}$/.test(text) && Number(text) <= MAX_ID
}

/** Lines `id group ip[,ip2][:port] [rw=…]`; `#` begins a comment. */
export function parseStorageIds(text: string): StorageIds {
  const result: StorageIds = { storages: {}, notes: [] }
  const note = (line: string): void => {
    if (result.notes.length < MAX_NOTES) result.notes.push(line.slice(0, 200))
  }
  let count = 0
  for (const raw of text
    .slice(0, MAX_CHARACTERS)
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const [id = '', group = '', where = '', options, ...more] = line.split(/\s+/)
    const known = options === undefined || /^rw=(none|read|readonly|write|writeonly|both|all)$/i.test(options)
    const addresses = known && more.length === 0 && isStorageId(id) && isGroupName(group) ? readAddresses(where) : null
    if (addresses === null || Object.hasOwn(result.storages, id) || count >= MAX_STORAGE_IDS) {
      note(line)
      continue
    }
    result.storages[id] = addresses
    count += 1
  }
  return result
}

/** Whether a text means to be such a file: its first line that says something begins with a number and a group. */
export function looksLikeStorageIds(text: string): boolean {
  const first = text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
    .find((line) => line.trim() !== '' && !line.trim().startsWith('#'))
  return first !== undefined && /^\s*\d+\s+[\w-]+\s+\S+/.test(first)
}

/** 'ip[,ip2][:port]': the port holds for both. */
function readAddresses(text: string): string[] | null {
  const parts = text.split(',')
  if (parts.length > MAX_ADDRESSES) return null
  try {
    const read = parts.map((part) => parseTrackerAddress(isIPv6(part) ? `[${part}]` : part, NO_PORT))
    const port = read.at(-1)?.port ?? NO_PORT
    return [
      ...new Set(read.map((address) => (port === NO_PORT ? normalPlace(formatAddress(address)) : formatAddress({ ...address, port }))))
    ]
  } catch {
    return null
  }
}
