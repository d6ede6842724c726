import { CODES } from '../codes.ts'
import { groupOnly, nothing } from '../codecs.ts'
import { checkGroup, writeGroup } from '../fields.ts'
import type { ServerAddress } from '../fields.ts'
import type { Codec, Command } from '../types.ts'
import { detectWidth, readAddress, readAddresses, widthFor, writeAddress } from './addresses.ts'
import type { IpWidth } from './addresses.ts'

/** Where an upload may go. `storePathIndex` is passed unchanged into the upload. */
export interface StoreTarget extends ServerAddress {
  group: string
  storePathIndex: number
  /** The layout it arrived in, or shall be sent in; the encoder chooses when it is missing. */
  ipWidth?: IpWidth
}

/** Every storage of the chosen group that may take an upload. */
export interface StoreTargets {
  group: string
  servers: ServerAddress[]
  storePathIndex: number
  ipWidth?: IpWidth
}

// group 16 | ip W | port 8 | store path index 1          W = 15: 40 bytes, W = 45: 70 bytes
const storeOne: Codec<StoreTarget> = {
  encode(w, value) {
    writeGroup(w, value.group)
    writeAddress(w, value, value.ipWidth ?? widthFor([value]))
    w.u8(value.storePathIndex)
  },
  decode(r) {
    const group = checkGroup(r.text(16))
    const ipWidth = detectWidth(r)
    const { host, port } = readAddress(r, ipWidth)
    const storePathIndex = r.u8()
    r.end()
    return { group, host, port, storePathIndex, ipWidth }
  }
}

// group 16 | (ip W | port 8) × n | store path index 1     17 + 23n or 17 + 53n bytes, n 1–32
const storeAll: Codec<StoreTargets> = {
  encode(w, value) {
    writeGroup(w, value.group)
    for (const server of value.servers) writeAddress(w, server, value.ipWidth ?? widthFor(value.servers))
    w.u8(value.storePathIndex)
  },
  decode(r) {
    const group = checkGroup(r.text(16))
    const ipWidth = detectWidth(r)
    const servers = readAddresses(r, ipWidth, 1)
    const storePathIndex = r.u8()
    r.end()
    return { group, servers, storePathIndex, ipWidth }
  }
}

/** 101. request: empty     response: STORE-ONE. The tracker chooses group and storage. */
export const queryStoreOne: Command<void, StoreTarget> = {
  name: 'queryStoreOne',
  code: CODES.QUERY_STORE_WITHOUT_GROUP_ONE,
  request: nothing,
  response: storeOne,
  maxResponse: 70
}

/** 104. request: group 16     response: STORE-ONE */
export const queryStoreOneInGroup: Command<{ group: string }, StoreTarget> = {
  name: 'queryStoreOneInGroup',
  code: CODES.QUERY_STORE_WITH_GROUP_ONE,
  request: groupOnly,
  response: storeOne,
  maxResponse: 70
}

/** 106. request: empty     response: STORE-ALL */
export const queryStoreAll: Command<void, StoreTargets> = {
  name: 'queryStoreAll',
  code: CODES.QUERY_STORE_WITHOUT_GROUP_ALL,
  request: nothing,
  response: storeAll,
  maxResponse: 1713
}

/** 107. request: group 16     response: STORE-ALL */
export const queryStoreAllInGroup: Command<{ group: string }, StoreTargets> = {
  name: 'queryStoreAllInGroup',
  code: CODES.QUERY_STORE_WITH_GROUP_ALL,
  request: groupOnly,
  response: storeAll,
  maxResponse: 1713
}
