/**
 * `fastdfs-desktop://connect?tracker=host:port&…`: a connection as a link, for a wiki page or a mail. Whoever made it is a stranger:
 * everything in it is checked, nothing in it is a secret, and nothing of it is stored before the user has seen and accepted it.
 *
 * tracker (1 to 16, may repeat) · name · group (for uploads) · http and http.GROUP (web addresses) · map (told>reachable, may
 * repeat) · readonly=1 · nogroup=1 (links begin behind the group) · connect, network, ttl (seconds) · color · environment
 */
import { formatTracker, normalPlace, normalWebBase, parseTracker } from './address.ts'
import { ENVIRONMENTS, PROFILE_COLORS } from './contract.ts'
import type { ProfileInput } from './contract.ts'
import { DEEP_LINK_SCHEME } from './deep-link.ts'
import { AppError } from './errors.ts'
import { isGroupName } from './file-id.ts'
import type { Profile } from './model.ts'

const PREFIX = `${DEEP_LINK_SCHEME}://connect`

const MAX_CHARACTERS = 8_192
const MAX_PARAMETERS = 100
const MAX_TRACKERS = 16
const MAX_NAME = 120

export type ConnectProposal = Omit<ProfileInput, 'id'>

/**
 * What a link proposes, every address in its normal form. Throws CONNECT_LINK_INVALID, with the parameter that is wrong, for anything
 * that is not wholly understood: half a connection would lead elsewhere than its maker meant.
 */
export function parseConnectLink(text: string): ConnectProposal {
  const link = text.trim()
  if (link.length > MAX_CHARACTERS) throw invalid('too long')
  const found = /^([a-z-]+):\/\/connect\/?\?([^#]*)$/i.exec(link)
  if (found?.[1]?.toLowerCase() !== DEEP_LINK_SCHEME) throw invalid('not a connect link')
  const parameters = [...new URLSearchParams(found[2])]
  if (parameters.length > MAX_PARAMETERS) throw invalid('too long')

  const trackers = new Set<string>()
  const httpBase: Record<string, string> = {}
  const addressMap: Record<string, string> = {}
  const once = new Map<string, string>()
  for (const [key, value] of parameters) {
    if (key === 'tracker') trackers.add(addressOf(key, value))
    else if (key === 'map') {
      const [told = '', reachable = '', ...more] = value.split('>')
      if (more.length > 0) throw invalid(key)
      const from = placeOf(key, told)
      if (Object.hasOwn(addressMap, from)) throw invalid(key)
      addressMap[from] = placeOf(key, reachable)
    } else if (key === 'http' || key.startsWith('http.')) {
      const group = key.slice('http.'.length)
      const base = normalWebBase(value)
      if (base === null || (group !== '' && !isGroupName(group)) || Object.hasOwn(httpBase, group)) throw invalid(key)
      httpBase[group] = base
    } else {
      if (!ONCE.has(key) || once.has(key)) throw invalid(key)
      once.set(key, value)
    }
  }
  const [first] = trackers
  if (first === undefined || trackers.size > MAX_TRACKERS) throw invalid('tracker')

  const choice = <T extends string>(key: string, values: readonly T[]): T | undefined => {
    const value = once.get(key)
    const known = values.find((each) => each === value)
    if (value !== undefined && known === undefined) throw invalid(key)
    return known
  }
  const seconds = (key: string, max: number): number | undefined => {
    const value = once.get(key)
    if (value === undefined) return undefined
    if (!/^\d{1,9}$/.test(value) || Number(value) < 1 || Number(value) > max) throw invalid(key)
    return Number(value)
  }
  const group = once.get('group')
  if (group !== undefined && !isGroupName(group)) throw invalid('group')
  const connect = seconds('connect', 600)
  const network = seconds('network', 600)
  const tokenTtlSeconds = seconds('ttl', 315_360_000)
  const color = choice('color', PROFILE_COLORS)
  const environment = choice('environment', ENVIRONMENTS)
  return {
    name: nameOf(once.get('name') ?? first),
    trackers: [...trackers],
    readOnly: choice('readonly', ['0', '1']) === '1',
    ...(choice('nogroup', ['0', '1']) === '1' ? { groupInLinks: false } : {}),
    httpBase,
    addressMap,
    ...(group === undefined ? {} : { defaultGroup: group }),
    ...(connect === undefined ? {} : { connectTimeoutMs: connect * 1000 }),
    ...(network === undefined ? {} : { networkTimeoutMs: network * 1000 }),
    ...(tokenTtlSeconds === undefined ? {} : { tokenTtlSeconds }),
    ...(color === undefined ? {} : { color }),
    ...(environment === undefined ? {} : { environment })
  }
}

const ONCE: ReadonlySet<string> = new Set(['name', 'group', 'readonly', 'nogroup', 'connect', 'network', 'ttl', 'color', 'environment'])

/** The link of a connection, for others. The token secret and the list of storages are no part of it. */
export function formatConnectLink(profile: Omit<Profile, 'id' | 'builtIn' | 'storageIds'>): string {
  const query = new URLSearchParams({ name: profile.name })
  for (const tracker of profile.trackers) query.append('tracker', tracker)
  if (profile.defaultGroup !== null) query.set('group', profile.defaultGroup)
  for (const [group, base] of Object.entries(profile.httpBase)) query.set(group === '' ? 'http' : `http.${group}`, base)
  for (const [told, reachable] of Object.entries(profile.addressMap)) query.append('map', `${told}>${reachable}`)
  if (profile.readOnly) query.set('readonly', '1')
  if (!profile.groupInLinks) query.set('nogroup', '1')
  query.set('connect', String(Math.max(1, Math.round(profile.connectTimeoutMs / 1000))))
  query.set('network', String(Math.max(1, Math.round(profile.networkTimeoutMs / 1000))))
  query.set('ttl', String(profile.tokenTtlSeconds))
  if (profile.color !== 'none') query.set('color', profile.color)
  if (profile.environment !== 'none') query.set('environment', profile.environment)
  return `${PREFIX}?${query.toString()}`
}

function addressOf(key: string, text: string): string {
  try {
    return formatTracker(parseTracker(text))
  } catch {
    throw invalid(key)
  }
}

/** In its normal form; an address without port stays so: it stands for every port of its host. */
function placeOf(key: string, text: string): string {
  try {
    return normalPlace(text)
  } catch {
    throw invalid(key)
  }
}

/** Characters that turn the writing around or hide in it would show another name than the one that is stored. */
function nameOf(text: string): string {
  const name = text.trim()
  if (name === '' || name.length > MAX_NAME || /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u.test(name)) throw invalid('name')
  return name
}

function invalid(reason: string): AppError {
  return new AppError('CONNECT_LINK_INVALID', { detail: { reason: reason.slice(0, 60) } })
}
