/** The form of a connection: text as it is typed, and what may be sent of it. */
import type { ProfileInput } from '../../../shared/contract.ts'
import type { ClientConf } from '../../../shared/client-conf.ts'
import type { ConnectProposal } from '../../../shared/connect-link.ts'
import { formatAddress, normalWebBase, parseTracker, parseTrackerAddress, splitSharedPort } from '../../../shared/address.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import { toAppError } from '../../../shared/errors.ts'
import type { Diagnosis, Environment, Profile, ProfileColor } from '../../../shared/model.ts'
import { isStorageId } from '../../../shared/storage-ids.ts'

/** One line of a two-column list. `key` keeps its identity while others come and go. */
export interface Pair {
  key: number
  left: string
  right: string
}

export interface ProfileForm {
  id: string | undefined
  builtIn: boolean
  name: string
  /** One address per line; commas and spaces separate as well. */
  trackers: string
  readOnly: boolean
  connectSeconds: number | null
  networkSeconds: number | null
  defaultGroup: string
  /** group ('' = every other) → base address */
  httpBase: Pair[]
  /** as the tracker tells → as reachable from here */
  addressMap: Pair[]
  /** ID of a storage → its addresses (see `storage_ids.conf`). */
  storageIds: Record<string, string[]>
  groupInLinks: boolean
  tokenTtlSeconds: number | null
  color: ProfileColor
  environment: Environment
  /** A new token secret; null = as it is, '' = none any more. Goes its own way, never with the rest. */
  tokenSecret: string | null
}

export type Problem =
  | { tag: 'required' }
  | { tag: 'tooMany'; limit: number }
  | { tag: 'range'; min: number; max: number }
  | { tag: 'group' }
  | { tag: 'url' }
  /** A line for links that names no web address. */
  | { tag: 'noAddress' }
  | { tag: 'twice'; value: string }
  | { tag: 'error'; error: ErrorData }

/** By field: name, trackers, connectSeconds, networkSeconds, defaultGroup, or `httpBase.KEY` / `addressMap.KEY` of a pair. */
export type Problems = Readonly<Record<string, Problem>>

export const MAX_TRACKERS = 16
const SECONDS = { min: 0.1, max: 600 }

export function emptyForm(): ProfileForm {
  return {
    id: undefined,
    builtIn: false,
    name: '',
    trackers: '',
    readOnly: false,
    connectSeconds: 5,
    networkSeconds: 30,
    defaultGroup: '',
    httpBase: [],
    addressMap: [],
    storageIds: {},
    groupInLinks: true,
    tokenTtlSeconds: 600,
    color: 'none',
    environment: 'none',
    tokenSecret: null
  }
}

/** A new connection as a link proposes it. */
export function formOfProposal(proposal: ConnectProposal): ProfileForm {
  const empty = emptyForm()
  const seconds = (ms: number | undefined, otherwise: number | null) => (ms === undefined ? otherwise : ms / 1_000)
  return {
    ...empty,
    name: proposal.name,
    trackers: proposal.trackers.join('\n'),
    readOnly: proposal.readOnly ?? false,
    connectSeconds: seconds(proposal.connectTimeoutMs, empty.connectSeconds),
    networkSeconds: seconds(proposal.networkTimeoutMs, empty.networkSeconds),
    defaultGroup: proposal.defaultGroup ?? '',
    httpBase: pairsOf(proposal.httpBase ?? {}),
    addressMap: pairsOf(proposal.addressMap ?? {}),
    groupInLinks: proposal.groupInLinks ?? empty.groupInLinks,
    tokenTtlSeconds: proposal.tokenTtlSeconds ?? empty.tokenTtlSeconds,
    color: proposal.color ?? empty.color,
    environment: proposal.environment ?? empty.environment
  }
}

function pairsOf(record: Record<string, string>): Pair[] {
  return Object.entries(record).map(([left, right], key) => ({ key, left, right }))
}

export function formOf(profile: Profile): ProfileForm {
  return {
    id: profile.id,
    builtIn: profile.builtIn,
    name: profile.name,
    trackers: profile.trackers.join('\n'),
    readOnly: profile.readOnly,
    connectSeconds: profile.connectTimeoutMs / 1_000,
    networkSeconds: profile.networkTimeoutMs / 1_000,
    defaultGroup: profile.defaultGroup ?? '',
    httpBase: pairsOf(profile.httpBase),
    addressMap: pairsOf(profile.addressMap),
    storageIds: profile.storageIds,
    groupInLinks: profile.groupInLinks,
    tokenTtlSeconds: profile.tokenTtlSeconds,
    color: profile.color,
    environment: profile.environment,
    tokenSecret: null
  }
}

export function addPair(pairs: readonly Pair[]): Pair[] {
  return [...pairs, { key: Math.max(-1, ...pairs.map((pair) => pair.key)) + 1, left: '', right: '' }]
}

/** A line whose address was put into the box for the group: it goes where it belongs. */
export function webPair(pair: Pair): Pair {
  return pair.left.includes('://') && pair.right.trim() === '' ? { ...pair, left: '', right: pair.left.trim() } : pair
}

/** The line that stands for every group without one of its own; it is added where there is none. */
export function withEveryGroup(form: ProfileForm): ProfileForm {
  return form.httpBase.some((pair) => pair.left.trim() === '') ? form : { ...form, httpBase: addPair(form.httpBase) }
}

/** The form with further entries of the address map; those for the same address are replaced. */
export function withAddresses(form: ProfileForm, map: Readonly<Record<string, string>>): ProfileForm {
  const kept = form.addressMap.filter(({ left, right }) => !Object.hasOwn(map, left.trim()) && left + right !== '')
  const addressMap = Object.entries(map).reduce((pairs, [left, right]) => {
    const [added] = addPair(pairs).slice(-1)
    return added === undefined ? pairs : [...pairs, { ...added, left, right }]
  }, kept)
  return { ...form, addressMap }
}

/** Whether there is an address map that says something else than before; lines that are wholly empty do not count. */
export function mapChanged(before: readonly Pair[], after: readonly Pair[]): boolean {
  const said = (pairs: readonly Pair[]) =>
    pairs
      .map(({ left, right }) => `${left.trim()} ${right.trim()}`)
      .filter((line) => line !== ' ')
      .toSorted()
      .join('\n')
  return said(after) !== '' && said(after) !== said(before)
}

/** Whether a test went through the address map and reached every storage that the map concerns. */
export function mapWorks({ steps }: Diagnosis): boolean {
  const storages = steps.filter(({ target }) => target === 'storage')
  return storages.length > 0 && storages.every(({ ok, note }) => ok || (note?.code === 'storage' && note.told === null))
}

/** The form filled with what a configuration says; what it does not say stays. */
export function withConf(form: ProfileForm, conf: ClientConf): ProfileForm {
  return {
    ...form,
    trackers: conf.trackers.join('\n'),
    connectSeconds: conf.connectTimeoutMs === undefined ? form.connectSeconds : conf.connectTimeoutMs / 1000,
    networkSeconds: conf.networkTimeoutMs === undefined ? form.networkSeconds : conf.networkTimeoutMs / 1000,
    tokenSecret: conf.tokenSecret ?? form.tokenSecret,
    tokenTtlSeconds: conf.tokenTtlSeconds ?? form.tokenTtlSeconds,
    httpBase: conf.httpBase === undefined || form.httpBase.length > 0 ? form.httpBase : [{ key: 0, left: '', right: conf.httpBase }]
  }
}

/** What may be sent, or what is wrong with it, field by field. Wholly empty lines of the address mapping are left out. */
export function checkForm(form: ProfileForm): { input: ProfileInput; problems: null } | { input: null; problems: Problems } {
  const problems: Record<string, Problem> = {}
  const name = form.name.trim()
  const trackers = splitAddresses(form.trackers)
  if (!form.builtIn) {
    if (trackers.length === 0) problems['trackers'] = { tag: 'required' }
    else if (trackers.length > MAX_TRACKERS) problems['trackers'] = { tag: 'tooMany', limit: MAX_TRACKERS }
    else {
      const bad = trackers.map(trackerProblem).find((problem) => problem !== null)
      if (bad) problems['trackers'] = bad
    }
    // Without a name of its own it gets that of its first tracker: one complaint is enough.
    if (name === '' && problems['trackers'] === undefined) problems['name'] = { tag: 'required' }
  }

  for (const field of ['connectSeconds', 'networkSeconds'] as const) {
    const seconds = form[field]
    if (seconds === null) problems[field] = { tag: 'required' }
    else if (seconds < SECONDS.min || seconds > SECONDS.max) problems[field] = { tag: 'range', ...SECONDS }
  }

  if (form.tokenTtlSeconds === null) problems['tokenTtlSeconds'] = { tag: 'required' }
  const defaultGroup = form.defaultGroup.trim()
  if (defaultGroup !== '' && !isGroup(defaultGroup)) problems['defaultGroup'] = { tag: 'group' }

  const httpBase = record(form.httpBase.map(webPair), 'httpBase', problems, (pair) => {
    if (pair.right === '') return { tag: 'noAddress' }
    if (pair.left !== '' && !isGroup(pair.left)) return { tag: 'group' }
    return normalWebBase(pair.right) !== null ? null : { tag: 'url' }
  })
  const mapped = form.addressMap.filter(({ left, right }) => left.trim() + right.trim() !== '')
  const addressMap = record(mapped, 'addressMap', problems, (pair) => {
    if (pair.left === '' || pair.right === '') return { tag: 'required' }
    return (isStorageId(pair.left) ? null : addressProblem(pair.left)) ?? addressProblem(pair.right)
  })

  if (Object.keys(problems).length > 0) return { input: null, problems }
  return {
    problems: null,
    input: {
      ...(form.id === undefined ? {} : { id: form.id }),
      // The program knows name and address of its own cluster better; the contract wants some.
      name: name === '' ? 'built-in' : name,
      trackers: trackers.length === 0 ? ['127.0.0.1'] : trackers,
      readOnly: form.readOnly,
      connectTimeoutMs: Math.round((form.connectSeconds as number) * 1_000),
      networkTimeoutMs: Math.round((form.networkSeconds as number) * 1_000),
      defaultGroup: defaultGroup === '' ? null : defaultGroup,
      httpBase,
      addressMap,
      storageIds: form.storageIds,
      groupInLinks: form.groupInLinks,
      tokenTtlSeconds: form.tokenTtlSeconds as number,
      color: form.color,
      environment: form.environment
    }
  }
}

/**
 * Trackers in a text, one per line or separated by commas, semicolons (also full-width) or spaces; each once. 'a,b:22000' without
 * a space stays whole: one tracker with two addresses that share the port, as in client.conf.
 */
export function splitAddresses(text: string): string[] {
  const parts = text
    .split(/[\s;\uff0c\uff1b\u3001]+/u)
    .flatMap((part) => (/:\d+$/.test(part) && trackerProblem(part) === null ? [part] : splitSharedPort(part)))
  return [...new Set(parts.filter((part) => part !== ''))]
}

/** A name for a connection that has none: the host of its first tracker. */
export function suggestName(form: ProfileForm): string {
  const [first] = splitAddresses(form.trackers)
  if (first === undefined || trackerProblem(first) !== null) return ''
  const [address] = parseTracker(first)
  if (address === undefined) return ''
  return address.port === 22122 ? address.host : formatAddress(address)
}

function addressProblem(text: string, parse: (text: string) => unknown = parseTrackerAddress): Problem | null {
  try {
    parse(text)
    return null
  } catch (thrown) {
    return { tag: 'error', error: toAppError(thrown).toData() }
  }
}

function trackerProblem(text: string): Problem | null {
  return addressProblem(text, parseTracker)
}

function isGroup(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,16}$/.test(text)
}

function record(
  pairs: readonly Pair[],
  field: string,
  problems: Record<string, Problem>,
  check: (pair: Pair) => Problem | null
): Record<string, string> {
  const result: Record<string, string> = {}
  for (const { key, ...pair } of pairs) {
    const left = pair.left.trim()
    const right = pair.right.trim()
    const problem = right !== '' && Object.hasOwn(result, left) ? ({ tag: 'twice', value: left } as const) : check({ key, left, right })
    if (problem !== null) problems[`${field}.${key}`] = problem
    else result[left] = right
  }
  return result
}
