import { isIPv4 } from '../../shared/address.ts'
import type { LogLine } from './app-log.ts'
import { REDACTED } from './redact.ts'
import type { Services } from './services.ts'
import { appVersion } from './version.ts'

const LOG_LINES = 2_000

/**
 * What helps to find a fault, as text for others to read: versions, settings, how the connections are set up, the state of cluster,
 * library and queue, and the log. Names of files, folders, connections and servers are left out, and secrets were never in it.
 */
export async function diagnosticsText(services: Services): Promise<string> {
  const { host, settings, profiles, secrets, library, engine, watch, log, clock } = services
  const { downloadFolder: _folder, ...told } = settings.get()
  const { totals, batches } = engine.snapshot()
  const overview = watch.last()
  const bundle = {
    format: 'fastdfs-desktop/diagnostics',
    createdAt: new Date(clock.now()).toISOString(),
    program: { version: appVersion(), platform: host.platform, arch: process.arch, node: process.versions.node, host: host.can },
    settings: told,
    connections: profiles
      .list()
      .map(({ id, builtIn, trackers, readOnly, environment, httpBase, addressMap, connectTimeoutMs, networkTimeoutMs }) => ({
        builtIn,
        active: id === profiles.active().id,
        trackers: trackers.length,
        readOnly,
        environment,
        webAddresses: Object.keys(httpBase).length,
        mappedAddresses: Object.keys(addressMap).length,
        connectTimeoutMs,
        networkTimeoutMs,
        tokenSecret: secrets.has(id),
        files: library.files.count(id, {})
      })),
    cluster: overview && {
      takenAt: overview.takenAt,
      error: overview.error?.code ?? null,
      trackers: overview.trackers.map(({ reachable, leader, latencyMs, error }) => ({
        reachable,
        leader,
        latencyMs,
        error: error?.code ?? null
      })),
      groups: overview.groups.map(({ totalBytes, freeBytes, storages }) => ({
        totalBytes,
        freeBytes,
        storages: storages.map(({ status, version, readable, writable, connections }) => ({
          status,
          version,
          readable,
          writable,
          connections
        }))
      }))
    },
    transfers: {
      totals,
      batches: batches.map(({ kind, counts, totalBytes, error }) => ({ kind, counts, totalBytes, error: error?.code ?? null }))
    },
    log: (await log.tail(LOG_LINES)).map((line) => anonymous(line))
  }
  return `${JSON.stringify(bundle, null, 2)}\n`
}

/** Fields that name something of the user's; what is left of a line is codes, numbers and places in the program. */
const PRIVATE_KEY =
  /^(message|about|path|paths|name|names|profile|title|text|query|folder|localPath|target|setAside|fileId|fileIds|url|group|reason|host|address|addresses|endpoint|told|tracker|user|detail\.text)$/i

/** A line of the log without names. */
export function anonymous(line: LogLine): LogLine {
  return { ...line, fields: withoutNames(line.fields) }
}

function withoutNames(value: unknown): unknown {
  if (typeof value === 'string') return withoutPlaces(value)
  if (Array.isArray(value)) return value.map(withoutNames)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [withoutPlaces(key), PRIVATE_KEY.test(key) && each !== null ? REDACTED : withoutNames(each)])
  )
}

/** Addresses, and paths but for their last part (a stack leads through the folders of a user). */
function withoutPlaces(text: string): string {
  return text
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, (found) => (isIPv4(found) ? REDACTED : found))
    .replace(/(?:file:\/\/)?(?:[A-Za-z]:)?(?:[\\/][^\\/\s:()]+)+[\\/]([^\\/\s:()]+)/g, '…/$1')
}
