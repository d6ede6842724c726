import { CODES } from '../codes.ts'
import { checkGroup, checkIp, checkPort, writeGroup } from '../fields.ts'
import { invalid } from '../reader.ts'
import type { Command } from '../types.ts'

/**
 * 60. request: group 16 (up to 6.15), or group 17 | port 4     response: the caller's address as the tracker sees it,
 * two joined by a comma at most
 */
export const storageMyIp: Command<{ group: string; port?: number }, { addresses: string[] }> = {
  name: 'storageMyIp',
  code: CODES.STORAGE_GET_MY_IP,
  request: {
    encode(w, value) {
      writeGroup(w, value.group)
      if (value.port === undefined) return
      w.u8(0)
      w.i32(value.port)
    },
    decode(r) {
      if (r.remaining === 16) return { group: checkGroup(r.text(16)) }
      const value = { group: checkGroup(r.text(17)), port: checkPort(r.i32()) }
      r.end()
      return value
    }
  },
  response: {
    encode(w, value) {
      w.restText(value.addresses.join(','))
    },
    decode(r) {
      const addresses = r.restText().split(',').map(checkIp)
      r.end()
      if (addresses.length > 2) throw invalid('too-many-addresses')
      return { addresses }
    }
  },
  maxResponse: 128
}

/** 109. request: [ip text,] port 4 (no text: the caller's own address)     response: group 16. EOPNOTSUPP without storage ids. */
export const storageGroupName: Command<{ ip?: string; port: number }, { group: string }> = {
  name: 'storageGroupName',
  code: CODES.STORAGE_GET_GROUP_NAME,
  request: {
    encode(w, value) {
      if (value.ip !== undefined) w.restText(value.ip)
      w.i32(value.port)
    },
    decode(r) {
      const ip = r.remaining > 4 ? checkIp(r.text(r.remaining - 4)) : undefined
      const port = checkPort(r.i32())
      return ip === undefined ? { port } : { ip, port }
    }
  },
  response: {
    encode(w, value) {
      writeGroup(w, value.group)
    },
    decode(r) {
      const group = checkGroup(r.text(16))
      r.end()
      return { group }
    }
  },
  maxResponse: 16
}
