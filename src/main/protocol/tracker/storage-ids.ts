import { CODES } from '../codes.ts'
import { checkIp, checkPort, input, readGroup, writeGroup } from '../fields.ts'
import { isAddressKey } from '../host-port.ts'
import { invalid } from '../reader.ts'
import type { Codec, Command } from '../types.ts'

/** One line of storage_ids.conf as the tracker hands it out. */
export interface StorageIdEntry {
  /** 1 … 16 777 215, as in file IDs. */
  id: number
  group: string
  /** `ip`, `ip:port`, `ip1,ip2:port` or `[v6]:port`, as it was configured. */
  address: string
  /** none, read, write, both …; '' = not given. */
  rw: string
}

export interface StorageIdPage {
  total: number
  entries: StorageIdEntry[]
}

/**
 * 69. request: start index 4 | [allow empty 1, since 6.11]     response: total 4 | count 4 | lines `id group ip[:port][ rw=…]`
 * Asked again from `startIndex + entries.length` until `total` is reached. Without storage ids: EOPNOTSUPP, or with
 * `allowEmpty` a total of 0.
 */
export const fetchStorageIds: Command<{ startIndex: number; allowEmpty?: boolean }, StorageIdPage> = {
  name: 'fetchStorageIds',
  code: CODES.FETCH_STORAGE_IDS,
  request: {
    encode(w, value) {
      w.i32(value.startIndex)
      if (value.allowEmpty !== undefined) w.u8(value.allowEmpty ? 1 : 0)
    },
    decode(r) {
      const startIndex = r.i32()
      if (startIndex < 0) throw invalid('negative-index')
      if (r.remaining === 0) return { startIndex }
      const allowEmpty = r.u8() !== 0
      r.end()
      return { startIndex, allowEmpty }
    }
  },
  response: {
    encode(w, value) {
      w.i32(value.total)
      w.i32(value.entries.length)
      for (const e of value.entries) w.restText(`${e.id} ${e.group} ${e.address}${e.rw === '' ? '' : ` rw=${e.rw}`}\n`)
    },
    decode(r) {
      const total = r.i32()
      const count = r.i32()
      const entries = r
        .restText()
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map(parseEntry)
      if (count !== entries.length || total < count) throw invalid('count-disagrees')
      return { total, entries }
    }
  },
  maxResponse: 262_144
}

function parseEntry(line: string): StorageIdEntry {
  const match = /^([0-9]{1,8}) ([A-Za-z0-9]{1,16}) ([0-9A-Za-z.:,[\]%-]{2,128})(?: +rw=([a-z]{1,16}))? *$/.exec(line)
  if (match === null) throw invalid('bad-storage-id-line')
  return { id: Number(match[1]), group: match[2]!, address: match[3]!, rw: match[4] ?? '' }
}

/** A storage within its group: `ip` up to 6.15, `ip:port` from 6.16. */
export interface StorageKey {
  group: string
  address: string
}

// group 16 | ip or ip:port = rest
const storageKey: Codec<StorageKey> = {
  encode(w, value) {
    writeGroup(w, value.group)
    if (!isAddressKey(value.address)) throw input('address', value.address, 'ADDRESS_INVALID')
    w.restText(value.address)
  },
  decode(r) {
    const group = readGroup(r)
    const address = r.restText()
    if (!isAddressKey(address)) throw invalid('bad-address')
    return { group, address }
  }
}

/** 70. request: group 16 | ip[:port] = rest     response: storage id text, ≤ 15 (the IP without storage ids) */
export const storageServerId: Command<StorageKey, { id: string }> = {
  name: 'storageServerId',
  code: CODES.STORAGE_GET_SERVER_ID,
  request: storageKey,
  response: {
    encode(w, value) {
      w.restText(value.id)
    },
    decode(r) {
      const id = r.restText()
      r.end()
      if (!/^[0-9A-Fa-f.:]{1,128}$/.test(id)) throw invalid('bad-storage-id')
      return { id }
    }
  },
  maxResponse: 128
}

export interface StorageStatusRecord {
  /** See `storageStateName`. */
  status: number
  port: number
  id: string
  ip: string
  /** Width of the address field: 46 since 6.16.0 (also the default of the encoder), 16 before. */
  ipBytes?: 16 | 46
}

/** 71. request: group 16 | ip[:port] = rest     response: status 1 | port 4 | id 16 | ip 16 or 46 */
export const storageStatus: Command<StorageKey, StorageStatusRecord> = {
  name: 'storageStatus',
  code: CODES.STORAGE_GET_STATUS,
  request: storageKey,
  response: {
    encode(w, value) {
      w.u8(value.status)
      w.i32(value.port)
      w.text(value.id, 16)
      w.text(value.ip, value.ipBytes ?? 46)
    },
    decode(r) {
      const status = r.u8()
      const port = checkPort(r.i32())
      const id = r.text(16)
      const ipBytes = r.remaining
      if (ipBytes !== 16 && ipBytes !== 46) throw invalid('no-record-size')
      return { status, port, id, ip: checkIp(r.text(ipBytes)), ipBytes }
    }
  },
  maxResponse: 67
}
