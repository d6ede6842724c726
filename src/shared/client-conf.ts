/**
 * Reads `client.conf` of FastDFS (protocol page, section 10.1): `key = value`, `#` comments, `[section]`, `#include file`. Pure and
 * total: a text of any content gives a result, and what was not understood is told in `notes`.
 */
import { formatTracker, parseTracker } from './address.ts'

/** What a configuration says about a connection; undefined = nothing. */
export interface ClientConf {
  /** Each once in its normal form (see `formatTracker`), at most 16. */
  trackers: string[]
  connectTimeoutMs?: number
  networkTimeoutMs?: number
  /** `http.anti_steal.secret_key`. */
  tokenSecret?: string
  tokenTtlSeconds?: number
  /** Where old trackers served files: 'http://host:port' (`http.tracker_server_port`, gone since 6.06). */
  httpBase?: string
  notes: ConfNote[]
}

export type ConfNote =
  /** A file that is included but was not given. */
  | { code: 'includeMissing'; text: string }
  /** Files that include each other, or too deep. */
  | { code: 'includeDepth'; text: string }
  | { code: 'trackerInvalid'; text: string }
  /** More trackers than a client takes. */
  | { code: 'tooManyTrackers'; text: string }
  | { code: 'numberInvalid'; text: string }
  /** Neither comment, section nor 'key = value'. */
  | { code: 'notUnderstood'; text: string }
  /** The text is too long to be a configuration; the rest was not read. */
  | { code: 'tooLong'; text: string }

const MAX_CHARACTERS = 1_000_000
const MAX_INCLUDES = 8
const MAX_TRACKERS = 16
const MAX_NOTES = 50

/** `included` gives the text of an included file by its name as it is written, or null. */
export function parseClientConf(text: string, included: (name: string) => string | null = () => null): ClientConf {
  const notes: ConfNote[] = []
  const note = (code: ConfNote['code'], what: string): void => {
    if (notes.length < MAX_NOTES) notes.push({ code, text: what.slice(0, 200) })
  }
  const values = new Map<string, string[]>()
  const budget = { characters: MAX_CHARACTERS, files: MAX_INCLUDES }

  const read = (content: string, open: readonly string[]): void => {
    if (content.length > budget.characters) note('tooLong', open.at(-1) ?? '')
    const body = content.slice(0, budget.characters)
    budget.characters -= body.length
    let section = ''
    for (const raw of body.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)) {
      const line = raw.trim()
      const include = /^#include\s+(.+)$/.exec(line)?.[1]?.trim()
      if (include !== undefined) {
        const inner = open.includes(include) || budget.files <= 0 ? undefined : included(include)
        if (inner === undefined) note('includeDepth', include)
        else if (inner === null) note('includeMissing', include)
        else {
          budget.files -= 1
          read(inner, [...open, include])
        }
        continue
      }
      if (line === '' || line.startsWith('#')) continue
      const header = /^\[([^\]]*)\]$/.exec(line)?.[1]
      if (header !== undefined) {
        section = header.trim()
        continue
      }
      const at = line.indexOf('=')
      if (at <= 0) {
        note('notUnderstood', line)
        continue
      }
      // Clients read the keys outside of sections.
      if (section !== '') continue
      const key = line.slice(0, at).trim()
      values.set(key, [...(values.get(key) ?? []), line.slice(at + 1).trim()])
    }
  }
  read(text, [])

  const last = (key: string): string | undefined => values.get(key)?.at(-1)
  const number = (key: string, min: number, max: number): number | undefined => {
    const given = last(key)
    if (given === undefined || given === '') return undefined
    if (/^\d{1,9}$/.test(given) && Number(given) >= min && Number(given) <= max) return Number(given)
    note('numberInvalid', `${key} = ${given}`)
    return undefined
  }
  const conf: ClientConf = { trackers: [], notes }
  const trackers = new Set<string>()
  for (const value of values.get('tracker_server') ?? []) {
    try {
      const tracker = formatTracker(parseTracker(value))
      if (trackers.size >= MAX_TRACKERS && !trackers.has(tracker)) note('tooManyTrackers', tracker)
      else trackers.add(tracker)
    } catch {
      note('trackerInvalid', value)
    }
  }
  conf.trackers = [...trackers]
  const connect = number('connect_timeout', 1, 600)
  if (connect !== undefined) conf.connectTimeoutMs = connect * 1000
  const network = number('network_timeout', 1, 600)
  if (network !== undefined) conf.networkTimeoutMs = network * 1000
  const ttl = number('http.anti_steal.token_ttl', 1, 315_360_000)
  if (ttl !== undefined) conf.tokenTtlSeconds = ttl
  const secret = last('http.anti_steal.secret_key')
  if (secret !== undefined && secret !== '' && isTrue(last('http.anti_steal.check_token') ?? 'true'))
    conf.tokenSecret = secret.slice(0, 256)
  const webPort = number('http.tracker_server_port', 1, 65_535)
  const [first] = conf.trackers
  const [address] = first === undefined ? [] : parseTracker(first)
  if (webPort !== undefined && address !== undefined) {
    const { host } = address
    const shown = host.includes(':') ? `[${host}]` : host
    conf.httpBase = webPort === 80 ? `http://${shown}` : `http://${shown}:${webPort}`
  }
  return conf
}

function isTrue(text: string): boolean {
  return ['true', 'yes', 'on', '1'].includes(text.toLowerCase())
}
