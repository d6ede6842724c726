import { AppError } from './errors.ts'

/** Port of a tracker whose address names none. */
export const DEFAULT_TRACKER_PORT = 22122

/** A server address as people write it, taken apart. `host` has no brackets. */
export interface HostPort {
  readonly host: string
  readonly port: number
}

/**
 * Reads 'host', 'host:port', '[v6]' or '[v6]:port' as a user types or pastes it. Full-width characters of Chinese input
 * methods ('：', '．') are understood. An IPv6 address needs brackets, because '::1:22122' has two readings.
 * Throws ADDRESS_INVALID with the text and what is wrong with it.
 */
export function parseTrackerAddress(text: string, defaultPort = DEFAULT_TRACKER_PORT): HostPort {
  const address = text.normalize('NFKC').replaceAll('。', '.').trim()
  const fail = (reason: string): never => {
    throw new AppError('ADDRESS_INVALID', { detail: { address: text.slice(0, 300), reason } })
  }
  if (address === '') return fail('empty')

  const bracketed = /^\[([^\]]*)\](?::(.*))?$/s.exec(address)
  if (bracketed) {
    const [, host = '', port] = bracketed
    if (!isIPv6(host)) return fail('not an IPv6 address')
    return { host, port: port === undefined ? defaultPort : (parsePort(port) ?? fail('port must be 1 to 65535')) }
  }

  const [host = '', port, ...rest] = address.split(':')
  if (rest.length > 0) return fail(isIPv6(address) ? 'write an IPv6 address in brackets' : 'too many colons')
  if (!isHostName(host)) return fail('not a host name or IP address')
  return { host, port: port === undefined ? defaultPort : (parsePort(port) ?? fail('port must be 1 to 65535')) }
}

/** 'host:port', with brackets around an IPv6 address: the form of all error details, maps and settings. */
export function formatAddress(address: HostPort): string {
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`
}

function parsePort(text: string): number | null {
  if (!/^\d{1,5}$/.test(text)) return null
  const port = Number(text)
  return port >= 1 && port <= 65535 ? port : null
}

function isHostName(text: string): boolean {
  if (text.length === 0 || text.length > 253) return false
  // All digits and dots is meant as IPv4; '10.0.0' or '10.0.0.256' would be read by some resolvers as another address.
  if (/^[\d.]+$/.test(text)) return isIPv4(text)
  const labels = (text.endsWith('.') ? text.slice(0, -1) : text).split('.')
  return labels.every((label) => /^[\p{L}\p{N}_]([\p{L}\p{N}\p{M}_-]{0,61}[\p{L}\p{N}\p{M}_])?$/u.test(label))
}

export function isIPv4(text: string): boolean {
  const parts = text.split('.')
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
}

export function isIPv6(text: string): boolean {
  const [address = '', zone, ...more] = text.split('%')
  if (more.length > 0 || (zone !== undefined && !/^[\w.-]{1,32}$/.test(zone))) return false
  const halves = address.split('::')
  if (halves.length > 2) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  const last = groups.at(-1)
  let count = groups.length
  if (last?.includes('.')) {
    if (!isIPv4(last)) return false
    groups.pop()
    count++
  }
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false
  return halves.length === 2 ? count <= 7 : count === 8
}

/** The one form of a host that all its ways of writing share: lower case, IPv6 as short as it goes. Zones are part of an address. */
export function canonicalHost(host: string): string {
  const short = isIPv6(host) && !host.includes('%') ? URL.parse(`http://[${host}]/`)?.hostname.slice(1, -1) : undefined
  return short ?? host.toLowerCase()
}

/** An address that may stand for every port of its host, in its normal form: 'host', '[v6]' or with a port. */
export function normalPlace(text: string): string {
  const { host, port } = parseTrackerAddress(text, ANY_PORT)
  if (port !== ANY_PORT) return formatAddress({ host, port })
  return host.includes(':') ? `[${host}]` : host
}

/** Nobody listens there. */
const ANY_PORT = 65_535

const OWN_PORT = /(\]:|^[^:]+:)\d+$/

/** 'a,b:22122' names one server by several addresses, which share the port: each as an address of its own. */
export function splitSharedPort(value: string): string[] {
  const addresses = value.split(',').map((part) => part.trim())
  const port = /(?:^|[^:]|\]):(\d+)$/.exec(addresses.at(-1) ?? '')?.[1]
  if (port === undefined || addresses.length === 1) return addresses
  return addresses.map((address) => (OWN_PORT.test(address) ? address : `${address}:${port}`))
}

/** As FastDFS: addresses in different networks. */
const MAX_SHARED = 2

/**
 * A tracker as a user or `client.conf` names it: 'host[:port]', or two addresses of one server that share a port
 * ('10.0.0.1,192.168.1.1:22122'). Throws ADDRESS_INVALID.
 */
export function parseTracker(text: string): HostPort[] {
  const addresses = splitSharedPort(text).map((address) => parseTrackerAddress(address))
  // Two with ports of their own are two trackers.
  if (
    addresses.length <= MAX_SHARED &&
    !text
      .split(',')
      .slice(0, -1)
      .some((part) => OWN_PORT.test(part.trim()))
  )
    return addresses
  throw new AppError('ADDRESS_INVALID', { detail: { address: text.slice(0, 300), reason: 'not one tracker' } })
}

/** The normal form of a tracker: the port behind its last address. */
export function formatTracker(addresses: readonly HostPort[]): string {
  const last = addresses.at(-1)
  const hosts = addresses.slice(0, -1).map(({ host }) => (host.includes(':') ? `[${host}]` : host))
  return [...hosts, ...(last ? [formatAddress(last)] : [])].join(',')
}

/**
 * The beginning of links in its normal form (http or https, without slash at the end), or null for what cannot be one: other
 * schemes, user names, and whatever follows a path.
 */
export function normalWebBase(text: string): string | null {
  const url = URL.parse(text.trim())
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return null
  // Chromium takes a space in the name of a host for a part of it.
  if (/[\s%]/.test(url.hostname) || /\s/.test(text.trim())) return null
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return null
  return url.href.replace(/\/+$/, '')
}
