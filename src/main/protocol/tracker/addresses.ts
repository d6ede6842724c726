import { checkIp, checkPort } from '../fields.ts'
import type { ServerAddress } from '../fields.ts'
import { invalid } from '../reader.ts'
import type { ByteReader } from '../reader.ts'
import type { ByteWriter } from '../writer.ts'

/** Width of an IP address in the answers of 101–107: 15 (IPv4 layout) or 45 (IPv6 layout). A property of the tracker, not of the address. */
export type IpWidth = 15 | 45

/** The tracker protocol's limit of storages in a group. */
const MAX_SERVERS = 32

/** The layout an encoder takes when none is given: the narrow one unless an address needs the wide one. */
export function widthFor(servers: readonly ServerAddress[]): IpWidth {
  return servers.some((s) => s.host.length > 15) ? 45 : 15
}

/**
 * Finds the layout from the content of the first entry (ip W | port 8), which starts at the reader's position: in the
 * wrong layout the port's 8 bytes hold address text or zeros, never 1…65535.
 */
export function detectWidth(r: ByteReader): IpWidth {
  if (isPort(r.peekI64(15))) return 15
  if (isPort(r.peekI64(45))) return 45
  throw invalid('no-address-layout', r.offset)
}

export function isPort(value: bigint | undefined): boolean {
  return value !== undefined && value >= 1n && value <= 65_535n
}

// ip W | port 8
export function writeAddress(w: ByteWriter, address: ServerAddress, width: IpWidth): void {
  w.text(address.host, width)
  w.i64(address.port)
}

export function readAddress(r: ByteReader, width: IpWidth): ServerAddress {
  return { host: checkIp(r.text(width)), port: checkPort(r.i64()) }
}

/** (ip W | port 8) × n until `tail` bytes are left. */
export function readAddresses(r: ByteReader, width: IpWidth, tail: number): ServerAddress[] {
  const servers: ServerAddress[] = []
  do {
    if (servers.length === MAX_SERVERS) throw invalid('too-many-servers')
    servers.push(readAddress(r, width))
  } while (r.remaining > tail)
  return servers
}

export { MAX_SERVERS }
