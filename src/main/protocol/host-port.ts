import { isIPv4, isIPv6 } from '../../shared/address.ts'
import { checkIp, checkPort } from './fields.ts'
import type { ServerAddress } from './fields.ts'
import { invalid } from './reader.ts'

/** `127.0.0.1:22122` or `[::1]:22122`, as servers write it. The host must be an IP address: PROTOCOL_INVALID. */
export function parseHostPort(text: string): ServerAddress {
  const colon = text.lastIndexOf(':')
  const port = text.slice(colon + 1)
  if (colon === -1 || !/^[0-9]{1,5}$/.test(port)) throw invalid('bad-port')
  const host = text.slice(0, colon)
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host
  return { host: checkIp(bare), port: checkPort(Number(port)) }
}

/** An address with or without a port: the keys of commands 70 and 71 before 6.16 have none. */
export function isAddressKey(text: string): boolean {
  if (isIPv4(text) || isIPv6(text)) return true
  try {
    parseHostPort(text)
    return true
  } catch {
    return false
  }
}
