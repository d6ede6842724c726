import { CODES } from '../codes.ts'
import { restOfBody } from '../codecs.ts'
import { MAX_NAME_BYTES, checkGroup, checkIp, checkNameToSend, readGroup, writeGroup } from '../fields.ts'
import type { FileRef, ServerAddress } from '../fields.ts'
import { invalid } from '../reader.ts'
import type { Codec, Command } from '../types.ts'
import { MAX_SERVERS, detectWidth, isPort, readAddress, readAddresses, widthFor, writeAddress } from './addresses.ts'
import type { IpWidth } from './addresses.ts'

/** The storage to ask about a file. */
export interface FetchTarget extends ServerAddress {
  group: string
  ipWidth?: IpWidth
}

/** All storages that may be read from, the preferred one first. */
export interface FetchTargets {
  group: string
  servers: ServerAddress[]
  ipWidth?: IpWidth
  /** true: the form of trackers up to 6.15, where one port is shared by all. Only seen, or needed, with two servers or more. */
  sharedPort?: boolean
}

/**
 * group 16 | remote name = rest (22–127). A tracker never looks for the file and takes any name of that length, so the
 * request side checks only the length: a name from here is not safe for a path.
 */
const trackedFile: Codec<FileRef> = {
  encode(w, value) {
    writeGroup(w, value.group)
    w.restText(checkNameToSend(value.remoteName, 22))
  },
  decode(r) {
    const group = readGroup(r)
    if (r.remaining < 22 || r.remaining > MAX_NAME_BYTES) throw invalid('bad-name-length', r.offset)
    return { group, remoteName: restOfBody(r) }
  }
}

// group 16 | ip W | port 8                               W = 15: 39 bytes, W = 45: 69 bytes
const fetchOne: Codec<FetchTarget> = {
  encode(w, value) {
    writeGroup(w, value.group)
    writeAddress(w, value, value.ipWidth ?? widthFor([value]))
  },
  decode(r) {
    const group = checkGroup(r.text(16))
    const ipWidth = detectWidth(r)
    const { host, port } = readAddress(r, ipWidth)
    r.end()
    return { group, host, port, ipWidth }
  }
}

// 6.16 and later:  group 16 | (ip W | port 8) × n
// up to 6.15:      group 16 | ip W | port 8 | ip W × (n − 1)          n 1–32
const fetchAll: Codec<FetchTargets> = {
  encode(w, value) {
    const width = value.ipWidth ?? widthFor(value.servers)
    writeGroup(w, value.group)
    value.servers.forEach((server, i) => {
      if (value.sharedPort && i > 0) w.text(server.host, width)
      else writeAddress(w, server, width)
    })
  },
  decode(r) {
    const group = checkGroup(r.text(16))
    const ipWidth = detectWidth(r)
    // Where a second port would be, the old form has address text (or the body ends): no length decides it, the content does.
    if (r.remaining > ipWidth + 8 && !isPort(r.peekI64(ipWidth + 8 + ipWidth))) {
      const first = readAddress(r, ipWidth)
      const servers = [first]
      while (r.remaining > 0) {
        if (servers.length === MAX_SERVERS) throw invalid('too-many-servers')
        servers.push({ host: checkIp(r.text(ipWidth)), port: first.port })
      }
      return { group, servers, ipWidth, sharedPort: true }
    }
    const servers = readAddresses(r, ipWidth, 0)
    r.end()
    return { group, servers, ipWidth }
  }
}

/** 102. request: group 16 | remote name = rest     response: FETCH-ONE. Asked before each read. */
export const queryFetchOne: Command<FileRef, FetchTarget> = {
  name: 'queryFetchOne',
  code: CODES.QUERY_FETCH_ONE,
  request: trackedFile,
  response: fetchOne,
  maxResponse: 69
}

/** 103. request: group 16 | remote name = rest     response: FETCH-ONE. Asked before each change: names the source. */
export const queryUpdate: Command<FileRef, FetchTarget> = {
  name: 'queryUpdate',
  code: CODES.QUERY_UPDATE,
  request: trackedFile,
  response: fetchOne,
  maxResponse: 69
}

/** 105. request: group 16 | remote name = rest     response: FETCH-ALL */
export const queryFetchAll: Command<FileRef, FetchTargets> = {
  name: 'queryFetchAll',
  code: CODES.QUERY_FETCH_ALL,
  request: trackedFile,
  response: fetchAll,
  maxResponse: 1712
}
